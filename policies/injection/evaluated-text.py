from flask import request


@app.route("/first")
def first():
    name = request.args["name"]
    # breach: injection/evaluated-text
    eval("rate + " + name)


@app.route("/second")
def second():
    name = request.args["name"]
    # near-miss: the value cannot do harm any more
    eval("rate + 1", {"rate": float(name)})
