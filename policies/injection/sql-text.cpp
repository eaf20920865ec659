#include <cppconn/statement.h>
#include <string>

class AcctDao {
public:
    sql::ResultSet *byNumber(sql::Statement *stmt, const std::string &number) {
        // breach: injection/sql-text
        return stmt->executeQuery("SELECT bal FROM acct WHERE no = '" + number + "'");
    }

    int byOwner(MYSQL *conn, const char *owner) {
        char query[256];
        sprintf(query, "SELECT no FROM acct WHERE owner = '%.40s'", owner);
        // breach: injection/sql-text
        return mysql_query(conn, query);
    }

    sql::PreparedStatement *right(sql::Connection *conn) {
        // near-miss: the value is bound
        return conn->prepareStatement("SELECT bal FROM acct WHERE no = ?");
    }

    int count(MYSQL *conn) {
        // near-miss: a constant
        return mysql_query(conn, "SELECT count(*) FROM acct");
    }
};
