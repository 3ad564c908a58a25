"""`linli points`."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from linli._base.errors import Refused
from linli._cli.points import points
from linli._district.district import District
from linli.testing import a_place, somebody


@pytest.fixture
def district(new_district: Callable[..., District]) -> District:
    return new_district()


def _run(district: District, *arguments: str) -> Result:
    result = CliRunner().invoke(points, arguments, obj={"path": str(district.configuration.folder)})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def _json(district: District, *arguments: str) -> Any:
    return json.loads(_run(district, *arguments, "--json").stdout)


def _people(district: District) -> tuple[str, str, str]:
    place = a_place(district, "锦绣花园")
    return str(place), *(str(somebody(district, None, place).person) for _ in range(2))  # type: ignore[return-value]


def test_points_are_given_moved_shown_and_taken_back(district: District) -> None:
    place, one, other = _people(district)
    given = _json(district, "award", one, "10", "--rule", "志愿服务", "--reason", "清扫", "--place", place)
    assert given["account"]["free"] == 10
    _run(district, "transfer", one, other, "4", "--rule", "互助")
    assert "6 points free, 0 held" in _run(district, "balance", one).stdout
    lines = _json(district, "statement", one)
    assert [(line["number"], line["amount"], line["balance"]) for line in lines] == [(2, -4, 6), (1, 10, 10)]
    assert "志愿服务" in _run(district, "statement", one).stdout
    back = _json(district, "reverse", given["act"], "--rule", "志愿服务", "--person", one, "--reason", "重复")
    assert (back["account"]["free"], back["account"]["owed"], back["values"]["owed"]) == (0, 4, 4)
    assert "0 points free, 0 held, 0 spent, 0 expired, 4 owed" in _run(district, "balance", one).stdout
    _run(district, "transfer", other, one, "4", "--rule", "互助")
    assert "settles what was owed: 志愿服务" in _run(district, "statement", one).stdout
    audit = _json(district, "audit")
    assert (audit["units"], audit["problems"]) == ({"points": 0}, [])


@pytest.mark.parametrize("amount", ["-5", "0", "1.5", "五", ""])
def test_an_amount_that_is_none_is_told_what_to_write(district: District, amount: str) -> None:
    place, one, other = _people(district)
    for arguments in (
        ("award", one, amount, "--rule", "x", "--reason", "y", "--place", place),
        ("transfer", one, other, amount, "--rule", "x"),
    ):
        result = _run(district, *arguments)
        assert result.exit_code == 2
        assert "write a whole number from 1" in result.output


def test_a_statement_says_in_words_what_linli_moved_units_for(district: District) -> None:
    place, one, _ = _people(district)
    person = UUID(one)
    given = district.award.award(person, 10, rule="hold 50%", reason="清扫", place=UUID(place))
    hold = district.award.hold(person, 4, rule="礼品")
    district.award.release(hold.id)
    district.award.reverse(given.id, "hold 50%", person, "重复")
    shown = _run(district, "statement", one).stdout
    assert [word for word in ("taken back: hold 50%", "given back", "礼品") if word not in shown] == []
    assert "reverse" not in shown


def test_a_command_that_is_repeated_with_its_key_gives_points_once(district: District) -> None:
    place, one, _ = _people(district)
    arguments = ("award", one, "10", "--rule", "x", "--reason", "y", "--place", place, "--key", one)
    first, second = _json(district, *arguments), _json(district, *arguments)
    assert first == second
    assert first["account"]["free"] == 10


def test_nobody_unknown_has_a_balance(district: District) -> None:
    with pytest.raises(Refused, match="finds nobody"):
        _run(district, "balance", "13800000000")


def test_nothing_expires_where_the_settings_say_nothing(district: District) -> None:
    assert _json(district, "expire") == []
