"""The ladder: steward or property staff, branch, street (to which a whistle is proposed), district."""

from collections.abc import Iterator

from linli import Facts, Seat, StoredSubject
from linli.hooks import Escalation, OverdueClock, kept_from
from linli_three_lists.seats import nearest
from linli_three_lists.settings import Rung, ThreeListsSettings


def next_rung(late: OverdueClock, facts: Facts) -> Escalation | None:
    """Who hears of a late request or task next.

    The request climbs; of a late task only its holder hears, since both have the same time.
    """
    if late.subject.kind == "task":
        return _to_holder(late.subject, facts)
    return _climbed(late, facts) if late.subject.kind in ("request", "handover") else None


def _to_holder(task: StoredSubject, facts: Facts) -> Escalation | None:
    seat = task.holder
    theirs = seat is not None and kept_from(task.record.about, seat, task.place, facts)
    if seat is None or (theirs and not task.record.own_words):
        return None
    return Escalation(seat=seat, rung="holder")


def _climbed(late: OverdueClock, facts: Facts) -> Escalation | None:
    reached = list(_reached(late.subject, facts))
    if not reached:
        return None
    # Posts come and go while it climbs: whoever is last hears again rather than nobody.
    rung, seat = reached[min(late.step, len(reached) - 1)]
    last = late.step + 1 >= len(reached)
    return Escalation(seat=seat, rung=rung.name, again=None if last else rung.again)


def next_seat(request: StoredSubject, facts: Facts) -> Seat | None:
    """Who is on the rung after the last that heard of a request; None where there is nobody."""
    reached = [seat for _, seat in _reached(request, facts)]
    clock = request.clocks.get("handling")
    return reached[min(clock.step if clock else 0, len(reached) - 1)] if reached else None


def _reached(subject: StoredSubject, facts: Facts) -> Iterator[tuple[Rung, Seat]]:
    """The rungs that somebody is on, whom it is not about."""
    for rung in facts.settings(ThreeListsSettings).ladder:
        for role in rung.roles:
            seat = nearest(role, subject.place, facts, about=subject.record.about, tier=rung.tier)
            if seat:
                yield rung, seat
                break
