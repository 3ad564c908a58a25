"""Identity keys: one form for each person's value, whatever a form or a spreadsheet made of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from linli._base.errors import Refused
from linli._base.i18n import speaking
from linli._base.identity import (
    CHILD_UNTIL,
    COMPOUND_SURNAMES,
    BadValue,
    age,
    birth_date,
    is_minor,
    looks_rounded,
    mask_address,
    mask_name,
    mask_phone,
    mask_resident_id,
    normal_name,
    normal_phone,
    normal_resident_id,
    normal_uscc,
)

Normal = Callable[[str], str]
NORMALS: tuple[Normal, ...] = (normal_phone, normal_resident_id, normal_uscc, normal_name)
FULL_WIDTH = str.maketrans("0123456789X+-", "０１２３４５６７８９Ｘ＋－")


def with_check(seventeen: str) -> str:
    return seventeen + ric.calc_check_digit(seventeen + "0")


def reason(normal: Normal, text: str) -> str:
    with pytest.raises(BadValue) as raised, speaking("en"):
        normal(text)
    with speaking("en"):
        return str(raised.value)


births = st.dates(date(1900, 1, 1), date(2099, 12, 31))
resident_ids = st.builds(
    lambda place, born, order: with_check(f"{place}{born:%Y%m%d}{order:03}"),
    st.integers(110000, 999999),
    births,
    st.integers(0, 999),
)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
remarks = st.text("张王李欧阳0123456789()", min_size=3)
names = st.text("张王李欧阳司马诸葛买提艾力·孜AbÉ ", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13800138000", "13800138000"),
        (" 138-0013-8000\n", "13800138000"),
        ("＋８６ １３８ ００１３ ８０００", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("'13800138000", "13800138000"),
        ("\u202d13800138000\u202c", "13800138000"),  # as copied out of a phone's contacts
        ("13800138000.0", "13800138000"),
        ("0739-5321234", "07395321234"),
        ("（0739）532 1234", "07395321234"),
        ("+86 739 5321234", "07395321234"),
        ("+86 (0739) 5321234", "07395321234"),
        ("010 6512 3456", "01065123456"),
        ("+852 9123 4567", "+85291234567"),
        ("0085291234567", "+85291234567"),
    ],
)
def test_a_phone_number_has_one_form(text: str, number: str) -> None:
    assert normal_phone(text) == number


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no phone number is given"),
        ("—", "no phone number is given"),
        ("1380013800", "this has 10"),
        ("138001380000", "this has 12"),
        ("12800138000", "from 13 to 19"),
        ("93800138000", "no phone number"),
        ("5321234", "area code"),
        ("13800138000/13900139000", "more than one"),
        ("13800138000、07395321234", "more than one"),
        ("1.38001E+10", "format the column as text"),
        ("无", "no phone number"),
        ("+86 123456789", "no phone number"),
        ("١٣٨٠٠١٣٨٠٠٠", "no phone number"),
    ],
)
def test_what_is_no_phone_number_is_told_why(text: str, why: str) -> None:
    assert why in reason(normal_phone, text)


@pytest.mark.parametrize(
    "text",
    [
        "110101199003070097",
        " 110101 19900307 0097 ",
        "１１０１０１１９９００３０７００９７",
        "'110101199003070097",
        "110101-19900307-0097",
    ],
)
def test_a_resident_id_has_one_form(text: str) -> None:
    assert normal_resident_id(text) == with_check("11010119900307009")


def test_the_x_of_a_resident_id_is_a_capital() -> None:
    number = next(n for n in (with_check(f"1101011990030{k:04}") for k in range(7000, 7100)) if n[-1] == "X")
    assert normal_resident_id(number.lower()) == number
    assert normal_resident_id(number[:-1] + "ｘ") == number


def test_ids_of_taiwan_residents_and_of_permanent_residents_are_accepted() -> None:
    for place in ("810000", "820000", "830000", "931840"):
        number = with_check(f"{place}19800101001")
        assert normal_resident_id(number) == number


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no identity number is given"),
        ("430503900307001", "15 digits"),
        ("430503900307001.0", "15 digits"),
        ("4.30503E+17", "format the column as text"),
        ("4.30503199003071e+17", "format the column as text"),
        ("430503199003070000.0", "format the column as text"),
        ("110101199003070000", "format the column as text"),
        ("110101199003070098", "check digit should be 7"),
        ("11010119900307009", "this has 17"),
        ("1101011990030700977", "this has 19"),
        ("11010119900307009A", "other characters"),
        ("X10101199003070097", "other characters"),
        (with_check("11010119900230009"), "no date of birth"),
        (with_check("11010118990307009"), "no date of birth"),
        (with_check("11010100000307009"), "no date of birth"),
    ],
)
def test_what_is_no_resident_id_is_told_why(text: str, why: str) -> None:
    assert why in reason(normal_resident_id, text)


def test_an_id_that_a_spreadsheet_rounded_can_pass_but_is_seen() -> None:
    lucky = next(n for n in (f"{p}19900307{k}000" for p in range(110101, 110120) for k in range(10))
                 if with_check(n[:-1]) == n)  # fmt: skip
    assert normal_resident_id(lucky) == lucky
    assert looks_rounded(lucky)
    assert not looks_rounded("110101199003070097")


@given(resident_ids)
def test_every_valid_resident_id_is_accepted_and_gives_its_birth_date(number: str) -> None:
    assert normal_resident_id(f" {number.lower().translate(FULL_WIDTH)} ") == number
    assert f"{birth_date(number):%Y%m%d}" == number[6:14]


@given(resident_ids, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_in_a_resident_id_is_found(number: str, place: int, wrong: str) -> None:
    assume(number[place] != wrong)
    with pytest.raises(BadValue):
        normal_resident_id(number[:place] + wrong + number[place + 1 :])


@given(resident_ids, st.integers(0, 16))
def test_two_swapped_digits_in_a_resident_id_are_found(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    with pytest.raises(BadValue):
        normal_resident_id(swapped)


@pytest.mark.parametrize(
    "text", ["91110000600037341L", "9111 0000 6000 3734 1l", "９１１１００００６０００３７３４１Ｌ"]
)
def test_a_social_credit_code_has_one_form(text: str) -> None:
    assert normal_uscc(text) == "91110000600037341L"


def test_codes_of_rural_and_other_bodies_are_accepted() -> None:
    for body in ("N2430503MF0123456", "54430503MF0123456", "Y1430503MF0123456"):
        code = body + uscc.calc_check_digit(body)
        assert normal_uscc(code) == code


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no social credit code is given"),
        ("9.1110000600037E+17", "format the column as text"),
        ("9111000060003734", "this has 16"),
        ("91110000600037341M", "last character should be L"),
        ("9111OOOO600037341L", "no letters I, O, S, V or Z"),
        ("91A10000600037341L", "places 3 to 8"),
    ],
)
def test_what_is_no_social_credit_code_is_told_why(text: str, why: str) -> None:
    assert why in reason(normal_uscc, text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("张三", "张三"),
        ("张 三", "张三"),
        ("　张　三\t", "张三"),
        ("欧 阳 修", "欧阳修"),
        ("张\u200b三", "张三"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提 • 艾力", "买买提·艾力"),
        ("买买提.艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("⾦三", "金三"),
        ("刘〇", "刘〇"),
        ("\ue863三", "\ue863三"),
        ("𠮷 田", "𠮷田"),
        ("Ｊｏｈｎ  Q. O'Neil", "John Q. O'Neil"),
    ],
)
def test_a_name_has_one_form(text: str, name: str) -> None:
    assert normal_name(text) == name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (" \u200b", "no name is given"),
        ("张三（户主）", "remarks into their own column"),
        ("张三13800138000", "remarks into their own column"),
        ("张三/李四", "remarks into their own column"),
        ("张" * 51, "at most 50"),
        ("张\ud800", "remarks into their own column"),
    ],
)
def test_what_is_no_name_is_told_why(text: str, why: str) -> None:
    assert why in reason(normal_name, text)


@pytest.mark.parametrize("normal", NORMALS)
@given(text=st.one_of(st.text(), mobiles, resident_ids, names))
def test_a_normal_form_stays_as_it_is_and_all_else_is_refused(normal: Normal, text: str) -> None:
    try:
        found = normal(text)
    except Refused:
        return
    assert found
    assert normal(found) == found


def complaint(normal: Normal, text: str) -> BadValue | None:
    try:
        normal(text)
    except BadValue as error:
        return error
    return None


@pytest.mark.parametrize("normal", NORMALS)
@given(text=st.one_of(st.from_regex(r"[0-9]{4,20}", fullmatch=True), resident_ids, remarks))
def test_an_error_never_contains_the_value(normal: Normal, text: str) -> None:
    error = complaint(normal, text)
    assume(error)
    with speaking("en"):
        assert text not in f"{error} {error!r} {getattr(error, '__context__', None)}"


@given(births, st.integers(1, 99))
def test_a_year_of_life_is_full_on_the_birthday(born: date, years: int) -> None:
    assume((born.month, born.day) != (2, 29))
    birthday = born.replace(year=born.year + years)
    assert age(born, birthday) == years
    assert age(born, birthday - timedelta(days=1)) == years - 1


def test_who_was_born_on_a_leap_day_is_a_minor_until_1_march() -> None:
    born = date(2008, 2, 29)
    assert is_minor(born, date(2026, 2, 28))
    assert not is_minor(born, date(2026, 3, 1))


def test_the_limit_for_children_is_another_one() -> None:
    born = date(2010, 5, 1)
    assert is_minor(born, date(2025, 1, 1))
    assert not is_minor(born, date(2025, 1, 1), below=CHILD_UNTIL)
    assert is_minor(born, date(2024, 4, 30), below=CHILD_UNTIL)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800138000", "138****8000"),
        ("１３８００１３８０００", "138****8000"),
        ("07395321234", "073****1234"),
        ("+85291234567", "+85*****4567"),
        ("5321234", "*****34"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_a_phone_number_is_shown_masked(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_a_resident_id_is_shown_masked_by_either_habit() -> None:
    assert mask_resident_id("110101199003070097") == "1" + 16 * "*" + "7"
    assert mask_resident_id("110101199003070097", head=6, tail=4) == "110101" + 8 * "*" + "0097"
    assert mask_resident_id("110101900307009") == 15 * "*"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳修", "欧阳*"),
        ("欧阳修文", "欧阳**"),
        ("东方", "东*"),
        ("买买提·艾力", "买**·**"),
        ("John Smith", "J*** *****"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_a_name_is_shown_by_its_surname(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_compound_surnames_have_two_characters_each() -> None:
    assert {len(surname) for surname in COMPOUND_SURNAMES} == {2}
    assert {"欧阳", "诸葛", "司马", "第五"} <= COMPOUND_SURNAMES


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("大祥区雨溪街道阳光小区3栋2单元501室", "大祥区雨溪街道阳光小区3栋***"),
        ("阳光小区１２号楼３０２", "阳光小区12号楼***"),
        ("阳光小区A座1503", "阳光小区A座***"),
        ("阳光小区三栋二单元五零一", "阳光小区三栋***"),
        ("阳光小区3栋", "阳光小区3栋"),
        ("红旗路12号501室", "红旗路***"),
        ("阳光小区3-2-501", "阳光小区***"),
        ("纺织院落二单元五楼", "纺织院落***"),
        ("阳光小区", "阳光小区"),
        ("", ""),
    ],
)
def test_an_address_is_shown_up_to_the_building(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@given(mobiles, resident_ids, st.integers(1, 40), st.integers(1, 6), st.integers(101, 3304))
def test_masks_hide_what_they_should(phone: str, number: str, house: int, unit: int, room: int) -> None:
    assert mask_phone(phone) == f"{phone[:3]}****{phone[7:]}"
    assert mask_resident_id(number)[1:-1] == 16 * "*"
    assert mask_address(f"阳光小区{house}栋{unit}单元{room}") == f"阳光小区{house}栋***"


@given(st.text(min_size=2))
def test_a_masked_name_shows_at_most_a_surname(name: str) -> None:
    shown = [char for char in mask_name(name) if char not in "*·" and not char.isspace()]
    assert len(shown) <= 2
    assert len(shown) < 2 or "".join(shown) in COMPOUND_SURNAMES
