"""Subjects: what workflows move. A root and its parts are one tree, locked as one."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import attrs
from sqlalchemy import ColumnElement, bindparam, func, select, update

from linli._base import codec, numbers
from linli._base.errors import Altered
from linli._base.i18n import say
from linli._model.access import Seat
from linli._store import Read, Row, Write
from linli._store import tables as t
from linli._store.bulk import Bulk, Lookup, bulk, bulk_into
from linli._store.statements import WriteStatement, insert_into, write_statement


@attrs.frozen(kw_only=True, slots=False)  # quickly made and copied: every act has several
class ClockState:
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
class Participants:
    """Who did what in a matter.

    Attributes:
        moves: by move, everybody who made it.
        rounds: by state, how often it was entered, where that is more than once.
        bodies: by person, the organisation that they first acted for.
        came_from: by a state that something can go back from, the state it was in before.
        afterwards: the states of which it was entered afterwards that they were reached; see `linli._figures.afterwards`.
    """

    moves: Mapping[str, tuple[UUID, ...]] = attrs.field(factory=dict)
    rounds: Mapping[str, int] = attrs.field(factory=dict)
    bodies: Mapping[str, UUID] = attrs.field(factory=dict)
    came_from: Mapping[str, str] = attrs.field(factory=dict)
    afterwards: tuple[str, ...] = ()


HIDDEN = ("entered_by", "source")
"""The fields of a record that would tell whose a matter is."""


@attrs.frozen(kw_only=True, slots=False)  # quickly made and copied: every act has several
class StoredSubject:
    """One thing in a workflow: a request, a task, a redemption, a publication.

    Attributes:
        kind: the workflow's name.
        place: where it is: where it was opened, or, where that has ended, where it goes on.
        origin: where it was opened, where that place has ended since; see `opened_in`.
        compound: the place under which it is counted: its compound, or its own place above compounds.
        key: what tells it from its siblings; None for a root.
        holder: the seat that must act on it.
        person: whom it is about or from.
        record: the workflow's record class, filled in.
        number: what people call it by: short, random, unique in the district; it gives no right.
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
    clocks: Mapping[str, ClockState] = attrs.field(factory=dict)
    hands: Participants = attrs.field(factory=Participants)
    number: int = attrs.field(factory=numbers.draw)
    origin: UUID | None = None

    def without_people(self) -> "StoredSubject":
        """As it is shown to who may not know whose matter it is: nobody who had to do with it, and no clocks."""
        record, hidden = self.record, HIDDEN
        kept = (
            {field.name: None for field in attrs.fields(type(record)) if field.name in hidden}
            if record
            else {}
        )
        record = attrs.evolve(record, **kept) if kept else record
        return attrs.evolve(self, person=None, hands=Participants(), clocks={}, record=record)

    @property
    def opened_in(self) -> UUID:
        """The place where it was opened, whatever became of that: for what follows from it and never changes."""
        return self.origin or self.place

    @property
    def due_at(self) -> datetime | None:
        """The nearest deadline."""
        return min((clock.due for clock in self.clocks.values() if clock.due), default=None)


def _values(district: str, subject: StoredSubject) -> dict[str, Any]:
    return {
        "district": district,
        "id": subject.id,
        "root": subject.root,
        "parent": subject.parent,
        "kind": subject.kind,
        "part_key": subject.key,
        "place": subject.place,
        "origin": subject.origin,
        "undecided": None,
        "compound": subject.compound,
        "opened_at": subject.opened_at,
        "number": subject.number,
        **{
            name: value if isinstance(value, _AS_IT_IS) else codec.encode(value)
            for name, value in _changing(subject).items()
        },
    }


# Its place is no move's to change: what is open goes on elsewhere by an act on the place. See `going_on`.
def _changing(subject: StoredSubject) -> dict[str, Any]:
    """What moves change of it, by column."""
    holder = subject.holder
    return {
        "state": subject.state,
        "outcome": subject.outcome,
        "holder_role": holder.role if holder else None,
        "holder_at": holder.at if holder else None,
        "person": subject.person,
        "accepted_at": subject.accepted_at,
        "ended_at": subject.ended_at,
        "due_at": subject.due_at,
        "record": subject.record,
        "clocks": subject.clocks,
        "hands": subject.hands,
    }


_AS_IT_IS: Final = (str, UUID, datetime, type(None))


_INSERT = insert_into(t.subject, rank=10)


@cache
def _update_of(names: tuple[str, ...]) -> WriteStatement:
    """The statement that changes these columns. What is the same is left out: its indexes would be written again."""
    # Parameters of their own: SQLAlchemy keeps the columns' names for itself.
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    which = (t.subject.c.district == bindparam("the_district"), t.subject.c.id == bindparam("the_id"))
    return write_statement(update(t.subject).where(*which).values(values), rank=11, name="update subject")


def opened(district: str, subject: StoredSubject) -> Write:
    """The write that keeps a new subject."""
    return Write(_INSERT, _values(district, subject), subject.root.hex + subject.id.hex)


def stored(district: str, subject: StoredSubject, before: StoredSubject) -> list[Write]:
    """The write that keeps what has changed of a subject; none where nothing has."""
    old = _changing(before)
    names, values = [], {"the_district": district, "the_id": subject.id}
    for name, value in _changing(subject).items():
        if value is old[name]:
            continue
        if not isinstance(value, _AS_IT_IS):
            value = codec.encode(value)
        elif value == old[name]:
            continue
        names.append(name)
        values[f"new_{name}"] = value
    return [Write(_update_of(tuple(names)), values, subject.root.hex + subject.id.hex)] if names else []


_GO_ON = write_statement(
    update(t.subject)
    .where(t.subject.c.district == bindparam("the_district"), t.subject.c.id == bindparam("the_id"))
    .values(place=bindparam("new_place"), origin=bindparam("new_origin"), undecided=bindparam("of_split")),
    rank=11,
    name="subject goes on",
)


def goes_on(district: str, subject: StoredSubject, undecided: UUID | None) -> Write:
    """The write after which a subject is at its place, which is not the one where it was.

    Args:
        undecided: the place that was split, where the street has to choose which part it goes on at.
    """
    values = {"new_place": subject.place, "new_origin": subject.origin, "of_split": undecided}
    key = subject.root.hex + subject.id.hex
    return Write(_GO_ON, values | {"the_district": district, "the_id": subject.id}, key)


_s = t.subject.c
Found = Callable[[Lookup, Sequence[Hashable]], list[Row]]
_BULK = bulk_into(t.subject, rank=10)
_BULK_NAMES: Final = tuple(column.name for column in t.subject.columns)
_TAKEN: Final = Lookup(select(_s.number).where(_s.district == bindparam("district")), _s.number)


def stored_in_bulk(district: str, subjects: Sequence[StoredSubject], found: Found) -> Bulk:
    """The write of many new subjects. Of short numbers that are taken, others are drawn beforehand.

    Args:
        found: `Facts.found`: one question for all of them.
    """
    free = _free([subject.number for subject in subjects], found)
    rows = [
        _values(district, subject) | {"number": number}
        for subject, number in zip(subjects, free, strict=True)
    ]
    return bulk(_BULK, [tuple([row[name] for name in _BULK_NAMES]) for row in rows])


def _free(drawn: list[int], found: Found) -> list[int]:
    """The same numbers, but for those that are in the record or come twice."""
    seen: set[int] = set()
    open_, longer = list(range(len(drawn))), 0
    while open_:
        seen |= {number for (number,) in found(_TAKEN, [drawn[at] for at in open_])}
        again = [at for at in open_ if drawn[at] in seen or seen.add(drawn[at])]  # type: ignore[func-returns-value]
        longer += 1
        for at in again:
            drawn[at] = numbers.draw(longer)
        open_ = again
    return drawn


SUBJECT_COLUMNS = (
    _s.id, _s.root, _s.parent, _s.kind, _s.part_key, _s.state, _s.outcome, _s.place, _s.holder_role, _s.holder_at,
    _s.person, _s.opened_at, _s.accepted_at, _s.ended_at, _s.record, _s.clocks, _s.hands, _s.compound,
    _s.number, _s.origin,
)  # fmt: skip

ORDERS: Final[Mapping[str, tuple[ColumnElement[Any], ...]]] = {
    "oldest": (_s.id,),
    "newest": (_s.opened_at.desc(), _s.id.desc()),
    "pressing": (_s.due_at.is_(None), _s.due_at, _s.id),
}
"""In which order subjects are listed: the most pressing by their deadline, then the oldest."""

_running = codec.decoder(dict[str, ClockState])
_hands = codec.decoder(Participants)


def subject_from(row: Row, record: type) -> StoredSubject:
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


def _subject_from(row: Row, record: type) -> StoredSubject:
    (ident, root, parent, kind, key, state, outcome, place, holder_role, holder_at, person,
     opened_at, accepted_at, ended_at, text, clocks, hands, compound, number, origin) = row[:20]  # fmt: skip
    return StoredSubject(
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
        number=number,
        origin=origin,
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
_last_at = (
    select(t.act.c.at)
    .where(t.act.c.district == bindparam("district"), t.act.c.root == t.subject.c.root)
    .order_by(t.act.c.version.desc())
    .limit(1)
    .correlate(t.subject)
    .scalar_subquery()
)
# Whom it is about is who they have become, so that nobody decides on their own matter under another number.
_person_now = (
    select(t.alias.c.now)
    .where(t.alias.c.district == _s.district, t.alias.c.id == _s.person)
    .correlate(t.subject)
    .scalar_subquery()
)
_now = [func.coalesce(_person_now, _s.person) if one is _s.person else one for one in SUBJECT_COLUMNS]
_key = (
    select(t.vault_key.c.wrapped)
    .where(t.vault_key.c.district == _s.district, t.vault_key.c.owner == _s.root)
    .correlate(t.subject)
    .scalar_subquery()
)
PLACE_IN_TREE: Final = slice(-11, -3)
"""Of a row of TREE: kind, name, path, where figures are counted, record, last day and point of its place."""
# The whole tree that holds a subject, each row with what acts on it need in any case: its place (see `lookups.PLACE`), and
# of the tree the key of its texts, the moment of the last act and the last version. In no order: for the sake of one,
# SQLite would read the whole district.
TREE = Read(
    select(
        *_now,
        t.place.c.kind.label("place_kind"),
        t.place.c.name,
        t.place.c.path,
        t.place.c.reporting_place,
        t.place.c.record.label("place_record"),
        t.place.c.until,
        t.place.c.latitude_e6,
        t.place.c.longitude_e6,
        _key.label("key"),
        _last_at.label("last_at"),
        _last_version.label("version"),
    )
    .join(t.place, (t.place.c.district == _s.district) & (t.place.c.id == _s.place))
    .where(*_of_root(_root_of))
)

PLACE_OF = Read(select(_s.place).where(_s.district == bindparam("district"), _s.id == bindparam("id")))
