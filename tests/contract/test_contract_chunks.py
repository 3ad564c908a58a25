"""Chunks of orders: what they come to is what each order alone comes to, and all is stored at once."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from types import SimpleNamespace
from uuid import uuid4

import attrs
import pytest
from golden.export import rows
from sqlalchemy import create_engine, insert, select
from tools_to_borrow import Borrow, Inspection, Loan, LoanFlow, Tool, ToolFlow

from linli import (
    Act,
    Actor,
    DirectAct,
    DirectOrder,
    District,
    PersonId,
    PlaceId,
    Plugin,
    Private,
    Ref,
)
from linli._base.errors import PluginError, Refused
from linli._engine.orders import Order
from linli._model.access import ENGINE_ACTOR
from linli._model.acts import new_id
from linli._store import tables as t
from linli._verbs.award.acts import (
    POINTS_AWARD,
    POINTS_HOLD,
    POINTS_TRANSFER,
    GivePoints,
    HoldUnits,
    MoveUnits,
)
from linli._verbs.dispatch.filing import Submit
from linli._verbs.dispatch.requests import RequestFlow
from linli.testing import Moment, a_place, snapshot, somebody, who

SLOW = os.environ.get("LINLI_SLOW") == "1"
ORDERS = 1_000 if SLOW else 160
SEED = Random().randrange(10**6)
CHUNK = 50


class Tools(SimpleNamespace):
    PLUGIN = Plugin(name="tools", workflows=(ToolFlow, LoanFlow, Inspection))


class Ticking(Moment):
    """A clock that goes on by a second whenever it is looked at, so that each act has a moment of its own."""

    def __call__(self) -> object:  # type: ignore[override]
        self.now += timedelta(seconds=1)
        return self.now


Given = tuple[Actor, Order]


@attrs.frozen
class Street:
    """Two compounds with a clerk and a steward at one of them, people, one of whom has two numbers, and some tools."""

    district: District
    places: Sequence[PlaceId]
    clerk: Actor
    steward: Actor
    people: Sequence[Actor]
    gone: PersonId
    tools: Sequence[Ref[Tool]]

    @classmethod
    def of(cls, district: District) -> "Street":
        """The same in every district."""
        places = [PlaceId(a_place(district, name)) for name in ("锦绣花园", "阳光苑")]
        clerk, steward = (somebody(district, role, places[0]) for role in ("clerk", "steward"))
        add = district.register.person
        people = [
            Actor(person=add(name=f"李{'一二三四五'[n]}", phone=f"1390013800{n}", home=places[n % 2])) for n in range(5)
        ]  # fmt: skip
        gone = add(name="李一", phone="13900139000")
        district.register.merge(gone, who(people[0]))
        tools = [
            district.perform(ToolFlow.register.at(places[0], Tool(name=f"ladder {n}", pieces=n + 1)), actor=steward)
            for n in range(2)
        ]  # fmt: skip
        found = [ToolFlow.ref(one.subject) for one in tools]
        return cls(district, places, clerk, steward, people, PersonId(gone), found)

    def orders(self, count: int, chance: Random) -> Iterator[Given]:
        """Orders of all kinds, a few in a row by the same person; some are refused, for every reason that there is."""
        loans: list[Ref[Loan]] = []
        while True:
            actor = chance.choice([self.clerk, self.clerk, self.clerk, self.steward, *self.people])
            for _ in range(chance.randint(3, 20)):
                yield actor, self._order(actor, loans, chance)
                count -= 1
                if not count:
                    return

    def _order(self, actor: Actor, loans: list[Ref[Loan]], chance: Random) -> Order:
        whom = self.gone if chance.random() < 0.2 else PersonId(who(chance.choice(self.people)))
        place = self.places[chance.random() < 0.15]
        # Mostly what is theirs to do, now and then anything.
        theirs = (2, 2, 3, 4, 5) if actor is self.clerk else (1,) if actor is self.steward else (0, 1, 5)
        kind = chance.choice(theirs if chance.random() < 0.85 else range(6))
        if kind == 0:
            loans.append(LoanFlow.ref(new_id()))
            given = Borrow(
                tool=chance.choice(self.tools), purpose=Private("刷墙"), days=chance.randint(1, 40)
            )
            mine = PersonId(who(actor)) if chance.random() < 0.8 else whom
            return LoanFlow.borrow.at(place, given, person=mine, id=loans[-1])
        if kind == 1 and loans:
            return LoanFlow.bring_back(chance.choice(loans[-3:]))
        if kind == 2:
            return POINTS_AWARD(
                GivePoints(points=chance.randint(1, 9), rule="打扫", reason=Private("扫雪"), most=20, period="2026"),
                place=place, person=whom,
            )  # fmt: skip
        if kind == 3:
            other = who(chance.choice(self.people))
            return POINTS_TRANSFER(
                MoveUnits(unit="points", amount=chance.randint(1, 12), source=whom, target=other, rule="转赠"), place=place
            )  # fmt: skip
        if kind == 4:
            return POINTS_HOLD(HoldUnits(owner=whom, amount=chance.randint(1, 6), rule="礼品"), place=place)
        return RequestFlow.submit.at(
            place,
            Submit(category="general", description=Private("灯坏了")),
            person=whom if actor is self.clerk or chance.random() < 0.2 else PersonId(who(actor)),
            id=new_id(),
        )


@pytest.fixture
def street(new_district: Callable[..., District]) -> Callable[[], Street]:
    def make() -> Street:
        return Street.of(new_district(plugins={"tools": Tools()}, clock=Ticking()))

    return make


def _told(outcome: Act | Refused) -> object:
    """What became of an order, without numbers."""
    if isinstance(outcome, Refused):
        return sorted(one.code for one in outcome.reasons)
    return outcome.verb, outcome.acting_as and outcome.acting_as.partition("@")[0], outcome.version


def _alone(district: District, actor: Actor, order: Order) -> Act | Refused:
    try:
        return district.perform(order, actor=actor)
    except Refused as refused:
        return refused


def _everything(district: District, folder: Path) -> list[object]:
    """Every row of every table, numbers replaced by what they stand for."""
    here = district.configuration.folder
    folder.mkdir()
    for kept in here.glob("vault.*"):
        shutil.copy(kept, folder)
    copy = create_engine(f"sqlite:///{folder / 'linli.db'}")
    t.metadata.create_all(copy)
    with district.store.reading() as source, copy.begin() as target:
        for table in t.metadata.sorted_tables:
            mine = select(table).where(table.c.district == district.code)
            found = [dict(row) for row in source.execute(mine).mappings()]
            if found:
                target.execute(insert(table), found)
    copy.dispose()
    # These two name the district, which is another one.
    return [row for row in rows(folder) if row[0] not in ("settings_version", "tenant")]


def test_a_chunk_of_orders_leaves_what_each_alone_leaves(
    street: Callable[[], Street], tmp_path: Path
) -> None:
    alone, chunked = street(), street()
    singly = [_alone(alone.district, *given) for given in alone.orders(ORDERS, Random(SEED))]
    together: list[Act | Refused] = []
    for _, run in groupby(chunked.orders(ORDERS, Random(SEED)), lambda given: who(given[0])):
        given = list(run)
        for first in range(0, len(given), CHUNK):
            chunk = [order for _, order in given[first : first + CHUNK]]
            together += chunked.district.perform_many(chunk, actor=given[0][0])
    assert [*map(_told, together)] == [*map(_told, singly)], f"seed {SEED}"
    told = Counter(isinstance(one, Refused) for one in singly)
    assert told[True] > ORDERS / 10 < told[False], f"seed {SEED}: {Counter(map(str, map(_told, singly)))}"
    for one, other in zip(
        _everything(alone.district, tmp_path / "alone"), _everything(chunked.district, tmp_path / "chunked"), strict=True
    ):  # fmt: skip
        assert other == one, f"seed {SEED}"


def test_what_a_chunk_is_stopped_at_leaves_nothing(street: Callable[[], Street]) -> None:
    def fails(_facts: object) -> None:
        raise PluginError("stopped")  # type: ignore[arg-type]

    one = street()
    award = POINTS_AWARD(
        GivePoints(points=3, rule="打扫", reason=Private("扫雪")),
        place=one.places[0],
        person=who(one.people[1]),
    )
    broken = DirectOrder(act=DirectAct("noise.made", label="noise"), work=fails)  # type: ignore[arg-type]
    before = snapshot(one.district)
    with pytest.raises(PluginError):
        one.district.perform_many([award, broken], actor=ENGINE_ACTOR)
    assert snapshot(one.district) == before


def test_a_chunk_that_is_repeated_with_its_key_comes_to_the_same_acts(street: Callable[[], Street]) -> None:
    one, key = street(), uuid4()
    orders = [
        POINTS_AWARD(
            GivePoints(points=n, rule="打扫", reason=Private("扫雪")), place=one.places[0], person=who(one.people[n])
        )
        for n in (1, 2, 3)
    ]  # fmt: skip
    first = one.district.perform_many(orders, actor=one.clerk, key=key)
    before = snapshot(one.district)
    again = one.district.perform_many(orders, actor=one.clerk, key=key)
    assert [act.id for act in again if isinstance(act, Act)] == [
        act.id for act in first if isinstance(act, Act)
    ]
    assert len({act.id for act in first if isinstance(act, Act)}) == 3
    assert snapshot(one.district) == before


def test_within_a_trial_a_chunk_is_undone_with_it(street: Callable[[], Street]) -> None:
    one = street()
    order = POINTS_AWARD(
        GivePoints(points=3, rule="打扫", reason=Private("扫雪")),
        place=one.places[0],
        person=who(one.people[1]),
    )
    before = snapshot(one.district)
    with one.district.trial() as there:
        assert all(isinstance(act, Act) for act in there.perform_many([order, order], actor=one.clerk))
        assert there.award.account(who(one.people[1])).free == 6
    assert snapshot(one.district) == before
