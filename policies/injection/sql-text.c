#include <sql.h>
#include <stdio.h>
#include <string.h>

int by_number(SQLHSTMT stmt, const char *number)
{
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT bal FROM acct WHERE no = '%s'", number);
    /* breach: injection/sql-text */
    return SQLExecDirect(stmt, (SQLCHAR *)sql, SQL_NTS);
}

int by_owner(MYSQL *conn, const char *owner)
{
    char query[256] = "SELECT no FROM acct WHERE owner = '";
    strcat(query, owner);
    /* breach: injection/sql-text */
    return mysql_query(conn, query);
}

int page(MYSQL *conn, int limit)
{
    char query[256];
    snprintf(query, sizeof query, "SELECT no FROM acct LIMIT %d", limit);
    /* near-miss: a number carries no statement */
    return mysql_query(conn, query);
}

int right(SQLHSTMT stmt, char *number)
{
    /* near-miss: the value is bound */
    SQLPrepare(stmt, (SQLCHAR *)"SELECT bal FROM acct WHERE no = ?", SQL_NTS);
    return SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, number, 0, NULL);
}
