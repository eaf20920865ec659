import random
import secrets
import string


def send_challenge():
    # breach: crypto/weak-random
    otp = "%06d" % random.randint(0, 999999)
    # near-miss: the secure generator
    right = "%06d" % secrets.randbelow(1000000)
    return otp


def generate_token():
    # breach: crypto/weak-random
    return "".join(random.choice(string.ascii_letters) for _ in range(32))


def remember(response):
    # breach: crypto/weak-random
    value = str(random.getrandbits(64))
    response.set_cookie("remember", value)


def sample(response):
    # near-miss: a share of the requests
    share = random.random()
    response.set_header("x-sampled", share < 0.01)


def new_password():
    # near-miss: the operating system's generator
    return "".join(random.SystemRandom().choice(string.ascii_letters) for _ in range(12))


def backoff():
    # near-miss: jitter of a retry
    delay = 0.1 + random.random() * 0.05
    # near-miss: a choice among servers
    host = random.choice(HOSTS)
    return delay
