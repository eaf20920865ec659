def counted(tainted):
    text = ""
    for i in range(3):
        if i == 5:
            text = tainted
    sink(text)  # no flow


def items(tainted):
    last = ""
    for key, value in {"a": "b", "c": tainted}.items():
        last = value
    sink(last)  # flow


def loop_else(tainted):
    for i in range(2):
        if i == 1:
            text = "a"
            break
    else:
        text = tainted
    sink(text)  # no flow


def loop_else_runs(tainted):
    text = "a"
    for i in range(2):
        pass
    else:
        text = tainted
    sink(text)  # flow


def unknown(tainted, n):
    text = ""
    while n > 0:
        text += tainted
        n -= 1
    sink(text)  # flow


def carried(tainted):
    a, b = "a", "b"
    for _ in range(2):
        a, b = b, tainted
    sink(a)  # flow
    c, d = "a", "b"
    for _ in range(1):
        c, d = d, tainted
    sink(c)  # no flow


def zipped(tainted):
    for index, part in enumerate(["a", tainted]):
        if index == 0:
            sink(part)  # no flow
        else:
            sink(part)  # flow
    for left, right in zip(["a"], [tainted]):
        sink(left)  # no flow
        sink(right)  # flow
