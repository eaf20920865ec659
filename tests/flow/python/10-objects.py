from dataclasses import dataclass


class Account:
    kind = "plain"

    def __init__(self, owner):
        self.owner = owner
        self.branch = "main"

    def rename(self, owner):
        self.owner = owner

    @property
    def label(self):
        return "owner " + self.owner

    @staticmethod
    def shout(text):
        return text.upper()

    @classmethod
    def make(cls, owner):
        return cls(owner)


@dataclass
class Pair:
    left: str
    right: str = "r"


def constructed(tainted):
    account = Account(tainted)
    sink(account.owner)  # flow
    sink(account.branch)  # no flow
    sink(account.label)  # flow


def renamed(tainted):
    account = Account("a")
    account.rename(tainted)
    sink(account.owner)  # flow
    account.rename("b")
    sink(account.owner)  # no flow


def distinct(tainted):
    first, second = Account(tainted), Account("z")
    sink(first.owner)  # flow
    sink(second.owner)  # no flow


def class_field(tainted):
    Account.kind = tainted
    sink(Account("a").kind)  # flow


def helpers(tainted):
    sink(Account.shout(tainted))  # flow
    sink(Account.make(tainted).owner)  # flow
    sink(Account.make("m").owner)  # no flow


def data(tainted):
    pair = Pair(tainted)
    sink(pair.left)  # flow
    sink(pair.right)  # no flow
