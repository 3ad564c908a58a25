"""The seal itself: any two keepers open a ballot, its receipt does, and whatever else is tried opens nothing."""

from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli import Refused, new_id
from linli_owners_vote.marks import CHOICES
from linli_owners_vote.sealing import (
    KEEPER_LETTERS,
    RECEIPT_LETTERS,
    context_of,
    is_public,
    key_of,
    keys_of,
    new_code,
    normal,
    opened_by_keepers,
    opened_by_receipt,
    public_of,
    seal,
)

VOTE, PART, BALLOT = (UUID(int=number) for number in (1, 2, 3))
CONTEXT = context_of("t1", VOTE, PART, BALLOT)
CODES = [new_code(KEEPER_LETTERS) for _ in range(7)]
PUBLIC = [public_of(code) for code in CODES]
RECEIPT = new_code(RECEIPT_LETTERS)


@pytest.mark.parametrize("keepers", [3, 4, 5, 7])
def test_any_two_of_the_keepers_open_a_ballot_whoever_they_are(keepers: int) -> None:
    public = PUBLIC[:keepers]
    for choice in CHOICES:
        sealed = seal(choice, CONTEXT, public, RECEIPT)
        for one, two in combinations(range(keepers), 2):
            keys = keys_of([CODES[two], CODES[one]], public)
            assert opened_by_keepers(sealed, CONTEXT, keys, keepers) == choice
        assert opened_by_receipt(sealed, CONTEXT, RECEIPT) == choice


def test_a_keeper_of_another_vote_and_another_receipt_open_nothing() -> None:
    sealed = seal("agree", CONTEXT, PUBLIC[:3], RECEIPT)
    others = {0: key_of(CODES[3]), 1: key_of(CODES[4])}
    assert opened_by_keepers(sealed, CONTEXT, others, 3) is None
    half = {0: key_of(CODES[0]), 1: key_of(CODES[4])}
    assert opened_by_keepers(sealed, CONTEXT, half, 3) is None
    assert opened_by_receipt(sealed, CONTEXT, new_code(RECEIPT_LETTERS)) is None
    with pytest.raises(Refused, match="never one alone"):
        keys_of([CODES[0], CODES[0]], PUBLIC[:3])


def test_a_sealed_ballot_opens_in_its_own_place_alone() -> None:
    sealed = seal("against", CONTEXT, PUBLIC[:3], RECEIPT)
    keys = keys_of(CODES[:2], PUBLIC[:3])
    places = [
        ("t2", VOTE, PART, BALLOT),
        ("t1", new_id(), PART, BALLOT),
        ("t1", VOTE, new_id(), BALLOT),
        ("t1", VOTE, PART, new_id()),
    ]
    for place in places:
        assert opened_by_keepers(sealed, context_of(*place), keys, 3) is None
        assert opened_by_receipt(sealed, context_of(*place), RECEIPT) is None


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7), cut=st.booleans())
def test_a_ballot_that_was_changed_or_cut_says_nothing_and_never_something_else(
    at: int, bit: int, cut: bool
) -> None:
    whole = seal("abstain", CONTEXT, PUBLIC[:3], RECEIPT)
    place = at % len(whole)
    changed = whole[:place] if cut else whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]
    for one, two in combinations(range(3), 2):
        keys = {one: key_of(CODES[one]), two: key_of(CODES[two])}
        assert opened_by_keepers(changed, CONTEXT, keys, 3) in (None, "abstain")
    assert opened_by_receipt(changed, CONTEXT, RECEIPT) in (None, "abstain")


def test_equal_choices_look_as_different_as_different_ones_and_all_are_as_long() -> None:
    sealed = [seal(choice, CONTEXT, PUBLIC[:3], RECEIPT) for choice in CHOICES * 5]
    assert len({len(one) for one in sealed}) == 1
    assert len(set(sealed)) == len(sealed)


def test_codes_are_read_however_they_are_typed_and_no_other_text_is_one() -> None:
    code = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
    typed = ["o123 4567 89ab cdef ghjk mnpq rstv", "Ol23-4567-89AB-CDEF-GHJK-MNPQ-RSTV", code.lower()]
    assert {normal(one, KEEPER_LETTERS) for one in (code, *typed)} == {code.replace("-", "")}
    for wrong in ("", "0123", code + "0", code.replace("A", "U"), code.replace("A", "张")):
        with pytest.raises(Refused, match="letters and digits") as refusal:
            normal(wrong, KEEPER_LETTERS)
        assert not wrong or wrong not in str(refusal.value)


def test_what_is_public_of_a_key_is_told_from_other_texts() -> None:
    assert all(is_public(one) for one in PUBLIC)
    for wrong in ("", "x", "张三", PUBLIC[0][:-4], "!" * 44):
        assert not is_public(wrong)
