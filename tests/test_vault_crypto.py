"""The vault's cryptography: what is sealed opens in its own place with its own key, and nowhere else."""

import base64
import hashlib
import os
import traceback
from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli._base.errors import VaultError
from linli._base.i18n import speaking
from linli._vault.crypto import DataKey, Keyring, open_, salted, seal

SECRET = base64.b64encode(bytes(range(32))).decode()
KEYRING = Keyring.from_secret(SECRET)
OTHER_KEYRING = Keyring.from_secret(Keyring.generate())
DATA_KEY = DataKey.generate()
DISTRICT, OWNER, FIELD = "yuxi", UUID(int=7), "phone"
OTHER_OWNER = UUID(int=8)

districts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
fields = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
places = st.tuples(districts, st.uuids(), fields)


@given(st.binary(max_size=200), places)
def test_what_is_sealed_opens_in_its_place(plaintext: bytes, place: tuple[str, UUID, str]) -> None:
    assert open_(DATA_KEY, seal(DATA_KEY, plaintext, *place), *place) == plaintext


@given(places, places)
def test_what_is_sealed_opens_in_no_other_place(
    here: tuple[str, UUID, str], there: tuple[str, UUID, str]
) -> None:
    sealed = seal(DATA_KEY, b"13800138000", *here)
    if here == there:
        return
    with pytest.raises(VaultError):
        open_(DATA_KEY, sealed, *there)


@pytest.mark.parametrize(
    "place",
    [
        ("yux", OWNER, FIELD),
        (DISTRICT, OTHER_OWNER, FIELD),
        (DISTRICT, OWNER, "name"),
        (DISTRICT + "p", OWNER, "hone"),
        ("yux", UUID(bytes=b"i" + OWNER.bytes[:15]), chr(OWNER.bytes[15]) + FIELD),
    ],
)
def test_another_district_person_or_field_cannot_open_it(place: tuple[str, UUID, str]) -> None:
    sealed = seal(DATA_KEY, b"13800138000", DISTRICT, OWNER, FIELD)
    with pytest.raises(VaultError):
        open_(DATA_KEY, sealed, *place)


def test_another_persons_key_cannot_open_it() -> None:
    sealed = seal(DATA_KEY, b"13800138000", DISTRICT, OWNER, FIELD)
    with pytest.raises(VaultError):
        open_(DataKey.generate(), sealed, DISTRICT, OWNER, FIELD)


def each_damage(whole: bytes) -> list[bytes]:
    flipped = [whole[:n] + bytes([whole[n] ^ 1 << n % 8]) + whole[n + 1 :] for n in range(len(whole))]
    return [*flipped, *(whole[:n] for n in range(len(whole))), whole + b"\0"]


def test_a_change_of_any_byte_of_a_sealed_value_is_found() -> None:
    for damaged in each_damage(seal(DATA_KEY, b"13800138000", DISTRICT, OWNER, FIELD)):
        with pytest.raises(VaultError):
            open_(DATA_KEY, damaged, DISTRICT, OWNER, FIELD)


def test_a_change_of_any_byte_of_a_wrapped_key_is_found() -> None:
    for damaged in each_damage(KEYRING.wrap(DATA_KEY, DISTRICT, OWNER)):
        with pytest.raises(VaultError):
            KEYRING.unwrap(damaged, DISTRICT, OWNER)


def test_a_wrapped_key_unwraps_for_its_owner_only() -> None:
    wrapped = KEYRING.wrap(DATA_KEY, DISTRICT, OWNER)
    assert KEYRING.unwrap(wrapped, DISTRICT, OWNER).raw == DATA_KEY.raw
    for keyring, district, owner in (
        (OTHER_KEYRING, DISTRICT, OWNER),
        (KEYRING, "dongkou", OWNER),
        (KEYRING, DISTRICT, OTHER_OWNER),
    ):
        with pytest.raises(VaultError):
            keyring.unwrap(wrapped, district, owner)


def test_a_wrapped_key_is_no_sealed_value() -> None:
    wrapped = KEYRING.wrap(DATA_KEY, DISTRICT, OWNER)
    with pytest.raises(VaultError):
        open_(DATA_KEY, wrapped, DISTRICT, OWNER, "")


def test_equal_values_are_sealed_differently_each_time() -> None:
    assert len({seal(DATA_KEY, b"same", DISTRICT, OWNER, FIELD) for _ in range(50)}) == 50
    assert len({KEYRING.wrap(DATA_KEY, DISTRICT, OWNER) for _ in range(50)}) == 50
    assert DataKey.generate().raw != DataKey.generate().raw


def test_a_sealed_value_is_29_bytes_longer_and_says_its_version() -> None:
    sealed = seal(DATA_KEY, b"13800138000", DISTRICT, OWNER, FIELD)
    assert len(sealed) == len(b"13800138000") + 29
    assert sealed[0] == 1
    with pytest.raises(VaultError) as raised, speaking("en"):
        open_(DATA_KEY, b"\x02" + sealed[1:], DISTRICT, OWNER, FIELD)
    with speaking("en"):
        assert "another version" in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        bytes(range(32)).hex(),
        bytes(range(32)).hex().upper(),
        SECRET.rstrip("="),
        f"  {SECRET}\n",
        base64.urlsafe_b64encode(bytes(range(32))).decode(),
    ],
)
def test_a_secret_may_be_base64_or_hexadecimal(text: str) -> None:
    assert Keyring.from_secret(text).check == KEYRING.check


def test_a_secret_may_use_either_alphabet_of_base64() -> None:
    raw = b"\xfb\xff\xfe" * 10 + b"\xfb\xff"
    texts = base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode(), raw.hex()
    assert len({Keyring.from_secret(text).check for text in texts}) == 1


@pytest.mark.parametrize(
    "text", ["", "hunter2", SECRET[:-5], SECRET + "AAAA", "g" * 64, "0" * 62, "密" * 44, "\ud800", "=" * 44]
)
def test_what_is_no_secret_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(VaultError) as raised, speaking("en"):
        Keyring.from_secret(text)
    with speaking("en"):
        assert "32 bytes" in str(raised.value)
        assert not text or text not in str(raised.value)


def test_a_generated_secret_is_new_and_works() -> None:
    first, second = Keyring.generate(), Keyring.generate()
    assert first != second
    assert Keyring.from_secret(first).check == Keyring.from_secret(first).check


def test_a_wrong_secret_is_known_by_its_check() -> None:
    assert KEYRING.check != OTHER_KEYRING.check
    assert len(KEYRING.check) == 16


def test_derived_keys_never_change_between_releases() -> None:
    assert KEYRING.check == "fe03b12acfed7ecc"
    assert KEYRING.blind("phone", "13800138000").hex() == "fb7c5aa902f7be3f5a21de17690d1bd3"
    assert KEYRING.commit("原因", "act").startswith("1482ec8069c7c0df571864b95951d584")


@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_blind_indexes_and_commitments_are_equal_for_equal_input_only(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert (KEYRING.blind(*one) == KEYRING.blind(*other)) == (one == other)
    assert (KEYRING.commit(*one) == KEYRING.commit(*other)) == (one == other)
    assert len(KEYRING.blind(*one)) == 16


def test_field_and_value_are_not_run_together() -> None:
    assert KEYRING.blind("ab", "c") != KEYRING.blind("a", "bc")
    assert KEYRING.commit("bc", "a") != KEYRING.commit("c", "ab")


def test_another_district_has_other_blind_indexes_and_commitments() -> None:
    assert KEYRING.blind("phone", "1") != OTHER_KEYRING.blind("phone", "1")
    assert KEYRING.commit("text", "act") != OTHER_KEYRING.commit("text", "act")
    assert KEYRING.commit("phone", "1")[:32] != KEYRING.blind("1", "phone").hex()


def test_a_salted_hash_can_be_checked_by_who_has_value_and_salt() -> None:
    salt = bytes(range(16))
    assert salted("张三", salt) == hashlib.sha256(b"\x00\x10" + salt + "张三".encode()).hexdigest()
    assert salted("张三", salt) != salted("张三", os.urandom(16))
    with pytest.raises(ValueError, match="16 bytes"):
        salted("张三", b"short")


def failures() -> list[Callable[[], object]]:
    sealed = seal(DATA_KEY, b"13800138000", DISTRICT, OWNER, FIELD)
    wrapped = KEYRING.wrap(DATA_KEY, DISTRICT, OWNER)
    return [
        lambda: open_(DATA_KEY, sealed, DISTRICT, OTHER_OWNER, FIELD),
        lambda: open_(DATA_KEY, b"\x09" + sealed, DISTRICT, OWNER, FIELD),
        lambda: OTHER_KEYRING.unwrap(wrapped, DISTRICT, OWNER),
        lambda: DataKey(DATA_KEY.raw + b"x"),
    ]


def test_no_error_shows_a_plaintext_or_a_key() -> None:
    for fail in failures():
        with pytest.raises(VaultError) as raised:
            fail()
        shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value.text)
        for hidden in ("13800138000", DATA_KEY.raw.hex(), repr(DATA_KEY.raw), SECRET):
            assert hidden not in shown


def test_reprs_show_no_key() -> None:
    assert repr(KEYRING) == "Keyring()"
    assert repr(DATA_KEY) == "DataKey()"
    assert KEYRING.check not in f"{KEYRING} {[KEYRING]}"
