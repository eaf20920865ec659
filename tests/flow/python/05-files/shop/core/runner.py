LABEL = "core"


def run(text):
    sink(text)  # flow


def audit(text):
    sink("audit " + text)  # flow
