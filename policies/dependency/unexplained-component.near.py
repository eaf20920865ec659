# stands-for: libs/score/setup.py
setup(
    name="score",
    install_requires=[
        # near-miss: INV-0312: HTTP client of the platform catalogue
        "httpx==0.27.0",
    ],
)
