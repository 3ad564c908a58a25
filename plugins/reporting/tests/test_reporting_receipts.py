"""Receipts: printed with the name, verified without any."""

from collections.abc import Callable

import attrs
import pytest

from linli import District, NotAllowed, OpenOrder, Refused, code_of, coded
from linli.testing import who
from linli_reporting.api import Verified
from linli_reporting.printing import receipt_page, receipt_text
from linli_reporting.testing import Compounds, compounds


@pytest.fixture
def place(new_district: Callable[..., District]) -> Compounds:
    return compounds(new_district)


def test_a_receipt_says_who_reported_where_and_its_code_verifies_without_naming_anybody(
    place: Compounds,
) -> None:
    report = place.announced()
    waiting = place.desk.receipt(report, actor=place.member)
    assert place.desk.verify(waiting.code).standing == "waiting"
    assert "not decided on it yet" in receipt_text(waiting, "张*")
    place.district.make(report, "confirm", actor=place.secretary)
    said = place.desk.receipt(report, actor=place.secretary)
    assert (said.code, said.name, said.compound, said.branch) == (
        waiting.code,
        "张三",
        "锦绣花园",
        "garden党支部",
    )
    page = receipt_page("大祥区", said, "en")
    assert all(part in page for part in ("张三", "锦绣花园", said.code, "大祥区"))
    text = receipt_text(said, "张*")
    assert said.code in text
    assert "张三" not in text
    found = place.desk.verify(said.code.lower().replace("-", " "))
    assert found.standing == "valid"
    assert {field.name for field in attrs.fields(Verified)} == {"code", "standing"}
    printed = [act for act in place.district.history(report) if act.verb.endswith("print")]
    assert len(printed) == 2, "that the name was shown is on the record"


def test_a_code_of_an_ended_report_says_so_and_one_of_nothing_is_unknown(place: Compounds) -> None:
    report = place.confirmed()
    code = place.desk.receipt(report).code
    place.district.make(report, "end", {"outcome": "membership_ended"}, actor=place.secretary)
    assert place.desk.verify(code).standing == "ended"
    assert place.desk.verify("0000-0000-0000-0000").standing == "unknown"
    with pytest.raises(Refused, match="a code has 16 letters and digits"):
        place.desk.verify("1234")
    with pytest.raises(Refused, match="cannot be done: print"):
        place.desk.receipt(report)


def test_a_code_of_something_else_is_unknown(place: Compounds) -> None:
    ident = coded(place.district.rules.vault.keyring.commit, "x", "something else")
    values = {"category": "漏水", "description": "x", "anonymous": True}
    order = OpenOrder(workflow="request", move="submit", place=place.garden, id=ident, values=values)
    place.district.perform(order)
    assert place.desk.verify(code_of(ident)).standing == "unknown"


def test_only_the_member_the_branch_and_the_clerk_print_it(place: Compounds) -> None:
    report = place.confirmed()
    for actor in (place.neighbour, place.other, place.lane_secretary, place.officer):
        with pytest.raises(NotAllowed):
            place.desk.receipt(report, actor=actor)
    assert place.desk.receipt(report, actor=place.clerk).confirmed_on == place.clock.now.date()


def test_nobody_can_work_out_a_code_from_the_person(new_district: Callable[..., District]) -> None:
    one, other = compounds(new_district), compounds(new_district)
    numbers = {place.announced() for place in (one, other)}
    assert len(numbers) == 2
    assert who(one.member) != who(other.member)
