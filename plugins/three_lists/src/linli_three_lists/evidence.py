"""Evidence (佐证): pictures and papers of a request, each a part of it; the files are sealed with the request's key."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

import attrs
from sqlalchemy import bindparam, delete, select

from linli import (
    ANYONE,
    HOLDER,
    NOBODY,
    OWN,
    AnyTransition,
    Change,
    Input,
    Invalid,
    Missing,
    Moves,
    Private,
    Refusal,
    Seat,
    State,
    Subject,
    Transition,
    Why,
    Workflow,
    Write,
    has_post,
)
from linli._verbs.dispatch.filing import OPEN_STATES
from linli.hooks import Request, RequestFlow, TaskFlow, impartial
from linli.query import Rows, insert_into, matter, own_query, write_statement
from linli_three_lists.files import KeptFormat
from linli_three_lists.seats import held_by
from linli_three_lists.settings import ThreeListsSettings
from linli_three_lists.tables import FILE

_INSERT = insert_into(FILE, rank=40)
_DELETE = write_statement(
    delete(FILE).where(
        FILE.c.district == bindparam("the_district"), FILE.c.evidence == bindparam("the_evidence")
    ),
    rank=41,
    name="delete file",
)


@attrs.frozen(kw_only=True)
class Evidence:
    """What is kept with a piece of evidence; what it shows is in its file.

    Attributes:
        size: of the file as it is kept, in bytes.
        mark: follows from the content and the district's key: the same file has the same one.
        about: as in the request: it is kept from them.
    """

    format: KeptFormat
    size: int
    mark: UUID
    about: UUID | None = None


@own_query(
    select(FILE.c.sealed).where(
        FILE.c.district == bindparam("district"), FILE.c.evidence == bindparam("evidence")
    )
)
def file_of(rows: Rows, evidence: UUID) -> bytes | None:
    """The sealed file of a piece of evidence; None where it was erased."""
    return next((bytes(sealed) for (sealed,) in rows), None)


def _whole(t: AnyTransition) -> tuple[Subject[Any], ...]:
    """The request that evidence belongs to, with its tasks and its evidence; nothing where there is none."""
    request = t.subject.parent
    return t.get(matter(request, RequestFlow, TaskFlow, EvidenceFlow)) if request else ()


def _request(t: AnyTransition) -> Subject[Request] | None:
    return next((one for one in _whole(t) if one.id == t.subject.parent and one.flow is RequestFlow), None)


def _seats(t: AnyTransition) -> tuple[Seat, ...]:
    """Those that hold its tasks, or held them when they ended."""
    return tuple(one.holder for one in _whole(t) if one.flow is TaskFlow and one.holder)


def _marks(t: AnyTransition) -> tuple[UUID, ...]:
    """Of the evidence that is kept."""
    return tuple(one.record.mark for one in _whole(t) if one.state is EvidenceFlow.kept)


@attrs.frozen(kw_only=True)
class Add:
    """A file, as it is kept."""

    format: KeptFormat
    size: int
    mark: UUID


@attrs.frozen(kw_only=True)
class Look:
    """Why the file is opened."""

    reason: Annotated[Private, Input("why it is read; it is kept", longest=200)]


def _as_the_request(t: Transition[None, Add]) -> Evidence:
    request, given = _request(t), t.given
    about = request.record.about if request else None
    return Evidence(format=given.format, size=given.size, mark=given.mark, about=about)


class NoRequestNamed(Missing, says="evidence belongs to a request; name one"):
    field: str = "request"


class NotAsItsRequest(Invalid, says="evidence has the place, the reporter and the holder of its request"):
    field: str = "request"


class RequestEnded(Refusal, says="the request has ended; reopen it first"): ...


def _belongs(t: AnyTransition) -> Refusal | None:
    one, request = t.subject, _request(t)
    if request is None:
        return NoRequestNamed()
    same = (one.place, one.person) == (request.place, request.person)
    if not same or (one.holder and one.holder not in _seats(t)):
        return NotAsItsRequest()
    if request.state.name not in OPEN_STATES:
        return RequestEnded()
    return None


class FileThereAlready(Refusal, says="this very file is there already"): ...


class TooManyFiles(Refusal, says="the request has {most} files, which is as many as may be"):
    most: int


def _within_limits(t: Transition[object, Add]) -> Refusal | None:
    settings, marks = t.settings(ThreeListsSettings), _marks(t)
    if t.given.mark in marks:
        return FileThereAlready()
    if len(marks) >= settings.evidence_most:
        return TooManyFiles(most=settings.evidence_most)
    return None


class OnlyTheConcerned(
    Refusal, says="it is for the reporter, the desk and whoever has a task of the request"
): ...


def _concerned(t: AnyTransition) -> Refusal | None:
    """Whoever has no other part in it must have one of the request's tasks."""
    request = _request(t)
    if t.acting_as != "person" or request is None:
        return None
    if t.actor and any(held_by(t.actor, seat, request.place, t.facts) for seat in _seats(t)):
        return None
    return OnlyTheConcerned()


def _file_goes(t: AnyTransition) -> Iterable[Change]:
    yield Change(write=Write(_DELETE, {"the_district": t.facts.district, "the_evidence": t.subject.id}))


def file_kept(district: str, request: UUID, evidence: UUID, sealed: bytes) -> Write:
    """The write that keeps a file."""
    return Write(_INSERT, {"district": district, "evidence": evidence, "request": request, "sealed": sealed})


_CLERK = has_post("clerk")
_INVOLVED = HOLDER | OWN | _CLERK | ANYONE


class EvidenceFlow(Workflow[Evidence], name="evidence"):
    """Kept with a request, read, removed. Nobody makes a move of it in a complaint about themselves."""

    move = Moves(Evidence)
    kept = State("on file", turn=NOBODY)
    removed = State("removed", ends=True)
    add = move.opening(
        kept,
        Add,
        by=_INVOLVED,
        record=_as_the_request,
        needs=[_belongs, _within_limits, _concerned, impartial],
    )
    read = move(kept.stay(), Look, by=_INVOLVED, needs=[_concerned, impartial])
    remove = move(kept.to(removed), Why, by=OWN | _CLERK, needs=[impartial], then=[_file_goes])
