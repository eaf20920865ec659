def unpacked(tainted):
    a, b = "x", tainted
    sink(a)  # no flow
    sink(b)  # flow
    a, b = b, a
    sink(a)  # flow
    sink(b)  # no flow


def starred(tainted):
    first, *rest = ["a", "b", tainted]
    sink(first)  # no flow
    sink(rest[1])  # flow
    sink(rest[0])  # no flow


def formatted(tainted):
    sink(f"name={tainted}")  # flow
    sink(f"name={len('a')}")  # no flow
    sink("%s" % tainted)  # flow
    sink("{} {}".format("a", tainted))  # flow


def walrus(tainted):
    if (text := tainted):
        sink(text)  # flow


def chained(tainted):
    a = b = tainted
    sink(b)  # flow
    a = b = "x"
    sink(a)  # no flow


def nested(tainted):
    (a, (b, c)) = ("x", (tainted, "y"))
    sink(b)  # flow
    sink(c)  # no flow
