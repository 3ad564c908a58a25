"""Removals (搬家): somebody moves to a place kept by others. Proposed at the new place, released at the old one."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

import attrs

from linli._base.refusals import Refusal
from linli._config import setting
from linli._model.access import ANYONE, KEEPERS, Seat
from linli._model.compiled import Limit
from linli._model.contexts import Context, Transition
from linli._model.deadlines import Escalation, OverdueClock
from linli._model.effects import Change, Effect
from linli._model.facts import Facts
from linli._model.inputs import Choice, Input, PersonId, PlaceId, Why
from linli._model.moves import Clock, Moves
from linli._model.states import State
from linli._model.workflows import Workflow
from linli._verbs.register.keeping import keeps, not_ones_own
from linli._verbs.register.living import living
from linli._verbs.register.ties import Tie, place_of, put_tie, ties_from

ARRIVING = "arriving"
"""The tie of somebody to their new place until the old one has released them: they are served there."""


@attrs.frozen(kw_only=True)
class RegisterSettings:
    """The [register] table."""

    release_within: timedelta = setting(
        timedelta(days=5),
        "within which the old place releases who moves away; then it climbs to the place above both",
        least=timedelta(hours=1),
    )


@attrs.frozen(kw_only=True)
class Removal:
    """What is kept with a removal.

    Attributes:
        who: who moves.
        to: the new home.
    """

    who: UUID
    to: UUID
    on: date | None = None


class LetGo(Choice):
    LET_GO = "let_go"


@attrs.frozen(kw_only=True)
class Propose:
    who: Annotated[PersonId, Input("who moves")]
    to: Annotated[PlaceId, Input("the new home")]


class NotYoursToPutForward(
    Refusal, says="a removal is put forward at the new place, or by whoever moves"
): ...


def may_propose(t: Transition[Removal, object]) -> Refusal | None:
    living(t.facts, t.record.who)
    place_of(t.facts, t.record.to)
    if t.actor is None or t.actor == t.record.who or keeps(t.facts, t.actor, [t.record.to]):
        return None
    return NotYoursToPutForward()


def arrives(t: Transition[Removal, object]) -> Iterable[Effect]:
    tie = Tie(person=t.record.who, kind=ARRIVING, at=t.record.to, since=t.today)
    yield Change(write=put_tie(t.facts.district, tie))


def stays(t: Transition[Removal, object]) -> Iterable[Effect]:
    for tie in ties_from(t.facts, t.record.who):
        if tie.kind == ARRIVING and tie.at == t.record.to and tie.until is None:
            yield Change(write=put_tie(t.facts.district, attrs.evolve(tie, until=t.today)))


def moves_in(t: Transition[Removal, object]) -> Iterable[Effect]:
    for tie in ties_from(t.facts, t.record.who):
        if tie.kind == "resident" and tie.until is None and tie.at != t.record.to:
            yield Change(write=put_tie(t.facts.district, attrs.evolve(tie, until=t.today)))
    yield from stays(t)
    home = Tie(person=t.record.who, kind="resident", at=t.record.to, since=t.today)
    yield Change(write=put_tie(t.facts.district, home))


def decided_by_others(t: Transition[Removal, object]) -> Refusal | None:
    return not_ones_own(t.facts, t.record.who)


def to_release(ctx: Context[Removal]) -> Limit:
    return Limit(span=ctx.settings(RegisterSettings).release_within)


def next_rung(late: OverdueClock, facts: Facts) -> Escalation | None:
    """Who hears of a removal that was not released in time: the place that lies above both homes."""
    if late.step > 0:
        return None
    old, new = facts.place(late.subject.place).path, facts.place(late.subject.record.to).path
    shared = [one for one, other in zip(old, new, strict=False) if one == other]
    above = next((one for one in shared[::-1] if one not in (old[-1], new[-1])), shared[0])
    return Escalation(seat=Seat(role="clerk", at=above), rung="above both")


class RemovalFlow(Workflow[Removal], name="removal", readable_by=KEEPERS):
    move = Moves(Removal)
    proposed = State("waiting for its release")
    released = State("released by the old place", ends=LetGo)
    refused = State("refused", ends=True)
    taken_back = State("withdrawn", ends=True)
    propose = move.opening(proposed, Propose, by=ANYONE, needs=[may_propose], then=[arrives])
    release = move(proposed.to(released), by=KEEPERS, needs=[decided_by_others], then=[moves_in])
    refuse = move(proposed.to(refused), Why, by=KEEPERS, needs=[decided_by_others], then=[stays])
    take_back = move(proposed.to(taken_back), label="withdraw", by=ANYONE, needs=[may_propose], then=[stays])
    release_within = Clock(proposed, to_release, name="release")
