"""Lists of subjects: what is open, late, held by a seat, at a place and everything below it; and their short numbers."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, func, or_, select

from linli._base import codec, numbers
from linli._base.errors import NotFound, Refused
from linli._base.refusals import Invalid, NotFoundHere
from linli._model.access import Seat
from linli._model.compiled import Workflow
from linli._model.lookups import path_ids
from linli._model.subjects import ORDERS, SUBJECT_COLUMNS, StoredSubject, subject_from
from linli._store import Read
from linli._store import tables as t
from linli._store.fields import field

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

COUNTED_TO = 10_000
"""How far a list counts what there is; beyond it, it says "more than"."""

COUNTED = ("district", "street", "community", "compound")
"""The kinds of places under which subjects are counted; what is below a compound is counted under it."""

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
_BY_NUMBER = Read(select(_s.id).where(_s.district == _d, _s.number == bindparam("number")))


@attrs.frozen(kw_only=True)
class Wish:
    """What a list should have; None: whatever.

    Attributes:
        ended: True: only what has ended; False: only what is open.
        late_at: only what is open and was due before this moment.
        after: only what comes after this subject in `order`, for the next page: oldest first.
        order: "oldest" first, "newest" first, or the most "pressing": by deadline, then the oldest.
    """

    kind: str
    states: tuple[str, ...] = ()
    place: UUID | None = None
    holder: Seat | None = None
    person: UUID | None = None
    ended: bool | None = None
    late_at: datetime | None = None
    after: UUID | None = None
    most: int = 50
    order: str = "oldest"


def matching(district: "OpenDistrict", wish: Wish) -> list[StoredSubject]:
    """The subjects that fit, in the order that is wished for."""
    record = district.rules.workflow(wish.kind).record
    with district.store.reading() as connection:
        fitting = select(*SUBJECT_COLUMNS).where(*_conditions(district, wish, connection))
        rows = connection.execute(fitting.order_by(*ORDERS[wish.order]).limit(wish.most)).all()
    return [subject_from(tuple(row), record) for row in rows]


def how_many(district: "OpenDistrict", wish: Wish) -> int:
    """How many subjects fit; one more than COUNTED_TO stands for any number above it."""
    with district.store.reading() as connection:
        some = select(_s.id).where(*_conditions(district, wish, connection)).limit(COUNTED_TO + 1)
        return int(connection.scalar(select(func.count()).select_from(some.subquery())) or 0)


def _conditions(district: "OpenDistrict", wish: Wish, connection: Connection) -> list[ColumnElement[bool]]:
    flow = district.rules.workflow(wish.kind)
    open_ = wish.ended is False or wish.late_at or _all_open(flow, wish.states)
    found: list[ColumnElement[bool] | None] = [
        _s.district == district.code,
        _s.kind == wish.kind,
        _at(district, wish.place, connection) if wish.place else None,
        _held(district, wish.holder) if wish.holder else None,
        _s.state.in_(wish.states) if wish.states else None,
        _whose(district, wish.person) if wish.person else None,
        _s.ended_at.is_not(None) if wish.ended is True else None,
        _s.ended_at.is_(None) if open_ else None,
        _s.accepted_at.is_(None) if _never_accepted(flow, wish.states) else None,
        _s.due_at < wish.late_at if wish.late_at else None,
        _s.id > wish.after if wish.after else None,
    ]
    return [condition for condition in found if condition is not None]


def stands_below(place: UUID) -> ColumnElement[bool]:
    """Whether a subject's place, or where it was opened, is this one or stands below it now.

    Of many places only those of subjects are read.
    """
    p = t.place.c
    found = select(p.id).where(
        p.district == _s.district, or_(p.id == _s.place, p.id == _s.origin), p.path.contains(place.hex)
    )
    return found.correlate(t.subject).exists()


def _at(district: "OpenDistrict", place: UUID, connection: Connection) -> ColumnElement[bool]:
    """The subjects of a place and of all below it, found by the compounds under which they are counted."""
    p, here = t.place.c, district.register.knot(place)
    path = p.path.startswith(here.path) if here.kind in COUNTED else p.id == here.figures_at
    # What moved to another compound is still counted where it was: at one that has ended, or moved from.
    strays = or_(p.until.is_not(None), p.id.in_(_moved_from(district, connection)))
    compounds = select(p.id).where(p.district == district.code, p.kind.in_(COUNTED), or_(path, strays))
    return and_(_s.compound.in_(compounds.scalar_subquery()), stands_below(place))


def _moved_from(district: "OpenDistrict", connection: Connection) -> list[UUID]:
    """The compounds from which a place was moved away, as the journal tells; there are few."""
    a, p = t.act.c, t.place.c
    moves = select(a.body).where(a.district == district.code, a.verb == "place.move")
    above = {UUID(codec.decode(body)["from"]) for (body,) in connection.execute(moves)}
    query = select(p.figures_at).where(p.district == district.code, p.id.in_(above))
    return [row[0] for row in connection.execute(query)] if above else []


def _never_accepted(flow: Workflow, states: tuple[str, ...]) -> bool:
    """Whether what is in these states was never accepted: an index finds it among all that is open."""
    return bool(flow.accepted_in and states) and not set(states) & flow.once_accepted


def _all_open(flow: Workflow, states: tuple[str, ...]) -> bool:
    return bool(states) and not any(flow.by_state[state].ends for state in states)


def _whose(district: "OpenDistrict", person: UUID) -> ColumnElement[bool]:
    """What is somebody's, under any number that they ever had."""
    a, now = t.alias.c, district.register.survivor(person)
    merged = select(a.id).where(a.district == district.code, a.now == now)
    return or_(_s.person == now, _s.person.in_(merged))


def _held(district: "OpenDistrict", holder: Seat) -> ColumnElement[bool]:
    """What a merged organisation held is its successor's."""
    a = t.alias.c
    merged = select(a.id).where(a.district == district.code, a.now == holder.at)
    by = or_(_s.holder_at == holder.at, _s.holder_at.in_(merged))
    return by & (_s.holder_role == holder.role) if holder.role else by


# --- by name -----------------------------------------------------------------------------------------

_FEW = 10


def called(district: "OpenDistrict", flow: Workflow, text: str) -> list[StoredSubject]:
    """The open subjects that are told apart by being called `text`: a branch, a gift, a session."""
    if not flow.summary_fields or "\0" in text:
        return []
    return _few(district, flow, field(_s.record, flow.summary_fields[0]) == text)


def at_place(district: "OpenDistrict", flow: Workflow, place: UUID) -> list[StoredSubject]:
    """The open subjects of a kind that are at a place itself."""
    return _few(district, flow, _s.place == place)


def _few(district: "OpenDistrict", flow: Workflow, condition: ColumnElement[bool]) -> list[StoredSubject]:
    open_ = (_s.district == district.code, _s.kind == flow.name, _s.ended_at.is_(None))
    query = select(*SUBJECT_COLUMNS).where(*open_, condition).order_by(_s.id).limit(_FEW)
    with district.store.reading() as connection:
        return [subject_from(tuple(row), flow.record) for row in connection.execute(query)]


# --- short numbers -----------------------------------------------------------------------------------


class NotANumber(Invalid, says="'{text}' is no number of linli's"):
    text: str
    field: str = "number"


class NoSuchNumber(NotFoundHere, says="no matter has the number {number}; check the digits"):
    number: str


def identified(district: "OpenDistrict", text: str) -> UUID:
    """The subject that somebody names by its short number, or whatever has this identifier of linli's.

    Raises: Refused where it is neither, or where a digit is wrong; NotFound where no matter has the number.
    """
    try:
        return UUID(text.strip())
    except ValueError:
        short = numbers.read(text)
    if short is None:
        raise Refused(NotANumber(text=text))
    rows = district.store.ask([(_BY_NUMBER, {"district": district.code, "number": short})])[0]
    if not rows:
        raise NotFound(NoSuchNumber(number=numbers.written(short)))
    found: UUID = rows[0][0]
    return found


def numbers_of(district: "OpenDistrict", idents: Iterable[UUID]) -> dict[UUID, int]:
    """The short numbers of those that are subjects."""
    query = select(_s.id, _s.number).where(_s.district == district.code, _s.id.in_(set(idents)))
    with district.store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


# --- names -------------------------------------------------------------------------------------------


def name_paths(district: "OpenDistrict", idents: Iterable[UUID]) -> dict[UUID, str]:
    """The names of places, each after those of all above it but the district: "锦绣花园/3栋". What is none is left out."""
    paths = {ident: path_ids(path) for ident, (_, path) in _places(district, set(idents)).items()}
    known = _places(district, {one for path in paths.values() for one in path})
    return {
        ident: "/".join(known[one][0] for one in path[1:]) or known[ident][0] for ident, path in paths.items()
    }


def _places(district: "OpenDistrict", idents: set[UUID]) -> dict[UUID, tuple[str, str]]:
    p = t.place.c
    query = select(p.id, p.name, p.path).where(p.district == district.code, p.id.in_(idents))
    with district.store.reading() as connection:
        return {row[0]: (row[1], row[2]) for row in connection.execute(query)} if idents else {}


def organisation_names(district: "OpenDistrict", idents: Iterable[UUID]) -> dict[UUID, str]:
    """What organisations are called; what is none is left out."""
    o = t.organisation.c
    query = select(o.id, o.name).where(o.district == district.code, o.id.in_(set(idents)))
    with district.store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}
