import logging

from flask import request


@app.route("/first")
def first():
    name = request.args["name"]
    # breach: injection/forged-log-entry
    logging.info("user %s", name)


@app.route("/second")
def second():
    name = request.args["name"]
    # near-miss: the value cannot do harm any more
    logging.info("user %s", name.replace("\n", "_"))
