"""Several processes on the same matter come to one outcome; many matters filed at once have different numbers."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from linli import District
from linli.testing import race
from linli_decisions.testing import Compound, compound

Order = tuple[str, UUID, str, dict[str, Any]]
MATTERS = 6


@pytest.fixture
def here(new_district: Callable[..., District]) -> Compound:
    return compound(new_district)


def _raced(here: Compound, *racers: list[Order]) -> list[list[str]]:
    """What each process printed, all of them started at once."""
    named = [[(here.people[by], *order) for by, *order in orders] for orders in racers]
    return race(here.district, *named)  # type: ignore[arg-type]


def _asked(here: Compound, matter: UUID) -> dict[str, UUID]:
    tree = here.district.tree(matter)
    return {str(one.key): one.id for one in tree if one.kind == "opinion" and one.state == "asked"}


def test_one_body_that_says_two_things_at_once_is_heard_once(here: Compound) -> None:
    for _ in range(4):
        matter = here.propose()
        here.make(matter, "submit", "owner")
        here.opine(matter, "approve", "secretary")
        here.opine(matter, "approve", "committee")
        opinion = _asked(here, matter)["property_company"]
        printed = _raced(
            here,
            [("manager", opinion, "approve", {})],
            [("second_manager", opinion, "reject", {"reason": "不同意"})],
        )
        made = [lines == ["made"] for lines in printed]
        assert sorted(made) == [False, True], printed
        assert here.state(matter) == ("filing" if made[0] else "rejected")
        items = here.district.subject(matter).record.items
        assert len(items) == (1 if made[0] else 0)


def test_a_proposal_that_is_withdrawn_while_the_last_body_agrees_is_one_or_the_other(here: Compound) -> None:
    for _ in range(4):
        matter = here.propose()
        here.make(matter, "submit", "owner")
        here.opine(matter, "approve", "secretary")
        here.opine(matter, "approve", "committee")
        opinion = _asked(here, matter)["property_company"]
        printed = _raced(
            here,
            [("manager", opinion, "approve", {})],
            [("owner", matter, "withdraw", {"reason": "另议"})],
        )
        state = here.state(matter)
        assert Counter(line for lines in printed for line in lines)["made"] == 1, printed
        assert state == ("filing" if printed[0] == ["made"] else "withdrawn")


def test_matters_that_are_filed_at_once_have_numbers_of_their_own(here: Compound) -> None:
    matters = [here.in_filing() for _ in range(MATTERS)]
    for matter in matters:
        here.agree_by_circulation(matter)
    racers: list[list[Order]] = [
        [("meeting_secretary", here.item_of(matter).id, "resolve", {"resolution": "approved"})]
        for matter in matters
    ]
    assert _raced(here, *racers) == [["made"]] * MATTERS
    numbers = sorted(here.district.subject(matter).record.filing_number for matter in matters)
    year = datetime.now(ZoneInfo("Asia/Shanghai")).year
    assert numbers == [f"{year}-{serial:04}" for serial in range(1, MATTERS + 1)]
