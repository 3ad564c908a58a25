"""A process of its own for test_party_faults.py: it approves a branch when it is told to."""

import sys
from uuid import UUID

import linli
from linli.access import Actor
from linli.errors import Refused
from linli_party.api import Party


def race(folder: str, officer: str, branch: str) -> None:
    """Approve a branch; a line: "approved", or why not."""
    with linli.open(folder) as district:
        print("ready", flush=True)
        sys.stdin.readline()
        try:
            Party(district).approve(UUID(branch), actor=Actor(person=UUID(officer)))
        except Refused as refusal:
            print(refusal, flush=True)
        else:
            print("approved", flush=True)


if __name__ == "__main__":
    race(*sys.argv[1:])
