"""The red halls of the centres: booked by members and owners, approved at the desk, and used."""

from datetime import timedelta
from random import Random
from uuid import UUID

from linli import Actor, Refused
from linli_centres.api import Centres
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play

_PURPOSES = ("members_activity", "deliberation", "party_education", "other")


def plan(play: Play, cast: list[Neighbourhood], count: int) -> None:
    """Let halls be booked `count` times."""
    random = play.random("halls")
    centres = Centres(play.district)
    halls = [
        (where, one.id)
        for where in cast
        for one in centres.centres(where.place)
        if "hall" in one.record.facilities and one.record.centre_kind == "centre"
    ]
    for number in range(count):
        where, hall = halls[number % len(halls)]
        day = play.some_day(random, until=8)
        play.at(play.office(random, day), _asked, play, random, where, hall)


def _asked(play: Play, random: Random, where: Neighbourhood, hall: UUID) -> None:
    booker = random.choice([one for one in where.members if one != where.clerk])
    assert booker.person is not None, "who books is somebody"
    day = (play.clock.now + timedelta(days=random.randint(3, 6))).date()
    begin = play.on(day, random.choice((9, 10, 14, 15, 19)))
    try:
        booking = play.district.start(
            "hall_booking",
            "ask",
            play.district.subject(hall).place,
            {
                "centre": hall,
                "starts_at": begin,
                "ends_at": begin + timedelta(hours=random.choice((1, 1.5, 2))),
                "purpose": random.choice(_PURPOSES),
                "people": random.randint(6, 30),
            },
            person=booker.person,
            actor=booker,
        ).subject
    except Refused:
        return  # Taken, or closed that day.
    play.later(play.after(hours=random.uniform(1, 20)), booking, "approve", {}, where.clerk)
    play.at(begin + timedelta(hours=2.5), _used, play, random, where, booking, booker)


def _used(play: Play, random: Random, where: Neighbourhood, booking: UUID, booker: Actor) -> None:
    came = random.random() < 0.95
    values = {"came": random.randint(5, 28)} if came else {}
    play.district.make(booking, "hold" if came else "miss", values, actor=where.clerk)
