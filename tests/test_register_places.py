"""Places: one record each however they are written, found by their names; history stays where it was."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli._base.errors import NotAllowed, NotFound, Refused
from linli._district.district import District
from linli._model.access import Actor, Seat
from linli._verbs.register.names import folded, place_name
from linli._verbs.register.tree import PlaceTree


@pytest.fixture
def compound(district: District) -> UUID:
    return district.register.place("compound", "锦绣花园", record={"kind": "老旧小区"})


def test_the_district_itself_is_one_place_however_often_it_is_asked_for(district: District) -> None:
    root = district.register.root()
    assert district.register.root() == root == district.register.place("district", "whatever")
    assert district.register.node(root).name == "Test district"
    assert len(district.history(root)) == 1


def test_a_place_registered_twice_is_one_and_makes_one_act(district: District, compound: UUID) -> None:
    again = district.register.place("小区", " 锦绣花园小区 ", record={"kind": "old"})
    assert again == compound
    assert len(district.history(again)) == 1


@pytest.mark.parametrize("spelling", ["3", "3栋", "３ 栋", "三栋", "3号楼", "03幢", "3#", "第3栋"])
def test_a_building_is_the_same_in_every_usual_spelling(
    district: District, compound: UUID, spelling: str
) -> None:
    building = district.register.place("building", "3栋", compound)
    assert district.register.place("building", spelling, compound) == building
    assert district.register.find_place(f"锦绣花园/{spelling}") == building


@given(st.integers(1, 99))
def test_a_number_in_chinese_signs_is_the_same_number(number: int) -> None:
    tens, ones = divmod(number, 10)
    signs = "零一二三四五六七八九"
    text = (("" if tens == 1 else signs[tens]) + "十" if tens else "") + (signs[ones] if ones else "")
    assert (
        folded("building", f"{text}栋")
        == str(number)
        == folded("building", place_name("building", str(number)))
    )


def test_a_home_knows_its_compound_and_its_area(district: District, compound: UUID) -> None:
    register = district.register
    building = register.place("building", "3", compound)
    unit = register.place("unit", "2", building)
    home = register.place("exclusive_part", "501", unit, record={"area": "089.50", "use": "住宅"})
    found = register.node("锦绣花园/3栋/2单元/501室")
    assert (found.id, found.reporting_place, found.record) == (
        home,
        compound,
        {"area": "89.50", "use": "home"},
    )
    assert register.name_path(home) == "锦绣花园/3栋/2单元/501"
    assert [one.name for one in register.places(building)] == ["3栋", "2单元", "501"]
    with pytest.raises(Refused, match="above 0"):
        register.place("exclusive_part", "502", unit, record={"area": "-1"})


def test_what_is_given_anew_of_a_place_holds_from_then_on(district: District, compound: UUID) -> None:
    district.register.place("compound", "锦绣花园", record={"homes": 120}, code="430503001")
    found = district.register.node("锦绣花园")
    assert (found.record, found.code) == ({"kind": "old", "homes": 120}, "430503001")
    assert [act.verb for act in district.history(found.id)] == ["place.register", "place.register"]


def test_bad_places_are_refused_in_one_line(district: District, compound: UUID) -> None:
    register = district.register
    for wrong, kind, name, record in (
        ("no kind of place", "castle", "x", {}),
        ("needs a name", "compound", "  ", {}),
        ("no '/'", "compound", "a/b", {}),
        ("none of old", "compound", "x", {"kind": "new"}),
    ):
        with pytest.raises(Refused, match=wrong) as refusal:
            register.place(kind, name, record=record)
        assert "\n" not in str(refusal.value)
    with pytest.raises(Refused, match="does not stand below"):
        register.place("street", "红旗路街道", compound)
    with pytest.raises(NotFound, match="no place"):
        register.find_place("没有的小区/3栋")
    with pytest.raises(NotFound, match="no place"):
        register.place("building", "3", uuid4())


def test_two_places_of_one_name_are_both_shown_and_neither_is_taken(district: District) -> None:
    register = district.register
    for street in ("红旗路街道", "城北路街道"):
        register.place("compound", "东风", register.place("street", street))
    with pytest.raises(Refused, match="红旗路街道/东风") as refusal:
        register.find_place("东风")
    assert "城北路街道/东风" in str(refusal.value)
    assert register.node("城北路街道/东风").kind == "compound"


def test_a_building_that_moves_takes_its_homes_along_and_its_name_is_free_again(
    district: District, compound: UUID
) -> None:
    register = district.register
    other = register.place("compound", "东风")
    building = register.place("building", "3", compound)
    home = register.place("exclusive_part", "101", building)
    register.move_place(building, other)
    assert register.name_path(home) == "东风/3栋/101"
    assert register.node(home).reporting_place == other
    new = register.place("building", "3", compound)
    assert new != building
    assert register.place("building", "3", compound) == new
    with pytest.raises(Refused, match="already"):
        register.move_place(new, other)


def test_a_renamed_place_is_found_by_its_new_name_only(district: District, compound: UUID) -> None:
    register = district.register
    register.rename_place(compound, "锦绣家园")
    assert register.find_place("锦绣家园") == compound
    with pytest.raises(NotFound):
        register.find_place("锦绣花园")
    assert register.place("compound", "锦绣花园") != compound


def test_an_ended_place_takes_nothing_new_and_says_when_it_ended(district: District, compound: UUID) -> None:
    register = district.register
    building = register.place("building", "3", compound)
    with pytest.raises(Refused, match="1 places below it"):
        register.end_place(compound)
    with pytest.raises(Refused, match="yet to come"):
        register.end_place(building, date(2999, 1, 1))
    register.end_place(compound, date(2024, 5, 1), below=True)
    assert register.node(building).until == date(2024, 5, 1)
    with pytest.raises(Refused, match="ended on 2024-05-01"):
        register.place("building", "4", compound)
    with pytest.raises(Refused, match="ended on 2024-05-01"):
        register.place("compound", "锦绣花园")
    with pytest.raises(Refused, match="has ended"):
        register.organisation("property_company", "好物业", compound)


def test_merged_compounds_are_one_and_the_old_number_and_name_lead_to_it(
    district: District, compound: UUID
) -> None:
    register = district.register
    old = register.place("compound", "东风")
    home = register.place("exclusive_part", "101", register.place("building", "9", old))
    steward = register.person(name="张三", phone="13800138000")
    new_steward = register.person(name="李四", phone="13900139000")
    register.post(steward, "steward", old)
    register.post(new_steward, "steward", compound)
    register.merge_places(old, compound)
    assert register.name_path(home) == "锦绣花园/9栋/101"
    assert register.node(home).reporting_place == compound
    assert register.find_place("东风") == register.find_place(str(old)) == compound
    assert register.place("compound", "东风") == compound
    assert register.posts(at=old) == register.posts(at=compound)
    assert [post.person for post in register.posts(at=compound)] == [new_steward]
    assert register.posts(person=steward) == []
    with register._facts() as facts:
        # What the old steward held is now the new one's.
        assert facts.seats(Seat(role="steward", at=old), old) == (Seat(role="steward", at=compound),)


def test_compounds_with_buildings_of_one_name_are_not_merged_before_one_is_renamed(
    district: District, compound: UUID
) -> None:
    register = district.register
    old = register.place("compound", "东风")
    building = register.place("building", "3", old)
    register.place("building", "3栋", compound)
    with pytest.raises(Refused, match="already"):
        register.merge_places(old, compound)
    register.rename_place(building, "13栋")
    register.merge_places(old, compound)
    assert register.find_place("锦绣花园/13栋") == building


def test_a_split_compound_is_followed_by_its_successors(district: District, compound: UUID) -> None:
    register = district.register
    first, second = register.place("building", "1", compound), register.place("building", "2", compound)
    east, west = register.place("compound", "东区"), register.place("compound", "西区")
    with pytest.raises(Refused, match="2栋"):
        register.split_place(compound, {first: east})
    register.split_place(compound, {first: east, second: west})
    assert register.find_place("东区/1栋") == first
    assert register.node(second).reporting_place == west
    assert register.node(compound).record["successors"] == [str(east), str(west)]
    with pytest.raises(Refused, match="ended"):
        register.place("building", "3", compound)


def test_three_places_merged_one_after_the_other_all_lead_to_the_last(district: District) -> None:
    register = district.register
    a, b, c = (register.place("compound", name) for name in ("甲苑", "乙苑", "丙苑"))
    register.merge_places(a, b)
    register.merge_places(b, c)
    with register._facts() as facts:
        assert PlaceTree(facts).node(a).id == PlaceTree(facts).node(b).id == c


def test_who_keeps_the_register_of_one_street_does_not_change_another(district: District) -> None:
    register = district.register
    here, there = register.place("street", "红旗路街道"), register.place("street", "城北路街道")
    keeper = register.person(name="王五", phone="13700137000")
    register.post(keeper, "registrar", here, since=datetime.now(UTC) - timedelta(days=1))
    assert register.place("compound", "东风", here, actor=Actor(person=keeper))
    with pytest.raises(NotAllowed):
        register.place("compound", "东风", there, actor=Actor(person=keeper))


def test_nothing_begins_at_an_ended_place_and_what_began_there_goes_on(
    district: District, compound: UUID
) -> None:
    register = district.register
    steward = register.person(name="张三", phone="13800138000")
    old = register.place("compound", "东风")
    register.post(steward, "steward", compound)
    asked = {"category": "general", "description": "x", "anonymous": True}
    began = district.start("request", "submit", old, asked).subject
    register.merge_places(old, compound)
    with pytest.raises(Refused, match=f"has ended; what came after it: {compound}"):
        district.start("request", "submit", old, asked)
    district.make(began, "accept")
    district.make(began, "dispatch")
    # Its steward is now that of the compound which it became a part of.
    [task] = [one for one in district.tree(began) if one.kind == "task"]
    district.make(task.id, "take", actor=Actor(person=steward))
