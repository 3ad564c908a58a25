"""Late entries (补录): that something ended earlier than it was recorded, which somebody above confirms, or nobody does.

Until then it counts from when it was recorded, and so it stays where nobody confirms it within the district's days.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import attrs

from linli._base import codec
from linli._base.refusals import Refusal
from linli._config.district import MomentSettings
from linli._model.access import HOLDER, Seat
from linli._model.compiled import Limit
from linli._model.contexts import Context, Transition
from linli._model.effects import Assign, CountFrom, Effect
from linli._model.facts import Facts
from linli._model.inputs import Choice, Input, Occurred, Why
from linli._model.moves import Clock, Moves
from linli._model.states import State
from linli._model.subjects import SUBJECT_COLUMNS, TREE, Participants
from linli._model.workflows import Workflow
from linli._verbs.dispatch.impartial import impartial, kept_from
from linli._verbs.dispatch.records import CLERK

_hands = codec.decoder(Participants)
_HANDS, _IDENT, _HOLDER_AT = (
    [column.name for column in SUBJECT_COLUMNS].index(name) for name in ("hands", "id", "holder_at")
)


class Source(Choice):
    """Where it comes from when something was so."""

    HAND = "hand"
    FILE = "file"
    SYSTEM = "system"
    DEVICE = "device"


@attrs.frozen(kw_only=True)
class LateEntry:
    """What is kept of a late entry; it is a part of what it is about.

    Attributes:
        verb: what was entered: "request.close".
        since: when it was so, as whoever entered it says.
        entered_by: who did; `below`: where they did, above which it is confirmed.
        about: whom the matter complains about: it is kept from them.
        source: where that comes from.
        ended_at, spent, differences: what would be otherwise then; see `CountFrom`.
    """

    verb: str
    since: datetime
    source: Source = Source.HAND
    entered_by: UUID | None = None
    below: UUID | None = None
    about: UUID | None = None
    ended_at: datetime | None = None
    spent: Mapping[str, tuple[int, float]] = attrs.field(factory=dict)
    differences: tuple[tuple[str, str, str, int, int], ...] = ()


@attrs.frozen(kw_only=True)
class Told:
    verb: Annotated[str, Input("what was entered")]
    since: Annotated[datetime, Input("when it was so")]
    source: Annotated[Source, Input("where that comes from")]
    entered_by: UUID
    below: UUID
    about: UUID | None = None
    ended_at: datetime | None = None
    spent: Annotated[Mapping[str, tuple[int, float]] | None, Input(by_engine=True)] = None
    differences: Annotated[tuple[tuple[str, str, str, int, int], ...] | None, Input(by_engine=True)] = None


def entered_afterwards(since: Callable[[Context[Any]], date | None] | None = None) -> Input:
    """An input for when something was so that is entered afterwards, and that the move counts from. Args: as of `Occurred`."""
    return Input(
        "when it was so, where it is entered afterwards; an earlier end counts once somebody above confirms it",
        occurred=Occurred(counts=True, since=since),
    )


CountsFrom = Annotated[datetime | None, entered_afterwards()]
"""The same of what is as old as its matter: `finished_at: CountsFrom = None`."""


def _acted(matter: UUID, facts: Facts) -> frozenset[UUID]:
    """Who did something in a matter: they are measured by it."""
    rows = facts.rows(TREE, id=matter)
    return frozenset(one for row in rows for people in _hands(row[_HANDS]).moves.values() for one in people)


def _confirmer(t: Transition[LateEntry, object]) -> Seat:
    """The nearest post above whoever entered it that somebody has who did nothing in the matter, and that it is not about."""
    facts, roles = t.facts, t.settings(MomentSettings).confirmed_by
    assert t.record.below, "it says where it was entered"
    upwards = facts.place(t.record.below).path[-2::-1]
    acted = _acted(t.subject.root, facts) | {t.record.entered_by}
    seats = [Seat(role=role, at=place) for place in upwards for role in roles]
    free = (seat for seat in seats if facts.who_has(seat) - {seat.at} - acted)
    fit = (seat for seat in free if not kept_from(t.record.about, seat, t.place, facts))
    return next(fit, seats[-1])


def to_whoever_is_above(t: Transition[LateEntry, object]) -> Iterable[Effect]:
    yield Assign(holder=_confirmer(t))


class Involved(Refusal, says="when it was so is confirmed by somebody who has had nothing to do with it"): ...


def not_measured_by_it(t: Transition[LateEntry, object]) -> Refusal | None:
    """Whoever did something in the matter, or has the seat that has it, is measured by it."""
    rows = t.facts.rows(TREE, id=t.subject.id)
    holder = next((row[_HOLDER_AT] for row in rows if row[_IDENT] == t.subject.parent), None)
    seat = Seat.read(t.acting_as or "")
    if t.facts.is_among(t.actor, _acted(t.subject.id, t.facts)) or (seat and seat.at == holder):
        return Involved()
    return None


def counts(t: Transition[LateEntry, object]) -> Iterable[Effect]:
    assert t.subject.parent is not None, "a late entry is a part of what it is about"
    yield CountFrom(
        subject=t.subject.parent,
        since=t.record.since,
        version=int(t.subject.key or 0),
        ended_at=t.record.ended_at,
        spent=t.record.spent,
        differences=t.record.differences,
    )


def to_confirm(ctx: Context[LateEntry]) -> Limit:
    return Limit(span=timedelta(days=ctx.settings(MomentSettings).confirm_days))


class LateEntryFlow(
    Workflow[LateEntry],
    name="late_entry",
    summary_fields=("verb", "since"),
    hidden_fields=("below", "spent", "differences", "ended_at"),
    readable_by=HOLDER | CLERK,
    needs=[impartial],
):
    move = Moves(LateEntry)
    told = State("entered afterwards, not confirmed yet")
    confirmed = State("counts from when it was so", ends=True)
    refused = State("counts from when it was recorded", ends=True)
    lapsed = State("not confirmed in time", ends=True)
    tell = move.opening(told, Told, label="entered afterwards", then=[to_whoever_is_above])
    confirm = move(
        told.to(confirmed),
        label="confirm when it was so",
        by=HOLDER,
        not_by=[tell],
        needs=[not_measured_by_it],
        then=[counts],
    )
    refuse = move(
        told.to(refused),
        Why,
        label="let it count from when it was recorded",
        by=HOLDER,
        not_by=[tell],
        needs=[not_measured_by_it],
    )
    lapse = move(told.to(lapsed), label="not confirmed in time")
    confirming = Clock(told, to_confirm, then=lapse)
