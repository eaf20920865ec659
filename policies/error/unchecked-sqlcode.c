#include <stdio.h>
#include "ledger.h"

EXEC SQL INCLUDE sqlca;

int post_transfer(const char *payer, const char *payee, double amount)
{
    /* breach: error/unchecked-sqlcode */
    EXEC SQL UPDATE acct SET bal = bal - :amount WHERE acct_no = :payer;
    /* near-miss: tested at once */
    EXEC SQL UPDATE acct SET bal = bal + :amount WHERE acct_no = :payee;
    if (sqlca.sqlcode != 0) {
        EXEC SQL ROLLBACK WORK;
        return -1;
    }
    /* near-miss: the check function is called */
    EXEC SQL INSERT INTO txn_journal (payer, payee) VALUES (:payer, :payee);
    if (check_sql("insert journal") != 0)
        return -1;
    /* near-miss: tested at once */
    EXEC SQL COMMIT WORK;
    return sqlca.sqlcode == 0 ? 0 : -1;
}

void load_limits(void)
{
    /* near-miss: the cursor is tested */
    EXEC SQL OPEN c_limit;
    if (SQLCODE != 0)
        return;
    /* breach: error/unchecked-sqlcode */
    EXEC SQL FETCH c_limit INTO :limit_amount;
    printf("EXEC SQL FETCH is done\n");
    EXEC SQL CLOSE c_limit;
}
