from flask import request
from ldap.filter import escape_filter_chars


@app.route("/first")
def first():
    name = request.args["name"]
    # breach: injection/ldap-filter
    connection.search_s("ou=staff", 2, "(uid=" + name + ")")


@app.route("/second")
def second():
    name = request.args["name"]
    # near-miss: the value cannot do harm any more
    connection.search_s("ou=staff", 2, "(uid=" + escape_filter_chars(name) + ")")
