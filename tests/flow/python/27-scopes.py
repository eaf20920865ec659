current = ""


def remember(text):
    global current
    current = text


def globals_used(tainted):
    remember(tainted)
    sink(current)  # flow
    remember("x")
    sink(current)  # no flow


def shadowed(tainted):
    current = "local"
    remember(tainted)
    sink(current)  # no flow


def reflected(tainted):
    class Box:
        pass

    box = Box()
    setattr(box, "value", tainted)
    setattr(box, "other", "x")
    sink(getattr(box, "value"))  # flow
    sink(getattr(box, "other"))  # no flow


def comparison(tainted):
    sink(tainted == "a")  # flow
    sink("a" == "b")  # no flow
    sink(tainted or "x")  # flow
    sink("x" or tainted)  # no flow
    sink(not tainted)  # flow
