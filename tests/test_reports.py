"""Reports: what is declared of them is so, and whoever asks is answered what is theirs."""

import json
from importlib import import_module
from typing import Any

import attrs
import click
import pytest

from linli import OWN, District, PersonId, PlaceId, has_post
from linli._base.errors import NotAllowed, Refused
from linli._cli.main import plugin_nouns
from linli._cli.reports import add_reports, print_answer
from linli._hooks.plugins import Plugins, installed
from linli._model.access import Role
from linli._surfaces.reports import (
    Asked,
    Below,
    Card,
    Page,
    Report,
    Shown,
    Table,
    report,
    reports_in,
    slips_of,
)
from linli.testing import a_place, somebody, who

KEEPER = has_post("clerk")


@attrs.frozen(kw_only=True)
class Whose:
    person: PersonId
    place: PlaceId | None = None


def told(ask: Asked[Whose]) -> Card:
    return Card({"person": str(ask.given.person), "today": ask.today})


def _report(by: Role | None) -> Report[Whose, Card]:
    return report("shed.of", "show what somebody has", Whose, by=by, arguments=("person",))(told)


def test_only_whoever_it_is_for_is_answered_there(district: District) -> None:
    here, there = a_place(district, "甲小区"), a_place(district, "乙小区")
    keeper, resident = somebody(district, "clerk", here), somebody(district, None, here)
    mine = Whose(person=PersonId(who(resident)), place=PlaceId(here))
    for actor in (keeper, resident, district.console):
        assert _report(KEEPER | OWN).ask(district, mine, actor=actor).values["person"] == str(resident.person)
    theirs = Whose(person=PersonId(who(keeper)), place=PlaceId(there))
    # Without a place it is asked of the whole district, which a compound's clerk does not keep.
    for asked, actor in ((theirs, keeper), (theirs, resident), (attrs.evolve(mine, place=None), keeper)):
        with pytest.raises(NotAllowed) as refused:
            _report(KEEPER).ask(district, asked, actor=actor)
        assert refused.value.code == "core.not_permitted"


def test_what_is_given_is_looked_at_as_the_inputs_of_a_move(district: District) -> None:
    with pytest.raises(Refused) as refused:
        _report(None).read({"person": "nobody", "colour": "red"})
    assert sorted(getattr(reason, "field", "") for reason in refused.value.reasons) == ["colour", "person"]


def _answer(ask: Asked[Below]) -> Page:
    rows = [(1, Shown("lent", "borrowed"), ask.at), (2, Shown("back", "brought back"), None)]
    table = Table(("no.", "state", "due at"), rows, empty=None)
    return Page((table, "", "that is all"), table.plain, fails=True)


@pytest.fixture
def shed(monkeypatch: pytest.MonkeyPatch) -> click.Group:
    """A noun with a report, as a plugin brings it."""
    group = click.Group("shed")
    add_reports(group, (report("shed.all", "list what is lent", Below)(_answer), _report(OWN)))
    return group


def test_people_read_words_and_the_clock_and_programs_codes(
    district: District, capsys: pytest.CaptureFixture[str]
) -> None:
    page = report("shed.all", "list what is lent", Below)(_answer).ask(district, Below())
    for as_json in (False, True):
        with pytest.raises(SystemExit):
            print_answer(page, as_json)
    shown, plain = capsys.readouterr().out.split("[", 1)
    assert [line.split()[:2] for line in shown.splitlines()[1:3]] == [["1", "borrowed"], ["2", "brought"]]
    assert shown.splitlines()[-2:] == ["", "that is all"]
    assert [one["state"] for one in json.loads(f"[{plain}")] == ["lent", "back"]


def test_a_report_s_command_has_its_arguments_its_options_and_an_example(shed: click.Group) -> None:
    assert list(shed.commands) == ["all", "of"]
    command = shed.commands["of"]
    kinds = {one.name: type(one).__name__ for one in command.params}
    assert (kinds["person"], kinds["place"]) == ("Argument", "Option")
    assert str(command.help).endswith("linli shed of PERSON")


def test_slips_of_reports_are_told_all_at_once() -> None:
    @attrs.frozen
    class Wrong:
        odd: object

    def nothing(ask: Asked[Any]) -> Card:
        return Card({})

    wrong: list[Report[Any, Any]] = [
        report("loose", "x", Below)(nothing),
        report("shed.a", "x", Below, arguments=("plase",), called={"plcae": "in"})(nothing),
        report("shed.a", "x", Below)(nothing),
        report("shed.b", "x", Wrong)(nothing),
    ]
    told = [str(slip) for slip in slips_of(wrong)]
    assert [one.split()[1].rstrip(":") for one in told] == ["loose", "shed.a", "shed.a", "shed.a", "shed.b"]


def _declared() -> dict[str, tuple[str, Report[Any, Any]]]:
    """Every report of every plugin that is installed: by name, the plugin and the report."""
    found: dict[str, tuple[str, Report[Any, Any]]] = {}
    for plugin, declaration in Plugins(sorted(installed())).declarations.items():
        for one in reports_in(declaration.reports) if declaration.reports else ():
            assert one.name not in found, f"{one.name} of {plugin} is that of another plugin too"
            found[one.name] = plugin, one
    return found


def test_every_report_of_our_plugins_is_right_and_has_its_command() -> None:
    declared = _declared()
    assert len(declared) > 40
    assert not [str(slip) for slip in slips_of(one for _, one in declared.values())]
    for name, (plugin, _) in declared.items():
        noun, *path = name.replace("_", "-").split(".")
        module, _, attribute = plugin_nouns()[noun][0].partition(":")
        command = getattr(import_module(module), attribute)
        for part in path:
            command = command.commands[part]
        assert module.startswith(f"linli_{plugin}")
        assert f"linli {name.replace('_', '-').replace('.', ' ')}" in str(command.help)
