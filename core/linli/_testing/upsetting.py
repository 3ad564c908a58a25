"""Places, bodies and people that are merged, split, moved and ended while something is open: it goes on as if not.

Before one of its steps an `Explorer` has a copy of the district made, in which something happens to the place of what
it explores, to a body there, or to one of the people. From then on every step is also tried there: it must be allowed or
refused as where nothing happened, and leave the same states, ledger and figures. So whatever could be brought to one of
its ends still can, and by whoever has the right now. Every workflow that is explored is tried so, of any plugin.

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

from linli._base.errors import NotAllowed, Refused
from linli._config.district import StoreSettings
from linli._district.district import District
from linli._engine.step import TransitionRun
from linli._engine.turn import UnitOfWork
from linli._model.access import Actor
from linli._model.acts import new_id
from linli._model.compiled import Move
from linli._model.facts import Facts
from linli._model.subjects import StoredSubject
from linli._store import Write
from linli._store import tables as t
from linli._testing.invented import phone
from linli._vault.vault import KEY_OF
from linli._verbs.register.posts import PostRecord, begun_post

if TYPE_CHECKING:
    from linli._testing.exploring import Explorer, Tried

SEED = os.environ.get("LINLI_UPSET") or str(Random().randrange(10**6))
_SHARE = 1.0 if os.environ.get("LINLI_SLOW") or os.environ.get("LINLI_UPSET_ALL") else 0.1
_PLACES = ("merge", "split", "move")
_PEOPLE = ("person", "home")
HOW = (*os.environ.get("LINLI_UPSET_HOW", "").split(),) or (*_PLACES, *_PEOPLE, "body")


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
        how = [one for one in HOW if one not in explorer.not_upset_by]
        self._how, self._when = chance.choice(how), chance.randrange(max(1, explorer.steps // 2))
        self._chance = chance
        self._other: District | None = None
        self._whom = chance.choice(sorted(explorer.actors))
        self._numbers: dict[UUID, UUID] = {}
        self._moment: datetime | None = None

    def before(self) -> None:
        if self._when == 0:
            self._upset()
        self._when -= 1

    def _upset(self) -> None:
        person = self._explorer.actors[self._whom].person
        place = _compound_of(self._district, self._root)
        body = _body_at(self._district, place, self._chance) if place and self._how == "body" else None
        if (person if self._how in _PEOPLE else body if self._how == "body" else place) is None:
            return
        self._other = _copy(self._district, self._now)
        self._numbers = self._happened(self._other, person, place, body)
        lost = self._rights(self._district) - self._rights(self._other)
        if lost:
            self._differs(f"nobody of them may any more: {sorted(lost)}")

    def _rights(self, district: District) -> set[tuple[str, str, str]]:
        """Who may make which moves of what is open, as far as their posts and what they did before say."""
        there = district is not self._district
        open_ = [one for one in district.tree(self._root) if one.ended_at is None]
        found = set()
        for name, actor in self._explorer.actors.items():
            who = attrs.evolve(actor, person=self._same(actor.person)) if there else actor
            for one in open_:
                moves = district.rules.workflow(one.kind).moves_from(one.state)
                found |= {(name, one.kind, move.name) for move in moves if _may(district, one, move, who)}
        return found

    def _happened(
        self, other: District, person: UUID | None, place: UUID | None, body: UUID | None
    ) -> dict[UUID, UUID]:
        """Let it happen there; the new numbers of what has another one since."""
        if self._how == "person" and person:
            return {person: another_record(other, person)}
        if self._how == "home" and person:
            move_home(other, person)
        elif body:
            return {body: succeeded(other, body)}
        elif place and self._how == "move":
            move_below_another(other, place)
        elif place:
            return {place: pass_on(other, place, self._how, self._explorer.decided)}
        return {}

    def after(self, tried: "Tried") -> None:
        if self._other is None:
            return
        problem = self._difference(self._other, tried)
        if problem:
            what = f"{tried.subject.kind}.{tried.move.name} by {tried.actor} from {tried.subject.state}"
            self._differs(f"{what} {dict(tried.values)}: {problem}")

    def _differs(self, what: str) -> None:
        """Keep what differs; nothing more is tried there."""
        how = f"{self._whom}: {self._how}" if self._how in _PEOPLE else self._how
        self._explorer.differences.append(f"after {how}: {what}")
        if self._other:
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

    def _there(self, other: District, subject: StoredSubject) -> UUID:
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


def _may(district: District, subject: StoredSubject, move: Move, actor: Actor) -> bool:
    """Whether somebody has the right to a move; what it asks for and what it checks is another matter."""
    rules, now = district.rules, district.now()
    with district.store.transaction() as transaction:
        facts = Facts(transaction, rules.constants, now, actor.person)
        turn, flow = UnitOfWork(rules, transaction, facts, now), rules.workflow(subject.kind)
        try:
            TransitionRun(turn, flow, move, turn.subject(subject.id), actor, new_id(), new=False)
        except NotAllowed:
            return False
        except Refused:
            return True
    return True


def _apart(one: dict[Any, Any], other: dict[Any, Any]) -> dict[Any, Any]:
    return {name: value for name, value in one.items() if other.get(name) != value}


def _in_order(district: District, tree: list[StoredSubject]) -> list[StoredSubject]:
    opened = list(dict.fromkeys(act.subject for act in district.history(tree[0].root)))
    return sorted(tree, key=lambda one: opened.index(one.id))


def _states(tree: list[StoredSubject]) -> list[tuple[Any, ...]]:
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
    node = register.node(district.subject(root).place)
    while node.kind != "compound" and node.parent:
        node = register.node(node.parent)
    return node.id if node.kind == "compound" and node.until is None else None


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
    node = register.node(place)
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
    assert node.kind == "compound"
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


def move_below_another(district: District, place: UUID) -> None:
    """Let a compound stand below another place, where the same people have the same posts, and its bodies are too."""
    register = district.register
    above = register.node(place).parent
    if above is None or register.node(above).kind != "community":
        kind = "street" if above is None else "community"
        to = register.place(kind, f"移{new_id().hex[-6:]}", above)
        register.move_place(place, to)
        return
    held = register.posts(at=above)
    to = _beside(district, above)
    for body in register.organisations(place=above):
        register.move_organisation(body.id, to)
    for post in held:
        _give(district, attrs.evolve(post, id=new_id(), at=to, place=to, since=district.now()))
    register.move_place(place, to)


def _body_at(district: District, place: UUID, chance: Random) -> UUID | None:
    """A body at a place in which somebody has a post."""
    register = district.register
    bodies = [one.id for one in register.organisations(place=place) if register.posts(at=one.id)]
    return chance.choice(bodies) if bodies else None


def succeeded(district: District, body: UUID) -> UUID:
    """Let a body end, and another one of its kind with the same people in the same posts come after it; its number."""
    register = district.register
    known, held = register.organisation_record(body), register.posts(at=body)
    try:
        new = register.organisation(known.kind, f"继{new_id().hex[-6:]}", known.place, record=known.record)
    except Refused:
        # What a workflow sets up, such as a branch, ends by that alone.
        return body
    register.end_organisation(body)
    for post in held:
        _give(district, attrs.evolve(post, id=new_id(), at=new, since=district.now()))
    return new


def move_home(district: District, person: UUID) -> None:
    """Let somebody move to a home elsewhere, put forward there and released where they lived."""
    register = district.register
    compound = register.place("compound", f"迁{new_id().hex[-6:]}", register.root())
    home = register.place("exclusive_part", "101", compound)
    if register.place_of_person(person) is None:
        register.tie(person, "resident", home)
        return
    removal = register.propose_removal(person, home, actor=Actor(person=person))
    district.make(removal, "release")


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
    from linli._verbs.register.places import new_place

    node, ident = district.register.node(place), new_id()
    above = node.path[: -len(node.id.hex) - 1]
    new = attrs.evolve(
        node, id=ident, name=f"新{ident.hex[-8:]}", path=f"{above}{ident.hex}/", reporting_place=ident
    )
    _store(district, new_place(district.code, new))
    return ident


def _give(district: District, post: PostRecord) -> None:
    _store(district, begun_post(district.code, post))


def _store(district: District, *writes: Write) -> None:
    with district.store.transaction() as transaction:
        transaction.commit(writes)
