"""Subjects: what workflows move. A root and its parts are one tree, locked as one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs
from sqlalchemy import bindparam, func, select, update

from linli import codec
from linli.access import Seat
from linli.errors import Altered
from linli.i18n import say
from linli.store import Read, Row, Write
from linli.store import tables as t
from linli.store.statements import insert_into, write_statement


@attrs.frozen(kw_only=True, slots=False)  # quickly made and copied: every act has several
class Running:
    """A clock of a subject.

    Attributes:
        since: when it last began to run; None while it stands.
        spent: seconds counted before `since`, in the clock's kind of hours.
        due: when it is late; None while it stands.
        rings_at: when its timer is due: at first the deadline, then the next rung of the ladder.
        rung: when the next rung hears, in seconds counted beyond `span`; None: all have heard.
        step: how often it rang: the rung of the ladder that knows.
        turn: counts starts and stops, so that an old timer knows that it is void.
        paused_for: the reason why it stands, where it only pauses.
    """

    span: float
    service: bool
    since: datetime | None = None
    spent: float = 0.0
    due: datetime | None = None
    rings_at: datetime | None = None
    rung: float | None = 0.0
    step: int = 0
    turn: int = 0
    paused_for: str | None = None


@attrs.frozen(kw_only=True, slots=False)  # quickly made and copied: every act has several
class Hands:
    """Who did what in a matter.

    Attributes:
        moves: by move, everybody who made it.
        rounds: by state, how often it was entered, where that is more than once.
        bodies: by person, the organisation that they first acted for.
    """

    moves: Mapping[str, tuple[UUID, ...]] = attrs.field(factory=dict)
    rounds: Mapping[str, int] = attrs.field(factory=dict)
    bodies: Mapping[str, UUID] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True, slots=False)  # quickly made and copied: every act has several
class Subject:
    """One thing in a workflow: a request, a task, a redemption, a publication.

    Attributes:
        kind: the workflow's name.
        compound: the place under which it is counted: its compound, or its own place above compounds.
        key: what tells it from its siblings; None for a root.
        holder: the seat that must act on it.
        person: whom it is about or from.
        record: the workflow's record class, filled in.
    """

    id: UUID
    root: UUID
    kind: str
    state: str
    place: UUID
    compound: UUID
    opened_at: datetime
    record: Any
    parent: UUID | None = None
    key: str | None = None
    outcome: str | None = None
    holder: Seat | None = None
    person: UUID | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    clocks: Mapping[str, Running] = attrs.field(factory=dict)
    hands: Hands = attrs.field(factory=Hands)

    @property
    def due_at(self) -> datetime | None:
        """The nearest deadline."""
        return min((clock.due for clock in self.clocks.values() if clock.due), default=None)


def _values(district: str, subject: Subject) -> dict[str, Any]:
    holder = subject.holder
    return {
        "district": district,
        "id": subject.id,
        "root": subject.root,
        "parent": subject.parent,
        "kind": subject.kind,
        "part_key": subject.key,
        "state": subject.state,
        "outcome": subject.outcome,
        "place": subject.place,
        "compound": subject.compound,
        "holder_role": holder.role if holder else None,
        "holder_at": holder.at if holder else None,
        "person": subject.person,
        "opened_at": subject.opened_at,
        "accepted_at": subject.accepted_at,
        "ended_at": subject.ended_at,
        "due_at": subject.due_at,
        "record": codec.encode(subject.record),
        "clocks": codec.encode(subject.clocks),
        "hands": codec.encode(subject.hands),
    }


_INSERT = insert_into(t.subject, rank=10)
# By parameter: SQLAlchemy keeps the columns' own names for itself.
_CHANGED = {
    f"new_{name}": name
    for name in (
        "state", "outcome", "place", "holder_role", "holder_at", "person",
        "accepted_at", "ended_at", "due_at", "record", "clocks", "hands",
    )
}  # fmt: skip
_UPDATE = write_statement(
    update(t.subject)
    .where(t.subject.c.district == bindparam("the_district"), t.subject.c.id == bindparam("the_id"))
    .values({name: bindparam(new) for new, name in _CHANGED.items()}),
    rank=11,
    name="update subject",
)


def stored(district: str, subject: Subject, *, new: bool) -> Write:
    """The write that keeps a subject as it now is."""
    values = _values(district, subject)
    key = subject.root.hex + subject.id.hex
    if new:
        return Write(_INSERT, values, key)
    changed = {new: values[name] for new, name in _CHANGED.items()}
    return Write(_UPDATE, changed | {"the_district": district, "the_id": subject.id}, key)


_s = t.subject.c
SUBJECT_COLUMNS = (
    _s.id, _s.root, _s.parent, _s.kind, _s.part_key, _s.state, _s.outcome, _s.place, _s.holder_role, _s.holder_at,
    _s.person, _s.opened_at, _s.accepted_at, _s.ended_at, _s.record, _s.clocks, _s.hands, _s.compound,
)  # fmt: skip

_running = codec.decoder(dict[str, Running])
_hands = codec.decoder(Hands)


def subject_from(row: Row, record: type) -> Subject:
    """A subject from a row of SUBJECT_COLUMNS; Altered where its texts are not those that linli wrote."""
    try:
        return _subject_from(row, record)
    except ValueError:
        raise Altered(
            say(
                "{kind} {id} cannot be read: it was changed, or the database is damaged; see: linli verify",
                kind=row[3],
                id=row[0],
            )
        ) from None


def _subject_from(row: Row, record: type) -> Subject:
    (ident, root, parent, kind, key, state, outcome, place, holder_role, holder_at, person,
     opened_at, accepted_at, ended_at, text, clocks, hands, compound) = row[:18]  # fmt: skip
    return Subject(
        id=ident,
        root=root,
        parent=parent,
        kind=kind,
        key=key,
        state=state,
        outcome=outcome,
        place=place,
        compound=compound,
        holder=Seat(role=holder_role, at=holder_at) if holder_at else None,
        person=person,
        opened_at=opened_at,
        accepted_at=accepted_at,
        ended_at=ended_at,
        record=codec.decoder(record)(text),
        clocks=_running(clocks) if clocks != "{}" else {},
        hands=_hands(hands),
    )


def _of_root(root: Any) -> Any:
    return [_s.district == bindparam("district"), _s.root == root]


_root_of = (
    select(_s.root).where(_s.district == bindparam("district"), _s.id == bindparam("id")).scalar_subquery()
)
_last_version = (
    select(func.max(t.act.c.version))
    .where(t.act.c.district == bindparam("district"), t.act.c.root == t.subject.c.root)
    .correlate(t.subject)
    .scalar_subquery()
)
# The whole tree that holds a subject, each row with its place's path and the tree's last version; in no
# order: for the sake of one, SQLite would read the whole district.
TREE = Read(
    select(*SUBJECT_COLUMNS, t.place.c.path, t.place.c.figures_at, _last_version.label("version"))
    .join(t.place, (t.place.c.district == _s.district) & (t.place.c.id == _s.place))
    .where(*_of_root(_root_of))
)


def in_hands_of(person: UUID, hands: Hands, moves: Iterable[str]) -> bool:
    """Whether `person` made one of `moves`."""
    return any(person in hands.moves.get(move, ()) for move in moves)
