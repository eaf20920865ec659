from flask import make_response, request
from markupsafe import escape


@app.route("/first")
def first():
    name = request.args["name"]
    # breach: injection/html-output
    return make_response("<b>" + name + "</b>")


@app.route("/second")
def second():
    name = request.args["name"]
    # near-miss: the value cannot do harm any more
    return make_response("<b>" + escape(name) + "</b>")
