"""A turn: one transaction's worth of acts, gathered before anything is written."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import attrs
from sqlalchemy import Table

from linli._base.commitments import POSTED, POSTS, SUBJECTS, of_post, of_subjects
from linli._base.errors import NotFound
from linli._base.records import evolve
from linli._base.refusals import NothingNumbered
from linli._engine import console
from linli._engine.rules import Rules
from linli._ledger.ledger import cap_write, committed, net_changes, transfer_writes
from linli._ledger.owing import settlements
from linli._model.acts import LAST_VERSION, Act, journal
from linli._model.awards import Cap
from linli._model.deadlines import timers
from linli._model.deliveries import due
from linli._model.effects import MoveOrder, OpenOrder, Transfer
from linli._model.facts import Facts
from linli._model.figures import Cell, Tally
from linli._model.lookups import CAP_OF_NUMBER, PLACE, path_ids
from linli._model.subjects import (
    PLACE_IN_TREE,
    PLACE_OF,
    TREE,
    StoredSubject,
    goes_on,
    opened,
    stored,
    subject_from,
)
from linli._model.succession import place_now
from linli._store import Transaction, Write
from linli._store import tables as t
from linli._store.bulk import Bulk
from linli._vault.crypto import DataKey
from linli._vault.vault import KEY_OF

_UNTIL = 5  # where the last day of a place stands in PLACE_IN_TREE


@attrs.frozen(kw_only=True, slots=False)
class PlaceContext:
    """Where a subject is, as far as roles and figures need to know."""

    path: tuple[UUID, ...]
    reporting_place: UUID


class Tree:
    """A root subject and its parts, as they are in this turn."""

    def __init__(self, root: UUID, version: int) -> None:
        self.root = root
        self.version = version
        self.subjects: dict[UUID, StoredSubject] = {}

    def parts(self, subject: StoredSubject, kind: str) -> list[StoredSubject]:
        """The children of a kind that were opened in the current round of the subject's state."""
        suffix = round_suffix(subject)
        return [
            child
            for child in self.subjects.values()
            if child.parent == subject.id and child.kind == kind and _round(child.key) == suffix
        ]

    def parent(self, subject: StoredSubject) -> StoredSubject | None:
        """The subject that it is a part of."""
        return self.subjects.get(subject.parent) if subject.parent else None


def round_suffix(subject: StoredSubject) -> str:
    """What tells the keys of this round's parts from those of earlier ones."""
    count = subject.hands.rounds.get(subject.state, 1)
    return f"#{count}" if count > 1 else ""


def _round(key: str | None) -> str:
    head, mark, number = (key or "").rpartition("#")
    return f"#{number}" if mark and head else ""


@attrs.frozen(kw_only=True, slots=False)
class Attempt:
    """One try of an order.

    Attributes:
        mark: a commitment to the order, kept with its act where it was given a key; see `repeating`.
        key: the number of the act that the order comes to.
        turns: the matter to wait one's turn at.
        number: how often it was tried before: a short number that was taken is drawn longer then.
    """

    mark: str | None = None
    key: UUID | None = None
    turns: UUID | None = None
    number: int = 0


FIRST = Attempt()


class UnitOfWork:
    """What acts come to in one transaction; `writes` puts it in the order that the store wants."""

    def __init__(
        self,
        rules: Rules,
        transaction: Transaction,
        facts: Facts,
        recorded_at: datetime,
        attempt: Attempt = FIRST,
    ) -> None:
        self.rules = rules
        self._attempt = attempt
        self.facts = facts
        facts.tree_of = self.tree_of
        self.recorded_at = recorded_at
        self.tried = attempt.number
        self.acts: list[Act] = []
        self.trees: dict[UUID, Tree] = {}
        self._transaction = transaction
        self._tree_of: dict[UUID, Tree] = {}
        self._spots: dict[UUID, PlaceContext] = {}
        self._new: set[UUID] = set()
        self._changed: set[UUID] = set()
        self._writes: list[Write] = []
        self._transfers: list[tuple[Transfer, UUID]] = []
        self._tally = Tally()
        self._caps: dict[tuple[UUID, str, str], int] = {}
        self._orders: deque[OpenOrder | MoveOrder] = deque()
        self._keys: dict[UUID, DataKey] = {}
        self._loaded: dict[UUID, StoredSubject] = {}
        self._went_on: dict[UUID, UUID] = {}

    # --- trees --------------------------------------------------------------------------------------

    def tree_of(self, subject: UUID) -> Tree:
        """The tree that a subject stands in, read at most once."""
        return self._tree_of.get(subject) or self._load(subject)

    def _load(self, subject: UUID) -> Tree:
        rows = self.facts.rows(TREE, id=subject)
        if not rows:
            raise NotFound(NothingNumbered(id=subject))
        key, last_at, version = rows[0][-3:]
        tree = Tree(rows[0][1], version or 0)
        self._not_before(last_at)
        self.facts.know(KEY_OF, [] if key is None else [(key,)], owner=tree.root)
        self.trees[tree.root] = tree
        for row in rows:
            found = subject_from(row, self.rules.workflow(row[3]).record)
            self._loaded[found.id] = found
            place = row[PLACE_IN_TREE]
            if place[_UNTIL] is not None or found.place not in self._spots:
                found = self._placed(found, place)
            tree.subjects[found.id] = found
            self._tree_of[found.id] = tree
        return tree

    def _placed(self, subject: StoredSubject, place: tuple[Any, ...]) -> StoredSubject:
        """A subject with its place known: its own, or that where it goes on."""
        _, _, path, reporting_place, _, until, *_ = place
        self.facts.know(PLACE, [(subject.place, *place)], id=subject.place)
        if until is not None:
            return self._going_on(subject)
        self._spots[subject.place] = PlaceContext(path=path_ids(path), reporting_place=reporting_place)
        return subject

    def _going_on(self, subject: StoredSubject) -> StoredSubject:
        """A subject whose place has ended, at the place where it goes on: what had ended and is taken up again."""
        self._went_on[subject.id] = subject.place
        place = self._with_its_matter(subject) or place_now(self.facts, subject)
        return evolve(subject, place=place, origin=subject.opened_in)

    def _with_its_matter(self, subject: StoredSubject) -> UUID | None:
        """Where the matter is that it is one with: what belongs to a matter of a split place goes on with it."""
        names = self.rules.workflow(subject.kind).one_with
        matters = [found for found in (getattr(subject.record, name) for name in names) if found]
        rows = [row for matter in matters for row in self.facts.rows(PLACE_OF, id=matter)]
        return next((place for (place,) in rows if not self.facts.place(place).closed), None)

    def subject(self, ident: UUID) -> StoredSubject:
        """A subject as it is in this turn."""
        return self.tree_of(ident).subjects[ident]

    def last_version(self, root: UUID) -> int:
        """How many acts there are on a root."""
        known = self.trees.get(root)
        rows = self.facts.rows(LAST_VERSION, root=root) if known is None else []
        return known.version if known else rows[0][0] if rows else 0

    def version_of(self, root: UUID, *, fresh: bool) -> int:
        """The next version of a root, and take it."""
        tree = self.trees.get(root)
        if tree is None:
            rows = [] if fresh else self.facts.rows(LAST_VERSION, root=root)
            version, at = rows[0] if rows else (0, None)
            self._not_before(at)
            tree = self.trees[root] = Tree(root, version)
        tree.version += 1
        return tree.version

    def _not_before(self, last: datetime | None) -> None:
        """A clock that was put back makes no act earlier than the last one of the same matter."""
        if last is not None and last > self.facts.at:
            self.facts.at = last
            self.recorded_at = max(last, self.recorded_at)

    def put(self, subject: StoredSubject, *, new: bool = False) -> None:
        """Let a subject be as given."""
        ident = subject.id
        if new and ident == subject.root:
            self._tree_of[ident] = self.trees.setdefault(ident, Tree(ident, 0))
        elif new:
            self._tree_of[ident] = self._tree_of[subject.root]
        self._tree_of[ident].subjects[ident] = subject
        (self._new if new else self._changed).add(ident)

    # --- what an act comes to -----------------------------------------------------------------------

    def record(self, act: Act) -> None:
        """Put an act in the journal, and what hears of it among what is due."""
        if self._attempt.mark and act.id == self._attempt.key:
            act = evolve(act, body={**act.body, "order": self._attempt.mark})
        self.acts.append(act)
        for plugin in self.rules.hearers(act.verb):
            self.deliver(act.id, act.recorded_at, "act", f"plugin:{plugin}", {})
        told = console.told_of(self.rules, act)
        if told:
            self.deliver(act.id, act.recorded_at, "tell", told, {})

    def deliver(self, act: UUID, at: datetime, kind: str, recipient: str, payload: dict[str, object]) -> None:
        """Make something due."""
        self._writes.append(due(self.rules.district, act, at, kind, recipient, payload))

    def set_timers(self) -> None:
        """Let every clock that this turn started be looked at when it is due."""
        act = self.acts[-1].id
        for ident in self._new | self._changed:
            subject = self.subject(ident)
            before = self._loaded.get(ident)
            for name, running in timers(before.clocks if before else {}, subject).items():
                assert running.rings_at is not None, "timers() gives clocks that will ring"
                payload: dict[str, object] = {"subject": ident, "clock": name, "turn": running.turn}
                self.deliver(act, running.rings_at, "timer", f"clock:{name}", payload)

    def later(self, order: OpenOrder | MoveOrder) -> None:
        """Let something be opened or moved after what is being done now."""
        self._orders.append(order)

    def next_order(self) -> OpenOrder | MoveOrder | None:
        """What is to be done next, taken off the list."""
        return self._orders.popleft() if self._orders else None

    def write(self, *writes: Write) -> None:
        """Change a table of a verb's or a plugin's own."""
        self._writes.extend(writes)

    def transfer(self, transfer: Transfer, act: UUID) -> None:
        """Move units in the ledger."""
        self._transfers.append((transfer, act))

    def balance(self, owner: UUID, unit: str) -> int:
        """What an owner has free, with what this turn has moved so far: what one gives back, another takes."""
        moved = net_changes(transfer for transfer, _ in self._transfers)
        return self.facts.balance(owner, unit) + moved.get((owner, unit, "free"), 0)

    def settle_debts(self) -> None:
        """Let what was given settle what is owed."""
        if not self._transfers:
            return
        changes = net_changes(transfer for transfer, _ in self._transfers)
        self._transfers += settlements(self.facts, self._transfers, changes)

    def debits(self) -> list[tuple[UUID, str, str, int]]:
        """What leaves which account, where it must not fall below zero."""
        sums = net_changes(transfer for transfer, _ in self._transfers)
        return [
            (*account, -change) for account, change in sums.items() if change < 0 and account[2] != "issued"
        ]

    def within_cap(self, person: UUID, rule: str, cap: Cap, points: int) -> int:
        """How many of `points` a cap leaves; they are used up."""
        key = (person, rule, cap.period)
        if key not in self._caps:
            self._caps[key] = self.facts.cap_used(*key)
        granted = max(0, min(points, cap.most - self._caps[key]))
        if granted:
            self._caps[key] += granted
            self.write(cap_write(self.rules.district, *key, granted, cap.most - self._before(*key)))
        return granted

    def _before(self, person: UUID, rule: str, period: str) -> int:
        """What they used up of a cap under numbers that were merged into theirs."""
        own = self.facts.rows(CAP_OF_NUMBER, owner=person, rule=rule, period=period)
        return self.facts.cap_used(person, rule, period) - (int(own[0][0]) if own else 0)

    def count(self, cell: Cell, n: int, total: int) -> None:
        """Add to a figure."""
        self._tally.add(cell, n, total)

    def came_after(self, subject: UUID) -> tuple[UUID, ...]:
        """The places that came after the one where a subject is whose place has ended."""
        was = self._went_on.get(subject)
        return self.facts.after(was) if was else ()

    def spot(self, place: UUID) -> PlaceContext:
        """Where a place is, read at most once."""
        found = self._spots.get(place)
        if found is None:
            known = self.facts.place(self.facts.goes_on(place))
            found = self._spots[place] = PlaceContext(path=known.path, reporting_place=known.reporting_place)
        return found

    # --- the vault ----------------------------------------------------------------------------------

    def seal(self, owner: UUID, subject: UUID, field: str, text: str, *, new_owner: bool) -> None:
        """Keep a text in the vault under `owner`'s key, which is made where there is none yet."""
        vault = self.rules.vault
        self.facts.hear(subject, field, text)
        data_key = self._keys.get(owner)
        if data_key is None:
            rows = [] if new_owner else self.facts.rows(KEY_OF, owner=owner)
            if rows:
                data_key = vault.key_from(rows, owner)
            else:
                data_key, kept = vault.new_key(owner)
                self._writes.append(kept)
            self._keys[owner] = data_key
        self._writes.append(vault.item(data_key, owner, subject, field, text))

    # --- all of it ----------------------------------------------------------------------------------

    def writes(self) -> list[Write]:
        """Everything, in one order for every turn: journal, subjects, own tables, accounts, figures."""
        district = self.rules.district
        batch = [journal(district, act) for act in self._committed()]
        batch += [opened(district, self.subject(ident)) for ident in self._new]
        for ident in self._changed - self._new:
            batch += stored(district, self.subject(ident), self._loaded[ident])
        taken_up = [one for one in self._changed & set(self._went_on) if self.subject(one).ended_at is None]
        batch += [self._moved_on(ident) for ident in taken_up]
        batch += self._writes
        batch += transfer_writes(district, self._transfers, self.recorded_at)
        batch += self._tally.writes(district)
        batch.sort(key=_order)
        return batch

    def _moved_on(self, ident: UUID) -> Write:
        """The write after which a subject is where it went on; some part must be chosen where none was clear."""
        was, subject = self._went_on[ident], self.subject(ident)
        many = len(self.facts.place(was).record.get("successors", ())) > 1
        waits = many and subject.place == self.facts.goes_on(was)
        return goes_on(self.rules.district, subject, was if waits else None)

    def _committed(self) -> list[Act]:
        """The acts, each with what it says of the postings it made and, the first, of the posts that were given."""
        said: dict[UUID, dict[str, object]] = {
            act: {POSTED: digest} for act, digest in committed(self._transfers, self.recorded_at).items()
        }
        rows = dict(_said_of(self._writes))
        if rows:
            said.setdefault(self.acts[0].id, {}).update(rows)
        return [
            evolve(act, body={**act.body, **said[act.id]}) if act.id in said else act for act in self.acts
        ]


def _said_of(writes: Iterable[Write]) -> Iterator[tuple[str, object]]:
    """What an act says of new rows that no other act of their own tells of: posts, and subjects that a file brings."""
    new = [write for write in writes if write.statement.into in (t.post, t.subject)]
    posts = {str(row["id"]): of_post(row, row["person"]) for row in _rows_into(t.post, new)}
    if posts:
        yield POSTS, posts
    brought = list(_rows_into(t.subject, new))
    if brought:
        yield SUBJECTS, of_subjects(brought)


def _rows_into(table: Table, writes: Iterable[Write]) -> Iterator[Mapping[str, Any]]:
    for write in writes:
        if write.statement.into is table:
            if isinstance(write, Bulk):
                names = [column.name for column in table.columns]
                yield from (dict(zip(names, row, strict=True)) for row in write.rows)
            else:
                yield write.values


_order = attrgetter("statement.rank", "key")
