"""Requests at the command line: what shows, what is offered, and what is said beside a deadline."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from linli._cli.telling import about_holidays
from linli._district.district import District
from linli._model.access import ENGINE_ACTOR
from linli._testing.fixtures import Printed
from linli.testing import a_place, an_organisation, make_district, somebody

Command = Callable[..., Printed]
CATALOGUE = """
[[dispatch.services]]
code = "leak"
name = "漏水"
categories = ["漏水"]
holder = "property_manager"

[[dispatch.services]]
code = "other"
name = "其他"
categories = [""]
"""


@pytest.fixture
def district(tmp_path: Path) -> District:
    return make_district(tmp_path, enabled=("daxiang",), more=CATALOGUE)


@pytest.fixture
def place(district: District) -> UUID:
    return a_place(district, "锦绣花园")


def _request(district: District, place: UUID) -> UUID:
    return district.dispatch.submit(place, "漏水", "水管漏水").subject


def _run(command: Command, district: District, *arguments: str) -> str:
    printed = command(*arguments, folder=Path(district.configuration.folder))
    assert printed.code == 0, printed.err
    return printed.out


def _refused(command: Command, district: District, *arguments: str) -> str:
    printed = command(*arguments, folder=Path(district.configuration.folder))
    assert printed.code != 0, printed.out
    return printed.err


def test_show_says_why_a_request_is_paused_and_until_when(
    district: District, place: UUID, command: Command
) -> None:
    request = str(_request(district, place))
    _run(command, district, "request", "accept", request)
    assert "paused_for" not in json.loads(_run(command, district, "request", "show", request, "--json"))
    _run(
        command, district, "request", "pause", request, "--reason", "waiting_for_parts", "--event", "阀门到货"
    )
    shown = _run(command, district, "request", "show", request)
    for words in ("waiting_for_parts", "阀门到货"):
        assert words in shown, shown
    found = json.loads(_run(command, district, "request", "show", request, "--json"))
    assert (found["state"], found["paused_for"], found["paused_for_event"]) == (
        "waiting",
        "waiting_for_parts",
        "阀门到货",
    )
    assert found["goes_on_at"] == found["due_at"]


def test_a_pause_until_a_day_is_given_as_a_day(district: District, place: UUID, command: Command) -> None:
    request = str(_request(district, place))
    _run(command, district, "request", "accept", request)
    why = _refused(
        command, district, "request", "pause", request, "--reason", "waiting_for_parts", "--until", "soon"
    )
    assert "write it as: YYYY-MM-DD" in why
    why = _refused(
        command,
        district,
        "request",
        "pause",
        request,
        "--reason",
        "waiting_for_parts",
        "--until",
        "2020-01-01",
    )
    assert "later day than today" in why


def test_what_linli_works_out_is_no_option(district: District, place: UUID, command: Command) -> None:
    request = str(_request(district, place))
    for option in (("--rule", "x"), ("--urgent",), ("--matched", "leak")):
        assert "No such option" in _refused(command, district, "request", "accept", request, *option)
    why = _refused(command, district, "request", "accept", request, "--service", "other")
    assert "say why it is another one" in why
    _run(command, district, "request", "accept", request, "--service", "other", "--reason", "不是水管")
    found = json.loads(_run(command, district, "request", "show", request, "--json"))
    assert (found["service"], found["matched"], found["rule"]) == ("other", "leak", "dispatch: category")
    shown = _run(command, district, "request", "show", request)
    assert "漏水" in shown
    assert "其他" in shown


def test_a_task_whose_seat_is_empty_is_shown_with_who_stands_in(
    district: District, place: UUID, command: Command
) -> None:
    company = an_organisation(district, "property_company", place, "锦绣物业")
    committee = an_organisation(district, "residents_committee", place, "锦绣居委会")
    manager = somebody(district, "property_manager", place, at=company)
    somebody(district, "member", place, at=committee)
    request = _request(district, place)
    district.make(request, "accept")
    district.make(request, "dispatch", {"role": "property_manager", "at": company})
    task = str(district.dispatch.open_task(request).id)
    assert "锦绣居委会" not in _run(command, district, "task", "show", task)
    (post,) = district.register.posts(person=manager.person)
    district.register.end_post(post.id)
    shown = _run(command, district, "task", "show", task)
    assert "锦绣居委会" in shown
    assert "which nobody has" in shown


def test_a_deadline_in_a_year_whose_holidays_are_not_known_says_so(tmp_path: Path, command: Command) -> None:
    def far() -> datetime:
        return datetime(2045, 3, 1, 1, tzinfo=UTC)

    district = make_district(tmp_path, more=CATALOGUE, clock=far)
    place = a_place(district, "锦绣花园")
    somebody(district, "steward", place)
    request = _request(district, place)
    note = str(about_holidays(far()))
    assert "2045" in note
    for arguments in (("list",), ("show", str(request))):
        assert note in _run(command, district, "request", *arguments)
    found = json.loads(_run(command, district, "request", "show", str(request), "--json"))
    assert found["holidays_known"] is False


def test_a_deadline_in_a_known_year_says_nothing_of_holidays(tmp_path: Path, command: Command) -> None:
    district = make_district(tmp_path, more=CATALOGUE, clock=lambda: datetime(2025, 3, 3, 1, tzinfo=UTC))
    place = a_place(district, "锦绣花园")
    request = _request(district, place)
    assert "holidays" not in _run(command, district, "request", "show", str(request))
    assert "holidays" not in _run(command, district, "request", "list")


def test_a_handover_outside_is_asked_for_and_answered_at_the_command_line(
    district: District, place: UUID, command: Command
) -> None:
    request = str(_request(district, place))
    _run(command, district, "request", "accept", request)
    _run(command, district, "request", "hand-over", request, "--body", "市交警支队", "--reason", "归交警")
    (handover,) = json.loads(_run(command, district, "handover", "list", "--open", "--json"))
    day = district.now().astimezone(district.rules.zone).date()
    given = (
        "--accepted-by",
        "秩序科",
        "--accepted-on",
        str(day),
        "--their-number",
        "118",
        "--feedback",
        "请问市交警支队",
    )
    _run(command, district, "handover", "accept", handover["id"], *given)
    found = json.loads(_run(command, district, "request", "show", request, "--json"))
    assert (found["state"], found["outcome"]) == ("closed", "handed_over")
    (part,) = found["parts"]
    assert (part["outside_body"], part["their_number"], part["accepted_on"]) == (
        "市交警支队",
        "118",
        str(day),
    )


def test_what_is_over_by_itself_shows_that_its_time_has_passed_before_a_worker_ran(
    tmp_path: Path, command: Command
) -> None:
    now = [datetime(2026, 3, 2, 1, tzinfo=UTC)]
    district = make_district(tmp_path, more=CATALOGUE, clock=lambda: now[0])
    request = _request(district, a_place(district, "锦绣花园"))
    district.make(request, "accept")
    district.make(request, "pause", {"reason": "waiting_for_parts", "until": date(2026, 3, 3)})
    assert "its time has passed" in _run(command, district, "request", "show", str(request))
    district.make(request, "resume", actor=ENGINE_ACTOR)
    assert "its time has passed" not in _run(command, district, "request", "show", str(request))
