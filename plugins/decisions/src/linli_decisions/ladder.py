"""Who hears of what is late: whoever should have done it, then the district's ladder for decisions."""

from linli import Facts, Seat
from linli.deadlines import Late, Step
from linli_decisions.settings import DecisionSettings

_KINDS = ("decision", "party_opinion", "opinion", "objection")


def next_rung(late: Late, facts: Facts) -> Step | None:
    """The holder first, then role after role, at the compound or above."""
    if late.subject.kind not in _KINDS:
        return None
    settings, place = facts.settings(DecisionSettings), late.subject.place
    holder = [late.subject.holder] if late.subject.holder else []
    rungs = [*holder, *(Seat(role=role, at=place) for role in settings.ladder)]
    if late.step >= len(rungs):
        return None
    seat = rungs[late.step]
    found = facts.seats(seat, place)
    last = late.step + 1 == len(rungs)
    return Step(
        seat=found[0] if found else seat,
        rung=seat.role or "holder",
        again=None if last else settings.ladder_again,
    )
