"""The whistle that the ladder proposes (建议吹哨), where a plugin has it: a street officer blows it or not."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from sqlalchemy import BindParameter, bindparam, select

from linli import Act, Facts, Seat, Start, Subject
from linli.dispatch.standards import service_of
from linli.store import Read
from linli.store import tables as t
from linli.store.fields import field
from linli_three_lists.settings import ThreeListsSettings

WHISTLE = "whistle"
_LONGEST_TOPIC = 80
_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
_BY_ID = Read(select(_s.id).where(_s.district == _d, _s.id == bindparam("id")))
# Of the whistles that have not ended, which are few in any district.
_STANDING = Read(
    select(_s.id).where(
        _s.district == _d,
        _s.kind == WHISTLE,
        _s.ended_at.is_(None),
        field(_s.record, "request") == bindparam("request"),
    )
)


def whistle_of(request: UUID, clock: str) -> UUID:
    """The number of the whistle that the ladder proposes for a deadline of a request: one for each."""
    return uuid5(request, f"whistle {clock}")


def proposed(act: Act, request: Subject, facts: Facts) -> Iterable[Start]:
    """What follows when a late request has climbed to the rung that considers the whistle."""
    if not _considers(act, facts):
        return
    ident = whistle_of(request.id, act.body["clock"])
    # Whoever blows one for it at this moment comes first or second.
    facts.hold(f"whistle {request.id}")
    if facts.rows(_BY_ID, id=ident) or facts.rows(_STANDING, request=str(request.id)):
        return
    yield Start(
        workflow=WHISTLE,
        move="propose",
        id=ident,
        place=request.place,
        holder=Seat.read(act.body["seat"]),
        values={
            "topic": _topic(request, facts),
            "request": request.id,
            "urgent": request.record.urgent,
        },
    )


def _considers(act: Act, facts: Facts) -> bool:
    rungs = {rung.name for rung in facts.settings(ThreeListsSettings).ladder if rung.whistle}
    return act.body["rung"] in rungs and facts.plugins.has_workflow(WHISTLE)


def _topic(request: Subject, facts: Facts) -> str:
    """The name of the service; before one is chosen, the category."""
    service = service_of(request.record.service, facts)
    return (service.name if service else request.record.category)[:_LONGEST_TOPIC]
