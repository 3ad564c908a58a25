"""A process of its own for test_volunteers_races.py: somebody who wants what others want too."""

import sys
from uuid import UUID

import linli
from linli import Actor, Refused
from linli.testing import wait
from linli_volunteers.api import Volunteers
from linli_volunteers.wish_api import Wishes


def main(what: str, folder: str, person: str, *numbers: str) -> None:
    """Try to get each of `numbers`; a line for each try: the state that it came to, or why not."""
    me = UUID(person)
    actor = Actor(person=me)
    with linli.open(folder) as district:
        get = Volunteers(district).sign_up if what == "seat" else Wishes(district).claim
        wait()
        for number in numbers:
            try:
                act = get(UUID(number), me, actor=actor)
            except Refused as refusal:
                print(refusal, flush=True)
            else:
                print(act.body["to"], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
