import csv

from flask import request


@app.route("/first")
def first():
    name = request.args["name"]
    # breach: injection/spreadsheet-formula
    csv.writer(out).writerow(["remark", name])


@app.route("/second")
def second():
    name = request.args["name"]
    # near-miss: the value cannot do harm any more
    csv.writer(out).writerow(["remark", int(name)])
