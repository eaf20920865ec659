import shop.core.runner
from shop.legacy import runner as old
from shop.core.runner import audit as check, LABEL
from shop import helpers


def one(tainted):
    shop.core.runner.run(tainted)
    old.run(tainted)
    check(tainted)
    sink(LABEL)  # no flow


def two(tainted):
    helpers.forward(tainted)
    helpers.forward_masked(tainted)
