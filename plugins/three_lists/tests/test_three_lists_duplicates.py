"""Duplicates: suggested with a reason, for the desk to merge."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli import District, NotAllowed, Refused
from linli._verbs.dispatch.requests import Merge
from linli.hooks import RequestFlow
from linli_three_lists.duplicates import Suggestion, likeness
from linli_three_lists.testing import RULES, Town, who
from linli_three_lists.testing import town as make_town


def _pairs(found: list[Suggestion]) -> set[tuple[object, object]]:
    return {(one.request, one.of) for one in found}


def test_two_about_one_thing_are_suggested_with_the_reason(town: Town) -> None:
    first = town.submit("三栋厨房水管一直漏水", place=town.building)
    town.clock.now += timedelta(days=2)
    second = town.submit("楼道里漏水很严重")
    (found,) = town.needs.duplicates(town.place)
    assert (found.request, found.of, found.words) == (second, first, ("漏水",))
    assert str(found.reason) == "same place, same category, 2 days apart; both say: 漏水"
    assert town.needs.duplicates(of=first) == town.needs.duplicates(of=second) == [found]


def test_without_a_word_of_the_rules_the_texts_must_be_alike(town: Town) -> None:
    first = town.submit("楼下广场舞音响声音太大，孩子睡不着", "噪音")
    alike = town.submit("广场舞音响声音太大了，晚上睡不着", "噪音")
    town.submit("隔壁装修电钻", "噪音")
    (found,) = town.needs.duplicates()
    assert (found.request, found.of) == (alike, first)
    assert found.likeness >= 40
    assert f"{found.likeness}% alike" in str(found.reason)
    for word in ("广场", "音响"):
        assert word not in str(found.reason), "nothing of what was written"


@pytest.mark.parametrize(
    ("what", "days"),
    [("other category", 0), ("other building", 0), ("too late", 8), ("has ended", 0), ("other words", 0)],
)
def test_what_differs_is_not_suggested(town: Town, what: str, days: int) -> None:
    other = town.district.register.place("building", "5栋", town.place) if what == "other building" else None
    first = town.submit("厨房水管漏水", place=town.building)
    town.clock.now += timedelta(days=days)
    if what == "has ended":
        town.make(first, "withdraw", town.resident, reason="不用了")
    category = "水费" if what == "other category" else "漏水"
    text = "井盖不见了" if what == "other words" else "厨房水管漏水"
    town.submit(text, category, place=other or town.building)
    assert town.needs.duplicates() == []


def test_the_district_sets_how_far_apart_and_how_alike(new_district: Callable[..., District]) -> None:
    for more, count in (
        ("duplicate_days = 9", 1),
        ("duplicate_likeness = 100", 0),
        ("duplicate_likeness = 1", 1),
    ):
        town = make_town(new_district, f"\n[three_lists]\n{more}\n")
        town.submit("广场舞太吵", "噪音")
        town.clock.now += timedelta(days=8 if "days" in more else 0)
        town.submit("广场舞太吵啦", "噪音")
        assert len(town.needs.duplicates()) == count, more


def test_what_is_kept_from_somebody_is_not_suggested_to_them(town: Town) -> None:
    for _ in range(2):
        town.submit("受理员不受理漏水", about=who(town.clerk), actor=town.colleague)
    assert len(town.needs.duplicates(actor=town.colleague)) == 1
    assert town.needs.duplicates(actor=town.clerk) == []


def test_words_that_were_shredded_are_not_compared(town: Town) -> None:
    shred = town.district.rules.vault.shred([town.submit(), town.submit()])
    with town.district.store.transaction() as transaction:
        transaction.commit(shred)
    assert town.needs.duplicates() == []


def test_the_desk_merges_and_the_record_says_into_which(town: Town) -> None:
    first, second = town.dispatched(), town.dispatched()
    with pytest.raises(NotAllowed):
        town.district.perform(
            RequestFlow.merge(RequestFlow.ref(second), Merge(duplicate_of=first)), actor=town.steward
        )
    town.district.perform(
        RequestFlow.merge(RequestFlow.ref(second), Merge(duplicate_of=first)), actor=town.clerk
    )
    merged = town.district.subject(second)
    assert (merged.outcome, merged.record.duplicate_of) == ("duplicate", first)
    assert town.district.dispatch.tasks(second)[0].state == "cancelled"
    with pytest.raises(Refused, match="one that goes on"):
        town.district.perform(
            RequestFlow.merge(RequestFlow.ref(first), Merge(duplicate_of=second)), actor=town.clerk
        )
    assert town.needs.duplicates() == []
    assert town.district.brief().figures["requests.closed"] == 0


def test_every_pair_is_found_and_once(new_district: Callable[..., District]) -> None:
    town = make_town(new_district, RULES)
    several = [town.submit() for _ in range(4)]
    expected = {(newer, older) for n, newer in enumerate(several) for older in several[:n]}
    found = town.needs.duplicates()
    assert _pairs(found) == expected
    assert len(found) == len(expected)


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_the_same_both_ways_and_whole_for_the_same_text(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 100
    assert likeness(one, one) in (0, 100)


def test_likeness_of_hand_computed_texts() -> None:
    assert likeness("水管漏水", "水管漏水！") == 100
    assert likeness("水管漏水", "水管堵了") == 33, "1 of 3 and 3 pairs of neighbours in both"
    assert likeness("a", "a") == 0, "too short to be alike"
