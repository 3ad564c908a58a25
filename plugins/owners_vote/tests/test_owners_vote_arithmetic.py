"""The arithmetic of art. 278: hand-computed cases, and an independent computation by hypothesis."""

from decimal import Decimal
from fractions import Fraction
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cli import speaking
from linli_owners_vote.arithmetic import Majority, Result, Weight, lines, outcome, shown, square_metres
from linli_owners_vote.box import Slip, tallied
from linli_owners_vote.roll import hundredths

NAMES = uuid4()


def owner(name: str) -> UUID:
    return uuid5(NAMES, name)


def vote(*parts: tuple[str, str, str | None]) -> Result:
    """What parts come to, each with its area in m², its owner, and how it voted."""
    found = []
    for area, name, choice in parts:
        known = hundredths(area)
        assert known is not None
        found.append(Slip(area=known, head=owner(name), choice=choice))
    return tallied(found)


# (what it shows, majority, the parts, how it ends), each worked out by hand beside it.
CASES: list[tuple[str, Majority, list[tuple[str, str, str | None]], str]] = [
    # 200.00 of 300.00 m² and 2 of 3 owners: 3 × 200 = 600 ≥ 2 × 300 = 600, 3 × 2 = 6 ≥ 2 × 3 = 6.
    ("exactly two thirds of both are a quorum", "ordinary",
     [("100", "a", "agree"), ("100", "b", "agree"), ("100", "c", None)], "passed"),
    # 3 × 199.99 = 599.97 < 600.00.
    ("a hundredth below two thirds by area is none", "ordinary",
     [("100", "a", "agree"), ("99.99", "b", "agree"), ("100.01", "c", None)], "no_quorum"),
    # 3 × 200.01 = 600.03 ≥ 600.00.
    ("a hundredth above two thirds by area is one", "ordinary",
     [("100", "a", "agree"), ("100.01", "b", "agree"), ("99.99", "c", None)], "passed"),
    # By area 990 of 1000; by head 3 × 1 = 3 < 2 × 3 = 6.
    ("one big owner is no quorum by head", "ordinary",
     [("990", "a", "agree"), ("5", "b", None), ("5", "c", None)], "no_quorum"),
    # By head 3 × 2 = 6 ≥ 6; by area 3 × 10 = 30 < 2 × 1000 = 2000.
    ("many small owners are no quorum by area", "ordinary",
     [("990", "a", None), ("5", "b", "agree"), ("5", "c", "agree")], "no_quorum"),
    # Agreed 100.00 of 200.00 m² and 2 of 4 owners: 2 × 100 = 200, not more than 200.
    ("exactly half of both is not more than half", "ordinary",
     [("50", "a", "agree"), ("50", "b", "agree"), ("50", "c", "against"), ("50", "d", "against")], "not_passed"),
    # Heads 3 of 5, more than half; area 2 × 100.01 = 200.02 > 200.00.
    ("a hundredth above half by area is more than half", "ordinary",
     [("33.33", "a", "agree"), ("33.34", "b", "agree"), ("33.34", "c", "agree"),
      ("50", "d", "against"), ("49.99", "e", "against")], "passed"),
    # The same with 100.00 of 200.00: not more than half by area, though 3 of 5 by head.
    ("exactly half by area fails though the heads are more", "ordinary",
     [("33.33", "a", "agree"), ("33.33", "b", "agree"), ("33.34", "c", "agree"),
      ("50", "d", "against"), ("50", "e", "against")], "not_passed"),
    # Area 150 of 200; heads 2 of 4, not more than half.
    ("exactly half by head fails though the area is more", "ordinary",
     [("75", "a", "agree"), ("75", "b", "agree"), ("25", "c", "against"), ("25", "d", "against")], "not_passed"),
    # 4 × 150.00 = 600 ≥ 3 × 200 = 600, 4 × 3 = 12 ≥ 3 × 4 = 12.
    ("exactly three quarters of both pass a special vote", "special",
     [("50", "a", "agree"), ("50", "b", "agree"), ("50", "c", "agree"), ("50", "d", "against")], "passed"),
    # 4 × 149.99 = 599.96 < 600.00.
    ("a hundredth below three quarters by area fails a special vote", "special",
     [("50", "a", "agree"), ("50", "b", "agree"), ("49.99", "c", "agree"), ("50.01", "d", "against")], "not_passed"),
    # 4 × 150.01 = 600.04 ≥ 600.00.
    ("a hundredth above three quarters by area passes a special vote", "special",
     [("50", "a", "agree"), ("50", "b", "agree"), ("50.01", "c", "agree"), ("49.99", "d", "against")], "passed"),
    # By area 190 of 200; by head 4 × 2 = 8 < 3 × 3 = 9.
    ("two of three heads are not three quarters", "special",
     [("95", "a", "agree"), ("95", "b", "agree"), ("10", "c", "against")], "not_passed"),
    # Whoever abstains takes part: 2 × 100 = 200, not more than 200.
    ("who abstains takes part and does not agree", "ordinary",
     [("50", "a", "agree"), ("50", "b", "agree"), ("50", "c", "abstain"), ("50", "d", "abstain")], "not_passed"),
    # Three parts of one owner are one head: 2 heads took part of 3, and 2 of 2 agreed.
    ("an owner of several parts is one head", "ordinary",
     [("50", "a", "agree"), ("50", "a", "agree"), ("50", "a", "agree"), ("50", "b", "agree"), ("100", "c", None)],
     "passed"),
    # A voted differently: a head that took part and did not agree. Heads 1 of 2, not more than half.
    ("an owner who votes differently does not agree by head", "ordinary",
     [("100", "a", "agree"), ("10", "a", "against"), ("50", "b", "agree")], "not_passed"),
    # The same, but abstaining with one part: 1 of 2 heads.
    ("an owner who abstains with one part does not agree by head", "ordinary",
     [("100", "a", "agree"), ("10", "a", "abstain"), ("50", "b", "agree")], "not_passed"),
    # A votes with one of two parts: takes part by head, by area only with it: 3 × 150 = 450 ≥ 2 × 200 = 400.
    ("a part without a ballot takes no part by area", "ordinary",
     [("100", "a", "agree"), ("50", "a", None), ("50", "b", "agree")], "passed"),
    ("nobody voted", "ordinary", [("50", "a", None), ("50", "b", None)], "no_quorum"),
    ("everybody abstained", "ordinary", [("50", "a", "abstain"), ("50", "b", "abstain")], "not_passed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("majority", "parts", "end"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_vote_ends_as_worked_out_by_hand(
    majority: Majority, parts: list[tuple[str, str, str | None]], end: str
) -> None:
    assert outcome(vote(*parts), majority) == end


def test_what_is_counted_adds_up_as_worked_out_by_hand() -> None:
    counted = vote(
        ("89.50", "a", "agree"), ("10.25", "a", "against"), ("60.25", "b", "agree"),
        ("40.00", "c", "against"), ("55.55", "d", "abstain"), ("77.77", "e", None),
    )  # fmt: skip
    assert (counted.parts, counted.voted_parts) == (6, 5)
    assert counted.roll == Weight(area=33332, heads=5)
    assert counted.voted == Weight(area=25555, heads=4)
    assert counted.agreed == Weight(area=14975, heads=1), "a voted differently: only b agrees by head"
    assert counted.against == Weight(area=5025, heads=1)
    assert counted.abstained == Weight(area=5555, heads=2), "a and d took part and said neither"


Part = tuple[int, int, str | None]
PARTS = st.lists(
    st.tuples(
        st.integers(1, 4) | st.integers(1, 50_000),
        st.integers(0, 5),
        st.sampled_from(["agree", "agree", "against", "abstain", None]),
    ),
    min_size=1,
    max_size=24,
)


def _naive(parts: list[Part], majority: Majority) -> tuple[str, dict[str, Decimal], dict[str, int]]:
    """The same by another way: decimals of m², owners one after the other, shares as fractions."""
    metres = {"roll": Decimal(0), "voted": Decimal(0), "agree": Decimal(0)}
    people = {"roll": 0, "voted": 0, "agree": 0}
    for name in range(6):
        mine = [(Decimal(area) / 100, choice) for area, whose, choice in parts if whose == name]
        cast = [choice for _, choice in mine if choice]
        people["roll"] += len(mine) > 0
        people["voted"] += len(cast) > 0
        people["agree"] += len(cast) > 0 and cast.count("agree") == len(cast)
        metres["roll"] += sum((area for area, _ in mine), Decimal(0))
        metres["voted"] += sum((area for area, choice in mine if choice), Decimal(0))
        metres["agree"] += sum((area for area, choice in mine if choice == "agree"), Decimal(0))
    if not people["voted"]:
        return "no_quorum", metres, people
    took = [Fraction(metres["voted"]) / Fraction(metres["roll"]), Fraction(people["voted"], people["roll"])]
    said = [Fraction(metres["agree"]) / Fraction(metres["voted"]), Fraction(people["agree"], people["voted"])]
    if min(took) < Fraction(2, 3):
        return "no_quorum", metres, people
    enough = min(said) > Fraction(1, 2) if majority == "ordinary" else min(said) >= Fraction(3, 4)
    return "passed" if enough else "not_passed", metres, people


@given(PARTS, st.sampled_from(["ordinary", "special"]))
def test_any_vote_comes_to_what_another_way_of_computing_comes_to(
    parts: list[Part], majority: Majority
) -> None:
    counted = tallied(
        [Slip(area=area, head=owner(str(whose)), choice=choice) for area, whose, choice in parts]
    )
    end, metres, people = _naive(parts, majority)
    assert outcome(counted, majority) == end
    for name, weight in (("roll", counted.roll), ("voted", counted.voted), ("agree", counted.agreed)):
        assert (Decimal(weight.area) / 100, weight.heads) == (metres[name], people[name])


@given(PARTS)
def test_who_took_part_is_who_agreed_who_was_against_and_who_said_neither(parts: list[Part]) -> None:
    counted = tallied(
        [Slip(area=area, head=owner(str(whose)), choice=choice) for area, whose, choice in parts]
    )
    three = (counted.agreed, counted.against, counted.abstained)
    assert sum(weight.area for weight in three) == counted.voted.area <= counted.roll.area
    assert sum(weight.heads for weight in three) == counted.voted.heads <= counted.roll.heads


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_a_share_is_compared_exactly_however_large_the_numbers(third: int, more: int) -> None:
    """Three thirds, of which two took part; a hundredth less is never enough, whatever a float would say."""

    def quorum(took: int) -> bool:
        weight = Weight(area=3 * third, heads=3)
        counted = Result(
            parts=3, roll=weight, voted_parts=2, voted=Weight(area=took, heads=2), agreed=Weight(area=took, heads=2),
            against=Weight(), abstained=Weight(),
        )  # fmt: skip
        return outcome(counted, "ordinary") != "no_quorum"

    assert quorum(2 * third)
    assert quorum(2 * third + more)
    assert not quorum(2 * third - 1)


@pytest.mark.parametrize(
    ("text", "area"),
    [("89.5", 8950), ("89.50", 8950), ("0.01", 1), ("120", 12000), ("1E+2", 10000), ("89.505", None), ("0", None),
     ("-1", None), ("NaN", None), ("Infinity", None), ("", None), ("九十", None), (None, None)],
)  # fmt: skip
def test_an_area_is_whole_hundredths_and_nothing_is_rounded(text: str | None, area: int | None) -> None:
    assert hundredths(text) == area


@given(st.integers(1, 10**9))
def test_an_area_is_written_as_it_was_read(area: int) -> None:
    assert hundredths(square_metres(area)) == area


def test_the_arithmetic_is_shown_so_that_a_pencil_can_check_it() -> None:
    counted = vote(("100", "a", "agree"), ("99.99", "b", "agree"), ("100.01", "c", None))
    with speaking("en"):
        told = [str(shown(line)) for line in lines(counted, "ordinary")]
    assert told == [
        "taking part, by area: 199.99 of 300.00 m², needed at least 2/3: "
        "3 × 199.99 = 599.97 ＜ 2 × 300.00 = 600.00: not reached",
        "taking part, by head: 2 of 3, needed at least 2/3: 3 × 2 = 6 ≥ 2 × 3 = 6: reached",
        "agreeing of those taking part, by area: 199.99 of 199.99 m², needed more than 1/2: "
        "2 × 199.99 = 399.98 ＞ 1 × 199.99 = 199.99: reached",
        "agreeing of those taking part, by head: 2 of 2, needed more than 1/2: 2 × 2 = 4 ＞ 1 × 2 = 2: reached",
    ]
