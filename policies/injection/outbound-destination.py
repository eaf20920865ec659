import requests
from flask import request


@app.route("/first")
def first():
    name = request.args["name"]
    # breach: injection/outbound-destination
    requests.get("http://" + name + "/rate")


@app.route("/second")
def second():
    name = request.args["name"]
    # near-miss: the value cannot do harm any more
    requests.get("http://rates/%d" % int(name))
