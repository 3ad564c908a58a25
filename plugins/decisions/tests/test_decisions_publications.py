"""Disclosures as publications: approved where the district says so, corrected, never around a matter's steps."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from linli import District, Refused, StoredSubject
from linli_decisions.testing import Compound, compound, refused

APPROVAL = "\n[publish]\napproval = true\n"


@pytest.fixture
def here(new_district: Callable[..., District]) -> Compound:
    return compound(new_district)


def _on_notice(here: Compound, entry: str = "renovation") -> UUID:
    matter = here.in_filing(entry)
    here.resolve_item(matter)
    return matter


def _written(here: Compound, entry: str = "renovation") -> UUID:
    """A matter whose resolution is written and waits for another person's look."""
    matter = here.in_filing(entry)
    here.file(matter)
    here.decisions.write(matter, "同意实施。", actor=here.people["meeting_secretary"])
    return matter


def _resolved(here: Compound, entry: str = "renovation") -> UUID:
    matter = _on_notice(here, entry)
    here.work_until(here.clock.now + timedelta(days=10))
    assert here.state(matter) == "resolved"
    return matter


def _first(here: Compound, matter: UUID) -> StoredSubject:
    return here.decisions.disclosures(matter)[0]


def test_where_the_district_approves_a_disclosure_stands_once_it_is_out(
    new_district: Callable[..., District],
) -> None:
    here = compound(new_district, APPROVAL)
    matter = _written(here)
    publication = _first(here, matter).record.publication
    assert _first(here, matter).state == "drafted"
    refused(here, "no notice period runs", lambda: here.make(matter, "object", "neighbour", objection="x"))
    here.work_until(here.clock.now + timedelta(days=30))
    assert here.state(matter) == "on_notice", "what nobody has seen does not stand"
    here.district.publish.approve(publication, actor=here.people["officer"])
    here.district.publish.publish(publication, actor=here.people["clerk"])
    here.work_until(here.clock.now + timedelta(days=30))
    assert here.state(matter) == "resolved"
    here.make(matter, "begin", "second_committee", text="开工。")
    refused(here, "is not out yet", lambda: here.make(matter, "finish", "second_committee"))


def test_a_disclosure_that_was_not_approved_is_drafted_again(new_district: Callable[..., District]) -> None:
    here = compound(new_district, APPROVAL)
    matter = _written(here)
    with pytest.raises(Refused, match="resolution on notice"):
        here.decisions.write(matter, "同意。", actor=here.people["meeting_secretary"])
    here.district.publish.discard(
        _first(here, matter).record.publication, "错字", actor=here.people["officer"]
    )
    assert here.state(matter) == "filed", "the secretary writes it again"
    here.decisions.write(matter, "同意。", actor=here.people["meeting_secretary"])
    assert [one.state for one in here.decisions.disclosures(matter)] in (
        ["discarded", "drafted"],
        ["drafted", "discarded"],
    )


def test_a_disclosure_is_corrected_by_a_new_one_and_never_withdrawn(here: Compound) -> None:
    matter = _on_notice(here)
    publication = _first(here, matter).record.publication
    before = here.district.publish.get(publication).record.body
    clerk = here.people["clerk"]
    refused(here, "never withdrawn", lambda: here.district.publish.withdraw(publication, "x", actor=clerk))
    new = here.district.publish.correct(
        publication, "决议公开（更正）", "预算为12万元。", actor=clerk
    ).subject
    assert here.district.publish.get(publication).record.corrected_by is None, "it is looked at first"
    here.district.publish.approve(new, actor=here.people["officer"])
    old = here.district.publish.get(publication)
    assert (old.record.body, old.record.corrected_by, old.state) == (before, new, "published")
    assert len(here.decisions.disclosures(matter)) == 1
    here.work_until(here.clock.now + timedelta(days=10))
    assert here.state(matter) == "resolved"


def test_no_disclosure_is_made_around_a_matters_own_steps(here: Compound) -> None:
    matter = _on_notice(here)
    for stage in (1, 2, 3):
        with pytest.raises(Refused, match="made by its next step"):
            here.district.publish.announce(
                here.place, "结果公开", "完成。", series="disclosure", about=matter, stage=stage,
                actor=here.people["clerk"],
            )  # fmt: skip


def test_a_disclosure_says_what_was_decided_and_names_nobody(here: Compound) -> None:
    matter = _on_notice(here)
    body = here.district.publish.get(_first(here, matter).record.publication).record.body
    assert "整治小区道路" in body
    assert "2026-0001" in body
    assert "公示期：7天" in body
    for actor in here.people.values():
        assert str(actor.person) not in body


def test_a_text_that_identifies_somebody_is_not_disclosed(here: Compound) -> None:
    matter = _resolved(here)
    refused(
        here,
        "mobile number",
        lambda: here.make(matter, "begin", "second_committee", text="联系人13800138000"),
    )
