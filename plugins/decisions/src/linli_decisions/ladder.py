"""Who hears of what is late: whoever should have done it, then the district's ladder for decisions."""

from linli import Facts, Seat
from linli.deadlines import Late, Step, filled, rung_now
from linli_decisions.settings import DecisionSettings

_KINDS = ("decision", "party_opinion", "opinion", "disclosure", "objection")


def next_rung(late: Late, facts: Facts) -> Step | None:
    """The holder first, then role after role, at the compound or above."""
    if late.subject.kind not in _KINDS:
        return None
    settings, place = facts.settings(DecisionSettings), late.subject.place
    holder = [late.subject.holder] if late.subject.holder else []
    seats = [*holder, *(Seat(role=role, at=place) for role in settings.ladder)]
    step = rung_now(late, [(seat.role or "holder", seat) for seat in seats], settings.ladder_again)
    return step and filled(step, late, facts)
