def list_index(tainted):
    rows = ["head", tainted]
    sink(rows[1])  # flow
    sink(rows[0])  # no flow


def dict_keys(tainted):
    account = {"iban": tainted, "currency": "CNY"}
    sink(account["currency"])  # no flow
    sink(account.get("iban"))  # flow


def popped(tainted):
    queue = [tainted, "tail"]
    queue.pop(0)
    sink(queue[0])  # no flow


def appended(tainted):
    queue = []
    queue.append("a")
    queue.append(tainted)
    sink(queue[-1])  # flow
    sink(queue[0])  # no flow


def deleted(tainted):
    cache = {"k": tainted, "l": "x"}
    del cache["k"]
    sink(cache)  # no flow


def grid(tainted):
    cells = [["a", tainted], ["b", "c"]]
    sink(cells[0][1])  # flow
    sink(cells[1][1])  # no flow


def keys_and_values(tainted):
    names = {tainted: "fixed"}
    for value in names.values():
        sink(value)  # no flow
    for key in names:
        sink(key)  # flow


def computed_key(tainted):
    box = {1: "a", 2: tainted}
    sink(box[1 + 1])  # flow
    sink(box[3 - 2])  # no flow


def sliced(tainted):
    parts = ["a", "b", tainted, "d"]
    sink(parts[:2])  # no flow
    sink(parts[1:3])  # flow
