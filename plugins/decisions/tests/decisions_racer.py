"""A process of its own for test_decisions_faults.py: it makes one move when it is told to."""

import sys
from uuid import UUID

import linli
from linli import Actor, codec
from linli.errors import Refused


def race(folder: str, orders: str) -> None:
    """Make each move; a line for each: "made", or why not."""
    with linli.open(folder) as district:
        print("ready", flush=True)
        sys.stdin.readline()
        for person, subject, move, values in codec.decode(orders):
            try:
                district.make(UUID(subject), move, values, actor=Actor(person=UUID(person)))
            except Refused as refusal:
                print(refusal, flush=True)
            else:
                print("made", flush=True)


if __name__ == "__main__":
    race(*sys.argv[1:])
