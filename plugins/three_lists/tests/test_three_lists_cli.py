"""`linli need` and `linli service`, as a clerk types them."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from linli import NotFound, Refused, Seat
from linli._cli.task import offer
from linli.testing import somebody
from linli_three_lists.cli import need, service
from linli_three_lists.testing import Town, moment, who
from linli_three_lists.testing.pictures import picture


@pytest.fixture
def run(town: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run a command on the town's district, at its clock's moment."""
    monkeypatch.setattr("linli._cli.shared.open_district", _opens(town))
    where = {"path": str(town.district.configuration.folder)}

    def command(noun: click.Group, *arguments: object) -> str:
        result = CliRunner().invoke(noun, [str(one) for one in arguments], obj=where)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.stdout

    return command


def _opens(town: Town) -> Callable[..., Any]:
    from linli._district.district import open_district

    return lambda path: open_district(path, clock=town.clock)


Run = Callable[..., str]


def _json(run: Run, noun: click.Group, *arguments: object) -> Any:
    return json.loads(run(noun, *arguments, "--json"))


def test_a_need_is_matched_without_being_kept(town: Town, run: Run) -> None:
    arguments = ("match", "厨房水管漏水", "--place", town.place)
    found = _json(run, need, *arguments)
    assert (found["service"], found["rule"]) == ("water", "three_lists: water")
    assert found["seat"] == f"property_manager@{town.company}"
    assert "8 service hours" in run(need, *arguments)
    assert "day and night" in run(need, "match", "困人", "--place", town.place)


def test_what_nothing_fits_says_so(town: Town, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli_three_lists.api.Needs.match", lambda *_: None)
    with pytest.raises(NotFound, match="the desk names one"):
        run(need, "match", "天上有云", "--place", town.place)


def test_the_services_are_listed_with_their_time_whom_they_take_and_what_they_cost(
    town: Town, run: Run
) -> None:
    found = {one["code"]: one for one in _json(run, service, "list")}
    assert found["water"]["rules"] == ["old pipes", "water"]
    assert (found["water"]["takes"], found["water"]["cost"]) == ("业主和租户", "材料费自理")
    shown = run(service, "list")
    for word in ("漏水维修", "业主和租户", "材料费自理", "everybody", "nothing", "0.5 hours, day and night"):
        assert word in shown


def test_duplicates_are_listed_with_a_reason_and_merged(town: Town, run: Run) -> None:
    first, second = town.submit(), town.submit()
    assert "both say: 漏水" in run(need, "duplicates", "--place", town.place)
    (found,) = _json(run, need, "duplicates", second, "--as", who(town.clerk))
    assert (found["request"], found["of"]) == (str(second), str(first))
    assert "closed" in run(need, "merge", second, "--into", first, "--as", who(town.clerk))
    assert _json(run, need, "duplicates") == []


def test_what_is_late_is_listed_and_why_a_clock_stands_still(town: Town, run: Run) -> None:
    request, paused = town.dispatched(), town.dispatched()
    town.make(paused, "pause", town.clerk, reason="waiting_for_parts")
    town.clock.now += timedelta(days=3)
    (late,) = _json(run, need, "late", "--place", town.place)
    assert late["id"] == str(request)
    assert str(town.district.subject(request).number) in run(need, "late")
    shown = run(need, "clocks", paused)
    assert "waiting_for_parts" in shown or "waiting for parts" in shown
    watches = {one["clock"]: one for one in _json(run, need, "clocks", paused)}
    assert watches["handling"]["paused_for"] == "waiting_for_parts"


def test_urging_says_when_it_is_enough(town: Town, run: Run) -> None:
    request = town.submit()
    for _ in range(2):
        assert "submitted" in run(need, "urge", request, "--as", who(town.resident))
    with pytest.raises(Refused, match="try tomorrow"):
        run(need, "urge", request)


def test_the_rota_is_set_listed_and_taken_back(town: Town, run: Run) -> None:
    guard = who(somebody(town.district, "duty", town.place))
    times = ("--from", "2026-03-02 08:00", "--to", "2026-03-02 20:00")
    made = _json(run, need, "rota", "add", guard, "--place", town.place, *times, "--weeks", 2)
    assert len(made) == 2
    (on_duty,) = _json(run, need, "rota", "now", "--place", town.building)
    assert (on_duty["id"], on_duty["person"]) == (made[0], str(guard))
    assert "2026-03-09 08:00" in run(need, "rota", "list", "--place", town.place)
    run(need, "rota", "drop", made[0])
    assert [one["id"] for one in _json(run, need, "rota", "list")] == made[1:]
    assert "on the rota" in run(need, "rota", "add", guard, "--place", town.place, *times)
    assert town.needs.rota.shifts()[0].since == moment("2026-03-02 08:00")


def test_evidence_is_added_listed_exported_and_removed(town: Town, run: Run, tmp_path: Path) -> None:
    photo = tmp_path / "张三家漏水.txt"
    photo.write_bytes(picture("jpeg"))
    request = town.submit()
    added = _json(run, need, "evidence", "add", request, photo, "--as", who(town.resident))
    assert "张三" not in json.dumps(_json(run, need, "evidence", "list", request), ensure_ascii=False)
    assert "jpeg" in run(need, "evidence", "list", request)
    out = tmp_path / "out"
    written = _json(run, need, "evidence", "export", added["id"], "--to", out, "--reason", "回访")
    assert Path(written["file"]).read_bytes().startswith(b"\xff\xd8\xff")
    assert Path(written["file"]).name == f"{added['id']}.jpg"
    with pytest.raises(NotFound, match="is no evidence"):
        town.needs.content(request, "回访", actor=town.clerk)
    assert "request.read" not in [act.verb for act in town.district.history(request)]
    assert "removed" in run(need, "evidence", "remove", added["id"], "--reason", "拍错了")
    assert _json(run, need, "evidence", "list", request) == []
    assert len(_json(run, need, "evidence", "list", request, "--removed")) == 1


@pytest.mark.parametrize(
    ("noun", "path"), [(need, ()), (service, ()), (need, ("rota",)), (need, ("evidence",))]
)
def test_help_teaches_by_examples(run: Run, noun: click.Group, path: tuple[str, ...]) -> None:
    assert f"linli {' '.join((str(noun.name), *path))} " in run(noun, *path, "--help")


def test_whoever_a_task_is_offered_to_accepts_it_on_the_command_line(town: Town, run: Run) -> None:
    handed_on = town.task(town.dispatched())
    town.make(handed_on.id, "offer", town.manager, role="steward", at=town.place, reason="不归我们管")
    (waiting,) = _json(run, offer, "list", "--open")
    assert "accepted" in run(offer, "accept", waiting["id"], "--as", who(town.steward))
    assert town.district.subject(handed_on.id).holder == Seat(role="steward", at=town.place)
    assert _json(run, offer, "list", "--open") == []
