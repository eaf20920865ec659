import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


async def fetch(text):
    return text


async def awaiting(tainted):
    sink(await fetch(tainted))  # flow
    sink(await fetch("x"))  # no flow


def job(text, other):
    sink(text)  # flow
    sink(other)  # no flow


def threads(tainted):
    thread = threading.Thread(target=job, args=(tainted, "x"))
    thread.start()


class Worker(threading.Thread):
    def __init__(self, text):
        super().__init__()
        self.text = text

    def run(self):
        sink(self.text)  # flow


def subclass(tainted):
    Worker(tainted).start()


def pool(tainted):
    with ThreadPoolExecutor() as executor:
        bad = executor.submit(lambda text: text, tainted)
        good = executor.submit(lambda text: text, "x")
    sink(bad.result())  # flow
    sink(good.result())  # no flow


async def gathered(tainted):
    first, second = await asyncio.gather(fetch("x"), fetch(tainted))
    sink(first)  # no flow
    sink(second)  # flow


def started(tainted):
    async def main():
        sink(tainted)  # flow

    asyncio.run(main())
