"""A complaint about somebody is kept from them: nobody acts on it, gets it, or stands in for who has it."""

from collections.abc import Iterable
from uuid import UUID

import attrs

from linli.access import Seat
from linli.acts import Act
from linli.facts import Facts
from linli.i18n import Text, say
from linli.subjects import Subject
from linli.workflow import Move


def not_about_the_actor(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody acts on a complaint about themselves, or about the body they act for."""
    about = subject.record.about
    if about is None or act.acting_as == "own":
        return None
    if act.actor == about or (act.acting_as or "").endswith(f"@{about}"):
        return say("it is about you, or about whom you act for; somebody else must see to it")
    return None


def impartial(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Moves that nobody makes in a complaint about themselves."""
    return tuple(attrs.evolve(move, checks=(*move.checks, not_about_the_actor)) for move in moves)


def kept_from(about: UUID | None, seat: Seat, place: UUID, facts: Facts) -> bool:
    """Whether a complaint about `about` must not go to a seat.

    They have it, whoever has it acts for them, or they would stand in for it.
    """
    if about is None:
        return False
    for one in (seat, *facts.seats(seat, place)):
        holders = facts.who_has(one)
        if about in holders or any(
            post.at == about for who in holders - {one.at} for post in facts.posts(who)
        ):
            return True
    return False
