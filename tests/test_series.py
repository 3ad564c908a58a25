"""Figures by month and by place: against the brief, and against a dataframe of the same cells."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert

from linli._base.errors import NotFound, Refused
from linli._district.district import District
from linli._model.acts import new_id
from linli._model.figures import Amount
from linli._store import tables as t
from linli.testing import a_place, make_district

FLOW, ENDED = "requests.accepted", "requests.ended"
DAYS = st.integers(0, 500).map(lambda days: date(2025, 1, 1) + timedelta(days=days))
CELLS = st.lists(
    st.tuples(st.sampled_from((FLOW, ENDED, "requests.closed")), st.integers(0, 2), DAYS, st.integers(-2, 9)),
    max_size=25,
)


def _town(district: District) -> tuple[UUID, UUID, Sequence[UUID]]:
    """Two streets of one district: the first with two compounds, the second with one."""
    root = a_place(district, "区", kind="district")
    streets = [a_place(district, n, kind="street", parent=root, path=f"{root.hex}/") for n in "东西"]
    where = (streets[0], streets[0], streets[1])
    compounds = [
        a_place(district, name, parent=street, path=f"{root.hex}/{street.hex}/")
        for name, street in zip("甲乙丙", where, strict=True)
    ]
    return root, streets[0], compounds


def _fill(
    district: District, compounds: Sequence[UUID], cells: list[tuple[str, int, date, int]]
) -> pl.DataFrame:
    sums: dict[tuple[str, UUID, date], int] = {}
    for name, place, day, n in cells:
        sums[name, compounds[place], day] = sums.get((name, compounds[place], day), 0) + n
    with district.store.reading() as connection:
        for (name, where, day), n in sums.items():
            row = {"name": name, "place": where, "day": day, "n": n, "total": 3600 * n}
            connection.execute(insert(t.figure).values(district=district.code, **row))
    rows = [(name, where.hex, day, n) for (name, where, day), n in sums.items()]
    schema = {"name": pl.String, "place": pl.String, "day": pl.Date, "n": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _n(frame: pl.DataFrame, name: str, first: date, last: date) -> int:
    inside = (pl.col("name") == name) & pl.col("day").is_between(first, last)
    return int(frame.filter(inside)["n"].sum())


@settings(max_examples=25)
@given(cells=CELLS, start=DAYS, length=st.integers(0, 400))
def test_every_month_is_what_a_dataframe_of_the_cells_says(
    tmp_path_factory: pytest.TempPathFactory, cells: list[Any], start: date, length: int
) -> None:
    end = start + timedelta(days=length)
    with make_district(tmp_path_factory.mktemp("series")) as district:
        _, street, compounds = _town(district)
        frame = _fill(district, compounds, cells)
        for place in (None, street, compounds[0]):
            inside = {None: compounds, street: compounds[:2], compounds[0]: compounds[:1]}[place]
            part = frame.filter(pl.col("place").is_in([one.hex for one in inside]))
            _compare(district, place, part, start, end)


def _compare(district: District, place: UUID | None, part: pl.DataFrame, start: date, end: date) -> None:
    found = district.by_month(place, start, end)
    ends = [*(month - timedelta(days=1) for month in found.months[1:]), end]
    begins = [max(month, start) for month in found.months]
    accepted = [_n(part, FLOW, first, last) for first, last in zip(begins, ends, strict=True)]
    closed = [_n(part, "requests.closed", first, last) for first, last in zip(begins, ends, strict=True)]
    still = [_n(part, FLOW, date.min, last) - _n(part, ENDED, date.min, last) for last in ends]
    assert list(found.figures[FLOW]) == accepted
    assert list(found.figures["requests.open"]) == still
    assert list(found.figures["requests.mean_hours_to_close"]) == [1.0 if n else None for n in closed]
    brief = district.brief(place, start, end).figures
    assert sum(found.figures[FLOW]) == brief[FLOW]  # type: ignore[arg-type]
    assert found.figures["requests.open"][-1] == brief["requests.open"]


def test_every_place_has_what_its_own_brief_has(new_district: Callable[..., District]) -> None:
    district = new_district()
    root, street, compounds = _town(district)
    days = [date(2026, 1, 1) + timedelta(days=9 * n) for n in range(20)]
    names = (FLOW, ENDED, "requests.closed")
    _fill(district, compounds, [(names[n % 3], n % 2 + n % 3 // 2, day, n) for n, day in enumerate(days)])
    asked = (FLOW, "requests.open", "requests.mean_hours_to_close", "requests.oldest_open_hours")
    places = (root, street, *compounds)
    found = district.by_place(places, asked, date(2026, 2, 1), date(2026, 5, 31))
    for place in places:
        own = district.brief(place, date(2026, 2, 1), date(2026, 5, 31)).figures
        assert found[place] == {name: own[name] for name in asked}


def test_a_month_that_the_period_only_touches_counts_only_what_is_within(district: District) -> None:
    _, _, compounds = _town(district)
    _fill(district, compounds, [(FLOW, 0, date(2026, 1, day), 1) for day in (1, 15, 31)])
    found = district.by_month(None, date(2026, 1, 15), date(2026, 2, 3))
    assert found.months == (date(2026, 1, 1), date(2026, 2, 1))
    assert found.figures[FLOW] == (2, 0)


def test_what_no_sum_can_say_is_not_among_the_months(district: District) -> None:
    assert "requests.oldest_open_hours" not in district.by_month().figures
    assert "requests.ended" not in district.by_month().figures, "only what the brief shows"


def test_figures_by_place_are_for_known_places_from_compounds_up(district: District) -> None:
    _, _, compounds = _town(district)
    with pytest.raises(NotFound, match="there is no place"):
        district.by_place([new_id()], [FLOW])
    with pytest.raises(NotFound, match=r"there is no figure requests\.foo"):
        district.by_place(compounds, ["requests.foo"])
    building = a_place(district, "3栋", kind="building", parent=compounds[0])
    with district.store.reading() as connection:
        moved = t.place.update().where(t.place.c.id == building).values(reporting_place=compounds[0])
        connection.execute(moved)
    with pytest.raises(Refused, match="kept by compound"):
        district.by_place([building], [FLOW])


def test_twelve_months_are_one_read_however_long_the_history_is(district: District) -> None:
    seen: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(district.store.engine, "before_cursor_execute", note)
    district.by_month(None, date(2025, 1, 1), date(2025, 12, 31))
    event.remove(district.store.engine, "before_cursor_execute", note)
    assert len([statement for statement in seen if "FROM figure" in statement]) == 1
    assert not [statement for statement in seen if "FROM act" in statement or "FROM subject" in statement]


def test_a_place_that_has_no_cells_has_nothing_and_no_mean(district: District) -> None:
    _, _, compounds = _town(district)
    expected: dict[str, Amount] = {FLOW: 0, "requests.mean_hours_to_close": None}
    assert district.by_place(compounds, list(expected)) == dict.fromkeys(compounds, expected)
