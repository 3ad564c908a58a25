"""Centres: opened with their facilities, their hours and services, suspended, closed; and their figures."""

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from sqlalchemy import inspect

from linli import ConfigError, District, NotAllowed, Refused, StoredSubject
from linli._hooks.plugins import Plugins
from linli._model.compiled import Move
from linli._schema import migrate
from linli._store.store import Store
from linli.testing import Explorer, Tried, snapshot, write_district
from linli_centres.records import FACILITIES
from linli_centres.tables import TABLES
from linli_centres.testing import Hall, a_hall

CATALOGUE = """
[[centres.services]]
code = "pension"
name = "养老保险认证"
by = "社保专干"
papers = ["身份证"]

[[centres.services]]
code = "repair"
name = "物业报修"
by = "物业服务台"
days = 2
"""


@pytest.fixture
def hall(new_district: Callable[..., District]) -> Hall:
    return a_hall(new_district)


def _hours(hall: Hall, day: str, *, of_hall: bool = False) -> str:
    spans = hall.centres.hours_on(hall.centre, date.fromisoformat(day), hall=of_hall)
    return ",".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans)


def _refused(hall: Hall, move: str, values: dict[str, object], why: str, **more: Any) -> None:
    before = snapshot(hall.district, TABLES)
    with pytest.raises(Refused, match=why):
        hall.district.make(hall.centre, move, values, **more)
    assert snapshot(hall.district, TABLES) == before


# --- what it is -----------------------------------------------------------------------------------------------


def test_a_centre_has_four_facilities_and_a_courier_station_none_and_is_counted_apart(hall: Hall) -> None:
    hall.centres.open(hall.street, "火车站快递外卖红色驿站", kind="courier_station", actor=hall.officer)
    figures = hall.figures()
    assert (figures["centres.total"], figures["centres.courier_stations"]) == (1, 1)
    assert [figures[f"centres.{name}"] for name in ("halls", "stations", "gardens", "boards")] == [1, 1, 1, 1]
    found = hall.centres.centres(hall.street)
    assert [one.record.facilities for one in found] == [FACILITIES, ()]


@pytest.mark.parametrize(
    ("kind", "facilities", "why"),
    [
        ("centre", ("hall", "pool"), "must be one of hall, station"),
        ("centre", ("hall", "hall"), "named twice"),
        ("centre", (), "at least one"),
        ("courier_station", ("hall",), "has no hall"),
    ],
)
def test_facilities_are_those_that_there_are(
    hall: Hall, kind: str, facilities: tuple[str, ...], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        hall.centres.open(hall.place, "x", kind=kind, facilities=facilities, actor=hall.officer)


def test_a_centre_that_is_equipped_anew_counts_by_what_it_has(hall: Hall) -> None:
    hall.district.make(hall.centre, "equip", {"facilities": ("hall", "board")}, actor=hall.officer)
    figures = hall.figures()
    assert (figures["centres.total"], figures["centres.halls"], figures["centres.gardens"]) == (1, 1, 0)
    assert hall.centres.centre(hall.centre).record.seats == 40, "what was not named stays"


def test_only_a_centre_in_service_is_counted_and_open(hall: Hall) -> None:
    hall.district.make(hall.centre, "suspend", {"reason": "装修"}, actor=hall.officer)
    assert hall.figures()["centres.total"] == 0
    assert _hours(hall, "2026-03-03") == ""
    hall.district.make(hall.centre, "resume", actor=hall.officer)
    assert hall.figures()["centres.total"] == 1
    hall.district.make(hall.centre, "suspend", {"reason": "装修"}, actor=hall.officer)
    hall.district.make(hall.centre, "close", {"reason": "撤并"}, actor=hall.officer)
    assert hall.figures()["centres.total"] == 0
    assert hall.centres.centres() == []
    assert len(hall.centres.centres(closed=True)) == 1


def test_the_street_opens_and_closes_and_the_keeper_keeps_the_hours(hall: Hall) -> None:
    for move in ("suspend", "close"):
        with pytest.raises(NotAllowed):
            hall.district.make(hall.centre, move, {"reason": "x"}, actor=hall.keeper)
    with pytest.raises(NotAllowed):
        hall.centres.open(hall.place, "x", actor=hall.keeper)
    hall.district.make(hall.centre, "set_hours", {"week": ["1-6 09:00-17:00"]}, actor=hall.keeper)
    with pytest.raises(NotAllowed):
        hall.district.make(hall.centre, "set_hours", {"week": []}, actor=hall.booker)


# --- when it is open --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-03-03", "08:30-12:00,14:30-17:30"),  # a Tuesday
        ("2026-03-07", ""),  # a Saturday
        ("2025-10-01", ""),  # National Day
        ("2025-10-08", ""),  # its last day, a Wednesday
        ("2025-10-11", "08:30-12:00,14:30-17:30"),  # a Saturday that is worked for it
        ("2025-09-28", "08:30-12:00,14:30-17:30"),  # a Sunday that is
    ],
)
def test_a_centre_keeps_the_district_s_hours_and_holidays(hall: Hall, day: str, hours: str) -> None:
    assert _hours(hall, day) == hours


def test_a_centre_that_is_open_on_saturdays_is_closed_on_those_of_a_holiday(hall: Hall) -> None:
    hall.district.make(
        hall.centre,
        "set_hours",
        {"week": ["1-5 09:00-17:00", "6 09:00-12:00"], "hall_week": ["1-7 09:00-21:00"]},
    )
    assert _hours(hall, "2026-03-07") == "09:00-12:00"
    assert _hours(hall, "2025-10-04") == "", "a Saturday within National Day"
    assert _hours(hall, "2025-10-11") == "09:00-12:00", "worked: as on any Saturday of its week"
    assert _hours(hall, "2026-03-08", of_hall=True) == "09:00-21:00"


def test_a_district_can_keep_its_centres_open_on_holidays(new_district: Callable[..., District]) -> None:
    hall = a_hall(new_district, '\n[centres]\nholidays = "as_usual"\n')
    assert _hours(hall, "2025-10-01") == "08:30-12:00,14:30-17:30"
    assert _hours(hall, "2025-10-11") == ""


def test_a_day_is_closed_or_opened_against_the_week_and_the_last_word_holds(hall: Hall) -> None:
    hall.district.make(
        hall.centre, "close_day", {"day": date(2026, 3, 3), "reason": "设备检修"}, actor=hall.keeper
    )
    hall.district.make(hall.centre, "open_day", {"day": "2026-03-07"}, actor=hall.keeper)
    assert _hours(hall, "2026-03-03") == ""
    assert _hours(hall, "2026-03-07") == "08:30-12:00,14:30-17:30", "as on Monday"
    hall.district.make(hall.centre, "open_day", {"day": "2026-03-03"}, actor=hall.keeper)
    assert _hours(hall, "2026-03-03") == "08:30-12:00,14:30-17:30"
    _refused(hall, "close_day", {"day": "2026-03-05"}, "reason is missing", actor=hall.keeper)
    both: dict[str, object] = {
        "day": "2026-03-09",
        "open_days": ("2026-03-09",),
        "closed_days": ("2026-03-09",),
        "reason": "x",
    }
    _refused(hall, "close_day", both, "worked out by linli", actor=hall.keeper)


@pytest.mark.parametrize(
    ("week", "why"),
    [
        (("周一 09:00-12:00",), "is no opening hours"),
        (("1 12:00-09:00",), "closes before it opens"),
        (("1 09:00-12:00,11:00-13:00",), "put spans in order"),
        (("1-3 09:00-12:00", "3 14:00-15:00"), "there twice"),
        (("5-1 09:00-12:00",), "the first day comes after the last"),
        (("1 25:00-26:00",), "no time of day"),
    ],
)
def test_opening_hours_that_make_no_sense_are_refused(hall: Hall, week: tuple[str, ...], why: str) -> None:
    _refused(hall, "set_hours", {"week": week}, why, actor=hall.keeper)


# --- the one-door desk --------------------------------------------------------------------------------------------


def test_the_desk_says_what_can_be_done_by_whom_and_what_to_bring(
    new_district: Callable[..., District],
) -> None:
    hall = a_hall(new_district, CATALOGUE)
    services = hall.centres.services(hall.centre)
    assert [(one.name, one.by, one.papers, one.days) for one in services] == [
        ("养老保险认证", "社保专干", ("身份证",), 0),
        ("物业报修", "物业服务台", (), 2),
    ]
    hall.district.make(hall.centre, "offer", {"services": ("repair",)}, actor=hall.keeper)
    assert [one.code for one in hall.centres.services(hall.centre)] == ["repair"]
    assert [one.id for one in hall.centres.where("repair")] == [hall.centre]
    assert hall.centres.where("pension") == []
    _refused(hall, "offer", {"services": ("visa",)}, "no service visa", actor=hall.keeper)
    _refused(hall, "equip", {"facilities": ("hall",)}, "no station", actor=hall.officer)


def test_a_centre_without_a_station_has_no_desk(new_district: Callable[..., District]) -> None:
    hall = a_hall(new_district, CATALOGUE)
    hall.district.make(hall.centre, "equip", {"facilities": ("hall",)}, actor=hall.officer)
    assert hall.centres.services(hall.centre) == []


# --- figures, settings, tables --------------------------------------------------------------------------------------


def test_the_figures_are_what_counting_by_hand_gives(hall: Hall) -> None:
    chance = random.Random(42)
    for number in range(60):
        hall.clock.now += timedelta(days=3)
        found = hall.centres.centres()
        if chance.random() < 0.5 or not found:
            kind = chance.choice(("centre", "centre", "courier_station"))
            facilities = chance.sample(FACILITIES, chance.randint(1, 4)) if kind == "centre" else None
            place = chance.choice((hall.place, hall.street))
            hall.centres.open(place, f"中心{number}", kind=kind, facilities=facilities)
            continue
        one = chance.choice(found)
        moves = {"in_service": ("suspend", "close", "equip"), "suspended": ("resume", "close", "equip")}
        move = chance.choice(moves[one.state])
        facilities = chance.sample(FACILITIES[1:], chance.randint(1, 3))
        values: dict[str, object] = {"facilities": tuple(facilities)} if move == "equip" else {"reason": "x"}
        hall.district.make(one.id, move, {} if move == "resume" else values)
    serving = [one.record for one in hall.centres.centres() if one.state == "in_service"]
    centres = [one for one in serving if one.centre_kind == "centre"]
    figures = hall.figures()
    assert figures["centres.total"] == len(centres) > 2
    assert figures["centres.courier_stations"] == len(serving) - len(centres)
    for facility in FACILITIES:
        assert figures[f"centres.{facility}s"] == sum(facility in one.facilities for one in centres), facility


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ('hours = ["周一"]', "centres.hours"),
        ("hours = []", "centres.hours"),
        ('hall_hours = ["1 21:00-09:00"]', "centres.hall_hours"),
        ('slot = "20min"', "centres.slot"),
        ('slot = "1h"\nlongest = "30min"', "centres.longest"),
        ('hall_hours = ["1 09:00-10:00"]\nslot = "2h"', "centres.slot"),
        ("ladder = []", "centres.ladder"),
        ('ladder = ["street", "street"]', "centres.ladder"),
    ],
)
def test_settings_that_contradict_each_other_keep_the_district_closed(
    new_district: Callable[..., District], settings: str, where: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        new_district(enabled=("centres",), more=f"\n[centres]\n{settings}\n")
    assert [problem.where for problem in caught.value.problems] == [where]


def test_config_check_says_which_service_is_there_twice(command: Callable[..., Any], tmp_path: Path) -> None:
    twice = CATALOGUE.replace('"repair"', '"pension"')
    folder = write_district(tmp_path, enabled=("centres",), more=twice)
    checked = command("config", "check", folder=folder)
    assert checked.code != 0
    assert 'centres.services[1].code: "pension" is there twice' in checked.err + checked.out


def test_the_revisions_make_the_table_that_is_declared(store_url: str, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/x.db")
    migrate.upgrade(store, Plugins(("centres",)))
    made = inspect(store.engine)
    for table in TABLES.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in made.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}
        key = made.get_pk_constraint(table.name)["constrained_columns"]
        assert key == [column.name for column in table.primary_key]
        assert {one["name"] for one in made.get_indexes(table.name)} == {one.name for one in table.indexes}
    migrate.remove(store, Plugins(("centres",)), "centres")
    assert not set(inspect(store.engine).get_table_names()) & set(TABLES.tables)
    store.close()


# --- every sequence of moves by everybody --------------------------------------------------------------------------


class Openings(Explorer):
    """Every move of a centre, by everybody, in every order."""

    examples = 15
    steps = 10

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall.district, hall.actors)
        self.hall = hall

    def opened(self) -> UUID:
        name = f"中心{len(self.hall.centres.centres(closed=True))}"
        return self.hall.centres.open(self.hall.place, name, actor=self.hall.officer).subject

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        facilities = st.lists(st.sampled_from([*FACILITIES, "pool"]), max_size=4).map(tuple)
        weeks = st.sampled_from([(), ("1-5 09:00-17:00",), ("1-7 08:00-20:00",), ("x",)])
        return {
            "facilities": facilities,
            "week": weeks,
            "hall_week": weeks,
            "services": st.sampled_from([(), ("visa",)]),
            "closed_days": st.none(),
            "open_days": st.none(),
        }

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        record = self.hall.district.subject(root).record
        assert set(record.facilities) <= set(FACILITIES)
        assert record.facilities
        assert not set(record.closed_days) & set(record.open_days)
        assert record.services == ()
        serving = [one for one in self.hall.centres.centres() if one.state == "in_service"]
        assert self.hall.figures()["centres.total"] == len(serving)
        assert not any("x" in record.week for record in [one.record for one in serving])


def test_whatever_is_tried_with_a_centre_it_keeps_its_order_and_the_figures_agree(hall: Hall) -> None:
    tried = Openings(hall).explore()
    made = {one.move.name for one in tried if one.act}
    assert len(made) >= 4, made
    assert any(not one.act for one in tried)


def test_the_example_of_the_readme_is_one(new_district: Callable[..., District]) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (table,) = [block for block in readme.split("```") if block.startswith("toml\n")]
    hall = a_hall(new_district, "\n" + table[table.index("[centres]") :])
    assert [one.code for one in hall.centres.services(hall.centre)] == ["pension"]
    assert _hours(hall, "2026-03-07", of_hall=True) == "09:00-21:00"
