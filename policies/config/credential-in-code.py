import os

DATABASES = {
    "default": {
        "USER": "posting",
        # breach: config/credential-in-code
        "PASSWORD": "P0sting#2025",
    },
    "reports": {
        # near-miss: read when the program runs
        "PASSWORD": os.environ["REPORTS_PASSWORD"],
    },
}

# breach: config/credential-in-code
API_KEY = os.getenv("RATES_API_KEY", "9f8e7d6c5b4a32100a1b")
# near-miss: the name of a column
PASSWORD_COLUMN = "customer_password_2"
# near-miss: a placeholder
password = "your-password-1"


def send(ftp, session):
    # breach: config/credential-in-code
    ftp.login("clearing", "thursday")
    # breach: config/credential-in-code
    session.get("https://rates.bank.example", auth=("posting", "monday"))
    # near-miss: a text that mentions one
    print("password P0sting#2025 was refused")
