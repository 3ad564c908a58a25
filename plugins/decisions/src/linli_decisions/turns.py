"""Whose turn it is: in every state who must act next, on what, and until when."""

from collections.abc import Mapping
from datetime import datetime

import attrs

from linli import District, Seat, StoredSubject, Text, say
from linli.query import any_subject, any_subjects

_DUE: Mapping[str, Text] = {
    "proposed": say("the proposer completes and submits it: linli decision submit"),
    "party_review": say("first review: linli decision approve, return or reject"),
    "joint_review": say("joint review: linli decision approve, return or reject"),
    "voting": say("the owners vote: linli vote prepare, where it is not yet prepared"),
    "filing": say("the joint meeting decides: linli agenda circulate or schedule, then resolve"),
    "referred": say("the authority's word is taken down: linli decision clear or annul"),
    "filed": say("what was decided is written for the public: linli decision write"),
    "resolved": say("it is carried out: linli decision begin"),
    "under_way": say("stages are disclosed, and it is finished: linli decision stage, finish"),
    "suspended": say("it goes on, or is given up: linli decision resume, abandon"),
    "checking": say("the branch checks it: linli decision check, redo"),
    "appealed": say("the street decides the appeal: linli decision uphold, dismiss"),
}
_LOOK = say("another person looks at the disclosure: linli publication approve")
_ANSWER = say("an owner's objection is answered: linli objection answer")
_STANDS = say("the notice period runs; it goes on by itself when that is over and the worker runs")
_OVER = say("the notice period is over; it goes on when the worker runs: linli worker --once")


@attrs.frozen(kw_only=True)
class Turn:
    """What a matter waits for.

    Attributes:
        seats: who must act, any of them or each; none: the proposer, or nobody.
        what: what is to be done, and by which command.
        until: the deadline of that.
    """

    seats: tuple[Seat, ...]
    what: Text
    until: datetime | None


def turn_of(district: District, decision: StoredSubject) -> Turn | None:
    """What a matter waits for now; None where it has ended."""
    if decision.ended_at is not None:
        return None
    waiting = _waiting(district, decision)
    by_kind: dict[str, list[StoredSubject]] = {}
    for one in waiting:
        by_kind.setdefault(one.kind, []).append(one)
    if "objection" in by_kind:
        return _of(by_kind["objection"], _ANSWER)
    if "disclosure" in by_kind:
        return _of_disclosure(by_kind["disclosure"][-1], district.now())
    if decision.state not in _DUE:
        return Turn(seats=(), what=_OVER, until=decision.due_at)
    held = [one for kind in ("party_opinion", "opinion", "agenda_item") for one in by_kind.get(kind, ())]
    return _of(held or [decision], _DUE[decision.state], decision.due_at)


def _of(held: list[StoredSubject], what: Text, until: datetime | None = None) -> Turn:
    dues = [one.due_at for one in held if one.due_at]
    seats = tuple(dict.fromkeys(one.holder for one in held if one.holder))
    return Turn(seats=seats, what=what, until=min(dues, default=until))


def _of_disclosure(disclosure: StoredSubject, now: datetime) -> Turn:
    if disclosure.state == "drafted":
        return Turn(seats=(Seat(role="officer", at=disclosure.place),), what=_LOOK, until=disclosure.due_at)
    over = disclosure.due_at is not None and disclosure.due_at <= now
    return Turn(seats=(), what=_OVER if over else _STANDS, until=disclosure.due_at)


def _waiting(district: District, decision: StoredSubject) -> list[StoredSubject]:
    """What is open of a matter beside itself: its parts, and the agenda item that it is before."""
    ask, items = district.ask_unchecked, decision.record.items
    parts = ask(any_subjects(matter=decision.root))
    found = sorted(
        (*parts, *filter(None, (ask(any_subject(one)) for one in items[-1:]))), key=lambda one: one.id
    )
    return [one for one in found if one.ended_at is None and one.id != decision.id]
