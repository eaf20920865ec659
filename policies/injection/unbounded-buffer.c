#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

int parse_field2(const char *field2, char *out, size_t size)
{
    char pan[20];
    /* breach: injection/unbounded-buffer */
    strcpy(pan, field2);
    /* near-miss: the size is given */
    if (snprintf(out, size, "%s", pan) >= (int)size)
        return -1;
    return 0;
}

int parse_checked(const char *field, struct txn *txn)
{
    char text[20];
    if (strlen(field) >= sizeof text)
        return -1;
    /* near-miss: the length was compared */
    strcpy(text, field);
    /* near-miss: a literal has a known length */
    strcpy(txn->status, "OK");
    return 0;
}

void trace(const char *field48)
{
    char line[80];
    /* breach: injection/unbounded-buffer */
    syslog(LOG_INFO, field48);
    /* near-miss: the format is a literal */
    syslog(LOG_INFO, "%s", field48);
    /* breach: injection/unbounded-buffer */
    sprintf(line, "field 48: %s", field48);
    /* near-miss: numbers have a known length */
    sprintf(line, "%d", 48);
    /* near-miss: the precision bounds it */
    sprintf(line, "%.20s", field48);
}

int read_operator(char *unused)
{
    char answer[8], code[8];
    /* breach: injection/unbounded-buffer */
    gets(answer);
    /* breach: injection/unbounded-buffer */
    scanf("%s", code);
    /* near-miss: the width bounds it */
    scanf("%7s", code);
    /* near-miss: the size is given */
    return fgets(answer, sizeof answer, stdin) != NULL;
}

int copy_body(const unsigned char *msg, size_t size)
{
    unsigned char body[512];
    unsigned short length = ntohs(*(unsigned short *)msg);
    /* breach: injection/unbounded-buffer */
    memcpy(body, msg + 2, length);
    return length;
}

void report(const char *program)
{
    /* near-miss: the format is a literal, the name fills it */
    warnx("cannot start %s", program);
    /* breach: injection/unbounded-buffer */
    warnx(program);
}

int copy_checked(const unsigned char *msg, size_t size)
{
    unsigned char body[512];
    unsigned short length = ntohs(*(unsigned short *)msg);
    if (length > sizeof body)
        return -1;
    /* near-miss: the length was compared */
    memcpy(body, msg + 2, length);
    return length;
}
