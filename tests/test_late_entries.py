"""When it was so: moments that are entered afterwards, what counts by them, and how many there were."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest

from linli._base.errors import NotAllowed, Refused
from linli._district.district import District
from linli._engine.orders import Overdue
from linli._model.access import ENGINE_ACTOR, Actor
from linli._model.acts import Act
from linli._model.subjects import StoredSubject
from linli._proof.looking import prove
from linli.testing import Moment, a_place, somebody

MORE = """
[[dispatch.services]]
code = "leak"
name = "漏水"
categories = ["漏水"]
time = "4h"

[moments]
confirm_days = 5
"""
BEGIN = Moment().now  # Monday, 2 March 2026, 09:00
HOUR = timedelta(hours=1)


@attrs.frozen(kw_only=True)
class Desk:
    """A compound in a community in a street, with somebody of each kind."""

    district: District
    clock: Moment
    compound: UUID
    clerk: Actor
    steward: Actor
    officer: Actor
    district_officer: Actor

    def after(self, hours: float) -> None:
        """Let it be so many hours after the beginning."""
        self.clock.now = BEGIN + HOUR * hours

    def submit(self, **values: Any) -> UUID:
        values = {"category": "漏水", "description": "厨房漏水", "anonymous": True, **values}
        return self.district.start("request", "submit", self.compound, values, actor=self.clerk).subject

    def make(self, subject: UUID, move: str, actor: Actor | None = None, **values: Any) -> Act:
        return self.district.make(subject, move, values, actor=actor or self.clerk)

    def resolved(self) -> UUID:
        """A request that was accepted at the beginning and is done, two hours later."""
        request = self.submit()
        self.make(request, "accept")
        self.make(request, "dispatch", role="steward", at=self.compound)
        self.after(2)
        task = self.part(request, "task")
        self.make(task.id, "finish", self.steward, result="修好")
        self.make(task.id, "confirm")
        return request

    def part(self, request: UUID, kind: str) -> StoredSubject:
        return next(one for one in self.district.tree(request) if one.kind == kind)

    def late(self, request: UUID) -> StoredSubject:
        return self.part(request, "late_entry")

    def closed_afterwards(self) -> UUID:
        """A request that was closed after 3 hours; which is entered after 30."""
        request = self.resolved()
        self.after(30)
        self.make(request, "close", feedback="已修好", closed_at=BEGIN + 3 * HOUR)
        return request

    def figures(self, start: date = date(2026, 1, 1), end: date = date(2026, 12, 31)) -> dict[str, Any]:
        return dict(self.district.brief(None, start, end).figures)


@pytest.fixture
def desk(new_district: Callable[..., District]) -> Desk:
    clock = Moment()
    return _desk(new_district(clock=clock, more=MORE), clock)


def _desk(district: District, clock: Moment) -> Desk:
    root = district.register.root()
    street = a_place(district, "红旗路街道", kind="street", parent=root)
    community = a_place(district, "大祥社区", kind="community", parent=street)
    compound = a_place(district, "锦绣花园", parent=community)
    return Desk(
        district=district,
        clock=clock,
        compound=compound,
        clerk=somebody(district, "clerk", community),
        steward=somebody(district, "steward", compound),
        officer=somebody(district, "officer", street),
        district_officer=somebody(district, "district_officer", root),
    )


# --- what it can say -------------------------------------------------------------------------------


def test_when_it_was_so_lies_neither_ahead_nor_before_the_matter_began(desk: Desk) -> None:
    request = desk.resolved()
    for moment, why in (
        (BEGIN + 3 * HOUR, "2026-03-02 12:00 is in the future"),
        (BEGIN - HOUR, "before that began"),
    ):
        with pytest.raises(Refused, match=why):
            desk.make(request, "close", feedback="已修好", closed_at=moment)
    with pytest.raises(Refused, match="in the future"):
        desk.submit(received_at=BEGIN + 3 * HOUR)
    assert desk.district.subject(request).state == "resolved"


def test_a_moment_without_an_offset_is_on_the_districts_clock_and_the_act_says_where_it_comes_from(
    desk: Desk,
) -> None:
    request = desk.resolved()
    act = desk.make(request, "close", feedback="已修好", closed_at="2026-03-02T10:30")
    assert act.value("closed_at") == "2026-03-02T02:30:00.000000+00:00"
    assert (act.afterwards, act.at) == ("hand", BEGIN + 2 * HOUR)
    assert desk.make(desk.submit(), "accept").afterwards == ""


def test_whoever_files_for_themselves_does_so_now(desk: Desk) -> None:
    resident = somebody(desk.district, None, desk.compound)
    values = {"category": "漏水", "description": "漏", "received_at": BEGIN - HOUR}
    with pytest.raises(Refused, match="said by the desk"):
        desk.district.start(
            "request", "submit", desk.compound, values, person=resident.person, actor=resident
        )


# --- what counts by it -----------------------------------------------------------------------------


def test_an_earlier_receipt_counts_at_once(desk: Desk) -> None:
    desk.after(4)
    request = desk.district.subject(desk.submit(received_at=BEGIN))
    now = desk.district.subject(desk.submit())
    assert request.opened_at == BEGIN
    assert request.clocks["response"].since == BEGIN
    assert (request.clocks["response"].due or BEGIN) < (now.clocks["response"].due or BEGIN)
    desk.make(request.id, "accept", accepted_at=BEGIN + HOUR)
    desk.make(request.id, "decline", feedback="不属本区")
    assert desk.figures()["requests.mean_hours_to_close"] == 3.0


def test_an_earlier_end_counts_from_its_recording_until_somebody_above_confirms_it(desk: Desk) -> None:
    request = desk.closed_afterwards()
    assert desk.district.subject(request).ended_at == BEGIN + 30 * HOUR
    assert desk.figures()["requests.mean_hours_to_close"] == 30.0
    assert desk.figures(end=date(2026, 3, 2))["requests.closed"] == 0
    desk.make(desk.late(request).id, "confirm", desk.officer)
    assert desk.district.subject(request).ended_at == BEGIN + 3 * HOUR
    assert desk.figures()["requests.mean_hours_to_close"] == 3.0
    assert desk.figures(end=date(2026, 3, 2))["requests.closed"] == 1
    assert prove(desk.district).problems == ()


def test_the_journal_says_of_what_was_entered_afterwards_what_the_record_has(desk: Desk) -> None:
    desk.after(4)
    request = desk.submit(received_at=BEGIN)
    desk.make(request, "accept", accepted_at=BEGIN + HOUR)
    desk.after(30)
    desk.make(request, "decline", feedback="不属本区", closed_at=BEGIN + 3 * HOUR)
    assert prove(desk.district).problems == ()


def test_nobody_below_confirms_it_and_nobody_who_had_to_do_with_it(desk: Desk) -> None:
    late = desk.late(desk.closed_afterwards())
    for actor in (desk.clerk, desk.steward, somebody(desk.district, "clerk", desk.district.register.root())):
        with pytest.raises(NotAllowed):
            desk.make(late.id, "confirm", actor)


def test_where_the_officer_had_to_do_with_it_the_district_confirms(desk: Desk) -> None:
    request = desk.resolved()
    officer = desk.officer
    both = Actor(person=officer.person)
    desk.district.register.post(officer.person, "clerk", desk.compound)  # type: ignore[arg-type]
    desk.after(30)
    desk.make(request, "close", attrs.evolve(both, only="clerk"), feedback="好", closed_at=BEGIN + 3 * HOUR)
    late = desk.late(request)
    with pytest.raises(NotAllowed):
        desk.make(late.id, "confirm", officer)
    desk.make(late.id, "confirm", desk.district_officer)
    assert desk.district.subject(request).ended_at == BEGIN + 3 * HOUR


def test_what_nobody_confirms_in_the_districts_days_does_not_count(desk: Desk) -> None:
    request = desk.closed_afterwards()
    desk.after(30 + 5 * 24 + 1)
    late = desk.late(request)
    overdue = Overdue(subject=late.id, clock="confirming", turn=late.clocks["confirming"].turn)
    desk.district.perform(overdue, actor=ENGINE_ACTOR)
    assert desk.late(request).state == "lapsed"
    with pytest.raises(Refused):
        desk.make(desk.late(request).id, "confirm", desk.officer)
    assert desk.figures()["requests.mean_hours_to_close"] == 30.0


def test_what_is_refused_says_why_and_counts_from_its_recording(desk: Desk) -> None:
    request = desk.closed_afterwards()
    desk.make(desk.late(request).id, "refuse", desk.officer, reason="当天无人在家")
    assert desk.figures()["requests.mean_hours_to_close"] == 30.0


def test_a_request_that_went_on_meanwhile_counts_by_its_last_closing(desk: Desk) -> None:
    request = desk.closed_afterwards()
    desk.make(request, "reopen", reason="又漏")
    desk.make(desk.late(request).id, "confirm", desk.officer)
    assert desk.figures()["requests.closed"] == 0
    assert desk.district.subject(request).ended_at is None
    assert prove(desk.district).problems == ()


def test_a_task_that_was_done_earlier_has_used_less_of_its_time_once_that_is_confirmed(desk: Desk) -> None:
    request = desk.submit()
    desk.make(request, "accept")
    desk.make(request, "dispatch", role="steward", at=desk.compound)
    task = desk.part(request, "task")
    desk.after(3)
    desk.make(task.id, "finish", desk.steward, result="好", finished_at=BEGIN + HOUR)
    assert desk.part(request, "task").clocks["task"].spent == 3 * 3600
    desk.make(desk.late(request).id, "confirm", desk.officer)
    assert desk.part(request, "task").clocks["task"].spent == 3600


# --- how many there were ---------------------------------------------------------------------------


def test_how_many_were_entered_afterwards_stands_beside_the_mean_and_goes_with_what_is_taken_back(
    desk: Desk,
) -> None:
    name = "requests.mean_hours_to_close"
    assert f"{name}.entered_afterwards" in desk.district.rules.figures[name].shown_with
    request = desk.closed_afterwards()
    other = desk.resolved()
    desk.after(31)
    desk.make(other, "close", feedback="好")
    assert (desk.figures()["requests.closed"], desk.figures()[f"{name}.entered_afterwards"]) == (2, 1)
    explained = desk.district.explain(f"{name}.entered_afterwards")
    assert [line.subject for line in explained.counted] == [request]
    assert desk.district.explain(name).beside[f"{name}.entered_afterwards"] == 1
    desk.make(request, "reopen", reason="又漏")
    assert (desk.figures()["requests.closed"], desk.figures()[f"{name}.entered_afterwards"]) == (1, 0)


def test_an_answer_that_was_in_time_counts_so_once_it_is_confirmed_however_the_request_went_on(
    desk: Desk,
) -> None:
    request = desk.submit()
    desk.after(5)
    desk.make(request, "accept", accepted_at=BEGIN + HOUR)
    late = desk.late(request)
    assert late.record.spent["response"][1] == 3600
    desk.make(request, "decline", feedback="不属本区")
    desk.make(late.id, "confirm", desk.officer)
    assert desk.district.subject(request).clocks["response"].spent == 3600


def test_a_request_that_was_accepted_afterwards_is_one_of_them_however_it_was_closed(desk: Desk) -> None:
    request = desk.submit()
    desk.after(2)
    desk.make(request, "accept", accepted_at=BEGIN + HOUR)
    desk.make(request, "decline", feedback="不属本区")
    assert desk.figures()["requests.mean_hours_to_close.entered_afterwards"] == 1
    desk.make(request, "reopen", reason="又漏")
    assert desk.figures()["requests.mean_hours_to_close.entered_afterwards"] == 0


def test_an_explanation_lists_as_many_as_there_are_where_only_the_end_was_entered_afterwards(
    new_district: Callable[..., District],
) -> None:
    clock = Moment()
    desk = _desk(new_district(clock=clock, more=MORE, enabled=("three_lists",)), clock)
    desk.closed_afterwards()
    for name, many in (("three_lists.response_rate", 0), ("requests.closing_rate", 1)):
        beside = f"{name}.entered_afterwards"
        assert desk.figures()[beside] == len(desk.district.explain(beside).counted) == many, name


def test_an_explanation_lists_what_was_entered_afterwards_in_the_period_in_which_it_counts(
    new_district: Callable[..., District],
) -> None:
    clock = Moment()
    desk = _desk(new_district(clock=clock, more=MORE, enabled=("three_lists",)), clock)
    desk.after(24)
    request = desk.submit(received_at=BEGIN)
    desk.after(48)
    desk.make(request, "accept", accepted_at=BEGIN + 2 * HOUR)
    first, third = date(2026, 3, 2), date(2026, 3, 4)
    for confirmed, day in ((False, third), (True, first)):
        if confirmed:
            desk.make(desk.late(request).id, "confirm", desk.officer)
        for one in (first, third):
            counted = desk.district.explain("three_lists.answered", None, one, one).counted
            assert len(counted) == (one == day), (confirmed, one)
    rate = "three_lists.response_rate"
    assert (desk.figures(end=first)[rate], desk.figures(first, third)[rate]) == (1.0, 1.0)


def test_the_terminal_shows_them_beside_the_mean_in_the_brief_and_its_explanation(
    desk: Desk, command: Callable[..., Any]
) -> None:
    request = desk.closed_afterwards()
    folder = desk.district.configuration.folder
    period = ("--from", "2026-03-01", "--to", "2026-03-31")
    for more in ((), ("--explain", "requests.mean_hours_to_close")):
        assert "entered afterwards 1" in command("brief", *period, *more, folder=folder).out
    shown = command("request", "show", str(request), folder=folder).out
    assert "2026-03-02 12:00, entered afterwards (hand)" in shown
    listed = command("late-entry", "list", "--open", folder=folder).out
    assert "2026-03-02 12:00" in listed
    figures = json.loads(command("brief", *period, "--json", folder=folder).out)["figures"]
    assert figures["requests.mean_hours_to_close.entered_afterwards"] == 1
    explained = json.loads(
        command("brief", *period, "--explain", "requests.mean_hours_to_close", "--json", folder=folder).out
    )
    assert explained["beside"]["requests.mean_hours_to_close.entered_afterwards"] == 1


def test_a_complaint_about_whoever_would_confirm_goes_to_the_next_above(desk: Desk) -> None:
    assert desk.officer.person
    request = desk.submit(about=desk.officer.person)
    desk.make(request, "accept")
    desk.after(30)
    desk.make(request, "decline", feedback="已答复", closed_at=BEGIN + HOUR)
    late = desk.late(request)
    assert late.holder
    assert late.holder.role == "district_officer"
    with pytest.raises(NotAllowed):
        desk.make(late.id, "confirm", desk.officer)
    desk.make(late.id, "confirm", desk.district_officer)


def test_what_is_entered_at_the_district_itself_nobody_confirms(desk: Desk) -> None:
    clerk = somebody(desk.district, "clerk", desk.district.register.root())
    request = desk.submit()
    desk.make(request, "accept")
    desk.after(30)
    desk.make(request, "decline", clerk, feedback="不属本区", closed_at=BEGIN + HOUR)
    assert [one.kind for one in desk.district.tree(request)] == ["request"]
    assert desk.figures()["requests.mean_hours_to_close.entered_afterwards"] == 1
