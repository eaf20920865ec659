import os

from flask import request


@app.route("/first")
def first():
    name = request.args["name"]
    # breach: injection/file-path
    open("/statements/" + name)


@app.route("/second")
def second():
    name = request.args["name"]
    # near-miss: the value cannot do harm any more
    open("/statements/" + os.path.basename(name))
