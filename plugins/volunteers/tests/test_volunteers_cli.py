"""`linli session`, `linli guardian` and `linli wish`."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from linli import Actor, District
from linli._district.district import open_district
from linli.testing import who
from linli_volunteers.testing import VolunteerCompound, volunteer_compound


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VolunteerCompound:
    return volunteer_compound(new_district)


class Shell:
    """Commands in a compound's district, at the test's moment."""

    def __init__(
        self, compound: VolunteerCompound, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.folder, self.command = compound.district.configuration.folder, command
        # A command opens the district by itself, which would be on the machine's clock.
        monkeypatch.setattr("linli._cli.shared.open_district", partial(open_district, clock=compound.clock))

    def run(self, *arguments: object, refused: bool = False) -> str:
        """What a command printed."""
        printed = self.command(*map(str, arguments), folder=self.folder)
        assert (printed.code != 0) == refused, printed.err
        return str(printed.err if refused else printed.out)

    def json(self, *arguments: object) -> Any:
        """What a command printed for programs."""
        return json.loads(self.run(*arguments, "--json"))


@pytest.fixture
def shell(compound: VolunteerCompound, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(compound, command, monkeypatch)


def _by(actor: Actor) -> tuple[str, str]:
    return "--as", str(who(actor))


def _planned(compound: VolunteerCompound, shell: Shell, *more: str) -> UUID:
    act = shell.json(
        "session", "plan", "--place", compound.place, "--kind", "wish", "--title", "认领", "--meet-at", "南门",
        "--starts-at", "2026-03-02T09:10", "--ends-at", "2026-03-02T11:10", "--capacity", 1, "--open", *more,
    )  # fmt: skip
    return UUID(act["id"])


def test_a_session_from_planning_to_the_certificate(
    compound: VolunteerCompound, shell: Shell, tmp_path: Path
) -> None:
    volunteer = compound.volunteer()
    session = _planned(compound, shell)
    assert shell.json("session", "sign-up", session, *_by(volunteer))["state"] == "signed_up"
    assert shell.json("session", "sign-up", session, "--for", who(compound.ann))["state"] == "waiting"
    shell.run("session", "begin", session)
    picture = tmp_path / "code.svg"
    code = shell.json("session", "code", session, "--purpose", "check-in", "--qr", picture)["code"]
    assert picture.read_text(encoding="utf-8").startswith("<?xml")
    assert code in shell.run("session", "code", session, "--purpose", "check-in", "--terminal")
    shell.run("session", "check-in", session, "--code", code, *_by(volunteer))
    compound.clock.now = compound.at("2026-03-02 10:10")
    shell.run("session", "check-out-by-hand", session, "--for", who(volunteer), "--reason", "没电")
    shell.run(
        "session", "correct", session, "--for", who(volunteer), "--minutes", 65, "--late", "--reason", "更正"
    )
    roster = shell.run("session", "roster", session)
    assert "王**" in roster
    assert "王小明" not in roster
    shell.run("session", "hold", session)
    assert [one["state"] for one in shell.json("session", "roster", session)] == ["attended", "not_placed"]
    assert shell.json("session", "hours", who(volunteer))["minutes"] == 65
    assert "1 hours 5 minutes" in shell.run("session", "hours", who(volunteer))
    page = tmp_path / "证明.html"
    issued = shell.json("session", "certificate", who(volunteer), "--out", page)
    assert "王小明 took part in 1 volunteer sessions" in page.read_text(encoding="utf-8")
    verified = shell.run("session", "verify", issued["code"])
    assert "genuine, and it stands" in verified
    assert "王小明" not in verified
    shell.run("session", "revoke", issued["code"], "--reason", "作废")
    assert not shell.json("session", "verify", issued["code"])["stands"]
    seat_of = ("--for", str(who(volunteer)), "--reason", "代签")
    assert "hours annulled" in shell.run("session", "annul", session, *seat_of)


def test_a_session_is_listed_enlarged_left_and_postponed(compound: VolunteerCompound, shell: Shell) -> None:
    session = _planned(compound, shell)
    for actor in (compound.ann, compound.ben, compound.cai):
        shell.run("session", "sign-up", session, *_by(actor))
    shell.run("session", "enlarge", session, "--more", 1)
    shell.run("session", "leave", session, *_by(compound.ann))
    states = [one["state"] for one in shell.json("session", "roster", session)]
    assert states == ["left", "signed_up", "signed_up"]
    assert "认领" in shell.run("session", "list", "--open", "--place", compound.place)
    (listed,) = shell.json("session", "list")
    assert (listed["kind"], listed["run_by_bank"]) == ("wish", True)
    when = ("--new-starts-at", "2026-03-09T09:00", "--new-ends-at", "2026-03-09T10:00", "--reason", "下雨")
    after = shell.json("session", "postpone", session, *when)["postponed_to"]
    number = shell.json("session", "show", after)["number"]
    assert str(number) in shell.run("session", "list", "--state", "sign_up")
    assert "civility" in shell.run("session", "kinds", "--json")


def test_a_leader_admits_marks_absent_and_checks_in_by_hand(
    compound: VolunteerCompound, shell: Shell
) -> None:
    session = compound.begun(compound.ann, compound.ben, capacity=1, hours=1)
    ann, ben = ("--for", str(who(compound.ann))), ("--for", str(who(compound.ben)))
    shell.run("session", "leave", session, *ann, "--reason", "病", *_by(compound.leader))
    shell.run("session", "admit", session, *ben, *_by(compound.leader))
    shell.run(
        "session",
        "check-in-by-hand",
        session,
        *ben,
        "--reason",
        "没手机",
        "--checked-in-at",
        "2026-03-02T10:00",
    )
    shell.run("session", "mark-absent", session, *ben, "--reason", "错签")
    assert shell.json("session", "roster", session)[1]["state"] == "marked_absent"
    assert "say whose it is" in shell.run("session", "admit", session, refused=True)


def test_a_guardians_consent_is_recorded_and_withdrawn(compound: VolunteerCompound, shell: Shell) -> None:
    given = (
        "guardian", "give", "--for", who(compound.ann), "--guardian", who(compound.resident), "--seen", "in_person",
        "--place", compound.place, "--until", "2027-01-01",
    )  # fmt: skip
    consent = shell.json(*given)["id"]
    assert "withdrawn" in shell.run("guardian", "withdraw", consent, "--reason", "搬家")


def test_a_wish_from_making_to_thanks(compound: VolunteerCompound, shell: Shell) -> None:
    wish = shell.json(
        "wish", "propose", "--title", "一台轮椅", "--place", compound.place, "--for", who(compound.elder),
        "--details", "送到3栋", "--wanted-by", "2026-04-01", *_by(compound.steward),
    )["id"]  # fmt: skip
    shell.run("wish", "approve", wish)
    listed = shell.run("wish", "list", "--state", "posted")
    assert "一台轮椅" in listed
    assert str(who(compound.elder)) not in shell.run("wish", "list", "--json")
    shell.run("wish", "claim", wish, *_by(compound.ann))
    shell.run("wish", "release", wish, *_by(compound.ann), "--reason", "买不到")
    shell.run("wish", "claim", wish, *_by(compound.ben))
    assert "送到3栋" in shell.run("wish", "details", wish, *_by(compound.ben), "--reason", "送货")
    shell.run("wish", "fulfil", wish, *_by(compound.ben))
    assert "thanked" in shell.run("wish", "thank", wish, *_by(compound.elder))


@pytest.mark.parametrize("noun", ["session", "guardian", "wish"])
def test_help_teaches_by_examples(compound: VolunteerCompound, shell: Shell, noun: str) -> None:
    assert f"linli {noun} " in shell.run(noun, "--help")
