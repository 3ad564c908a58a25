"""Joint meetings and whistles for programs, and for the plugins that bring matters before them."""

from uuid import UUID

from linli import District, NotFound, NotFoundHere, StoredSubject
from linli_meetings.follow_ups import Task
from linli_meetings.how_decided import HowDecided, how_decided
from linli_meetings.items import proposed_item
from linli_meetings.proposals import RESOLUTIONS
from linli_meetings.roles import secretary
from linli_meetings.whistles import proposed_whistle

__all__ = [
    "RESOLUTIONS",
    "HowDecided",
    "Meetings",
    "Task",
    "how_decided",
    "proposed_item",
    "proposed_whistle",
    "secretary",
]


class NoPartOf(NotFoundHere, says="organisation {body} has no part of {id}"):
    body: UUID
    id: UUID


class Meetings:
    """Joint meetings, agenda items and whistles of an open district."""

    def __init__(self, district: District) -> None:
        self._district = district

    def part_of(self, whole: UUID, body: UUID) -> StoredSubject:
        """What an organisation holds of a meeting, an agenda item or a whistle: what is open, else the newest."""
        held = [one for one in self._district.tree(whole) if one.holder and one.holder.at == body]
        if not held:
            raise NotFound(NoPartOf(body=body, id=whole))
        return max(held, key=lambda one: (one.ended_at is None, one.id))

    def bodies_of(self, whole: UUID) -> set[UUID]:
        """The organisations that hold a part of a meeting, an agenda item or a whistle."""
        return {one.holder.at for one in self._district.tree(whole) if one.holder}

    def agenda(self, meeting: UUID) -> list[StoredSubject]:
        """The agenda items on a meeting's agenda, in the order in which they were put there."""
        entries = [one for one in self._district.tree(meeting) if one.kind == "agenda_entry"]
        listed = sorted((e for e in entries if e.state != "taken_off"), key=lambda e: e.opened_at)
        return [self._district.subject(entry.record.item) for entry in listed]
