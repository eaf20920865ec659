# stands-for: setup.py
setup(
    name="score",
    # breach: dependency/unexplained-component
    install_requires=["quick-http-wrapper>=0.1"],
)
