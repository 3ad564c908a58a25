"""Two who act on the same matter at once, from processes of their own: one outcome."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest

from linli import District, Private, Refused
from linli._base.errors import Conflict
from linli.testing import MADE, race
from linli_party.branch import Merge
from linli_party.branches import BranchFlow
from linli_party.testing import Street, party_street

RACERS = 6


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    street = party_street(new_district)
    # The processes of the racers have no clock but the real one.
    street.clock.now = datetime.now(UTC)
    return street


def _answers(street: Street, branches: list[UUID]) -> Counter[str]:
    """What the officer hears who approves each of these at once."""
    printed = race(street.district, *([(street.officer, branch, "approve", {})] for branch in branches))
    return Counter("approved" if line == MADE else line for lines in printed for line in lines)


def test_of_six_proposals_for_one_compound_that_are_approved_at_once_one_becomes_its_branch(
    street: Street,
) -> None:
    branches = [street.proposed(f"党支部{number}") for number in range(RACERS)]
    answers = _answers(street, branches)
    assert answers == {"approved": 1, "approve: 锦绣花园 has a branch already": RACERS - 1}
    assert len(street.district.register.organisations(kind="branch", place=street.old)) == 1
    assert street.figures()["branches.total"] == 1
    states = Counter(street.district.subject(branch).state for branch in branches)
    assert states == {"in_being": 1, "proposed": RACERS - 1}


def test_one_proposal_approved_six_times_at_once_is_one_branch_with_one_term(street: Street) -> None:
    branch = street.proposed()
    answers = _answers(street, [branch] * RACERS)
    assert answers["approved"] == 1
    assert len([one for one in street.district.tree(branch) if one.kind == "branch_term"]) == 1
    assert len(street.party.committee(branch).seats) == 2


def test_two_branches_merged_into_each_other_at_once_leave_one(street: Street) -> None:
    one, other = street.set_up(), street.set_up("幸福里党支部", at=street.commercial)

    def merge(pair: tuple[UUID, UUID]) -> bool:
        try:
            given = Merge(into=BranchFlow.ref(pair[1]), reason=Private("合并"))
            street.district.perform(BranchFlow.merge(BranchFlow.ref(pair[0]), given), actor=street.officer)
        except (Refused, Conflict):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(merge, [(one, other), (other, one)])) == [False, True]
    states = sorted(street.district.subject(branch).state for branch in (one, other))
    assert states == ["in_being", "merged"]
    assert street.figures()["branches.total"] == 1
