"""A process of its own for test_centres_faults.py: it books the hall when it is told to."""

import sys
from datetime import datetime
from functools import partial
from uuid import UUID

import linli
from linli import Actor
from linli.testing import say_how, wait
from linli_centres.api import Centres


def race(folder: str, centre: str, person: str, start: str, end: str) -> None:
    """Book a hall; a line: "booked", or why not."""
    booker = UUID(person)
    with linli.open(folder) as district:
        wait()
        times = (datetime.fromisoformat(start), datetime.fromisoformat(end))
        book = partial(Centres(district).book, UUID(centre), *times, booker, actor=Actor(person=booker))
        say_how("booked", book)


if __name__ == "__main__":
    race(*sys.argv[1:])
