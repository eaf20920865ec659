import os
import shlex

from flask import request


@app.route("/first")
def first():
    name = request.args["name"]
    # breach: injection/operating-system-command
    os.system("report " + name)


@app.route("/second")
def second():
    name = request.args["name"]
    # near-miss: the value cannot do harm any more
    os.system("report " + shlex.quote(name))
