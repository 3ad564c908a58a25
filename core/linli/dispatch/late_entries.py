"""Late entries (补录): that something ended earlier than it was recorded, which somebody above confirms, or nobody does.

Until then it counts from when it was recorded, and so it stays where nobody confirms it within the district's days.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs

from linli import codec
from linli._model.contexts import Context
from linli._model.inputs import Input, Occurred
from linli.access import ENGINE, HOLDER, Seat
from linli.acts import Act
from linli.dispatch.impartial import kept_from, not_about_the_actor
from linli.dispatch.records import CLERK
from linli.effects import Assign, CountFrom, Effect
from linli.facts import Facts
from linli.i18n import Text, say
from linli.settings import MomentSettings
from linli.subjects import SUBJECT_COLUMNS, TREE, Hands, Subject
from linli.workflow import READ_REASON, REASON, Ask, Clock, Limit, Move, State, Was, Workflow

WORDS = SOURCES = ("hand", "file", "system", "device")
_hands = codec.decoder(Hands)
_HANDS, _IDENT, _HOLDER_AT = (
    [column.name for column in SUBJECT_COLUMNS].index(name) for name in ("hands", "id", "holder_at")
)


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
    source: str = "hand"
    entered_by: UUID | None = None
    below: UUID | None = None
    about: UUID | None = None
    ended_at: datetime | None = None
    spent: Mapping[str, tuple[int, float]] = attrs.field(factory=dict)
    differences: tuple[tuple[str, str, str, int, int], ...] = ()


def then(name: str, since: Callable[[Subject, Facts], date | None] | None = None) -> Ask:
    """An ask for when something was so that is entered afterwards, and that the move counts from. Args: as in `Was`."""
    was = Was(counts=True, since=since)
    return Ask(name=name, help=entered_afterwards().help, type=datetime, required=False, was=was)


def entered_afterwards(since: Callable[[Context[Any]], date | None] | None = None) -> Input:
    """The same of a class of inputs: `finished_at: Annotated[datetime | None, entered_afterwards()] = None`."""
    return Input(
        "when it was so, where it is entered afterwards; an earlier end counts once somebody above confirms it",
        occurred=Occurred(counts=True, since=since),
    )


def _acted(matter: UUID, facts: Facts) -> frozenset[UUID]:
    """Who did something in a matter: they are measured by it."""
    rows = facts.rows(TREE, id=matter)
    return frozenset(one for row in rows for people in _hands(row[_HANDS]).moves.values() for one in people)


def _confirmer(late: Subject, facts: Facts) -> Seat:
    """The nearest post above whoever entered it that somebody has who did nothing in the matter, and that it is not about."""
    record, roles = late.record, facts.settings(MomentSettings).confirmed_by
    upwards = facts.place(record.below).path[-2::-1]
    acted = _acted(late.root, facts) | {record.entered_by}
    seats = [Seat(role=role, at=place) for place in upwards for role in roles]
    free = (seat for seat in seats if facts.who_has(seat) - {seat.at} - acted)
    fit = (seat for seat in free if not kept_from(record.about, seat, late.place, facts))
    return next(fit, seats[-1])


def _to_whoever_is_above(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield Assign(holder=_confirmer(subject, facts))


def _not_measured_by_it(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Whoever did something in the matter, or has the seat that has it, is measured by it."""
    rows = facts.rows(TREE, id=subject.id)
    seat = next((row[_HOLDER_AT] for row in rows if row[_IDENT] == subject.parent), None)
    if facts.is_among(act.actor, _acted(subject.id, facts)) or (act.seat and act.seat.at == seat):
        return say("when it was so is confirmed by somebody who has had nothing to do with it")
    return None


def _counts(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    late: LateEntry = subject.record
    assert subject.parent is not None, "a late entry is a part of what it is about"
    yield CountFrom(
        subject=subject.parent,
        since=late.since,
        version=int(subject.key or 0),
        ended_at=late.ended_at,
        spent=late.spent,
        differences=late.differences,
    )


def _within(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=timedelta(days=facts.settings(MomentSettings).confirm_days))


LATE_ENTRY = Workflow(
    name="late_entry",
    label="late entry",
    record=LateEntry,
    told_by=("verb", "since"),
    not_told=("below", "spent", "differences", "ended_at"),
    states=(
        State("told", "entered afterwards, not confirmed yet"),
        State("confirmed", "counts from when it was so", ends=("confirmed",)),
        State("refused", "counts from when it was recorded", ends=("refused",)),
        State("lapsed", "not confirmed in time", ends=("lapsed",)),
    ),
    moves=(
        Move(
            name="tell",
            label="entered afterwards",
            sources=(),
            to="told",
            by=ENGINE,
            asks=(
                Ask(name="verb", help="what was entered"),
                Ask(name="since", help="when it was so", type=datetime),
                Ask(name="source", help="where that comes from", choices=SOURCES),
                Ask(name="entered_by", type=UUID),
                Ask(name="below", type=UUID),
                Ask(name="about", type=UUID, required=False),
                Ask(name="ended_at", type=datetime, required=False),
                Ask(name="spent", type=dict, required=False),
                Ask(name="differences", type=tuple, required=False),
            ),
            effects=(_to_whoever_is_above,),
        ),
        Move(
            name="confirm",
            label="confirm when it was so",
            sources=("told",),
            to="confirmed",
            by=HOLDER,
            apart_from=("tell",),
            checks=(not_about_the_actor, _not_measured_by_it),
            effects=(_counts,),
        ),
        Move(
            name="refuse",
            label="let it count from when it was recorded",
            sources=("told",),
            to="refused",
            by=HOLDER,
            apart_from=("tell",),
            asks=(REASON,),
            checks=(not_about_the_actor, _not_measured_by_it),
        ),
        Move(name="lapse", label="not confirmed in time", sources=("told",), to="lapsed", by=ENGINE),
        Move(
            name="read",
            label="read",
            sources=("told", "confirmed", "refused", "lapsed"),
            to=None,
            by=HOLDER | CLERK,
            asks=(READ_REASON,),
            checks=(not_about_the_actor,),
        ),
    ),
    clocks=(Clock(name="confirming", runs_in=("told",), limit=_within, then="lapse"),),
)
