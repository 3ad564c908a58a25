"""A process of its own for test_centres_faults.py: it books the hall when it is told to."""

import sys
from datetime import datetime
from functools import partial
from uuid import UUID

import linli
from linli import Actor, PersonId, PlaceId
from linli.testing import say_how, wait
from linli_centres.bookings import Ask, BookingFlow
from linli_centres.centres import CentreFlow


def race(folder: str, centre: str, person: str, start: str, end: str) -> None:
    """Book a hall; a line: "booked", or why not."""
    booker = UUID(person)
    with linli.open(folder) as district:
        wait()
        given = Ask(
            centre=CentreFlow.ref(UUID(centre)),
            starts_at=datetime.fromisoformat(start),
            ends_at=datetime.fromisoformat(end),
        )
        place = PlaceId(district.subject(given.centre).place)
        order = BookingFlow.ask.at(place, given, person=PersonId(booker))
        book = partial(district.perform, order, actor=Actor(person=booker))
        say_how("booked", book)


if __name__ == "__main__":
    race(*sys.argv[1:])
