import functools


def captured(tainted):
    def inner():
        return tainted

    sink(inner())  # flow
    fixed = lambda: "x"
    sink(fixed())  # no flow


def nonlocal_change(tainted):
    text = "a"

    def change():
        nonlocal text
        text = tainted

    sink(text)  # no flow
    change()
    sink(text)  # flow


def maker(prefix):
    def add(text):
        return prefix + text

    return add


def returned(tainted):
    sink(maker(tainted)("a"))  # flow
    sink(maker("p")("a"))  # no flow


def masked(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        function(*args, **kwargs)
        return "masked"

    return wrapper


def traced(function):
    def wrapper(*args):
        return function(*args)

    return wrapper


@masked
def hidden(text):
    return text


@traced
def shown(text):
    return text


def decorated(tainted):
    sink(hidden(tainted))  # no flow
    sink(shown(tainted))  # flow


def library(tainted):
    sink(list(map(lambda part: part + "!", [tainted]))[0])  # flow
    sink(functools.reduce(lambda a, b: a + b, ["a", tainted]))  # flow
    sink(functools.partial(maker("x"), "a")())  # no flow


def generated(tainted):
    def parts():
        yield "a"
        yield tainted

    found = list(parts())
    sink(found[0])  # no flow
    sink(found[1])  # flow
    each = parts()
    sink(next(each))  # no flow
    sink(next(each))  # flow
