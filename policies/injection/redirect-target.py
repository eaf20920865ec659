from flask import redirect, request, url_for


@app.route("/first")
def first():
    name = request.args["name"]
    # breach: injection/redirect-target
    return redirect(name)


@app.route("/second")
def second():
    name = request.args["name"]
    # near-miss: the value cannot do harm any more
    return redirect(url_for("pay", id=name))
