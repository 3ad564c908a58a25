"""Property tests of a workflow: every move, by everybody, in every order.

    class Requests(Explorer):
        def opened(self): return self.district.dispatch.submit(...).subject

    def test_requests(district):
        Requests(district, actors={"clerk": clerk, "stranger": stranger}).explore()

Whatever is tried either happens as its workflow says or is refused with a reason and changes
nothing. What else must hold is added by overriding `holds`.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnClause, MetaData, func, literal_column, select

from linli._base.errors import Refused
from linli._district.district import District
from linli._model.access import ENGINE, Actor
from linli._model.acts import Act
from linli._model.compiled import Move
from linli._model.subjects import StoredSubject
from linli._store.tables import act, metadata
from linli._testing.upsetting import SEED, Upset, upset
from linli._testing.values import values as some_value

T = TypeVar("T")
_FURTHEST = 16


def snapshot(district: District, *more: MetaData) -> str:
    """A hash of every row that the district has, to see whether anything changed."""
    found = hashlib.sha256()
    with district.store.reading() as connection:
        for tables in (metadata, *more):
            for table in tables.sorted_tables:
                # As the database has them: turning each value into ours would take most of a test's time.
                everything: ColumnClause[Any] = literal_column("*")
                query = select(everything).select_from(table).where(table.c.district == district.code)
                rows = connection.execute(query.order_by(*table.primary_key)).all()
                found.update(repr((table.name, [tuple(row) for row in rows])).encode())
    return found.hexdigest()


@attrs.frozen(kw_only=True)
class Tried:
    """A move that was tried.

    Attributes:
        act: what it came to; None where it was refused, and then `refusal` says why.
        values: what was given.
    """

    subject: StoredSubject
    move: Move
    actor: str
    act: Act | None = None
    refusal: str = ""
    values: Mapping[str, Any] = attrs.field(factory=dict)


def _mostly(likely: list[T], everything: list[T]) -> list[T]:
    """Everything, with what is likely to come to something three times in four."""
    return likely * (3 * len(everything) // max(1, len(likely))) + everything


def _all_made(moves: Iterable[str], tried: Iterable[Tried]) -> bool:
    return {f"{one.subject.kind}.{one.move.name}" for one in tried if one.act} >= set(moves)


class Explorer:
    """Tries moves on a subject of a workflow and all its parts.

    Args:
        actors: whoever tries, by a name for the failure's report.
        places: identifiers to give where a move asks for one.
    """

    examples = 15
    steps = 12
    # The same sequences each time, so that what a test says they reach, they do; with LINLI_SLOW=1 new ones beside them,
    # on the database that is a file.
    # False for a test that explores again until it has reached what it wants.
    fixed = True
    # The figures that change by what is `decided` where its place ends, so that they are not compared.
    decided_figures: frozenset[str] = frozenset()
    # What is meant to change what is explored: "home" for what moves with somebody's home. See `linli._testing.upsetting`.
    not_upset_by: frozenset[str] = frozenset()

    def __init__(
        self, district: District, actors: Mapping[str, Actor], places: list[UUID] | None = None
    ) -> None:
        self.district = district
        self.actors = dict(actors)
        self.places = places or []
        # What there is, while everything that is tried is refused.
        self._before: str | None = None
        self.upsets = 0
        self.differences: list[str] = []
        self._root: UUID | None = None
        self._upset = Upset()

    def opened(self) -> UUID:
        """Open a new subject; its number."""
        raise NotImplementedError

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        """What a move's asks may be given, where plain values of their types would never do."""
        return {}

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        """What must hold after each step; assert it."""

    def decided(self, other: District, place: UUID, into: UUID) -> None:
        """Decide, in the copy where a compound ends, what its end waits for; override it where that is refused else."""

    def upset(self, root: UUID) -> Upset:
        """What happens to places while the subject is on its way; see `linli._testing.upsetting`."""
        return upset(self, root)

    def explore(self, *reach: str) -> list[Tried]:
        """Try many sequences; every try of all of them, so that a test can see what was reached.

        Args:
            reach: moves such as "request.close", each of which must have been made: what the first sequences miss is
                looked for in new ones, as many again each time.
        """
        everything: list[Tried] = []
        self._explore(everything, self.examples, self.fixed)
        if os.environ.get("LINLI_SLOW") and self.district.store.name == "sqlite":
            self._explore(everything, 3 * self.examples, fixed=False)
        for _ in range(_FURTHEST):
            if _all_made(reach, everything):
                break
            self._explore(everything, self.examples, fixed=False)
        assert _all_made(reach, everything), f"not all were made: {reach}"
        assert not self.differences, f"LINLI_UPSET={SEED}\n" + "\n".join(self.differences[:5])
        apart = not_behind(self.district)
        assert not apart, f"figures, and what stands behind them: {apart}"
        return everything

    def _explore(self, everything: list[Tried], examples: int, fixed: bool) -> None:
        @settings(
            max_examples=examples,
            derandomize=fixed,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(st.data())
        def run(data: st.DataObject) -> None:
            root = self.opened()
            self._before = None
            tried: list[Tried] = []
            for _ in range(data.draw(st.integers(1, self.steps), label="steps")):
                tried.append(self._step(root, data))
                everything.append(tried[-1])
                self._sound(root)
                self.holds(root, tried)

        run()

    def chosen(self, tree: list[StoredSubject], data: st.DataObject) -> tuple[StoredSubject, Move, str]:
        """What is tried next, and by whom; override it where plain chance reaches too little."""
        still_open = [one for one in tree if one.ended_at is None]
        subject = data.draw(st.sampled_from(_mostly(still_open, tree)), label="subject")
        moves = [move for move in self.district.rules.workflow(subject.kind).moves if move.sources]
        likely = [move for move in moves if subject.state in move.sources and move.by != ENGINE]
        move = data.draw(st.sampled_from(_mostly(likely, moves)), label="move")
        return subject, move, data.draw(st.sampled_from(sorted(self.actors)), label="actor")

    def _step(self, root: UUID, data: st.DataObject) -> Tried:
        # Here and not in `run`: hypothesis makes the fixed sequences from its source.
        if root != self._root:
            self._root, self._upset = root, self.upset(root)
        self._upset.before()
        tried = self._made(root, data)
        self._upset.after(tried)
        return tried

    def _made(self, root: UUID, data: st.DataObject) -> Tried:
        subject, move, actor = self.chosen(self._tree(root), data)
        values = self._drawn(move, subject, data)
        self._before = before = self._before or snapshot(self.district)
        try:
            act = self.district.make(subject.id, move.name, values, actor=self.actors[actor])
        except Refused as refusal:
            tried = Tried(subject=subject, move=move, actor=actor, refusal=str(refusal), values=values)
            self._unchanged(before, tried)
            return tried
        self._before = None
        assert subject.state in move.sources, f"{move.name} was made from {subject.state}"
        return Tried(subject=subject, move=move, actor=actor, act=act, values=values)

    def _tree(self, root: UUID) -> list[StoredSubject]:
        """In the order of their opening: numbers that follow from others sort differently each time."""
        opened = list(dict.fromkeys(act.subject for act in self.district.history(root)))
        return sorted(self.district.tree(root), key=lambda one: opened.index(one.id))

    def _unchanged(self, before: str, tried: Tried) -> None:
        assert tried.refusal, "a refusal has a reason"
        assert snapshot(self.district) == before, f"{tried.move.name} was refused, but something changed"

    def _drawn(self, move: Move, subject: StoredSubject, data: st.DataObject) -> dict[str, Any]:
        special = self.values(move, subject)
        found: dict[str, Any] = {}
        for one in move.fields:
            if not one.asked:
                continue
            only_if = one.input.only_if
            needed = one.required or (only_if and found.get(only_if[0]) in only_if[1])
            if needed or data.draw(st.booleans(), label=f"give {one.name}"):
                found[one.name] = data.draw(
                    special[one.name] if one.name in special else some_value(one, self.places), label=one.name
                )
        return {name: value for name, value in found.items() if value is not None}

    def _sound(self, root: UUID) -> None:
        """What must hold for every workflow."""
        tree = self.district.tree(root)
        history = self.district.history(tree[0].root)
        assert [act.version for act in history] == list(range(1, len(history) + 1)), "the journal has a gap"
        for subject in tree:
            self._subject_sound(subject, history)

    def _subject_sound(self, subject: StoredSubject, history: list[Act]) -> None:
        flow = self.district.rules.workflow(subject.kind)
        state = flow.by_state[subject.state]
        assert bool(state.ends) == (subject.ended_at is not None), "what has ended has a time of its end"
        assert (subject.outcome in state.ends) if state.ends else subject.outcome is None
        last = [act for act in history if act.subject == subject.id][-1]
        assert last.body["to"] == subject.state, "the journal says where it stands"
        for clock in flow.clocks:
            running = subject.clocks.get(clock.name)
            if running:
                assert (running.since is not None) == (subject.state in clock.runs_in)
                assert running.spent <= 1e9


def not_behind(district: District) -> dict[str, tuple[int, int]]:
    """The figures that are counts, and what is told one by one behind them, where the two differ."""
    ever = (date(1900, 1, 1), date(2199, 12, 31))
    was, last = district.engine.clock, _last(district)
    # Each sequence sets the clock back; a figure is of what was done by now.
    district.engine.clock = lambda: last
    try:
        figures = district.brief(None, *ever).figures
        counts = {name: amount for name, amount in figures.items() if isinstance(amount, int)}
        told = {name: district.explain(name, None, *ever, most=100_000).counted for name in counts}
    finally:
        district.engine.clock = was
    sums = {name: sum(line.n for line in lines) for name, lines in told.items()}
    return {name: (counts[name], sums[name]) for name in counts if counts[name] != sums[name]}


def _last(district: District) -> datetime:
    """Just after the last act."""
    with district.store.reading() as connection:
        latest = connection.scalar(select(func.max(act.c.at)).where(act.c.district == district.code))
    return max(district.now(), latest or district.now()) + timedelta(seconds=1)
