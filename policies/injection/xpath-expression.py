from flask import request


@app.route("/first")
def first():
    name = request.args["name"]
    # breach: injection/xpath-expression
    tree.xpath("//account[@id='" + name + "']")


@app.route("/second")
def second():
    name = request.args["name"]
    # near-miss: the value cannot do harm any more
    tree.xpath("//account[@id=$id]", id=name)
