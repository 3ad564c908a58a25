"""Places that are merged and split while something is open there: it goes on as if they had not been.

Before one of its steps an `Explorer` has a copy of the district made, in which the place of what it explores
is merged or split. From then on every step is also tried there: it must be allowed or refused as where nothing
was merged, and leave the same states, ledger and figures. So every workflow that is explored is tried, of any plugin.

A share of the explorations is upset in a run, by a seed that a failure prints; all with LINLI_SLOW=1.
Set LINLI_UPSET=SEED for the same ones again.
"""

import os
import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import attrs
from sqlalchemy import func, select

from linli.acts import new_id
from linli.district import District
from linli.errors import Refused
from linli.facts import Facts
from linli.register.posts import PostRecord, begun_post
from linli.settings import StoreSettings
from linli.store import Write
from linli.store import tables as t
from linli.subjects import Subject
from linli.testing.invented import phone
from linli.vault.vault import KEY_OF

if TYPE_CHECKING:
    from linli.testing.exploring import Explorer, Tried

SEED = os.environ.get("LINLI_UPSET") or str(Random().randrange(10**6))
_SHARE = 1.0 if os.environ.get("LINLI_SLOW") or os.environ.get("LINLI_UPSET_ALL") else 0.1
_HOW = ("merge", "split", "person")


class Upset:
    """Nothing happens to any place."""

    def before(self) -> None:
        """Called before each step."""

    def after(self, tried: "Tried") -> None:
        """Called after each step."""


def upset(explorer: "Explorer", root: UUID) -> Upset:
    """What happens to the place of a subject: by chance; nothing on databases that are no file to be copied."""
    explorer.upsets += 1
    chance = Random(f"{SEED} {type(explorer).__name__} {explorer.upsets}")
    if explorer.district.store.name != "sqlite" or chance.random() >= _SHARE:
        return Upset()
    return _Merged(explorer, root, chance)


class _Merged(Upset):
    def __init__(self, explorer: "Explorer", root: UUID, chance: Random) -> None:
        self._explorer, self._root = explorer, root
        self._district = explorer.district
        self._how, self._when = chance.choice(_HOW), chance.randrange(max(1, explorer.steps // 2))
        self._other: District | None = None
        self._whom = chance.choice(sorted(explorer.actors))
        self._numbers: dict[UUID, UUID] = {}
        self._moment: datetime | None = None

    def before(self) -> None:
        if self._when == 0:
            self._upset()
        self._when -= 1

    def _upset(self) -> None:
        if self._how == "person":
            gone = self._explorer.actors[self._whom].person
            if gone:
                self._other = _copy(self._district, self._now)
                self._numbers = {gone: another_record(self._other, gone)}
        elif place := _compound_of(self._district, self._root):
            self._other = _copy(self._district, self._now)
            self._numbers = {place: pass_on(self._other, place, self._how, self._explorer.decided)}

    def after(self, tried: "Tried") -> None:
        if self._other is None:
            return
        problem = self._difference(self._other, tried)
        if problem:
            what = f"{tried.subject.kind}.{tried.move.name} by {tried.actor} from {tried.subject.state}"
            how = f"{self._whom} merged" if self._how == "person" else self._how
            self._explorer.differences.append(f"after a {how}: {what} {dict(tried.values)}: {problem}")
            self._other.close()
            self._other = None

    def _difference(self, other: District, tried: "Tried") -> str:
        refusal = self._tried_there(other, tried)
        if bool(refusal) != bool(tried.refusal):
            return f"{refusal or 'done'}; but else: {tried.refusal or 'done'}"
        here = _in_order(self._district, self._district.tree(self._root))
        there = _in_order(other, other.tree(self._root))
        if _states(here) != _states(there):
            return f"{_states(there)}; but else: {_states(here)}"
        self._numbers.update({one.id: another.id for one, another in zip(here, there, strict=True)})
        ours, theirs = _sums(self._district), _sums(other)
        for name in self._explorer.decided_figures:
            ours.pop(name, None)
            theirs.pop(name, None)
        return "" if ours == theirs else f"{_apart(theirs, ours)}; but else: {_apart(ours, theirs)}"

    def _tried_there(self, other: District, tried: "Tried") -> str:
        subject = self._there(other, tried.subject)
        actor = self._explorer.actors[tried.actor]
        actor = attrs.evolve(actor, person=self._same(actor.person))
        values = {name: self._same(value) for name, value in tried.values.items()}
        # At the same moment, so that what begins with it is due at the same one.
        self._moment = tried.act.recorded_at if tried.act else None
        try:
            other.make(subject, tried.move.name, values, actor=actor)
        except Refused as refusal:
            return str(refusal)
        return ""

    def _there(self, other: District, subject: Subject) -> UUID:
        """The number there of what was opened here: by its turn, since numbers differ."""
        here = _in_order(self._district, self._district.tree(subject.root))
        there = _in_order(other, other.tree(subject.root))
        return there[[one.id for one in here].index(subject.id)].id

    def _now(self) -> datetime:
        return self._moment or self._district.engine.clock()

    def _same(self, value: Any) -> Any:
        if isinstance(value, tuple | list):
            return type(value)(self._same(one) for one in value)
        return self._numbers.get(value, value) if isinstance(value, UUID) else value


def _apart(one: dict[Any, Any], other: dict[Any, Any]) -> dict[Any, Any]:
    return {name: value for name, value in one.items() if other.get(name) != value}


def _in_order(district: District, tree: list[Subject]) -> list[Subject]:
    opened = list(dict.fromkeys(act.subject for act in district.history(tree[0].root)))
    return sorted(tree, key=lambda one: opened.index(one.id))


def _states(tree: list[Subject]) -> list[tuple[Any, ...]]:
    return [(one.kind, one.state, one.outcome, one.due_at) for one in tree]


def _sums(district: District) -> dict[Any, Any]:
    """The ledger by unit and part, and every figure: over all places, since what is merged counts elsewhere."""
    a, f = t.account.c, t.figure.c
    ledger = select(a.unit, a.part, func.sum(a.balance)).where(a.district == district.code)
    figures = select(f.name, func.sum(f.n), func.sum(f.total)).where(f.district == district.code)
    with district.store.reading() as connection:
        accounts = connection.execute(ledger.group_by(a.unit, a.part)).all()
        counts = connection.execute(figures.group_by(f.name)).all()
    return {tuple(row[:-1]): row[-1] for row in accounts} | {row[0]: tuple(row[1:]) for row in counts}


def _compound_of(district: District, root: UUID) -> UUID | None:
    register = district.register
    knot = register.knot(district.subject(root).place)
    while knot.kind != "compound" and knot.parent:
        knot = register.knot(knot.parent)
    return knot.id if knot.kind == "compound" and knot.until is None else None


def _copy(district: District, clock: Callable[[], datetime]) -> District:
    """The same district in a database of its own, as it is now."""
    folder = Path(tempfile.mkdtemp(prefix="linli-twin-"))
    database = district.store.engine.url.database
    with sqlite3.connect(str(database)) as source, sqlite3.connect(folder / "linli.db") as target:
        source.backup(target)
    sections = {
        name: attrs.evolve(section, url=f"sqlite:///{folder / 'linli.db'}")
        if isinstance(section, StoreSettings)
        else section
        for name, section in district.configuration.sections.items()
    }
    configuration = cast(Any, district.configuration)  # whole: programs open districts so
    copy = District(attrs.evolve(configuration, sections=sections), clock=clock)
    weakref.finalize(copy, shutil.rmtree, folder, ignore_errors=True)
    return copy


def pass_on(
    district: District,
    place: UUID,
    how: str,
    decided: Callable[[District, UUID, UUID], None] = lambda *_: None,
) -> UUID:
    """Let a compound end, and another one with the same people in the same posts follow it; its number.

    Args:
        decided: does what has to be decided before the place may end, such as about its accounts.
    """
    register = district.register
    knot = register.knot(place)
    held = register.posts(at=place)
    new = _beside(district, place)
    decided(district, place, new)
    if how == "split" and register.places(place)[1:]:
        _split(district, place, new)
    else:
        register.merge_places(place, new)
    for body in register.organisations(place=new):
        register.move_organisation(body.id, new)
    for post in held:
        _give(district, attrs.evolve(post, id=new_id(), at=new, place=new, since=district.now()))
    assert knot.kind == "compound"
    return new


def another_record(district: District, gone: UUID) -> UUID:
    """Somebody's second record, into which the one that everybody knows is merged; its number."""
    register, vault = district.register, district.rules.vault
    with district.store.transaction() as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        known = facts.rows(KEY_OF, owner=gone)
    if not known:
        # People of tests are written straight into the tables, without anything that a vault keeps.
        _store(district, vault.new_key(gone)[1])
    stays = register.person(name="同一人", phone=phone(Random(gone.hex).randrange(10**6)))
    try:
        register.merge(gone, stays)
    except Refused:
        return gone
    return stays


def _split(district: District, place: UUID, new: UUID) -> None:
    """Everything goes to one part but a building that nobody knows."""
    register, other = district.register, _beside(district, place)
    children = [one.id for one in register.places(place) if one.parent == place]
    empty = register.place("building", f"拆{new_id().hex[-6:]}", place)
    register.split_place(place, {**dict.fromkeys(children, new), empty: other})
    # One that is about another goes with it.
    while undecided := register.undecided():
        register.choose_part(undecided[0][0], new)


def _beside(district: District, place: UUID) -> UUID:
    """A new place like another one, beside it, straight into the table: some of tests have no place above."""
    from linli.register.places import new_place

    knot, ident = district.register.knot(place), new_id()
    above = knot.path[: -len(knot.id.hex) - 1]
    new = attrs.evolve(
        knot, id=ident, name=f"新{ident.hex[-8:]}", path=f"{above}{ident.hex}/", figures_at=ident
    )
    _store(district, new_place(district.code, new))
    return ident


def _give(district: District, post: PostRecord) -> None:
    _store(district, begun_post(district.code, post))


def _store(district: District, *writes: Write) -> None:
    with district.store.transaction() as transaction:
        transaction.commit(writes)
