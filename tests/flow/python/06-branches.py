def dead(tainted):
    text = ""
    if 1 > 2:
        text = tainted
    sink(text)  # no flow


def joined(tainted, flag):
    text = tainted if flag else "a"
    sink(text)  # flow


def matched(tainted):
    command = ("go", "north")
    match command:
        case ("stop",):
            text = tainted
        case ("go", where):
            text = where
        case _:
            text = tainted
    sink(text)  # no flow


def matched_value(tainted, kind):
    match kind:
        case {"name": name}:
            text = name
        case [first, *rest]:
            text = rest
        case _:
            text = tainted
    sink(text)  # flow


def elif_chain(tainted):
    n = 7
    if n < 5:
        text = tainted
    elif n < 10:
        text = "b"
    else:
        text = tainted
    sink(text)  # no flow


def allowed(tainted):
    order = "asc"
    if tainted in ("asc", "desc"):
        order = tainted
    sink(order)  # no flow
