"""The ladder of branches: who hears, one after the other, of what is late."""

from uuid import UUID

from linli import Facts, Seat, Subject
from linli.deadlines import Late, Step, again_in, rung_now
from linli_party.committees import SECRETARY
from linli_party.settings import PartySettings, Rung
from linli_party.terms import TERM_KIND

KINDS = ("branch", TERM_KIND, "survey")


def next_rung(late: Late, facts: Facts) -> Step | None:
    """The next of the district's ladder that there is at the place."""
    settings = facts.settings(PartySettings)
    rungs = [(rung, seat) for rung in settings.ladder if (seat := _seat(rung, late.subject, facts))]
    return rung_now(late, rungs, again_in(settings.ladder_again, late, facts))


def _seat(rung: Rung, subject: Subject, facts: Facts) -> Seat | None:
    """Whose seat a rung is; None where there is no such body."""
    if rung == "district":
        return Seat(role="officer", at=facts.place(subject.place).path[0])
    if rung == "street":
        street = facts.above(subject.place, "street")
        return Seat(role="officer", at=street) if street else None
    at = _body(rung, subject, facts)
    return Seat(role=SECRETARY if rung == "branch" else None, at=at) if at else None


def _body(rung: Rung, subject: Subject, facts: Facts) -> UUID | None:
    if rung == "branch" and subject.kind == "branch":
        return None  # what is to be approved has no branch yet
    if rung == "branch" and subject.kind == TERM_KIND:
        body: UUID = subject.record.organisation
        return body
    found = facts.body("branch" if rung == "branch" else "residents_committee", subject.place)
    return found.id if found else None
