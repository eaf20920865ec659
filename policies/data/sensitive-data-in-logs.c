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
