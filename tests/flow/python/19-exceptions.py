class Failure(Exception):
    def __init__(self, detail):
        super().__init__("failed")
        self.detail = detail


def message(tainted):
    try:
        raise ValueError(tainted)
    except ValueError as error:
        sink(str(error))  # flow


def custom(tainted):
    try:
        raise Failure(tainted)
    except KeyError as error:
        sink(tainted)  # no flow
    except Failure as error:
        sink(error.detail)  # flow


def after(tainted):
    text = "a"
    try:
        raise ValueError("x")
        text = tainted
    except ValueError:
        pass
    sink(text)  # no flow


def nothing_raised(tainted):
    text = "a"
    try:
        text = "b"
    except ValueError:
        text = tainted
    else:
        text = "c"
    sink(text)  # no flow


def finally_cleans(tainted):
    text = tainted
    try:
        text = tainted
    finally:
        text = "clean"
    sink(text)  # no flow


class Guard:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def read(self, text):
        return text


def managed(tainted):
    with Guard() as guard:
        sink(guard.read(tainted))  # flow
        sink(guard.read("x"))  # no flow
