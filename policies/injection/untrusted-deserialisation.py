import json
import pickle

from flask import request


@app.route("/first")
def first():
    name = request.args["name"]
    # breach: injection/untrusted-deserialisation
    pickle.loads(name)


@app.route("/second")
def second():
    name = request.args["name"]
    # near-miss: the value cannot do harm any more
    json.loads(name)
