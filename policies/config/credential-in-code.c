#include <string.h>

/* breach: config/credential-in-code */
#define DB_PASSWORD "P0sting#2025"
/* near-miss: the name of a variable */
#define PASSWORD_ENV "POSTING_PASSWORD"

int open_ledger(MYSQL *db, char *password)
{
    /* breach: config/credential-in-code */
    mysql_real_connect(db, "core-db", "posting", "thursday", "ledger", 0, NULL, 0);
    /* breach: config/credential-in-code */
    if (strcmp(password, "Sup3r$visor") == 0)
        return 1;
    /* near-miss: read when the program runs */
    password = getenv("POSTING_PASSWORD");
    /* near-miss: the number of a kind of message */
    const char *password_request = "2.16.840.1.113719.1.39.42.100.13";
    /* near-miss: a prompt */
    printf("Password: ");
    return 0;
}
