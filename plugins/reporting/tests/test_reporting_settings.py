"""What contradicts itself in the [reporting] table; and the plugin beside that of the branches."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linli import District
from linli.testing import who, write_district
from linli_party.testing import party_street
from linli_reporting.api import Reporting

WRONG = {
    "ladder = []": "reporting.ladder: is empty",
    'ladder = ["branch", "branch"]': "is there twice",
    '[[reporting.counted]]\nact = "seat"\nkind = "x"': "reporting.counted[0].act: is no act",
    '[[reporting.counted]]\nact = "membership_report.confirm"\nkind = "x"': "nothing that a member has done since",
    '[[reporting.counted]]\nact = "a.b"\nkind = ""': "must have 1 to 40 characters",
    '[[reporting.counted]]\nact = "a.b"\nkind = "x"\n[[reporting.counted]]\nact = "a.b"\nkind = "x"': "is counted as x twice",
    '[[reporting.counted]]\nact = "a.b"\nkind = "x"\nback = true': "nothing can be taken back",
    '[[reporting.counted]]\nact = "a.b"\nkind = "x"\n[[reporting.counted]]\nact = "a.c"\nkind = "x"\nback = true\n'
    'minutes = "minutes"': "taken back whole",
    "confirm_within = 0": "reporting.confirm_within",
}


@pytest.mark.parametrize(("text", "why"), WRONG.items())
def test_settings_that_contradict_each_other_are_told_where(
    text: str, why: str, command: Callable[..., Any], tmp_path: Path
) -> None:
    write_district(tmp_path, enabled=("reporting",), more=f"\n[reporting]\n{text}\n")
    printed = command("config", "check", folder=tmp_path)
    assert printed.code == 1
    assert why in printed.err + printed.out


def test_the_defaults_and_what_the_documentation_says_are_fine(
    command: Callable[..., Any], tmp_path: Path
) -> None:
    readme = Path(__file__).parents[1] / "README.md"
    example = readme.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    for text in ("", example.partition("[reporting]")[2]):
        write_district(tmp_path, enabled=("party", "reporting"), more=f"\n[reporting]\n{text}\n")
        assert command("config", "check", folder=tmp_path).code == 0


def test_a_branch_that_the_street_sets_up_is_given_what_waits(new_district: Callable[..., District]) -> None:
    street = party_street(new_district, enabled=("party", "reporting"))
    desk = Reporting(street.district)
    report = desk.announce(who(street.members[3]), actor=street.members[3]).subject
    assert street.district.subject(report).record.branch is None
    street.set_up()
    street.work()
    found = street.district.subject(report)
    assert found.record.branch is not None
    street.district.make(report, "confirm", actor=street.members[0])
    assert street.district.subject(report).state == "confirmed"
