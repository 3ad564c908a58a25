"""A district, open: the door for programs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from linli import opening
from linli.access import Actor, Seat
from linli.acts import ACTS_OF_ROOT, Act, act_from
from linli.engine.engine import Engine, now
from linli.engine.orders import Make, Order, Start
from linli.errors import NotFound
from linli.i18n import say
from linli.listing import Wish, listed
from linli.store.store import Store
from linli.subjects import TREE, Subject, subject_from

if TYPE_CHECKING:
    from linli.dispatch.api import Dispatch


class District:
    """A district whose record can be read and acted on. Use it as a context manager.

    Attributes:
        console: the actor who works at this installation's command line.
        rules: what holds here.
        store: its database.
    """

    def __init__(self, configuration: opening.Configuration, *, clock: Callable[[], datetime] = now) -> None:
        self.configuration = configuration
        self.rules = opening.rules_of(configuration, opening.keyring_of(configuration))
        self.store: Store = opening.store_of(configuration)
        opening.acquaint(self.store, self.rules, configuration)
        self.engine = Engine(self.store, self.rules, clock)
        self.console = Actor(posts=opening.console_roles(configuration))

    @property
    def code(self) -> str:
        """The district's code."""
        return self.rules.district

    @cached_property
    def dispatch(self) -> "Dispatch":
        """Requests and tasks."""
        from linli.dispatch.api import Dispatch

        return Dispatch(self)

    def now(self) -> datetime:
        """The present moment, as this district's acts see it."""
        return self.engine.clock()

    def perform(
        self, order: Order, *, actor: Actor | None = None, at: datetime | None = None, key: UUID | None = None
    ) -> Act:
        """Carry out an order; see `Engine.perform`. Without an actor, as the console."""
        return self.engine.perform(order, actor or self.console, at=at, key=key)

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
    ) -> Act:
        """Open a subject of a workflow; the act's `subject` is its number."""
        order = Start(
            workflow=workflow, move=move, place=place, values=values or {}, person=person, holder=holder
        )
        return self.perform(order, actor=actor, at=at, key=key)

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
    ) -> Act:
        """Make a move of a subject."""
        order = Make(subject=subject, move=move, values=values or {}, version=version)
        return self.perform(order, actor=actor, at=at, key=key)

    def find(self, wish: Wish) -> list[Subject]:
        """The subjects that fit a wish, in the order of their opening."""
        return listed(self, wish)

    def tree(self, subject: UUID) -> list[Subject]:
        """A subject's whole tree, its root first."""
        rows = self.store.ask([(TREE, {"district": self.code, "id": subject})])[0]
        if not rows:
            raise NotFound(say("there is nothing with the number {id} in this district", id=subject))
        found = [subject_from(row, self.rules.workflow(row[3]).record) for row in rows]
        return sorted(found, key=lambda one: (one.id != one.root, one.id))

    def subject(self, ident: UUID) -> Subject:
        """A subject."""
        return next(one for one in self.tree(ident) if one.id == ident)

    def history(self, root: UUID) -> list[Act]:
        """The acts on a root and its parts, in their order."""
        return [
            act_from(row)
            for row in self.store.ask([(ACTS_OF_ROOT, {"district": self.code, "root": root})])[0]
        ]

    def close(self) -> None:
        """Close the database's connections."""
        self.store.close()

    def __enter__(self) -> "District":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_district(
    path: str | Path = ".", *, plugins: Mapping[str, Any] | None = None, clock: Callable[[], datetime] = now
) -> District:
    """Open the district whose file, or whose file's folder, is `path`.

    Args:
        plugins: modules to use as plugins besides the installed ones, by name: for tests and trials.

    Raises: ConfigError, PluginError, VaultError, StoreError.
    """
    return District(opening.configured(Path(path), plugins), clock=clock)
