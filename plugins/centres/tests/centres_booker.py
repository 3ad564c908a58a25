"""A process of its own for test_centres_faults.py: it books the hall when it is told to."""

import sys
from datetime import datetime
from uuid import UUID

import linli
from linli.access import Actor
from linli.errors import Refused
from linli_centres.api import Centres


def race(folder: str, centre: str, person: str, start: str, end: str) -> None:
    """Book a hall; a line: "booked", or why not."""
    booker = UUID(person)
    with linli.open(folder) as district:
        print("ready", flush=True)
        sys.stdin.readline()
        times = (datetime.fromisoformat(start), datetime.fromisoformat(end))
        try:
            Centres(district).book(UUID(centre), *times, booker, actor=Actor(person=booker))
        except Refused as refusal:
            print(refusal, flush=True)
        else:
            print("booked", flush=True)


if __name__ == "__main__":
    race(*sys.argv[1:])
