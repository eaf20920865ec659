def same(text):
    return text


def pick(first, second="s", *rest, **named):
    return second


def last(*rest):
    return rest[-1]


def named_value(**named):
    return named["value"]


def fill(target, text):
    target.append(text)


def results(tainted):
    bad, good = same(tainted), same("ok")
    sink(good)  # no flow
    sink(bad)  # flow


def positions(tainted):
    sink(pick(tainted))  # no flow
    sink(pick("a", tainted))  # flow
    sink(pick(second=tainted, first="a"))  # flow
    sink(pick(first=tainted, second="a"))  # no flow


def rest(tainted):
    sink(last("a", tainted))  # flow
    sink(last(tainted, "b"))  # no flow
    sink(named_value(value=tainted))  # flow
    sink(named_value(value="v", other=tainted))  # no flow


def spread(tainted):
    arguments = ["a", tainted]
    sink(pick(*arguments))  # flow
    sink(same(*["x"]))  # no flow
    sink(pick(**{"first": tainted, "second": "b"}))  # no flow


def through(tainted):
    one, two = [], []
    fill(one, tainted)
    fill(two, "x")
    sink(two[0])  # no flow
    sink(one[0])  # flow
