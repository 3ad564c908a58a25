"""Who carries a matter out: the body that the catalogue names, or who stands in for it."""

from collections.abc import Iterable

from linli import Act, Assign, Facts, Seat, Subject


def to_executor(act: Act, subject: Subject, facts: Facts) -> Iterable[Assign]:
    """Whoever carries it out has it now."""
    for kind in (subject.record.carried_out_by, "residents_committee", "owners_committee"):
        body = facts.body(kind, subject.place)
        if body:
            yield Assign(holder=Seat(role=None, at=body.id))
            return
