"""Matching: which rule a need goes by, that the record says so, and that nothing of the words is kept."""

from collections.abc import Callable
from datetime import time
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from linli import District, Refused, Seat, Write
from linli._store import tables as t
from linli.query import write_statement
from linli.testing import snapshot
from linli_three_lists.matching import Need, first_rule
from linli_three_lists.settings import MatchRule
from linli_three_lists.tables import TABLES
from linli_three_lists.testing import RULES, Town, moment
from linli_three_lists.testing import town as make_town


def _record(town: Town, text: str, category: str, at: str = "2026-03-02 09:00") -> tuple[str, str]:
    town.clock.now = moment(at)
    record = town.district.subject(town.accepted(text, category)).record
    return record.service, record.rule


def test_the_first_rule_that_holds_wins_and_the_record_names_it(town: Town) -> None:
    assert _record(town, "有人被关在电梯里，还漏水", "电梯") == ("lift_trapped", "three_lists: trapped")
    assert _record(town, "卫生间滴水", "其他") == ("other", "three_lists: rest"), "not an old compound"
    assert _record(town, "ｗａｔｅｒ 水管 坏了", "其他") == ("water", "three_lists: water")


def test_a_rule_can_ask_for_the_time_of_day_past_midnight(town: Town) -> None:
    rules = [
        _record(town, "楼上太吵", "噪音", at)[1].removeprefix("three_lists: ")
        for at in ("2026-03-02 21:59", "2026-03-02 22:00", "2026-03-03 05:59", "2026-03-03 06:00")
    ]
    assert rules == ["rest", "night noise", "night noise", "rest"]


def test_a_rule_can_ask_for_the_kind_of_compound(town: Town) -> None:
    old = write_statement(
        t.place.update().where(t.place.c.id == town.place).values(record='{"kind":"old"}'), rank=10
    )
    with town.district.store.transaction() as transaction:
        transaction.commit([Write(old, {})])
    assert _record(town, "卫生间滴水", "其他") == ("water", "three_lists: old pipes")


def test_what_no_rule_takes_the_catalogue_takes_by_its_category(
    new_district: Callable[..., District],
) -> None:
    town = make_town(new_district, RULES.partition('[[three_lists.rules]]\nname = "rest"')[0])
    assert _record(town, "楼上太吵", "噪音") == ("noise", "dispatch: category")
    with pytest.raises(Refused, match="no service of the catalogue fits"):
        town.accepted("天上有云", "天气")


def test_the_desk_can_name_another_service(town: Town) -> None:
    request = town.submit("楼上太吵", "噪音")
    with pytest.raises(Refused, match=r"the rules matched 其他事项 \(three_lists: rest\); say why"):
        town.make(request, "accept", town.clerk, service="water")
    town.make(request, "accept", town.clerk, service="water", reason="是水管的声音")
    record = town.district.subject(request).record
    assert (record.service, record.matched, record.rule) == ("water", "other", "three_lists: rest")


def test_what_the_resident_wrote_is_in_the_vault_alone_after_it_was_matched(town: Town) -> None:
    town.dispatched("李四家的厨房水管漏水", "漏水")
    tables = [*t.metadata.sorted_tables, *TABLES.sorted_tables]
    with town.district.store.reading() as connection:
        for table in tables:
            for row in connection.execute(select(table).where(table.c.district == town.district.code)):
                assert "厨房" not in repr(tuple(row)), table.name
                assert "李四" not in repr(tuple(row)), table.name


def test_a_preview_says_service_rule_and_seat_and_keeps_nothing(town: Town) -> None:
    before = snapshot(town.district, TABLES)
    found = town.needs.match("厨房水管漏水", town.building)
    assert found
    assert (found.service.code, found.rule) == ("water", "three_lists: water")
    assert found.seat == Seat(role="property_manager", at=town.company)
    assert found.route == "three_lists: role: property_manager"
    assert found.service.takes == "业主和租户"
    urgent = town.needs.match("困人", town.place)
    assert urgent
    assert (urgent.service.urgent, urgent.route) == (True, "dispatch: role: duty: nobody has it")
    assert snapshot(town.district, TABLES) == before


def test_the_preview_and_the_acceptance_agree(town: Town) -> None:
    for text, category in (("厨房水管漏水", ""), ("楼上太吵", "噪音"), ("困人了", "电梯"), ("别的", "漏水")):
        found = town.needs.match(text, town.place, category or "其他")
        assert found
        assert (found.service.code, found.rule) == _record(town, text, category or "其他")


# --- the rules by themselves -------------------------------------------------------------------------

_WORDS = st.lists(st.sampled_from(["漏水", "水管", "灯", "a"]), max_size=2, unique=True).map(tuple)
_RULES = st.lists(
    st.builds(
        MatchRule,
        name=st.uuids().map(str),
        service=st.just("x"),
        words=_WORDS,
        categories=_WORDS,
        compounds=st.sampled_from([(), ("old",), ("old", "courtyard")]),
    ),
    max_size=5,
)


@given(_RULES, st.sampled_from(["厨房漏水", "水管坏了", "Ａ灯", ""]), st.sampled_from(["漏水", "灯", ""]))
def test_no_rule_before_the_one_that_wins_would_have_held(
    rules: list[MatchRule], text: str, category: str
) -> None:
    need = Need(category=category, said=lambda: text, compound="old", clock=time(9))
    found = first_rule(rules, need)
    before = rules[: rules.index(found)] if found else rules
    for rule in before:
        assert first_rule([rule], need) is None
    if found:
        assert not found.words or any(word in text or word in "a灯" for word in found.words)


def test_the_words_are_read_only_where_a_rule_asks_for_them() -> None:
    def read() -> str:
        raise AssertionError("the words were read")

    need = Need(category="灯", said=read, compound="", clock=time(9))
    rules = [
        MatchRule(name="a", service="x", words=("漏水",), compounds=("old",)),
        MatchRule(name="b", service="x", categories=("灯",)),
    ]
    found = first_rule(rules, need)
    assert found
    assert found.name == "b"


def test_a_place_that_is_none_is_refused(town: Town) -> None:
    with pytest.raises(Refused, match="no place"):
        town.needs.match("漏水", uuid4())
