"""Identity numbers and phones are found in any form; dates, prices and numbers of papers are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli._base.errors import Refused
from linli._base.revealing import holds_resident_id, may_hold_resident_id, revealing, unfit
from linli._district.district import District
from linli._testing.invented import phone, resident_id
from linli.testing import a_place, somebody

ID = resident_id(12_345)
PHONE = phone(1234567)
_FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")
_CAPITALS = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")

FORMS = {
    "whole": ID,
    "in a sentence": f"王某某，身份证号{ID}，已通过",
    "small x": "11010519491231002x",
    "spaced": " ".join(ID),
    "in groups": f"{ID[:6]} {ID[6:14]} {ID[14:]}",
    "in other groups": f"{ID[:3]}-{ID[3:9]}-{ID[9:]}",
    "split by strokes": "/".join((ID[:6], ID[6:10], ID[10:14], ID[14:])),
    "split by commas": ",".join(ID),
    "split by dots and lines": f"{ID[:6]}…".replace("…", "_") + ID[6:],
    "over two lines": f"{ID[:10]}\n{ID[10:]}",
    "full-width": ID.translate(_FULL),
    "in Chinese numerals": ID.translate(_CHINESE),
    "in capital numerals": ID.translate(_CAPITALS),
    "with invisible signs": "\u200b".join(ID),
    "in circled digits": "".join(chr(0x2460 + int(d) - 1) if d not in "0X" else d for d in ID),
    "in keycaps": "".join(f"{d}\ufe0f\u20e3" for d in ID),
    "a letter for a digit": "43O503198O01011236",
    "masked": "430503********1236",
    "masked in full-width": "430503＊＊＊＊＊＊＊＊1236",
    "masked with crosses": "430503××××××××1236",
    "masked with dots": "430503●●●●●●●●123X",
    "masked and spaced": "430503 **** **** 1236",
    "masked but for its ends": "4****************6",
    "masked but for three and four": "430***********1236",
    "masked at its end": "43050319800101****",
    "masked shortly": "430503****1236",
    "masked with an ellipsis": "430503……1236",
    "old": "430503800101123",
    "old and spaced": "430503 800101 123",
    "a wrong check digit": ID[:-1] + ("0" if ID[-1] != "0" else "1"),
    "a wrong day": "430503198013451236",
    "a digit too few": "43050319800101123",
    "a digit too many": "4305031980010112366",
    "its last digits": "身份证后四位：1236",
    "its last digits in words": "张某某（身份证尾号1236）",
}


@pytest.mark.parametrize("form", FORMS)
def test_an_identity_number_is_found_in_any_form(form: str) -> None:
    for text in (FORMS[form], f"公示：{FORMS[form]}。", f"名单\n{FORMS[form]}\n完"):
        assert revealing(text) is not None, text
        assert unfit(text, lines=True) is not None, text
        assert FORMS[form] not in str(revealing(text))


@given(
    st.integers(min_value=0, max_value=26_999_999),
    st.sampled_from([1, 2, 3, 4, 6, 9]),
    st.sampled_from([" ", "-", "·", "/", "、", ". "]),
)
def test_one_that_checks_is_found_however_it_is_split(number: int, size: int, sign: str) -> None:
    whole = resident_id(number)
    split = sign.join(whole[at : at + size] for at in range(0, 18, size))
    assert holds_resident_id(f"号码{split}号")


@given(
    st.integers(min_value=0, max_value=26_999_999),
    st.integers(1, 14),
    st.integers(2, 8),
    st.sampled_from("*＊×●○#"),
)
def test_one_that_is_masked_is_found_wherever_it_is(number: int, start: int, length: int, sign: str) -> None:
    whole = resident_id(number)
    masked = whole[:start] + sign * len(whole[start : start + length]) + whole[start + length :]
    assert may_hold_resident_id(f"（{masked}）")


@pytest.mark.parametrize(
    "text",
    [
        PHONE, PHONE.translate(_FULL), PHONE.translate(_CHINESE), " ".join(PHONE), f"+86 {PHONE}", f"0086-{PHONE}",
        f"{PHONE[:3]}-{PHONE[3:7]}-{PHONE[7:]}", f"{PHONE[:3]}/{PHONE[3:7]}/{PHONE[7:]}", f"王某某{PHONE}",
        f"{PHONE[:3]},{PHONE[3:7]},{PHONE[7:]}", "\u2060".join(PHONE),
    ],
)  # fmt: skip
def test_a_mobile_is_found_in_any_form(text: str) -> None:
    assert revealing(text) is not None
    assert unfit(text) is not None


@pytest.mark.parametrize("text", ["0739-5321234", "0739 5321234", "(0739)5321234", "01062345678"])
def test_an_offices_line_may_be_published_and_stands_in_no_plain_field(text: str) -> None:
    assert revealing(text) is None
    assert unfit(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月1日至2026年12月31日", "2026-03-01 08:30-17:30", "请携带身份证于2026年3月1日到社区办理", "共1,234,567.89元",
        "3栋2单元501室", "101、102、103、104、105、106", "大政办发〔2026〕12号", "合同编号 HT-2026-000123", "91430500MA4L16JB9M",
        "面积 89.50 ㎡，共 96 户，同意 82 户（78.3246%）", "咨询电话 0739-5321234", "12345", "一九八〇年建成", "GB/T 2260-2007",
        "得分：10 20 30 40 50", "***", "* * * * *", "第 1 ... 20 页", "同意 ●●● 反对 ○", "1#楼 2#楼 3#楼", "订单 2026112900012345",
        "电梯编号 31104305032018090001", "编号 01a22931-5357-76af-b413-f1ca92ee5004", "二〇二六年十一月二十九日",
        "2026/3/1, 2026/4/1, 2026/5/1", "100*200*300", "身份证复印件1份", "请带身份证原件，2026年起不再收复印件",
    ],
)  # fmt: skip
def test_what_is_no_number_of_a_person_passes(text: str) -> None:
    assert revealing(text) is None, text


@pytest.mark.parametrize(
    "sign", ["\u202e", "\u202a", "\u2066", "\u2067", "\u200f", "\x1b", "\x00", "\ud800", "\x85", "\u2028"]
)
def test_signs_that_mislead_are_in_no_plain_field(sign: str) -> None:
    assert unfit(f"锦绣{sign}花园") is not None


def test_lines_are_refused_where_one_is_asked_for() -> None:
    assert unfit("two\nlines") is not None
    assert unfit("two\nlines", lines=True) is None


def test_a_second_person_says_what_a_number_is_that_looks_like_an_identity_number(district: District) -> None:
    place, publish = a_place(district, "锦绣花园"), district.publish
    clerk, officer = somebody(district, "clerk", place), somebody(district, "officer", place)
    looks = "案号 430503202611290001"
    with pytest.raises(Refused, match="let another person say so"):
        publish.announce(place, "公告", looks, actor=clerk)
    draft = publish.draft(place, "公告", looks, actor=clerk).subject
    with pytest.raises(Refused, match="let another person say so"):
        publish.publish(draft, actor=clerk)
    with pytest.raises(Refused):
        district.make(draft, "explain", {"numbers": "case number"}, actor=clerk)
    with pytest.raises(Refused, match="two people"):
        district.make(draft, "explain", {"numbers": "case number"})
    district.make(draft, "explain", {"numbers": "case number"}, actor=officer)
    publish.publish(draft, actor=clerk)
    assert publish.get(draft).record.numbers == "case number"


def test_one_that_checks_never_goes_out_whatever_anybody_says_of_it(district: District) -> None:
    place = a_place(district, "锦绣花园")
    with pytest.raises(Refused, match="never published"):
        district.publish.draft(place, "公告", f"案号 {ID}", actor=somebody(district, "clerk", place))
