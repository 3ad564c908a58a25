"""What a subject must be, from the acts on it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs
import msgspec

from linli._base import codec
from linli._base.errors import LinliError
from linli._base.i18n import Text, say
from linli._model.acts import Act
from linli._model.compiled import Workflow
from linli._model.subjects import StoredSubject, subject_from
from linli._store import Row


@attrs.define(kw_only=True)
class Replayed:
    """What the acts on a subject come to.

    Attributes:
        whole: whether the first of them opened it; else it was brought by a file, and only what moves
            changed since is known.
        values: of the fields of its record.
        places, people: where the acts were, and whom they were about.
        hands: by move, who made it.
        last: the last act that moved it.
    """

    whole: bool = False
    state: str | None = None
    outcome: str | None = None
    opened_at: datetime | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    values: dict[str, Any] = attrs.field(factory=dict)
    places: set[UUID | None] = attrs.field(factory=set)
    people: set[UUID | None] = attrs.field(factory=set)
    last: Act | None = None
    hands: dict[str, tuple[UUID, ...]] = attrs.field(factory=dict)


def replayed(flow: Workflow, acts: Iterable[Act]) -> Replayed:
    """Carry the acts on a subject out again, as far as the journal tells."""
    found = Replayed()
    for act in acts:
        if "to" in act.body:
            _step(flow, found, act)
        elif act.verb == f"{flow.name}.counted_from" and "ended_at" in act.body:
            found.ended_at = codec.moment(act.body["ended_at"])
    return found


def _step(flow: Workflow, found: Replayed, act: Act) -> None:
    new, given = act.body["from"] == "", act.body.get("values", {})
    begins = codec.moment(act.body["since"]) if "since" in act.body else act.at
    if new:
        found.whole, found.opened_at = True, begins
    state = flow.by_state[act.body["to"]]
    if new or act.body["to"] != act.body["from"]:
        found.outcome = (
            given.get("outcome", state.ends[0]) if len(state.ends) > 1 else next(iter(state.ends), None)
        )
        found.ended_at = (begins if new else act.at) if state.ends else None
    if found.accepted_at is None and state.name == flow.accepted_in:
        found.accepted_at = begins
    found.values |= {n: v for n, v in given.items() if n in flow.fields and not is_commitment(v)}
    found.state, found.last = state.name, act
    found.places.add(act.place)
    found.people.add(act.person)
    move = act.verb.partition(".")[2]
    if act.actor and act.actor not in found.hands.get(move, ()):
        found.hands[move] = (*found.hands.get(move, ()), act.actor)


def is_commitment(value: object) -> bool:
    """Whether a value of an act stands for a text that is in the vault."""
    return isinstance(value, Mapping) and value.keys() == {"sealed"}


def as_kept(flow: Workflow, row: Row) -> StoredSubject | Text:
    """The subject of a row (of SUBJECT_COLUMNS), or why it cannot be read."""
    try:
        return subject_from(row, flow.record)
    except (LinliError, ValueError):
        return say("{kind} {id}: its record cannot be read", kind=say(flow.label), id=row[0])


def problems(
    flow: Workflow, subject: StoredSubject, acts: list[Act], now: Mapping[UUID, UUID]
) -> Iterator[Text]:
    """What a subject's row says other than the acts on it do.

    Args:
        now: what merged people and places are now.
    """
    right = replayed(flow, acts)
    if right.last is not None:
        differing = [name for name, differs in _compared(flow, subject, right, now) if differs]
        if differing:
            yield _altered(flow, subject, differing)


def _compared(
    flow: Workflow, subject: StoredSubject, right: Replayed, now: Mapping[UUID, UUID]
) -> Iterator[tuple[str, bool]]:
    state = flow.by_state.get(subject.state)
    yield "state", state is None or state.name != right.state
    yield "record", not same_record(flow, subject, right)
    yield "place", not _among(subject.place, right.places, now)
    if right.whole:
        yield "person", not _among(subject.person, right.people, now)
        yield "hands", dict(subject.hands.moves) != right.hands
        yield "outcome", subject.outcome != right.outcome
        for name in ("opened_at", "accepted_at", "ended_at"):
            yield name, getattr(subject, name) != getattr(right, name)


def _among(found: UUID | None, said: set[UUID | None], now: Mapping[UUID, UUID]) -> bool:
    return found in said or any(one is not None and now.get(one) == found for one in said)


def same_record(flow: Workflow, subject: StoredSubject, right: Replayed) -> bool:
    kept = {} if right.whole else codec.decode(codec.encode(subject.record))
    try:
        wanted = codec.decoder(flow.record)(codec.encode({**kept, **right.values}))
    except (ValueError, LinliError, msgspec.MsgspecError):
        return False
    # By their values first: a moment is the same with another offset.
    return bool(wanted == subject.record) or codec.encode(wanted) == codec.encode(subject.record)


def _altered(flow: Workflow, subject: StoredSubject, names: list[str]) -> Text:
    return say(
        "{kind} {id}: {names} is not what the acts on it say",
        kind=say(flow.label),
        id=subject.id,
        names=", ".join(names),
    )
