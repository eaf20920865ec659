from collections import deque
import copy


def concatenated(tainted):
    whole = ["a"] + [tainted]
    sink(whole[1])  # flow
    sink(whole[0])  # no flow


def copied(tainted):
    original = {"a": [tainted]}
    twin = copy.deepcopy(original)
    sink(twin["a"][0])  # flow


def sets(tainted):
    names = {"a"}
    names.add(tainted)
    sink(names)  # flow
    other = {"a"} | {"b"}
    sink(other)  # no flow


def comprehension(tainted):
    upper = [part.upper() for part in ["a", tainted]]
    sink(upper[1])  # flow
    sink(upper[0])  # no flow
    sizes = [1 for part in ["a", tainted]]
    sink(sizes)  # no flow


def dict_comprehension(tainted):
    by_name = {key: value for key, value in [("a", tainted), ("b", "c")]}
    sink(by_name["a"])  # flow
    sink(by_name["b"])  # no flow


def queues(tainted):
    line = deque(["first", tainted])
    sink(line.popleft())  # no flow
    sink(line.popleft())  # flow


def cleared(tainted):
    rows = [tainted]
    rows.clear()
    sink(rows)  # no flow


def filtered(tainted):
    kept = list(filter(lambda part: len(part) > 3, ["a", "abcd"] + [tainted]))
    sink(kept)  # flow
    short = list(filter(lambda pair: pair[0] < 1, [(0, "a"), (1, tainted)]))
    sink(short)  # no flow


def merged(tainted):
    base = {"a": tainted, "b": "x"}
    whole = {**base, "a": "clean"}
    sink(whole["a"])  # no flow
    sink({**base}["a"])  # flow
