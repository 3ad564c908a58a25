"""The ladder of reports: who hears, one after the other, of one that nobody decided on."""

from linli import Facts, Seat, Subject
from linli.deadlines import Late, Step, again_in, rung_now
from linli_reporting.reading import BODY, SECRETARY
from linli_reporting.settings import ReportingSettings, Rung


def next_rung(late: Late, facts: Facts) -> Step | None:
    """The next of the district's ladder that there is at the place."""
    settings = facts.settings(ReportingSettings)
    rungs = [(rung, seat) for rung in settings.ladder if (seat := _seat(rung, late.subject, facts))]
    return rung_now(late, rungs, again_in(settings.ladder_again, late, facts))


def _seat(rung: Rung, subject: Subject, facts: Facts) -> Seat | None:
    """Whose seat a rung is; None where there is none."""
    if rung == "branch":
        return subject.holder
    if rung == "district":
        return Seat(role="officer", at=facts.place(subject.place).path[0])
    above = facts.above(subject.place, rung)
    if above is None or rung == "street":
        return Seat(role="officer", at=above) if above else None
    body = facts.body(BODY, above)
    return Seat(role=SECRETARY, at=body.id) if body and body.id != subject.record.branch else None
