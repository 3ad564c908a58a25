"""The homes that a matter is about, whatever became of its place."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from linli._base import codec
from linli._model.lookups import ENDED_IN, PLACE, Circle

if TYPE_CHECKING:
    from linli._model.facts import Facts


def circle_of(facts: "Facts", place: UUID, since: datetime) -> Circle:
    """The homes of a place as it was at a moment, see `Facts.circle`."""
    known = facts.place(place)
    later = tuple(
        UUID(child)
        for _, text in facts.rows(ENDED_IN, parent=place)
        for child in _joined_after(codec.decode(text), since)
    )
    if not known.closed or "children" not in known.record:
        return Circle(within=(place,), without=later)
    children = [UUID(child) for child in known.record["children"]]
    facts.all([(PLACE, {"id": child}) for child in children])
    facts.all([(ENDED_IN, {"parent": child}) for child in children])
    parts = [circle_of(facts, child, since) for child in children]
    return Circle(
        within=tuple(one for part in parts for one in part.within),
        without=(*later, *(one for part in parts for one in part.without)),
    )


def _joined_after(record: Mapping[str, Any], since: datetime) -> Sequence[str]:
    """What stood below a place that ended after a moment."""
    ended_at = record.get("ended_at")
    return record["children"] if ended_at and datetime.fromisoformat(ended_at) > since else ()
