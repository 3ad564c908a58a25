"""The last place, one wish, and one person in two places, wanted by several processes at once."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest

from linli import Actor, District
from linli.testing import at_once, who
from linli_volunteers.testing import VolunteerCompound, volunteer_compound

RUNNER = Path(__file__).with_name("volunteer_runner.py")


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VolunteerCompound:
    return volunteer_compound(new_district)


def _race(
    compound: VolunteerCompound, what: str, runners: Sequence[tuple[Actor, Sequence[UUID]]]
) -> Counter[str]:
    """Let processes go at once; how often each answer came."""
    folder = compound.district.configuration.folder
    printed = at_once(*([RUNNER, what, folder, who(actor), *numbers] for actor, numbers in runners))
    return Counter(line for lines in printed for line in lines)


def test_four_processes_get_the_last_place_once_and_the_others_wait(compound: VolunteerCompound) -> None:
    people = [compound.volunteer() for _ in range(4)]
    sessions = [compound.opened(capacity=1, hours=24 + 3 * n) for n in range(5)]
    answers = _race(compound, "seat", [(one, sessions) for one in people])
    print(f"\n4 processes, 5 last places: {dict(answers)}")
    assert answers == {"signed_up": 5, "waiting": 15}
    assert [compound.places(session) for session in sessions] == [(0, 1, 0)] * 5
    assert compound.district.award.audit().problems == ()


def test_four_processes_claim_a_wish_and_one_has_it(compound: VolunteerCompound) -> None:
    people = [compound.volunteer() for _ in range(4)]
    wishes = [compound.posted() for _ in range(5)]
    answers = _race(compound, "wish", [(one, wishes) for one in people])
    print(f"\n4 processes, 5 wishes: {dict(answers)}")
    assert answers == {"claimed": 5, "claim the wish: it has been claimed already": 15}
    assert [len(compound.wishes.claims(wish)) for wish in wishes] == [1] * 5


def test_one_person_signs_up_from_two_phones_and_is_at_one_session(compound: VolunteerCompound) -> None:
    """Two sessions at one time are two matters with two locks: only what holds the person keeps them apart."""
    for _ in range(5):
        one, other = compound.opened(), compound.opened()
        answers = _race(compound, "seat", [(compound.ann, [one]), (compound.ann, [other])])
        assert answers["signed_up"] == 1, answers
        assert answers.total() == 2
        compound.clock.now = compound.district.subject(one).record.ends_at
