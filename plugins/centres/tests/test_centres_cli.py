"""`linli centre` and `linli hall`, as a clerk types them."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import click
import pytest
from click.testing import CliRunner

from linli import District, Refused, new_id
from linli_centres.cli import centre
from linli_centres.hall_cli import hall as halls
from linli_centres.testing import SHANGHAI, Hall, a_hall, at, who

CATALOGUE = '\n[[centres.services]]\ncode = "pension"\nname = "养老保险认证"\nby = "社保专干"\npapers = ["身份证", "照片"]\n'
ALWAYS = '\n[centres]\nhours = ["1-7 08:00-20:00"]\nholidays = "as_usual"\n'
CENTRE = "锦绣花园党群服务中心"
STATION = ("--place", "城南街道", "--centre-kind", "courier_station")


@pytest.fixture
def hall(new_district: Callable[..., District]) -> Hall:
    return a_hall(new_district, ALWAYS + CATALOGUE)


def _run(hall: Hall, noun: click.Group, *arguments: object) -> str:
    where = {"path": str(hall.district.configuration.folder)}
    result = CliRunner().invoke(noun, [str(one) for one in arguments], obj=where)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def _json(hall: Hall, noun: click.Group, *arguments: object) -> Any:
    return json.loads(_run(hall, noun, *arguments, "--json"))


def test_centres_and_courier_stations_are_opened_listed_and_closed(hall: Hall) -> None:
    station = _json(hall, centre, "open", "--name", "火车站驿站", *STATION)
    assert (station["centre_kind"], station["facilities"]) == ("courier_station", [])
    listed = _json(hall, centre, "list", "--place", "城南街道")
    assert {one["name"] for one in listed} == {CENTRE, "火车站驿站"}
    assert "hall, station" in _run(hall, centre, "list")
    assert "closed for a while" in _run(hall, centre, "suspend", station["id"], "--reason", "装修")
    assert "in service" in _run(hall, centre, "resume", station["id"])
    assert "closed for good" in _run(hall, centre, "close", station["id"], "--reason", "撤并")
    assert len(_json(hall, centre, "list", "--open")) == 1
    assert len(_json(hall, centre, "list")) == 2
    assert _json(hall, centre, "show", CENTRE)["seats"] == 40
    assert "锦绣花园" in _run(hall, centre, "show", CENTRE)


def test_a_centre_says_what_it_has_and_a_station_is_not_called_a_centre(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_LANG", "zh")
    where = ("--place", "城南街道")
    with pytest.raises(Refused, match="至少应有其中一项"):
        _run(hall, centre, "open", "--name", "城南党群服务中心", *where)
    said = _run(hall, centre, "open", "--name", "城南党群服务中心", *where, "--facilities", "board")
    assert "党群服务阵地" in said
    assert "当场办结" in _run(hall, centre, "services", CENTRE)


def test_a_name_is_given_once_at_a_time_and_again_when_its_centre_has_closed(hall: Hall) -> None:
    first = _json(hall, centre, "open", "--name", "火车站驿站", *STATION)
    with pytest.raises(Refused, match="open here already"):
        hall.centres.open(hall.street, "火车站驿站", actor=hall.officer)
    _run(hall, centre, "close", first["id"], "--reason", "撤并")
    again = _json(hall, centre, "open", "--name", "火车站驿站", *STATION)
    assert _json(hall, centre, "show", "火车站驿站")["id"] == again["id"] != first["id"]


def test_hours_facilities_and_services_are_set_and_shown(hall: Hall) -> None:
    _run(hall, centre, "set-hours", CENTRE, "--week", "1-5 09:00-17:00", "--hall-week", "1-7 09:00-21:00")
    shown = _json(hall, centre, "hours", CENTRE, "--on", "2026-03-03")
    assert shown == {"day": "2026-03-03", "centre": "09:00-17:00", "hall": "09:00-21:00"}
    _run(hall, centre, "close-day", CENTRE, "--day", "2026-03-03", "--reason", "检修")
    assert _json(hall, centre, "hours", CENTRE, "--on", "2026-03-03")["hall"] is None
    _run(hall, centre, "open-day", CENTRE, "--day", "2026-03-03")
    assert "09:00-17:00" in _run(hall, centre, "hours", CENTRE, "--on", "2026-03-03")
    assert _json(hall, centre, "services", CENTRE)[0]["papers"] == ["身份证", "照片"]
    for text in ("没有的中心", str(new_id())):
        with pytest.raises(Refused):
            _run(hall, centre, "hours", text)
    assert "社保专干" in _run(hall, centre, "services", CENTRE)
    _run(hall, centre, "offer", CENTRE, "--services", "pension")
    assert CENTRE in _run(hall, centre, "where", "pension")
    equipped = _json(
        hall, centre, "equip", CENTRE, "--facilities", "hall", "--facilities", "station", "--seats", 60
    )
    assert (equipped["facilities"], equipped["seats"]) == (["hall", "station"], 60)


def test_the_hall_is_looked_at_booked_approved_and_held(hall: Hall) -> None:
    # A command has no clock but the real one.
    day = f"{datetime.now(SHANGHAI) + timedelta(days=2):%Y-%m-%d}"
    times = (
        "--starts-at",
        f"{day} 09:00",
        "--ends-at",
        f"{day}T10:30",
        "--for",
        who(hall.booker),
        "--people",
        12,
    )
    booked = _json(hall, halls, "book", CENTRE, *times, "--purpose", "deliberation", "--note", "要投影仪")
    assert datetime.fromisoformat(booked["starts_at"]) == at(f"{day} 09:00")
    assert "approved" in _run(hall, halls, "approve", booked["id"])
    assert _json(hall, halls, "free", CENTRE, "--on", day)[0]["ends_at"].startswith(day)
    assert "10:30" in _run(hall, halls, "free", CENTRE, "--on", day)
    assert str(booked["number"]) in _run(hall, halls, "list", "--place", "锦绣花园")
    assert [one["id"] for one in _json(hall, halls, "list")] == [booked["id"]]
    with pytest.raises(Refused, match="taken then"):
        _run(hall, halls, "book", CENTRE, *times)
    with pytest.raises(Refused, match="not begun yet"):
        _run(hall, halls, "hold", booked["id"], "--came", 12)
    assert "cancelled" in _run(hall, halls, "cancel", booked["id"], "--reason", "改期")
    assert _json(hall, halls, "list") == []
    assert len(_json(hall, halls, "list", "--ended")) == 1


@pytest.mark.parametrize("noun", [centre, halls])
def test_help_teaches_by_examples(hall: Hall, noun: click.Group) -> None:
    assert f"linli {noun.name} " in _run(hall, noun, "--help")
