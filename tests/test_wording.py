"""Verbs as people read them: in lists, statements, explanations and refusals; programs get them as they are."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from linli._base.errors import NotAllowed
from linli._base.i18n import speaking
from linli._cli.top import cli
from linli._district.district import District
from linli._model.access import Actor
from linli._model.acts import new_id
from linli.testing import a_place, somebody

CORE = Path(__file__).parent.parent / "core" / "linli"


def test_every_act_of_the_core_that_is_no_move_has_words_for_it(district: District) -> None:
    found = [act.verb for act in district.rules.direct_acts]
    assert len(found) > 20
    assert not {verb for verb in found if str(district.rules.called(verb)) == verb}


def test_a_move_is_called_by_its_workflow_and_its_label_in_the_readers_language(district: District) -> None:
    assert str(district.rules.called("request.accept")) == "request · accept"
    with speaking("zh"):
        assert str(district.rules.called("request.accept")) == "诉求 · 受理"
        assert str(district.rules.called("request.late")) == "诉求 · 超时"
        assert str(district.rules.called("points.award")) == "手工记分"
        assert str(district.rules.called("request")) == "诉求"


def test_a_verb_that_nobody_has_words_for_stands_as_it_is(district: District) -> None:
    assert str(district.rules.called("snow.{shovel}")) == "snow.{shovel}"


def test_every_move_of_every_workflow_has_words(district: District) -> None:
    with speaking("zh"):
        for flow in district.rules.workflows.values():
            for move in flow.moves:
                assert re.fullmatch(
                    r"[^a-z]+ · [^a-z]+", str(district.rules.called(f"{flow.name}.{move.name}"))
                )


def _accepted(district: District) -> None:
    request = district.dispatch.submit(a_place(district, "锦绣花园"), "漏水", "厨房").subject
    district.make(request, "accept", {"service": "general"})


def test_an_explanation_has_words_for_people_and_verbs_for_programs(
    new_district: Callable[..., District], command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    district = new_district()
    _accepted(district)
    folder = district.configuration.folder
    monkeypatch.setenv("LINLI_LANG", "zh")
    said = command("brief", "--explain", "requests.accepted", folder=folder).out
    assert "诉求 · 受理  锦绣花园" in said
    assert "request." not in said.split("\n", 1)[1]
    document = json.loads(command("brief", "--explain", "requests.accepted", "--json", folder=folder).out)
    assert document["verbs"] == ["request.accept"]
    assert document["counted"][0]["what"] == "request.accept"


def test_a_statement_has_words_for_people_and_verbs_for_programs(
    new_district: Callable[..., District], command: Callable[..., Any]
) -> None:
    district = new_district()
    place = a_place(district, "锦绣花园")
    person = somebody(district, None, place).person
    assert person
    district.award.award(person, 5, "清扫", reason="x", place=place)
    folder = district.configuration.folder
    assert "points given by hand" in command("points", "statement", str(person), folder=folder).out
    lines = json.loads(command("points", "statement", str(person), "--json", folder=folder).out)
    assert lines[0]["cause_verb"] == "points.award"


def test_a_refusal_says_what_was_wanted_in_words(district: District) -> None:
    place = a_place(district, "锦绣花园")
    somebody = district.register.person(name="王小明", phone="13900001234", home=place)
    with pytest.raises(NotAllowed, match=r"^points given by hand: you may not do this here"):
        district.award.award(new_id(), 5, "清扫", reason="x", place=place, actor=Actor(person=somebody))


def test_a_share_is_read_in_percent(
    new_district: Callable[..., District], command: Callable[..., Any]
) -> None:
    district = new_district()
    _accepted(district)
    out = command("brief", folder=district.configuration.folder).out
    assert re.search(r"closing rate\s+0\.0%", out)


def test_a_figure_of_the_register_is_explained_as_the_register_has_it(
    new_district: Callable[..., District],
) -> None:
    district = new_district(enabled=("stewards",))
    words = ["--district", str(district.configuration.folder), "brief", "--explain", "stewards.units_covered"]
    with speaking("zh"):
        result = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert "以登记为准" in result.output
