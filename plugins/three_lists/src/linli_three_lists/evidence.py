"""Evidence (佐证): pictures and papers of a request, each a part of it; the files are sealed with the request's key."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, delete, select

from linli import ANYONE, HOLDER, NOBODY, OWN, Change, Facts, Seat, codec, has_post
from linli.contract import AnyTransition, Input, Moves, Private, State, Transition, Why, Workflow
from linli.dispatch.filing import OPEN_STATES
from linli.dispatch.impartial import impartial
from linli.dispatch.records import Request
from linli.refusals import Invalid, Missing, Refusal
from linli.store import Read, Write
from linli.store import tables as t
from linli.store.statements import insert_into, write_statement
from linli_three_lists.files import KeptFormat
from linli_three_lists.seats import held_by
from linli_three_lists.settings import ThreeListsSettings
from linli_three_lists.tables import FILE

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
_MATTER = Read(
    select(_s.id, _s.kind, _s.state, _s.place, _s.person, _s.holder_role, _s.holder_at, _s.record)
    .where(_s.district == _d, _s.root == bindparam("request"))
    .order_by(_s.id)
)
FILE_OF = Read(select(FILE.c.sealed).where(FILE.c.district == _d, FILE.c.evidence == bindparam("evidence")))
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


@attrs.frozen(kw_only=True)
class Matter:
    """The request that evidence belongs to, as far as that matters here.

    Attributes:
        seats: those that hold its tasks, or held them when they ended.
        marks: of the evidence that is kept.
    """

    state: str
    place: UUID
    person: UUID | None
    about: UUID | None
    seats: tuple[Seat, ...]
    marks: tuple[UUID, ...]


def matter(request: UUID | None, facts: Facts) -> Matter | None:
    """The request of this number; None where there is none."""
    rows = facts.rows(_MATTER, request=request)
    head = next((row for row in rows if row[0] == request and row[1] == "request"), None)
    if head is None:
        return None
    files = [row for row in rows if row[1] == "evidence" and row[2] == "kept"]
    return Matter(
        state=head[2],
        place=head[3],
        person=head[4],
        about=codec.decoder(Request)(head[7]).about,
        seats=tuple(Seat(role=row[5], at=row[6]) for row in rows if row[1] == "task" and row[6]),
        marks=tuple(codec.decoder(Evidence)(row[7]).mark for row in files),
    )


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
    found, given = matter(t.subject.parent, t.facts), t.given
    about = found.about if found else None
    return Evidence(format=given.format, size=given.size, mark=given.mark, about=about)


class NoRequestNamed(Missing, says="evidence belongs to a request; name one"):
    field: str = "request"


class NotAsItsRequest(Invalid, says="evidence has the place, the reporter and the holder of its request"):
    field: str = "request"


class RequestEnded(Refusal, says="the request has ended; reopen it first"): ...


def _belongs(t: AnyTransition) -> Refusal | None:
    one, found = t.subject, matter(t.subject.parent, t.facts)
    if found is None:
        return NoRequestNamed()
    same = (one.place, one.person) == (found.place, found.person)
    if not same or (one.holder and one.holder not in found.seats):
        return NotAsItsRequest()
    if found.state not in OPEN_STATES:
        return RequestEnded()
    return None


class FileThereAlready(Refusal, says="this very file is there already"): ...


class TooManyFiles(Refusal, says="the request has {most} files, which is as many as may be"):
    most: int


def _within_limits(t: Transition[object, Add]) -> Refusal | None:
    settings, found = t.settings(ThreeListsSettings), matter(t.subject.parent, t.facts)
    if found is None:
        return None
    if t.given.mark in found.marks:
        return FileThereAlready()
    if len(found.marks) >= settings.evidence_most:
        return TooManyFiles(most=settings.evidence_most)
    return None


class OnlyTheConcerned(
    Refusal, says="it is for the reporter, the desk and whoever has a task of the request"
): ...


def _concerned(t: AnyTransition) -> Refusal | None:
    """Whoever has no other part in it must have one of the request's tasks."""
    found = matter(t.subject.parent, t.facts)
    if t.acting_as != "person" or found is None:
        return None
    if t.actor and any(held_by(t.actor, seat, found.place, t.facts) for seat in found.seats):
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
