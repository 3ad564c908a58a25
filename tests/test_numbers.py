"""Short numbers: drawn, checked, unique, and typed wherever a matter is named."""

import sqlite3
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli._base import numbers
from linli._base.errors import NotFound, Refused
from linli._district.district import District
from linli._engine.listing import identified, numbers_of
from linli._model.acts import new_id
from linli._model.subjects import StoredSubject, stored_in_bulk
from linli._schema import migrate
from linli._store import Row
from linli._store.bulk import Lookup
from linli._store.store import Store
from linli.testing import a_place, all_of, make_district

drawn = st.builds(numbers.draw, st.integers(0, 9))


def _typed(text: str) -> int | None:
    try:
        return numbers.read(text)
    except Refused:
        return None


@given(drawn, st.data())
def test_one_wrong_digit_is_always_found(number: int, data: st.DataObject) -> None:
    digits = str(number)
    at = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[at]]))
    assert _typed(digits[:at] + other + digits[at + 1 :]) is None


@given(drawn, st.data())
def test_two_neighbours_swapped_are_always_found(number: int, data: st.DataObject) -> None:
    digits = str(number)
    at = data.draw(st.integers(0, len(digits) - 2))
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    assert swapped == digits or _typed(swapped) is None


@given(drawn)
def test_a_number_is_read_however_it_was_grouped_and_with_full_width_digits(number: int) -> None:
    digits = numbers.written(number)
    text = f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    wide = text.translate(str.maketrans("0123456789 ", "０１２３４５６７８９　"))
    assert [numbers.read(one) for one in (text, digits, text.replace(" ", "-"), wide)] == [number] * 4


def test_numbers_are_not_counted_up_and_longer_ones_have_more_digits() -> None:
    some = [numbers.draw() for _ in range(200)]
    assert len(set(some)) == 200
    assert some != sorted(some)
    assert {len(str(one)) for one in some} == {9}
    assert len(str(numbers.draw(2))) == 11
    assert numbers.draw(99) < 2**63


def _request(district: District) -> tuple[str, int]:
    act = district.dispatch.submit(a_place(district, "锦绣花园"), "漏水", "水管漏水", channel="desk")
    return str(act.subject), district.subject(act.subject).number


def test_a_matter_is_named_by_its_short_number_or_by_the_long_one(district: District) -> None:
    ident, number = _request(district)
    assert str(identified(district, numbers.written(number))) == ident
    assert str(identified(district, ident)) == ident


def test_a_mistyped_number_is_told_as_such_and_one_of_no_matter_too(district: District) -> None:
    _, number = _request(district)
    wrong = str(number)[:-1] + str((number + 1) % 10)
    with pytest.raises(Refused, match="check the digits"):
        identified(district, wrong)
    with pytest.raises(NotFound, match="no matter has the number"):
        identified(district, str(numbers.draw(5)))
    with pytest.raises(Refused, match="no number of linli's"):
        identified(district, "漏水")


def test_people_and_places_get_no_short_number(district: District) -> None:
    ident = district.register.person(name="张三", phone="13800138000")
    assert numbers_of(district, [ident, a_place(district, "锦绣花园")]) == {}


def test_a_number_that_is_taken_is_drawn_again_and_longer(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, taken = _request(district)
    asked: list[int] = []

    def draw(longer: int = 0) -> int:
        asked.append(longer)
        return taken if longer == 0 else drawn_before(longer)

    drawn_before = numbers.draw
    monkeypatch.setattr(numbers, "draw", draw)
    _, number = _request(district)
    assert number != taken
    assert len(str(number)) == 10
    assert {0, 1} <= set(asked)


def _subject(number: int) -> StoredSubject:
    return StoredSubject(
        id=new_id(), root=new_id(), kind="request", state="accepted", place=new_id(), compound=new_id(),
        opened_at=datetime(2026, 3, 1, tzinfo=UTC), record={}, number=number,
    )  # fmt: skip


def test_of_many_rows_at_once_each_gets_a_free_number_with_one_question_for_all() -> None:
    taken, asked = numbers.draw(), []

    def found(lookup: Lookup, keys: Sequence[Hashable]) -> list[Row]:
        asked.append(keys)
        return [(taken,)] if taken in keys else []

    same = numbers.draw()
    rows = stored_in_bulk("d", [_subject(one) for one in (taken, same, same, numbers.draw())], found)
    given_out = [row[-1] for row in rows.rows]
    assert given_out[1] == same
    assert len({*given_out, taken}) == 5
    assert [len(str(one)) for one in given_out] == [10, 9, 10, 9]
    assert [len(keys) for keys in asked] == [4, 2]


def test_the_requests_of_a_file_have_numbers_of_their_own(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    district = new_district(enabled=("tabular",))
    rows = "\n".join(f"2026-03-{day:02} 09:00,漏水,第{day}件" for day in range(1, 25))
    file = tmp_path / "诉求.csv"
    file.write_text(f"受理时间,类别,诉求内容\n{rows}\n", encoding="utf-8")
    report = district.importing.run([file], kind="requests")
    found = all_of(district, "request")
    assert len(found) == 24, report
    assert len({one.number for one in found}) == 24
    assert all(numbers.read(str(one.number)) == one.number for one in found)


def test_matters_of_an_older_database_get_numbers_when_it_is_upgraded(tmp_path: Path) -> None:
    with make_district(tmp_path) as district:
        plugins = district.configuration.plugins
        wanted = [_request(district)[0] for _ in range(3)]
    file = tmp_path / "linli.db"
    with sqlite3.connect(file) as connection:
        _back_to_before(connection)
    store = Store(f"sqlite:///{file}")
    assert [one.at for one in migrate.upgrade(store, plugins)] == ["0004"]
    with store.reading() as reading:
        rows = reading.exec_driver_sql("SELECT id, number FROM subject").all()
    store.close()
    assert {row[0] for row in rows} >= {one.replace("-", "") for one in wanted}
    assert len({row[1] for row in rows}) == len(rows)
    assert all(numbers.read(str(row[1])) == row[1] for row in rows)


def _back_to_before(connection: sqlite3.Connection) -> None:
    """What the database was before short numbers: the same table without the columns that came then and later, and their indexes."""
    connection.execute("ALTER TABLE place RENAME COLUMN reporting_place TO figures_at")
    for name in ("latitude_e6", "longitude_e6", "outline", "coordinate_system", "coordinate_source"):
        connection.execute(f"ALTER TABLE place DROP COLUMN {name}")
    columns = [
        row[1]
        for row in connection.execute("PRAGMA table_info(subject)")
        if row[1] not in ("number", "origin", "undecided")
    ]
    names = ", ".join(columns)
    connection.execute("DROP INDEX ix_subject_opened")
    indexes = connection.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'subject' AND type = 'index'"
    )
    later = ("origin", "undecided", "ix_subject_place")
    kept = [sql for (sql,) in indexes if sql and not any(one in sql for one in later)]
    connection.execute(f"CREATE TABLE old AS SELECT {names} FROM subject")  # noqa: S608
    connection.execute("DROP TABLE subject")
    connection.execute("ALTER TABLE old RENAME TO subject")
    for sql in kept:
        connection.execute(sql)
    connection.execute("UPDATE alembic_version SET version_num = '0004'")
