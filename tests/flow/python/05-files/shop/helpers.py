from .core.runner import run
from .legacy.runner import run as masked


def forward(text):
    run(text)


def forward_masked(text):
    masked(text)
