"""Codes that verify: of the district's key, and read however they are typed."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli._base.codes import code_of, coded, number_of
from linli._base.errors import Refused
from linli._vault.crypto import Keyring


@given(st.integers(0, 2**80 - 1))
def test_a_code_is_read_as_it_was_written_however_it_is_typed(mark: int) -> None:
    number = UUID(int=0x6C696E6C6963 << 80 | mark)
    code = code_of(number)
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("0", "o").replace("1", "l")):
        assert number_of(typed) == number


@pytest.mark.parametrize("text", ["", "4M2A", "4M2A-0000-0000-000U", "4M2A-0000-0000-00000"])
def test_what_can_be_no_code_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="a code has 16 letters and digits"):
        number_of(text)


def test_a_number_follows_from_the_text_what_it_is_of_and_the_key() -> None:
    one, other = (Keyring.from_secret(Keyring.generate()).commit for _ in range(2))
    assert coded(one, "1", "report") == coded(one, "1", "report")
    assert len({coded(one, "1", "report"), coded(one, "1", "other"), coded(other, "1", "report")}) == 3
