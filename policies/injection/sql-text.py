TABLE = "acct"


def by_number(cursor, request):
    # breach: injection/sql-text
    cursor.execute("SELECT bal FROM acct WHERE no = '%s'" % request.GET["no"])


def by_owner(connection, owner):
    query = f"SELECT no FROM acct WHERE owner = '{owner}'"
    # breach: injection/sql-text
    return connection.execute(query)


def by_status(cursor, status):
    # breach: injection/sql-text
    cursor.execute("SELECT no FROM acct WHERE status = '{}'".format(status))


def right(cursor, request):
    # near-miss: the value is bound
    cursor.execute("SELECT bal FROM acct WHERE no = %s", [request.GET["no"]])


def constants(cursor):
    # near-miss: every part is constant
    cursor.execute("SELECT bal FROM " + TABLE)


def run(pool, name):
    # near-miss: generated placeholders
    marks = ",".join(["%s"] * len(name))
    pool.execute("SELECT bal FROM acct WHERE no IN (" + marks + ")", name)
