"""The three disclosures: notice periods by the calendar, objections, approval, corrections, every stage."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from linli import ENGINE_ACTOR, District, StoredSubject
from linli_decisions.testing import Compound, compound, refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
APPROVAL = "\n[publish]\napproval = true\n"


def at(text: str) -> datetime:
    """A moment on the district's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.fixture
def here(new_district: Callable[..., District]) -> Compound:
    return compound(new_district)


def _on_notice(here: Compound, entry: str = "renovation", when: str = "2026-03-02 09:00") -> UUID:
    here.clock.now = at(when)
    matter = here.in_filing(entry)
    here.resolve_item(matter)
    return matter


def _resolved(here: Compound, entry: str = "renovation") -> UUID:
    matter = _on_notice(here, entry)
    here.work_until(here.clock.now + timedelta(days=10))
    assert here.state(matter) == "resolved"
    return matter


def _first(here: Compound, matter: UUID) -> StoredSubject:
    return here.decisions.disclosures(matter)[0]


def _due(one: StoredSubject) -> str:
    assert one.due_at
    return f"{one.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


# --- notice periods ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filed", "ends"),
    [
        ("2025-09-01 10:00", "2025-09-09 00:00"),  # seven days after a Monday is a Monday, to its midnight
        ("2025-09-13 10:00", "2025-09-23 00:00"),  # the seventh day is a Saturday: the Monday after it
        ("2025-09-20 10:00", "2025-09-29 00:00"),  # the Saturday 27th is off, the Sunday 28th is worked
        ("2025-09-26 10:00", "2025-10-10 00:00"),  # over National Day and Mid-Autumn, 1 to 8 October
        ("2025-10-04 10:00", "2025-10-12 00:00"),  # the Saturday 11th is worked for them
    ],
)
def test_a_notice_period_in_days_ends_with_a_working_day(here: Compound, filed: str, ends: str) -> None:
    matter = _on_notice(here, when=filed)
    assert _due(_first(here, matter)) == ends
    here.work_until(at(ends) - timedelta(minutes=1))
    assert here.state(matter) == "on_notice"
    here.work_until(at(ends))
    assert here.state(matter) == "resolved"


@pytest.mark.parametrize(
    ("filed", "ends"),
    [
        ("2025-09-05 16:00", "2025-09-10 17:30"),  # over a weekend
        ("2025-09-26 16:00", "2025-09-30 17:30"),  # Sunday 28 September is worked
        ("2025-09-30 09:00", "2025-10-11 17:30"),  # over the holidays, to the Saturday worked for them
    ],
)
def test_a_notice_period_in_working_days_counts_those_alone(
    new_district: Callable[..., District], filed: str, ends: str
) -> None:
    here = compound(new_district, settings='notice_days = 3\nnotice_in = "working_days"')
    matter = _on_notice(here, when=filed)
    assert _due(_first(here, matter)) == ends
    here.work_until(at(ends) - timedelta(minutes=1))
    assert here.state(matter) == "on_notice"
    here.work_until(at(ends))
    assert here.state(matter) == "resolved"


def test_nobody_cuts_a_notice_period_short(here: Compound) -> None:
    matter = _on_notice(here)
    disclosure = _first(here, matter).id
    for actor in (*here.people.values(), here.district.console):
        refused(here, "you may not", partial(here.district.make, disclosure, "stand", actor=actor))
    refused(here, "is not over", lambda: here.district.make(disclosure, "stand", actor=ENGINE_ACTOR))
    refused(here, "cannot be done", lambda: here.make(matter, "begin", "second_committee", text="x"))


def test_the_terms_of_a_matter_stay_when_the_settings_change(here: Compound) -> None:
    matter = here.in_filing()
    folder = here.district.configuration.folder / "district.toml"
    text = folder.read_text("utf-8").replace("[decisions]", "[decisions]\nnotice_days = 30")
    folder.write_text(text, encoding="utf-8")
    assert here.district.subject(matter).record.notice_periods == (7, 0, 0)


# --- objections -------------------------------------------------------------------------------------------


def _objection(here: Compound, matter: UUID) -> StoredSubject:
    return here.decisions.objections(matter)[-1]


def test_an_open_objection_keeps_a_matter_from_being_resolved(here: Compound) -> None:
    matter = _on_notice(here)
    here.make(matter, "object", "neighbour", objection="预算偏高")
    here.work_until(here.clock.now + timedelta(days=20))
    assert (here.state(matter), _first(here, matter).state) == ("on_notice", "stood")
    objection = _objection(here, matter).id
    for by in ("neighbour", "owner", "manager", "committee", "clerk"):
        refused(here, None, partial(here.make, objection, "answer", by, answer="x"))
    refused(here, "answer is missing", lambda: here.make(objection, "answer", "member"))
    here.make(objection, "answer", "member", answer="已附三家询价单。", outcome="explained")
    assert here.state(matter) == "resolved", "with the last answer the matter goes on by itself"


def test_an_objection_that_is_retracted_holds_nothing_up(here: Compound) -> None:
    matter = _on_notice(here)
    here.make(matter, "object", "neighbour", objection="预算偏高")
    objection = _objection(here, matter).id
    refused(here, "you may not", lambda: here.make(objection, "retract", "owner"))
    here.make(objection, "retract", "neighbour")
    here.work_until(here.clock.now + timedelta(days=10))
    assert here.state(matter) == "resolved"


def test_owners_alone_object_and_only_while_a_notice_period_runs(here: Compound) -> None:
    filing = here.in_filing()
    refused(here, "cannot be done", lambda: here.make(filing, "object", "neighbour", objection="x"))
    matter = _on_notice(here)
    for by in ("stranger", "manager", "secretary", "officer"):
        refused(here, "only an owner", partial(here.make, matter, "object", by, objection="x"))
    disclosure = _first(here, matter)
    assert disclosure.due_at
    here.clock.now = disclosure.due_at
    refused(here, "no notice period runs", lambda: here.make(matter, "object", "neighbour", objection="x"))


def test_an_objection_to_a_stage_is_answered_before_the_next_one(here: Compound) -> None:
    matter = _resolved(here, "parking")
    here.make(matter, "begin", "second_committee", text="开工。")
    here.make(matter, "object", "owner", objection="占用消防通道")
    here.work_until(here.clock.now + timedelta(days=10))
    steps: tuple[tuple[str, dict[str, str]], ...] = (("stage", {"name": "划线", "text": "x"}), ("finish", {}))
    for move, values in steps:
        refused(
            here,
            "has not been answered",
            partial(here.make, matter, move, "second_committee", **values),
        )
    here.make(_objection(here, matter).id, "answer", "officer", answer="已调整。", outcome="taken_up")
    here.make(matter, "stage", "second_committee", name="划线", text="完成。")
    refused(
        here, "notice period of the last disclosure", lambda: here.make(matter, "finish", "second_committee")
    )
    here.work_until(here.clock.now + timedelta(days=10))
    here.make(matter, "finish", "second_committee")


def test_a_result_is_completed_after_its_notice_period(here: Compound) -> None:
    matter = _resolved(here, "parking")
    here.make(matter, "begin", "second_committee", text="开工。")
    here.work_until(here.clock.now + timedelta(days=10))
    here.make(matter, "finish", "second_committee")
    here.make(matter, "check", "member", text="验收合格。")
    refused(here, "notice period", lambda: here.make(matter, "check", "third_member", text="x"))
    assert here.state(matter) == "checking"
    here.make(matter, "object", "neighbour", objection="标线不清")
    here.work_until(here.clock.now + timedelta(days=10))
    assert here.state(matter) == "checking"
    here.make(_objection(here, matter).id, "answer", "secretary", answer="已补划。")
    assert here.state(matter) == "completed"


# --- the ladder ---------------------------------------------------------------------------------------------


def test_a_review_that_is_late_climbs_from_the_body_to_the_street_to_the_district_and_approves_nothing(
    here: Compound,
) -> None:
    here.clock.now = at("2025-09-26 16:00")
    matter = here.propose()
    here.make(matter, "submit", "owner")
    (review,) = [one for one in here.district.tree(matter) if one.kind == "party_opinion"]
    assert _due(review) == "2025-10-16 17:30", "ten working days, two of them made up on weekends"
    for moment in (
        "2025-10-16 17:29",
        "2025-10-16 17:30",
        "2025-10-17 17:30",
        "2025-10-18 17:30",
        "2025-11-30 09:00",
    ):
        here.work_until(at(moment))
    late = [act for act in here.district.history(matter) if act.verb == "party_opinion.late"]
    assert [act.body["rung"] for act in late] == ["holder", "officer", "district_officer"]
    assert here.state(matter) == "party_review"
    told = [one.recipient for one in reversed(here.district.deliveries.listed(kind="tell"))]
    assert told[0] == f"seat:*@{here.bodies['branch']}"


# --- stages -------------------------------------------------------------------------------------------------


def _built(here: Compound) -> UUID:
    matter = here.propose("lift")
    here.make(matter, "submit", "owner")
    for by in ("secretary", "committee", "manager"):
        here.opine(matter, "approve", by)
    here.district.make(matter, "vote_passed", {"vote": matter}, actor=ENGINE_ACTOR)
    here.resolve_item(matter)
    here.work_until(here.clock.now + timedelta(days=10))
    here.make(matter, "begin", "second_committee", text="开工。")
    return matter


def test_each_stage_of_the_catalogue_is_disclosed_in_its_order(here: Compound) -> None:
    matter = _built(here)

    def stage(name: str) -> None:
        here.make(matter, "stage", "second_committee", name=name, text=f"{name}完成。")

    refused(here, "the next stage is 基坑", lambda: stage("验收"))
    refused(here, "not been disclosed: 基坑, 验收", lambda: here.make(matter, "finish", "second_committee"))
    stage("基坑")
    refused(here, "the next stage is 验收", lambda: stage("基坑"))
    stage("验收")
    refused(here, "the next stage is -", lambda: stage("验收"))
    here.make(matter, "finish", "second_committee")


def test_what_is_suspended_resumed_and_abandoned_is_disclosed(here: Compound) -> None:
    matter = _built(here)
    here.make(matter, "suspend", "second_committee", text="汛期停工。")
    refused(here, "cannot be done", lambda: here.make(matter, "finish", "second_committee"))
    here.make(matter, "resume", "second_committee", text="复工。")
    here.make(matter, "suspend", "second_committee", text="资金未到位。")
    refused(here, "text is missing", lambda: here.make(matter, "abandon", "officer"))
    here.make(matter, "abandon", "officer", text="业主大会决定终止。")
    assert here.state(matter) == "abandoned"
    out = [here.district.publish.get(one.record.publication) for one in here.decisions.disclosures(matter)]
    assert [one.record.title for one in out] == [
        "决议公开：整治小区道路", "过程公开（开工）：整治小区道路", "过程公开（暂停）：整治小区道路",
        "过程公开（恢复）：整治小区道路", "过程公开（暂停）：整治小区道路", "过程公开（终止）：整治小区道路",
    ]  # fmt: skip
    assert all(one.state == "published" for one in out)


def test_an_objection_ends_with_the_matter_that_is_abandoned(here: Compound) -> None:
    matter = _on_notice(here)
    here.make(matter, "object", "neighbour", objection="违反规划")
    here.make(matter, "abandon", "officer", text="经核实终止。")
    assert _objection(here, matter).state == "lapsed"


def test_what_the_branch_finds_not_in_order_goes_back(here: Compound) -> None:
    matter = _resolved(here)
    here.make(matter, "begin", "second_committee", text="开工。")
    here.make(matter, "finish", "second_committee")
    refused(here, None, lambda: here.make(matter, "check", "second_committee", text="x"))
    here.make(matter, "redo", "member", reason="路沿石松动")
    assert here.state(matter) == "under_way"
    here.make(matter, "finish", "second_committee")
    here.make(matter, "check", "third_member", text="验收合格。")
    assert here.state(matter) == "completed"
