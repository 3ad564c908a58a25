"""The whistle that the ladder proposes (建议吹哨), where a plugin has it: a street officer blows it or not."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from linli import Act, Facts, OpenOrder, Seat, StoredSubject
from linli.hooks import plugins_of, service_of
from linli.query import any_of_kind, any_subject
from linli_three_lists.settings import ThreeListsSettings

WHISTLE = "whistle"
_LONGEST_TOPIC = 80


def whistle_of(request: UUID, clock: str) -> UUID:
    """The number of the whistle that the ladder proposes for a deadline of a request: one for each."""
    return uuid5(request, f"whistle {clock}")


def proposed(act: Act, request: StoredSubject, facts: Facts) -> Iterable[OpenOrder]:
    """What follows when a late request has climbed to the rung that considers the whistle."""
    if not _considers(act, facts):
        return
    ident = whistle_of(request.id, act.body["clock"])
    # Whoever blows one for it at this moment comes first or second.
    facts.hold(f"whistle {request.id}")
    standing = any_of_kind(WHISTLE, where={"request": request.id}, ended=False)
    if facts.get(any_subject(ident)) or facts.get(standing):
        return
    yield OpenOrder(
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
    return act.body["rung"] in rungs and plugins_of(facts).has_workflow(WHISTLE)


def _topic(request: StoredSubject, facts: Facts) -> str:
    """The name of the service; before one is chosen, the category."""
    service = service_of(request.record.service, facts)
    return (service.name if service else request.record.category)[:_LONGEST_TOPIC]
