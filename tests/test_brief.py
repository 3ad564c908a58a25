"""The brief: every figure against a count of its own, over histories that nobody chose."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, insert, select

from linli._base.errors import NotFound, Refused
from linli._district.district import District
from linli._model.acts import Act, new_id
from linli._model.figures import Amount
from linli._store import tables as t
from linli.testing import make_district

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 1, 1, 8, tzinfo=ZONE)
NOW = datetime(2026, 7, 1, 12, tzinfo=ZONE)
MORE = "[dispatch]\nreopen_days = 400\n"
CLOSINGS = ("close", "decline", "merge")


@attrs.frozen(kw_only=True)
class Town:
    """A street with two compounds, and a building in the first."""

    district: District
    root: UUID
    street: UUID
    compounds: tuple[UUID, UUID]
    building: UUID


def _place(district: District, name: str, kind: str, above: tuple[UUID, ...], compound: bool) -> UUID:
    ident = new_id()
    path = "".join(f"{one.hex}/" for one in (*above, ident))
    row = {
        "district": district.code,
        "id": ident,
        "kind": kind,
        "parent": above[-1] if above else None,
        "name": name,
        "path": path,
        "reporting_place": above[-1] if compound else ident,
        "record": "{}",
    }
    with district.store.reading() as connection:
        connection.execute(insert(t.place).values(**row))
    return ident


@pytest.fixture
def town(new_district: Callable[..., District]) -> Town:
    """A town whose clock stands at noon of 1 July 2026."""
    return _town(new_district(clock=lambda: NOW, more=MORE))


def _town(district: District) -> Town:
    root = _place(district, "区", "district", (), False)
    street = _place(district, "街道", "street", (root,), False)
    first = _place(district, "锦绣花园", "compound", (root, street), False)
    second = _place(district, "电厂院落", "compound", (root, street), False)
    building = _place(district, "3栋", "building", (root, street, first), True)
    return Town(district=district, root=root, street=street, compounds=(first, second), building=building)


def _submit(town: Town, place: UUID, at: datetime) -> UUID:
    return town.district.dispatch.submit(place, "漏水", "厨房", at=at).subject


def _make(town: Town, subject: UUID, move: str, at: datetime, **values: Any) -> Act:
    return town.district.make(subject, move, values, at=at)


def _closed(town: Town, place: UUID, accepted: datetime, hours: float) -> UUID:
    request = _submit(town, place, accepted)
    _make(town, request, "accept", accepted, service="general")
    _make(town, request, "decline", accepted + timedelta(hours=hours), feedback="不属本区")
    return request


# --- every figure against plain counting ---------------------------------------------------------


@attrs.frozen(kw_only=True)
class Life:
    """What happened to a request, step by step, as the test itself saw it.

    Attributes:
        moves: the moves made, each with its moment.
    """

    place: UUID
    moves: list[tuple[str, datetime]]

    def accepted_at(self) -> datetime | None:
        """When it was accepted."""
        return next((at for move, at in self.moves if move == "accept"), None)

    def last_closing(self) -> datetime | None:
        """When it was closed for good, having been accepted, and as no duplicate."""
        if self.accepted_at() is None:
            return None
        ends = [(m, at) for m, at in self.moves if m in (*CLOSINGS, "withdraw", "reopen")]
        return ends[-1][1] if ends and ends[-1][0] in ("close", "decline") else None

    def open_at(self, moment: datetime) -> bool:
        """Whether it was accepted and not ended."""
        known = [
            m for m, at in self.moves if at <= moment and m in (*CLOSINGS, "withdraw", "reopen", "accept")
        ]
        return bool(known) and "accept" in known and known[-1] in ("accept", "reopen")

    def ratings(self, start: datetime, end: datetime) -> int:
        """How often it was rated."""
        return sum(1 for move, at in self.moves if move == "rate" and start <= at < end)


_NEXT = {
    "submitted": ("accept", "refuse", "withdraw", "merge"),
    "accepted": ("decline", "withdraw", "merge"),
    "closed": ("reopen", "rate"),
    "reopened": ("decline", "withdraw", "merge"),
}
_VALUES: dict[str, dict[str, Any]] = {
    "accept": {"service": "general"},
    "refuse": {"reason": "no"},
    "withdraw": {"reason": "no"},
    "decline": {"feedback": "no"},
    "reopen": {"reason": "again"},
    "rate": {"rating": 4},
}
_STEPS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9 * 24)), max_size=7)


def _live(town: Town, place: UUID, day: int, steps: list[tuple[int, int]]) -> Life:
    at = BEGIN + timedelta(days=day)
    request = _submit(town, place, at)
    other = _submit(town, place, at)
    moves: list[tuple[str, datetime]] = []
    for choice, hours in steps:
        subject = town.district.subject(request)
        possible = [m for m in _NEXT.get(subject.state, ()) if m != "rate" or not subject.record.rating]
        if subject.accepted_at is None and "reopen" in possible:
            possible.remove("reopen")
        if not possible:
            break
        at += timedelta(hours=hours, minutes=7)
        move = possible[choice % len(possible)]
        values = {"duplicate_of": other} if move == "merge" else _VALUES.get(move, {})
        _make(town, request, move, at, **values)
        moves.append((move, at))
    return Life(place=place, moves=moves)


def _expected(lives: list[Life], start: date, end: date) -> dict[str, Amount]:
    since = datetime.combine(start, time.min, ZONE)
    until = datetime.combine(end + timedelta(days=1), time.min, ZONE)
    moment = min(until - timedelta(microseconds=1), NOW)
    accepted = [at for life in lives if (at := life.accepted_at()) and since <= at < until]
    closed = [life for life in lives if (at := life.last_closing()) and since <= at < until]
    hours = [
        (c - a).total_seconds() / 3600 for x in closed if (c := x.last_closing()) and (a := x.accepted_at())
    ]
    still = [at for life in lives if life.open_at(moment) and (at := life.accepted_at())]
    rated = sum(life.ratings(since, until) for life in lives)
    return {
        "requests.accepted": len(accepted),
        "requests.closed": len(closed),
        "requests.mean_hours_to_close": sum(hours) / len(hours) if hours else None,
        "requests.open": len(still),
        "requests.oldest_open_hours": (min(until, NOW) - min(still)).total_seconds() / 3600
        if still
        else None,
        "requests.rated": rated,
        "requests.mean_rating": 4.0 if rated else None,
    }


@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_figure_is_what_counting_each_requests_own_life_gives(town: Town, data: st.DataObject) -> None:
    # Each example has a street of its own, so that what the ones before it did is not counted.
    street = _place(town.district, "街道", "street", (town.root,), False)
    path = (town.root, street)
    compounds = [_place(town.district, name, "compound", path, False) for name in "甲乙"]
    homes = [_place(town.district, "1栋", "building", (*path, one), True) for one in compounds]
    places = [*compounds, *homes]
    lives = [
        _live(town, place, data.draw(st.integers(0, 150)), data.draw(_STEPS))
        for place in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=4))
    ]
    start = date(2026, 1, 1) + timedelta(days=data.draw(st.integers(0, 120)))
    end = start + timedelta(days=data.draw(st.integers(0, 120)))
    compound_of = dict(zip(places, compounds * 2, strict=True))
    for scope, inside in [(street, lives)] + [
        (one, [life for life in lives if compound_of[life.place] == one]) for one in compounds
    ]:
        found = dict(town.district.brief(scope, start, end).figures)
        for name, amount in _expected(inside, start, end).items():
            assert found[name] == pytest.approx(amount), (name, start, end, inside)


def test_the_figures_agree_with_plain_sql_over_the_subjects(town: Town) -> None:
    for day in range(5):
        _closed(town, town.compounds[day % 2], BEGIN + timedelta(days=day), 3 + day)
    again = _closed(town, town.building, BEGIN + timedelta(days=6), 5)
    _make(town, again, "reopen", BEGIN + timedelta(days=7), reason="又漏")
    s = t.subject.c
    mine = (s.district == town.district.code, s.kind == "request")
    with town.district.store.reading() as connection:
        accepted = connection.scalar(select(func.count()).where(*mine, s.accepted_at.is_not(None)))
        closed = connection.scalar(select(func.count()).where(*mine, s.state == "closed"))
    figures = town.district.brief().figures
    assert (accepted, closed) == (6, 5)
    assert (figures["requests.accepted"], figures["requests.closed"]) == (accepted, closed)
    assert figures["requests.mean_hours_to_close"] == pytest.approx((3 + 4 + 5 + 6 + 7) / 5)


def test_what_was_closed_then_and_reopened_since_was_not_open_then(town: Town) -> None:
    request = _closed(town, town.compounds[0], BEGIN, 2)
    _make(town, request, "reopen", BEGIN + timedelta(days=10), reason="又漏")
    then = town.district.brief(None, date(2026, 1, 1), date(2026, 1, 5)).figures
    assert (then["requests.open"], then["requests.oldest_open_hours"]) == (0, None)
    now = town.district.brief().figures
    assert now["requests.open"] == 1
    assert now["requests.oldest_open_hours"] == pytest.approx((NOW - BEGIN).total_seconds() / 3600)


def test_what_was_open_then_and_closed_reopened_and_closed_since_was_open_then(town: Town) -> None:
    request = _submit(town, town.compounds[0], BEGIN)
    _make(town, request, "accept", BEGIN, service="general")
    for day, move in ((8, "decline"), (9, "reopen"), (10, "decline")):
        _make(town, request, move, BEGIN + timedelta(days=day), **_VALUES[move])
    then = town.district.brief(None, date(2026, 1, 1), date(2026, 1, 5)).figures
    assert then["requests.open"] == 1
    assert then["requests.oldest_open_hours"] == pytest.approx(4 * 24 + 16)


def test_rating_a_duplicate_and_reopening_it_takes_no_closing_back(town: Town) -> None:
    # Found by the histories above: a move that stays where it is must leave the outcome as it was.
    request, other = (_submit(town, town.compounds[0], BEGIN) for _ in range(2))
    moves: tuple[tuple[str, dict[str, Any]], ...] = (
        ("accept", {"service": "general"}),
        ("merge", {"duplicate_of": other}),
        ("rate", {"rating": 4}),
    )
    for hours, (move, values) in enumerate(moves):
        _make(town, request, move, BEGIN + timedelta(hours=hours), **values)
    assert town.district.subject(request).outcome == "duplicate"
    _make(town, request, "reopen", BEGIN + timedelta(hours=9), reason="又漏")
    assert town.district.brief().figures["requests.closed"] == 0


# --- what it costs -------------------------------------------------------------------------------


def _cells(district: District) -> int:
    with district.store.reading() as connection:
        query = select(func.count()).select_from(t.figure).where(t.figure.c.district == district.code)
        return int(connection.scalar(query) or 0)


def _statements(district: District, work: Callable[[], object]) -> list[str]:
    seen: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(district.store.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(district.store.engine, "before_cursor_execute", note)
    return seen


def test_ten_times_the_requests_in_the_same_cells_are_no_more_rows_to_read(town: Town) -> None:
    _closed(town, town.compounds[0], BEGIN, 2)
    before = _cells(town.district)
    for _ in range(10):
        _closed(town, town.compounds[0], BEGIN, 2)
    assert town.district.brief().figures["requests.closed"] == 11
    assert _cells(town.district) == before


def test_the_brief_reads_subjects_and_acts_only_by_an_index(tmp_path: Path) -> None:
    # On SQLite alone: PostgreSQL reads a table of a few rows whole, whatever its indexes.
    with make_district(tmp_path, clock=lambda: NOW) as district:
        town = _town(district)
        statements = _statements(district, lambda: district.brief(town.street))
        assert len(statements) == 4, "cells of flows and of stocks, what is open, what ended since"
        plans: list[str] = []
        with district.store.engine.connect() as connection:
            for statement in statements:
                blanks = tuple("" for _ in range(statement.count("?")))
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", blanks)
                plans += [str(row[3]) for row in rows]
    assert sum("SEARCH subject USING INDEX ix_subject_" in plan for plan in plans) == 2
    assert any(plan.startswith("SEARCH figure") for plan in plans)
    assert not [plan for plan in plans if plan.startswith("SCAN") and "LIST" not in plan]


# --- periods and places --------------------------------------------------------------------------


def test_a_day_begins_at_midnight_in_the_districts_zone(town: Town) -> None:
    late = datetime(2026, 3, 1, 23, 59, tzinfo=ZONE)
    _closed(town, town.compounds[0], late, 0)
    _closed(town, town.compounds[0], late + timedelta(minutes=1), 0)
    assert late.astimezone(UTC).date() == (late + timedelta(minutes=1)).astimezone(UTC).date()
    for day in (1, 2):
        figures = town.district.brief(None, date(2026, 3, day), date(2026, 3, day)).figures
        assert figures["requests.accepted"] == figures["requests.closed"] == 1


def test_the_period_is_by_default_this_year_until_today(town: Town) -> None:
    document = town.district.brief().document()
    assert list(document) == ["district", "place", "from", "to", "figures"]
    assert (document["from"], document["to"]) == (date(2026, 1, 1), date(2026, 7, 1))
    earlier = town.district.brief(end=date(2025, 3, 4)).period
    assert (earlier.start, earlier.end) == (date(2025, 1, 1), date(2025, 3, 4))


def test_a_street_has_what_its_compounds_have_and_another_street_has_none_of_it(town: Town) -> None:
    other = _place(town.district, "另一街道", "street", (town.root,), False)
    _closed(town, town.building, BEGIN, 1)
    _closed(town, town.compounds[1], BEGIN, 1)
    expected = {town.root: 2, town.street: 2, town.compounds[0]: 1, town.compounds[1]: 1, other: 0}
    for place, count in expected.items():
        assert town.district.brief(place).figures["requests.closed"] == count


def test_a_building_has_no_figures_and_the_refusal_names_its_compound(town: Town) -> None:
    with pytest.raises(Refused, match=r"3栋 is below one.*--place 街道/锦绣花园"):
        town.district.brief(town.building)


def test_an_unknown_place_and_a_period_backwards_are_refused(town: Town) -> None:
    with pytest.raises(NotFound, match="no place"):
        town.district.brief(new_id())
    with pytest.raises(Refused, match="before it begins"):
        town.district.brief(None, date(2026, 2, 1), date(2026, 1, 1))


def test_the_number_and_age_of_what_is_open_follow_the_mean(town: Town) -> None:
    names = list(town.district.brief().figures)
    at = names.index("requests.mean_hours_to_close")
    assert names[at + 1 : at + 4] == ["requests.open", "requests.paused", "requests.oldest_open_hours"]
    figures = town.district.rules.figures
    assert figures["requests.mean_hours_to_close"].shown_with[:2] == (
        "requests.open",
        "requests.oldest_open_hours",
    )
    assert figures["requests.open"].shown_with == ("requests.paused",)


# --- what stands behind a figure -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["requests.accepted", "requests.closed", "requests.open", "requests.rated"])
def test_an_explanation_lists_as_many_as_the_figure_says(town: Town, name: str) -> None:
    for day in range(4):
        request = _closed(town, town.compounds[day % 2], BEGIN + timedelta(days=day), 2)
        if day == 1:
            _make(town, request, "rate", BEGIN + timedelta(days=day, hours=4), rating=5)
        if day == 2:
            _make(town, request, "reopen", BEGIN + timedelta(days=40), reason="又漏")
    for place in (None, town.street, town.compounds[0]):
        for end in (date(2026, 1, 31), date(2026, 7, 1)):
            period = (date(2026, 1, 1), end)
            explained = town.district.explain(name, place, *period)
            assert explained.amount == town.district.brief(place, *period).figures[name]
            assert len(explained.counted) == explained.amount, (name, place, period)


def test_the_amounts_of_an_explanation_add_up_to_the_figure(town: Town) -> None:
    for day, rating in ((0, 5), (1, 2), (2, 4)):
        request = _closed(town, town.compounds[day % 2], BEGIN + timedelta(days=day), 2 + day)
        _make(town, request, "rate", BEGIN + timedelta(days=day, hours=9), rating=rating)
    for name in ("requests.mean_rating", "requests.mean_hours_to_close"):
        explained = town.district.explain(name)
        amounts = [one.amount for one in explained.counted]
        assert all(isinstance(one, float | int) for one in amounts), name
        assert explained.amount == pytest.approx(sum(amounts) / len(amounts)), name  # type: ignore[arg-type]


def test_no_closing_rate_is_above_one(town: Town) -> None:
    for day in range(3):
        _closed(town, town.compounds[0], BEGIN + timedelta(days=day), 40)
    last = (BEGIN + timedelta(days=4)).date()
    rate = town.district.brief(None, last, last).figures["requests.closing_rate"]
    assert rate == 1, "closed on a day on which nothing was accepted"


def test_an_explanation_names_the_acts_that_count(town: Town) -> None:
    request = _closed(town, town.building, BEGIN, 2)
    rated = _make(town, request, "rate", BEGIN + timedelta(hours=3), rating=5)
    (line,) = town.district.explain("requests.rated").counted
    assert (line.what, line.subject, line.at, line.place) == (
        "request.rate",
        request,
        rated.at,
        town.building,
    )


def test_an_explanation_says_that_there_is_more_than_it_shows(town: Town) -> None:
    for _ in range(3):
        _closed(town, town.compounds[0], BEGIN, 1)
    explained = town.district.explain("requests.closed", most=2)
    assert (explained.amount, len(explained.counted), explained.more) == (3, 2, True)


def test_an_unknown_figure_is_refused_with_the_nearest_known_one(town: Town) -> None:
    with pytest.raises(NotFound, match=r"did you mean requests\.closed\?$"):
        town.district.explain("requests.close")
