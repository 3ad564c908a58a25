"""Who hears, one after the other, of a booking that nobody decides on or reports."""

from linli import Facts, Seat, Subject
from linli.deadlines import Late, Step, again_in
from linli_centres.settings import CentresSettings, Rung


def next_rung(late: Late, facts: Facts) -> Step | None:
    """The next of the district's ladder that there is at the place."""
    settings = facts.settings(CentresSettings)
    rungs = [(rung, seat) for rung in settings.ladder if (seat := _seat(rung, late.subject, facts))]
    if late.step >= len(rungs):
        return None
    rung, seat = rungs[late.step]
    last = late.step + 1 == len(rungs)
    return Step(seat=seat, rung=rung, again=None if last else again_in(settings.ladder_again, late, facts))


def _seat(rung: Rung, subject: Subject, facts: Facts) -> Seat | None:
    path = facts.place(subject.place).path
    if rung == "centre":
        return Seat(role="centre_keeper", at=subject.place)
    if rung == "district":
        return Seat(role="officer", at=path[0])
    streets = [place for place in path if facts.place(place).kind == "street"]
    return Seat(role="officer", at=streets[0]) if streets else None
