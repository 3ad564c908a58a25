"""Nobody acts in two steps of one matter; one appeal to the street against a rejection."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from linli import District
from linli_decisions.testing import Compound, compound, refused

SINCE = datetime(2021, 1, 1, tzinfo=UTC)


@pytest.fixture
def here(new_district: Callable[..., District]) -> Compound:
    return compound(new_district)


def _also(here: Compound, name: str, role: str, body: str) -> None:
    person = here.people[name].person
    assert person
    here.district.register.post(person, role, here.bodies[body], since=SINCE)


# --- nobody twice -----------------------------------------------------------------------------------------


def test_nobody_reviews_what_they_proposed(here: Compound) -> None:
    _also(here, "owner", "branch_secretary", "branch")
    _also(here, "owner", "owners_committee_member", "owners_committee")
    matter = here.propose()
    here.make(matter, "submit", "owner")
    refused(here, "already acted", lambda: here.opine(matter, "approve", "owner"))
    here.opine(matter, "approve", "secretary")
    refused(here, "already acted", lambda: here.opine(matter, "approve", "owner"))


def test_who_reviewed_for_the_branch_reviews_nothing_else(here: Compound) -> None:
    _also(here, "secretary", "owners_committee_member", "owners_committee")
    matter = here.in_joint_review()
    refused(here, None, lambda: here.opine(matter, "approve", "secretary"))


def test_who_acted_before_neither_carries_out_nor_checks(here: Compound) -> None:
    matter = here.in_filing()
    here.resolve_item(matter)
    here.work_until(here.clock.now + timedelta(days=10))
    refused(here, "already acted", lambda: here.make(matter, "begin", "committee", text="x"))
    here.make(matter, "begin", "second_committee", text="x")
    here.make(matter, "finish", "second_committee")
    refused(here, "already acted", lambda: here.make(matter, "check", "secretary", text="x"))
    here.make(matter, "check", "member", text="x")


def test_the_same_person_may_review_again_in_the_next_round(here: Compound) -> None:
    matter = here.propose()
    here.make(matter, "submit", "owner")
    here.opine(matter, "return", "secretary")
    here.make(matter, "submit", "owner")
    here.opine(matter, "approve", "secretary")
    assert here.state(matter) == "joint_review"


# --- the appeal -------------------------------------------------------------------------------------------


def _rejected(here: Compound) -> UUID:
    matter = here.propose()
    here.make(matter, "submit", "owner")
    here.opine(matter, "reject", "secretary")
    return matter


def test_a_rejection_is_appealed_once_and_an_upheld_appeal_begins_a_new_round(here: Compound) -> None:
    matter = _rejected(here)
    refused(here, "only whoever proposed it", lambda: here.make(matter, "appeal", "manager", reason="x"))
    here.make(matter, "appeal", "owner", reason="理由不足")
    assert here.district.subject(matter).ended_at is None
    here.make(matter, "uphold", "officer", reason="应予重审")
    assert here.state(matter) == "proposed"
    here.make(matter, "submit", "owner")
    here.opine(matter, "reject", "secretary")
    refused(here, "there is one appeal", lambda: here.make(matter, "appeal", "owner", reason="x"))


def test_a_dismissed_appeal_is_a_rejection(here: Compound) -> None:
    matter = _rejected(here)
    here.make(matter, "appeal", "owner", reason="理由不足")
    refused(here, "reason is missing", lambda: here.make(matter, "dismiss", "officer"))
    here.make(matter, "dismiss", "officer", reason="维持")
    assert here.state(matter) == "rejected"
    refused(here, "there is one appeal", lambda: here.make(matter, "appeal", "owner", reason="x"))


def test_an_appeal_comes_in_time(here: Compound) -> None:
    matter = _rejected(here)
    here.clock.now += timedelta(days=15, minutes=1)
    refused(here, "within 15 days", lambda: here.make(matter, "appeal", "owner", reason="x"))


def test_what_is_possible_now_does_not_offer_a_second_appeal(here: Compound) -> None:
    matter = _rejected(here)
    refused(here, "possible now: appeal", lambda: here.make(matter, "submit", "owner"))
    here.make(matter, "appeal", "owner", reason="理由不足")
    here.make(matter, "dismiss", "officer", reason="维持")
    refused(here, "nothing more is done with it", lambda: here.make(matter, "submit", "owner"))
