"""A year in which compounds are merged: whatever was under way comes to the same as without it.

Splits are tried by every exploration (`linli._testing.upsetting`): in a year, files name places that are no more.
"""

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import attrs
import pytest
from sqlalchemy import func, select

import linli
from linli import Act, District, NoInputs, OpenOrder, PlaceId, Private
from linli._store import tables as t
from linli.testing import all_of, pass_on
from linli_bank.banks import BankFlow, Carry, bank_at
from linli_daxiang import demo
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play

SEED = int(os.environ.get("LINLI_UPSET", "0")) or Random().randrange(10**6)
SCALE, MERGES = 0.05, 8


def _silent(_label: str, _total: int) -> Callable[[int], object]:
    return lambda _done: None


class _Merging:
    """Merges compounds in the course of a year; whoever lives it hears of the new places.

    Attributes:
        now: by the place that somebody knows, the one that it goes on at.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now: dict[UUID, UUID] = {}
        self._chance = Random(SEED)
        run, perform = Play.run, District.perform
        place: Any = Neighbourhood.__dict__["place"]

        def upset(play: Play) -> None:
            for _ in range(MERGES):
                day = play.first + timedelta(days=self._chance.randrange(20, 340))
                play.at(play.on(day, 12.3), self._end, play.district)
            run(play)

        def performed(district: District, order: Any, **more: Any) -> Act:
            moved = isinstance(order, OpenOrder) and order.place in self.now
            return perform(
                district, attrs.evolve(order, place=self.now[order.place]) if moved else order, **more
            )

        monkeypatch.setattr(Play, "run", upset)
        monkeypatch.setattr(District, "perform", performed)
        known = property(lambda one: self.now.get(place.__get__(one), place.__get__(one)), place.__set__)
        monkeypatch.setattr(Neighbourhood, "place", known)

    def _end(self, district: District) -> None:
        """One compound after another in a random order, until nothing holds one up."""
        compounds = sorted(self._lived_in(district))
        self._chance.shuffle(compounds)
        old = next(one for one in compounds if not _waiting(district, one))
        new = pass_on(district, old, "merge", _carried)
        self.now = {known: new if place == old else place for known, place in self.now.items()} | {old: new}

    def _lived_in(self, district: District) -> list[UUID]:
        """Not those that only took a building: nobody lives there."""
        register = district.register
        return [one.id for one in register.places(kind="compound") if register.organisations(place=one.id)]


def _waiting(district: District, place: UUID) -> bool:
    """Whether a gift waits to be fetched, or a vote to be opened: that one would have to be called off."""
    waits = (("redemption", ("ordered",)), ("owners_vote", ("prepared", "announced")))
    return any(all_of(district, kind, *states, within=place) for kind, states in waits)


def _carried(district: District, place: UUID, into: UUID) -> None:
    """A compound that has a bank carries it to the new one, which the same organisation runs."""
    if not all_of(district, "bank", "open", within=place):
        return
    for body in district.register.organisations(kind="volunteer_organisation", place=place):
        district.register.move_organisation(body.id, into)
    district.perform(BankFlow.open.at(PlaceId(into), NoInputs(), id=bank_at(into)))
    district.perform(
        BankFlow.carry(
            BankFlow.ref(bank_at(place)),
            Carry(carried_to=PlaceId(into), worth=Decimal(1), reason=Private("合并")),
        )
    )


def _lived(folder: Path) -> dict[str, Any]:
    tale = demo.run(folder, seed=5, scale=SCALE, progress=_silent)
    s = t.subject.c
    with linli.open(folder) as district, district.store.reading() as connection:
        states = connection.execute(select(s.kind, s.state, func.count()).group_by(s.kind, s.state)).all()
        return {
            "refused": Counter(tale.refused),
            # A bank that was carried is what its compound's end needed.
            "states": {row[:2]: row[2] for row in states if row[:2] != ("bank", "carried")},
            "figures": dict(district.brief(None, tale.first, tale.last).figures),
            "failing": [one.error for one in district.deliveries.failing(1)],
        }


def test_a_year_with_compounds_merged_under_way_comes_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = _lived(tmp_path / "without")
    with monkeypatch.context() as patched:
        merging = _Merging(patched)
        with_them = _lived(tmp_path / "with")
    assert len(merging.now) == MERGES, "compounds were merged"
    for what, found in without.items():
        assert with_them[what] == found, f"{what}, LINLI_UPSET={SEED}"
