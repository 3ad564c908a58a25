"""An open district as what works below it knows it: `District` is one, and what stands above gives itself."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import UUID

from linli._engine.orders import Order
from linli._engine.rules import Rules
from linli._model.access import Actor, Seat
from linli._model.acts import Act
from linli._model.queries import Query
from linli._model.subjects import StoredSubject
from linli._store import Store

S = TypeVar("S")


class Sections(Protocol):
    """A district's file, and the folder that it lies in."""

    @property
    def folder(self) -> Path: ...

    def section(self, kind: type[S]) -> S:
        """The settings of a class."""
        ...


class Places(Protocol):
    """The register, as far as all of linli needs it."""

    def root(self) -> UUID:
        """The place that the whole district is."""
        ...

    def node(self, text: str | UUID) -> Any: ...

    def place_of_person(self, person: UUID) -> UUID | None: ...

    def find_place(self, text: str | UUID) -> UUID: ...

    def name_paths(self, idents: Iterable[UUID]) -> dict[UUID, str]: ...


class OpenDistrict(Protocol):
    """What verbs, deliveries, proofs and figures need of the district that they are called in. See `District`."""

    @property
    def code(self) -> str: ...

    @property
    def configuration(self) -> Sections: ...

    @property
    def console(self) -> Actor: ...

    @property
    def register(self) -> Places: ...

    @property
    def rules(self) -> Rules: ...

    @property
    def store(self) -> Store: ...

    def now(self) -> datetime: ...

    def perform(
        self, order: Order, *, actor: Actor | None = None, at: datetime | None = None, key: UUID | None = None
    ) -> Act: ...

    def start(
        self,
        workflow: str,
        move: str,
        place: UUID,
        values: Mapping[str, object] | None = None,
        *,
        person: UUID | None = None,
        holder: Seat | None = None,
        actor: Actor | None = None,
        at: datetime | None = None,
        key: UUID | None = None,
    ) -> Act: ...

    def make(
        self,
        subject: UUID,
        move: str,
        values: Mapping[str, object] | None = None,
        *,
        actor: Actor | None = None,
        at: datetime | None = None,
        version: int | None = None,
        key: UUID | None = None,
    ) -> Act: ...

    def tree(self, subject: UUID) -> list[StoredSubject]: ...

    def subject(self, ident: UUID) -> StoredSubject: ...

    def history(self, root: UUID) -> list[Act]: ...

    def trial(self) -> AbstractContextManager["OpenDistrict"]: ...

    def ask_unchecked(self, query: "Query[S]") -> S: ...

    def together(self) -> AbstractContextManager["OpenDistrict"]: ...
