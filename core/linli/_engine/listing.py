"""Lists of subjects: how many there are, which one is meant; their short numbers, and the names of their places."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, bindparam, select

from linli._base import numbers
from linli._base.errors import NotFound, Refused
from linli._base.refusals import Invalid, NotFoundHere
from linli._model.compiled import Workflow
from linli._model.lookups import path_ids
from linli._model.subjects import SUBJECT_COLUMNS, StoredSubject, subject_from
from linli._query.subjects import SubjectQuery
from linli._store import Read
from linli._store import tables as t
from linli._store.fields import field

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

COUNTED_TO = 10_000
"""How far a list counts what there is; beyond it, it says "more than"."""

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
_BY_NUMBER = Read(select(_s.id).where(_s.district == _d, _s.number == bindparam("number")))


def how_many(district: "OpenDistrict", query: SubjectQuery[Any]) -> int:
    """How many subjects fit; one more than COUNTED_TO stands for any number above it."""
    return district.ask_unchecked(query.count(most=COUNTED_TO + 1))


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
