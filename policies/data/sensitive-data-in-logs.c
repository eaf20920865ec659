#include <stdio.h>
#include <string.h>
#include <syslog.h>

void authorise(const struct auth_request *req, const char *password, const char *pin_block)
{
    /* breach: data/sensitive-data-in-logs */
    syslog(LOG_INFO, "authorise card %s", req->card_no);
    /* near-miss: masked */
    syslog(LOG_INFO, "authorise card %s", mask_pan(req->card_no));
    /* breach: data/sensitive-data-in-logs */
    fprintf(stderr, "pin block %s\n", pin_block);
    /* near-miss: how long it is */
    printf("password of %zu characters\n", strlen(password));
    /* near-miss: the message goes to the host security module */
    fprintf(req->hsm, "%s", pin_block);
    /* breach: data/sensitive-data-in-logs */
    printf("login with %s\n", password);
}

void report_pin(struct card_pin_info *info, unsigned long pin, size_t cbPin, unsigned char *pbPin)
{
    /* near-miss: a number, and how long the text must be */
    syslog(LOG_INFO, "client is bound to %lu", pin);
    /* near-miss: a limit */
    fprintf(stderr, "PIN shorter than %lu\n", (unsigned long)info->attrs.pin.min_length);
    /* near-miss: a count and an address */
    syslog(LOG_DEBUG, "verify %p of %lu bytes", pbPin, (unsigned long)cbPin);
}
