"""When something was so (§1 "When"): what moves say of it is looked at alike, and counts as the move declares.

What begins with a move counts from when it was so, at once. What ends with it counts from when it was recorded, until
somebody above confirms the earlier moment: what would be another then is worked out with the move, and waits.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

import attrs

from linli._base import codec
from linli._base.calendar import local_moment
from linli._base.errors import Refused
from linli._base.i18n import Text, say
from linli._base.records import evolve
from linli._base.refusals import Invalid
from linli._config.district import MomentSettings
from linli._engine.counting import Counted, add
from linli._engine.turn import UnitOfWork
from linli._model.access import Post
from linli._model.acts import Act, new_id
from linli._model.compiled import Move
from linli._model.contexts import Context
from linli._model.effects import CountFrom, OpenOrder
from linli._model.facts import Facts
from linli._model.figures import Cell
from linli._model.inputs import Field, Occurred
from linli._model.subjects import ClockState, StoredSubject

LATE_ENTRY = "late_entry"
"""The workflow of what waits to be confirmed; see `linli._verbs.dispatch.late_entries`."""


@attrs.frozen(kw_only=True)
class Told:
    """What a move says of when it was so.

    Attributes:
        source: where that comes from, where it was entered afterwards; else empty.
        since: the moment that it counts from, where that is earlier than its recording.
    """

    source: str = ""
    since: datetime | None = None


_NOTHING = Told()


class Clocked(Protocol):
    """What may ask for moments: a move, a direct act."""

    @property
    def moments(self) -> tuple[Field, ...]:
        """Those that it asks for, and what has some in it."""


def on_the_clock(move: Clocked, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """The values, with moments: of the district's clock where no offset is said.

    Raises: Refused where the clock never shows one, or shows it twice.
    """
    return _on_the_clock(move.moments, values, facts) if move.moments else values


def _on_the_clock(
    fields: Iterable[Field], values: Mapping[str, object], facts: Facts
) -> Mapping[str, object]:
    said = (one for one in fields if one.has_moments and one.name in values)
    return {**values, **{one.name: _placed(one, values[one.name], facts) for one in said}}


def _placed(field: Field, value: object, facts: Facts) -> object:
    """A moment on the clock, or each of several; of small records, theirs."""
    if field.many and isinstance(value, list | tuple):
        return tuple(_placed_one(field, one, facts) for one in value)
    if field.keyed and isinstance(value, Mapping):
        return {name: _placed_one(field, one, facts) for name, one in value.items()}
    return _placed_one(field, value, facts)


def _placed_one(field: Field, value: object, facts: Facts) -> object:
    if not field.fields:
        return _moment(field.name, value, facts)
    return _on_the_clock(field.fields, value, facts) if isinstance(value, Mapping) else value


def _moment(name: str, value: object, facts: Facts) -> object:
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return value  # which whoever reads the inputs says
    return local_moment(found, facts.calendar.zone, name)


def told(move: Move, given: object, subject: StoredSubject, turn: UnitOfWork, source: str) -> Told:
    """What the inputs say of when it was so; Refused where it cannot have been then."""
    if not move.dated:
        return _NOTHING
    said = [(one, occurred, day) for one, occurred in move.dated if (day := getattr(given, one.name))]
    if not said:
        return _NOTHING
    problems = [p for one, occurred, day in said if (p := _problem(move, one, occurred, day, subject, turn))]
    if problems:
        raise Refused(*problems, doing=say(move.label or move.name))
    earlier = [(occurred, day) for _, occurred, day in said if _before(day, turn.facts.at, turn.facts)]
    since = [day for occurred, day in earlier if occurred.counts]
    return Told(source=source, since=min(since, default=None)) if earlier else _NOTHING


class BeforeItBegan(Invalid, says="{name} lies before that began: {day} at the earliest"):
    name: Text
    day: str


def _problem(
    move: Move, field: Field, occurred: Occurred, value: date, subject: StoredSubject, turn: UnitOfWork
) -> Invalid | None:
    if ahead := in_the_future(value, turn.facts, field.name):
        return ahead
    began = _began(move, occurred, subject, turn)
    if began is None or not _before(value, began, turn.facts):
        return None
    return BeforeItBegan(field=field.name, name=say(field.name), day=_shown(began, turn.facts))


class InTheFuture(Invalid, says="{day} is in the future"):
    day: str


def in_the_future(value: date | None, facts: Facts, field: str = "day") -> Invalid | None:
    """Why a day or a moment cannot be when something was so: it has not come yet. None where it has, or nothing is said."""
    now: date = facts.at if isinstance(value, datetime) else facts.today
    if value is None or value <= now:
        return None
    return InTheFuture(field=field, day=_shown(value, facts))


def mark(said: Iterable[date | None], facts: Facts, source: str) -> dict[str, str]:
    """What an act's body says of where the days come from at which something was so, if any of them has passed."""
    return {"afterwards": source} if any(was and _before(was, facts.at, facts) for was in said) else {}


def _began(move: Move, occurred: Occurred, subject: StoredSubject, turn: UnitOfWork) -> date | None:
    """When that began which a moment is of; None for what begins with the move itself, and where nobody knows."""
    if not move.sources:
        return None
    if occurred.since is None:
        return turn.subject(subject.root).opened_at
    return occurred.since(Context(turn.facts, subject, move.typed.move.flow))


def _before(value: date, other: date, facts: Facts) -> bool:
    """Whether one lies before the other, by their days unless both are moments."""
    if isinstance(value, datetime) and isinstance(other, datetime):
        return value < other
    return _day(value, facts) < _day(other, facts)


def _day(value: date, facts: Facts) -> date:
    return facts.calendar.day_of(value) if isinstance(value, datetime) else value


def _shown(value: date, facts: Facts) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(facts.calendar.zone):%Y-%m-%d %H:%M}"
    return value.isoformat()


# --- what waits for somebody above -----------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Ways:
    """What a move leaves and counts as it was recorded, and what it would if it counted from when it was so."""

    after: StoredSubject
    then: StoredSubject
    counts: Sequence[Counted]
    counts_then: Sequence[Counted]


def wait(turn: UnitOfWork, act: Act, ways: Ways, since: datetime, posts: Iterable[Post]) -> None:
    """Let somebody above confirm from when a move counts, where that would make a difference and somebody is above."""
    spent = dict(_spent(ways.after.clocks, ways.then.clocks))
    difference = tuple(_difference(ways.counts, ways.counts_then))
    where = next((post.place for post in posts if str(post) == act.acting_as), ways.after.place)
    above = (
        turn.spot(where).path[:-1] if act.actor and turn.facts.settings(MomentSettings).confirmed_by else ()
    )
    if not above or not (spent or difference or ways.after.ended_at != ways.then.ended_at):
        return
    values = {
        "verb": act.verb,
        "since": since,
        "source": act.afterwards,
        "entered_by": act.actor,
        "below": where,
        "about": getattr(ways.after.record, "about", None),
        "ended_at": ways.after.ended_at,
        "spent": spent,
        "differences": difference,
    }
    turn.later(
        OpenOrder(
            workflow=LATE_ENTRY,
            move="tell",
            place=ways.after.place,
            parent=ways.after.id,
            key=f"{act.version}",
            values={name: value for name, value in values.items() if value is not None},
        )
    )


def _spent(
    clocks: Mapping[str, ClockState], then: Mapping[str, ClockState]
) -> Iterator[tuple[str, tuple[int, float]]]:
    for name, clock in clocks.items():
        if name in then and clock.since is None and then[name].spent != clock.spent:
            yield name, (clock.turn, then[name].spent)


def _difference(counts: Iterable[Counted], then: Iterable[Counted]) -> Iterator[tuple[object, ...]]:
    sums: dict[Cell, list[int]] = {}
    for sign, some in ((-1, counts), (1, then)):
        for cell, n, total in some:
            known = sums.setdefault(cell, [0, 0])
            known[0] += sign * n
            known[1] += sign * total
    for cell, (n, total) in sums.items():
        if n or total:
            yield cell.figure, str(cell.place), cell.day.isoformat(), n, total


def _cells(differences: Iterable[tuple[str, str, str, int, int]]) -> Iterator[Counted]:
    for name, place, day, n, total in differences:
        yield Cell(figure=name, place=UUID(place), day=date.fromisoformat(day)), n, total


def count_from(turn: UnitOfWork, cause: Act, effect: CountFrom) -> None:
    """Let what a move ended count from the moment that somebody has confirmed, as far as it still stands so."""
    before = turn.subject(effect.subject)
    still_so = effect.ended_at in (None, before.ended_at)
    ended_at = effect.since if effect.ended_at and still_so else before.ended_at
    clocks = {name: _as_confirmed(name, clock, effect) for name, clock in before.clocks.items()}
    turn.put(evolve(before, ended_at=ended_at, clocks=clocks))
    act = evolve(
        cause,
        id=new_id(),
        verb=f"{before.kind}.counted_from",
        kind=before.kind,
        subject=before.id,
        version=turn.version_of(before.root, fresh=False),
        person=before.person,
        actor=None,
        acting_as="engine",
        body={
            "since": codec.plain(effect.since),
            "version": effect.version,
            "counts": still_so,
            **({"ended_at": codec.plain(ended_at)} if ended_at else {}),
        },
    )
    turn.record(add(turn, act, _cells(effect.differences) if still_so else ()))


def _as_confirmed(name: str, clock: ClockState, effect: CountFrom) -> ClockState:
    turn, spent = effect.spent.get(name, (None, 0.0))
    return evolve(clock, spent=spent) if clock.turn == turn else clock
