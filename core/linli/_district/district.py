"""A district, open: the door for programs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from linli._base.errors import Conflict, NotAllowed, NotFound
from linli._base.refusals import NothingNumbered, NotPermitted
from linli._config.district import DeliverySettings, SealingSettings, VaultSettings
from linli._district.connecting import account, console_roles, store_of
from linli._district.late import LateConfiguration, LateRules, rules_in
from linli._district.numbers import Numbers
from linli._engine.asking import asked_by
from linli._engine.listing import identified
from linli._engine.orders import MoveOrder, OpenOrder, Order
from linli._model.access import Actor, Seat
from linli._model.acts import ACT_BY_ID, ACTS_OF_ROOT, Act, act_from, now
from linli._model.facts import Facts
from linli._model.subjects import TREE, StoredSubject, subject_from
from linli._store import made
from linli._store.store import Store

if TYPE_CHECKING:
    from linli._base.errors import Refused
    from linli._deliveries.queue import Deliveries
    from linli._district.opening import Configuration
    from linli._district.worker import Worker
    from linli._engine.engine import Engine
    from linli._importing.run import Importing
    from linli._model.queries import Query
    from linli._proof.heads import Heads
    from linli._proof.retiring import Retiring
    from linli._proof.sealing import Sealing
    from linli._query.subjects import OfSubjects
    from linli._seeing.texts import SealedText
    from linli._verbs.award.api import AwardDesk
    from linli._verbs.dispatch.api import Dispatch
    from linli._verbs.publish.api import Publishing
    from linli._verbs.register.api import Register

T = TypeVar("T")


class NotYoursToSee(NotPermitted, says="you may not see this; ask whoever holds it"): ...


class District(Numbers):
    """A district whose record can be read and acted on. Use it as a context manager.

    Attributes:
        console: the actor who works at this installation's command line.
        rules: what holds here.
        store: its database.
        last_act: what was done last through `perform`; None: nothing yet.
    """

    last_act: Act | None = None

    def __init__(
        self, configuration: "Configuration | LateConfiguration", *, clock: Callable[[], datetime] = now
    ) -> None:
        self.configuration = configuration
        self._clock = clock
        self.store: Store = store_of(configuration)
        made.require(self.store, configuration.folder)
        self.rules = rules_in(configuration, self.store)
        self.console = Actor(posts=console_roles(configuration), account=account())

    @cached_property
    def engine(self) -> "Engine":
        """What carries out orders, by all of the district's rules."""
        from linli._engine.engine import Engine

        rules = self.rules.whole if isinstance(self.rules, LateRules) else self.rules
        return Engine(self.store, rules, self._clock)

    @property
    def code(self) -> str:
        """The district's code."""
        return self.rules.district

    @cached_property
    def award(self) -> "AwardDesk":
        """The ledger of points."""
        from linli._verbs.award.api import AwardDesk

        return AwardDesk(self)

    @cached_property
    def deliveries(self) -> "Deliveries":
        """What is due, done and dead."""
        from linli._deliveries.queue import Deliveries

        return Deliveries(self.store, self.code, self.configuration.section(DeliverySettings))

    @cached_property
    def dispatch(self) -> "Dispatch":
        """Requests and tasks."""
        from linli._verbs.dispatch.api import Dispatch

        return Dispatch(self)

    @cached_property
    def heads(self) -> "Heads":
        """The heads of the chain that were kept."""
        from linli._proof.heads import heads_of

        settings = self.configuration.section(SealingSettings)
        return heads_of(self.sealing, self.rules.vault.keyring, self.configuration.folder, settings)

    @cached_property
    def importing(self) -> "Importing":
        """Files that come in."""
        from linli._importing.run import Importing

        return Importing(self)

    @cached_property
    def publish(self) -> "Publishing":
        """Publications."""
        from linli._verbs.publish.api import Publishing

        return Publishing(self)

    @cached_property
    def register(self) -> "Register":
        """Places, organisations, posts and people."""
        from linli._verbs.register.api import Register

        return Register(self)

    @cached_property
    def retiring(self) -> "Retiring":
        """What replaces the keys of limited age after an erasure."""
        from linli._proof.retiring import Retiring

        return Retiring(self.store, self.rules, self.configuration.section(VaultSettings))

    @cached_property
    def sealing(self) -> "Sealing":
        """The chain over the journal."""
        from linli._proof.sealing import Sealing

        return Sealing(self.store, self.code)

    @cached_property
    def worker(self) -> "Worker":
        """What carries out what is due."""
        from linli._district.worker import Worker

        return Worker(self)

    def now(self) -> datetime:
        """The present moment, as this district's acts see it."""
        return self.engine.clock() if "engine" in self.__dict__ else self._clock()

    def stop_clock(self, at: datetime) -> None:
        """Let it be this moment from now on: for trials."""
        self._clock = lambda: at
        if "engine" in self.__dict__:
            self.engine.clock = self._clock

    def trial(self) -> "AbstractContextManager[District]":
        """This district, where each act sees those before it and all are undone at the end: to see what would come of them."""
        return self._over(self.store.trial())

    def together(self) -> "AbstractContextManager[District]":
        """This district, where each act sees those before it and all are stored at the end, or none."""
        return self._over(self.store.together())

    @contextmanager
    def _over(self, parts: AbstractContextManager[Store]) -> "Iterator[District]":
        with parts as store:
            other = District.__new__(District)
            mine = {"configuration": self.configuration, "rules": self.rules, "console": self.console}
            other.__dict__.update(mine, store=store, _clock=self._clock)
            yield other

    def perform(
        self,
        order: Order,
        *,
        actor: Actor | None = None,
        at: datetime | None = None,
        key: UUID | None = None,
        version: int | None = None,
    ) -> Act:
        """Carry out an order; see `Engine.perform`. Without an actor, as the console.

        Raises: Conflict where the matter is not at `version` any more, with what was done since that the actor may see.
        """
        try:
            self.last_act = self.engine.perform(order, actor or self.console, at=at, key=key, version=version)
        except Conflict as late:
            from linli._seeing.changes import what_changed

            raise what_changed(self, late, actor) from late
        return self.last_act

    def perform_many(
        self, orders: Sequence[Order], *, actor: Actor | None = None, key: UUID | None = None
    ) -> "list[Act | Refused]":
        """Carry out some hundred orders as one: each is judged as if it was made alone, after those before it.

        All that are not refused are stored at once, or none where it is stopped. Args: key: repeated with the same
        orders, it comes to the acts that were stored.

        Returns: for each order its act, or why it was refused.
        """
        from linli._engine.chunks import performed

        return performed(self.engine, orders, actor or self.console, key)

    def version(self, subject: UUID) -> int:
        """The version of the matter that a subject belongs to: how many acts it had; `perform` takes it back."""
        return int(self._tree(subject)[0][-1] or 0)

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
        order = OpenOrder(
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
        order = MoveOrder(subject=subject, move=move, values=values or {})
        return self.perform(order, actor=actor, at=at, key=key, version=version)

    def ask(self, query: "OfSubjects[T]", *, actor: Actor) -> T:
        """The answer to a typed question (`linli.query`), without what `actor` may not see: judged in SQL.

        Raises: NotAllowed for who is not registered, or not any more; TypeError for a question about something else than subjects.
        """
        from linli._seeing.seeing import Seeing

        with asked_by(self, actor) as (facts, who):
            return Seeing(self.rules, facts, who).ask(query)

    def ask_unchecked(self, query: "Query[T]") -> T:
        """The answer to a typed question, as the district itself: for programs that run as it, never for somebody."""
        with self.store.transaction(writes=False) as transaction:
            return Facts(transaction, self.rules.constants, self.now()).get(query)

    def tree(self, subject: UUID) -> list[StoredSubject]:
        """A subject's whole tree, its root first."""
        found = [subject_from(row, self.rules.workflow(row[3]).record) for row in self._tree(subject)]
        return sorted(found, key=lambda one: (one.id != one.root, one.id))

    def _tree(self, subject: UUID) -> Sequence[Any]:
        rows = self.store.ask([(TREE, {"district": self.code, "id": subject})])[0]
        if not rows:
            raise NotFound(NothingNumbered(id=subject))
        return rows

    def see(self, ident: UUID, actor: Actor) -> list[StoredSubject]:
        """What `actor` may see of a subject's tree; NotAllowed where that is not the subject itself.

        Whose matter it is stays out where they asked for that, but for the desk and themselves.
        """
        from linli._seeing.seeing import shown_of

        tree = self.tree(ident)
        with asked_by(self, actor) as (facts, who):
            shown = shown_of(tree, who, facts, self.rules)
        if ident not in {one.id for one in shown}:
            raise NotAllowed(NotYoursToSee())
        return shown

    def read(self, ident: UUID, reason: str, *, actor: Actor | None = None) -> "list[SealedText]":
        """What people wrote in a matter, as far as it concerns a subject; that it was read, and why, is an act.

        Raises: NotAllowed, and NotFound where nobody reads such a matter.
        """
        from linli._seeing.texts import texts_around

        self.make(ident, "read", {"reason": reason}, actor=actor)
        return texts_around(self, ident)

    def identified(self, text: str) -> UUID:
        """The subject that somebody names by its short number, or whatever has this identifier of linli's.

        Raises: Refused where it is neither, or where a digit is wrong; NotFound where no matter has the number.
        """
        return identified(self, text)

    def subject(self, ident: UUID) -> StoredSubject:
        """A subject."""
        return next(one for one in self.tree(ident) if one.id == ident)

    def act(self, ident: UUID) -> Act | None:
        """An act by its number; None where there is none."""
        rows = self.store.ask([(ACT_BY_ID, {"district": self.code, "id": ident})])[0]
        return act_from(rows[0]) if rows else None

    def history(self, root: UUID) -> list[Act]:
        """The acts on a root and its parts, in their order."""
        return [
            act_from(row)
            for row in self.store.ask([(ACTS_OF_ROOT, {"district": self.code, "root": root})])[0]
        ]

    def close(self) -> None:
        """Stop the embedded worker, where there is one, and close the database's connections."""
        if "worker" in self.__dict__:
            self.worker.stop_thread()
        self.store.close()

    def __enter__(self) -> "District":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def open_district(
    path: str | Path = ".", *, plugins: Mapping[str, Any] | None = None, clock: Callable[[], datetime] = now
) -> District:
    """Open the district whose file, or whose file's folder, is `path`.

    Args:
        plugins: modules to use as plugins besides the installed ones, by name: for tests and trials.

    Raises: ConfigError, PluginError, VaultError, StoreError.
    """
    from linli._district.opening import configured

    return District(configured(Path(path), plugins), clock=clock)


def open_late(path: str | Path) -> District:
    """The same, but the plugins and their rules are loaded when they are needed: for commands, which are over soon."""
    return District(LateConfiguration(Path(path)))
