"""The whistle that the ladder proposes (建议吹哨), where a plugin has it: a street officer blows it or not."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from linli import Lateness, OpenOrder
from linli.hooks import Request, plugins_of, service_of
from linli.query import any_of_kind, any_subject
from linli_three_lists.settings import ThreeListsSettings

WHISTLE = "whistle"
_LONGEST_TOPIC = 80


def whistle_of(request: UUID, clock: str) -> UUID:
    """The number of the whistle that the ladder proposes for a deadline of a request: one for each."""
    return uuid5(request, f"whistle {clock}")


def proposed(late: Lateness[Request]) -> Iterable[OpenOrder]:
    """What follows when a late request has climbed to the rung that considers the whistle."""
    if not _considers(late):
        return
    request = late.subject
    ident = whistle_of(request.id, late.clock)
    # Whoever blows one for it at this moment comes first or second.
    late.facts.hold(f"whistle {request.id}")
    standing = any_of_kind(WHISTLE, where={"request": request.id}, ended=False)
    if late.get(any_subject(ident)) or late.get(standing):
        return
    yield OpenOrder(
        workflow=WHISTLE,
        move="propose",
        id=ident,
        place=request.place,
        holder=late.tells,
        values={
            "topic": _topic(late),
            "request": request.id,
            "urgent": request.record.urgent,
        },
    )


def _considers(late: Lateness[Request]) -> bool:
    rungs = {rung.name for rung in late.settings(ThreeListsSettings).ladder if rung.whistle}
    return late.rung in rungs and plugins_of(late.facts).has_workflow(WHISTLE)


def _topic(late: Lateness[Request]) -> str:
    """The name of the service; before one is chosen, the category."""
    service = service_of(late.record.service, late.facts)
    return (service.name if service else late.record.category)[:_LONGEST_TOPIC]
