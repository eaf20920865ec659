def run(text):
    text = "masked"
    sink(text)  # no flow
