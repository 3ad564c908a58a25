"""Joint meetings and whistles for programs, and for the plugins that bring matters before them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from linli import Act, District, NotFound, NotFoundHere, StoredSubject
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
    """Joint meetings, agenda items and whistles of an open district.

    Every method that changes something makes one act and returns it; `more` is what the move asks
    for beside what is named, and `actor` and `key` as in `District.make`. The other moves (postpone,
    withdraw, evaluate, …) are made by `District.make`.
    """

    def __init__(self, district: District) -> None:
        self._district = district

    def call(self, place: UUID, starts_at: datetime, venue: str, **more: Any) -> Act:
        """Call the joint meeting of a street or of the district.

        Args:
            more: `invited` (numbers of organisations), `urgent` with its `reason`; `actor`, `key`.
        """
        return self._start("meeting", "call", place, more, starts_at=starts_at, venue=venue)

    def propose(self, place: UUID, tier: str, topic: str, **more: Any) -> Act:
        """Propose an item to the joint meeting of a tier over a place.

        Args:
            more: `about`, `matter_kind` (what kind of matter), `grounds` (for the district's), `description`;
                `actor`, `key`.
        """
        return self._start("agenda_item", "propose", place, more, tier=tier, topic=topic)

    def schedule(self, item: UUID, meeting: UUID, **more: Any) -> Act:
        """Put an item on a meeting's agenda."""
        return self._make(item, "schedule", more, meeting=meeting)

    def attend(self, meeting: UUID, body: UUID, **more: Any) -> Act:
        """Take down that an invited organisation is there."""
        return self._make(self.part_of(meeting, body).id, "attend", more)

    def circulate(self, item: UUID, draft: str, text: str, **more: Any) -> Act:
        """Ask for agreement to a resolution in writing.

        Args:
            more: `bodies` (numbers of members of the meeting; all that may answer if not given); `actor`, `key`.
        """
        return self._make(item, "circulate", more, draft=draft, text=text)

    def resolve(self, item: UUID, resolution: str, *, tasks: Iterable[Task] = (), **more: Any) -> Act:
        """Take down what a held meeting, or a circulation that was agreed to, decided.

        Args:
            resolution: one of RESOLUTIONS.
            tasks: what is to be done, by whom, until when.
            more: `reason`, `rectifications`, `enforcements`, `mediated`, `disputes`; `actor`, `key`.
        """
        given = [{name: str(value) for name, value in attrs.asdict(task).items() if value} for task in tasks]
        return self._make(item, "resolve", more, resolution=resolution, tasks=given)

    def blow(self, place: UUID, topic: str, departments: Sequence[UUID], **more: Any) -> Act:
        """Blow the whistle: the departments named have to report in.

        Args:
            more: `request`, `urgent`, `description`; `actor`, `key`.
        """
        return self._start("whistle", "blow", place, more, topic=topic, departments=tuple(departments))

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

    def _start(self, workflow: str, move: str, place: UUID, more: dict[str, Any], **values: object) -> Act:
        actor, key = more.pop("actor", None), more.pop("key", None)
        return self._district.start(workflow, move, place, values | more, actor=actor, key=key)

    def _make(self, subject: UUID, move: str, more: dict[str, Any], **values: object) -> Act:
        actor, key = more.pop("actor", None), more.pop("key", None)
        return self._district.make(subject, move, values | more, actor=actor, key=key)
