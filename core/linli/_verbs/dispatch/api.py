"""Dispatch for programs: requests and tasks by the names of their moves."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs

from linli._base.errors import NotFound
from linli._base.refusals import NotFoundHere
from linli._hooks.catalogue import Service
from linli._model.access import Actor
from linli._model.acts import Act
from linli._model.subjects import StoredSubject
from linli._verbs.dispatch.settings import DispatchSettings

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict


@attrs.frozen(kw_only=True)
class Doing:
    """How an act is done: by whom, when it happened, under which key it may be repeated."""

    actor: Actor | None = None
    at: datetime | None = None
    key: UUID | None = None


class NoOpenTask(NotFoundHere, says="no task of this request is open"): ...


class Dispatch:
    """Requests and tasks of an open district.

    Every method makes one act and returns it; `actor`, `at` and `key` are as in `OpenDistrict.make`.
    """

    def __init__(self, district: "OpenDistrict") -> None:
        self._district = district

    def submit(
        self, place: UUID, category: str, description: str, *, reporter: UUID | None = None, **more: Any
    ) -> Act:
        """File a request at a place; without a reporter it is anonymous.

        Args:
            category: a word or two, no personal data.
            description: in the resident's words; it goes to the vault.
            more: `channel`, `confidential`, `anonymous`, `source`; `actor`, `at`, `key`.
        """
        how = _how(more)
        values = {"category": category, "description": description, "anonymous": reporter is None, **more}
        return self._district.start(
            "request", "submit", place, values, person=reporter, actor=how.actor, at=how.at, key=how.key
        )

    def make(self, subject: UUID, move: str, **values: Any) -> Act:
        """Make a move of a request or a task: `make(task, "finish", result="…", actor=steward)`."""
        how = _how(values)
        return self._district.make(subject, move, values, actor=how.actor, at=how.at, key=how.key)

    def tasks(self, request: UUID) -> list[StoredSubject]:
        """A request's tasks, the oldest first."""
        return [one for one in self._district.tree(request) if one.kind == "task"]

    def open_task(self, request: UUID) -> StoredSubject:
        """The newest task of a request that has not ended; NotFound where all have."""
        found = [task for task in self.tasks(request) if task.ended_at is None]
        if not found:
            raise NotFound(NoOpenTask())
        return found[-1]

    @property
    def services(self) -> tuple[Service, ...]:
        """The district's catalogue of services."""
        return self._district.configuration.section(DispatchSettings).services


def _how(given: dict[str, Any]) -> Doing:
    return Doing(actor=given.pop("actor", None), at=given.pop("at", None), key=given.pop("key", None))
