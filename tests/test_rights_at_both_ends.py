"""What a right is needed for at more than one place, and who is asked for when nothing is done but shown."""

from collections.abc import Callable
from uuid import UUID, uuid4

import attrs
import pytest

from linli._base.errors import NotAllowed, NotFound, Refused
from linli._district.district import District
from linli._model.access import Actor
from linli._seeing.waiting import Waiting
from linli.testing import a_place, an_organisation, phone, somebody, who

CATALOGUE = """
[[dispatch.services]]
code = "leak"
name = "Leak"
categories = ["漏水"]
time = "8h"
holder = "steward"
"""


@attrs.frozen
class Town:
    """A street with two compounds, a clerk of each, and one of the street."""

    district: District
    street: UUID
    place: UUID
    other: UUID
    clerk: Actor
    clerk_there: Actor
    above: Actor


@pytest.fixture
def town(new_district: Callable[..., District]) -> Town:
    district = new_district(more=CATALOGUE)
    street = a_place(district, "城北街道", kind="street", parent=district.register.root())
    place, other = (a_place(district, name, parent=street) for name in ("锦绣花园", "怡园"))
    return Town(
        district=district,
        street=street,
        place=place,
        other=other,
        clerk=somebody(district, "clerk", place),
        clerk_there=somebody(district, "clerk", other),
        above=somebody(district, "clerk", street),
    )


def test_an_organisation_moves_with_its_posts_where_its_mover_has_a_right_too(town: Town) -> None:
    register = town.district.register
    body = an_organisation(town.district, "association", town.place)
    for to in (town.other, town.street):
        with pytest.raises(NotAllowed, match="may not do this here"):
            register.move_organisation(body, to, actor=town.clerk)
    register.move_organisation(body, town.other, actor=town.above)
    assert register.organisation_record(body).place == town.other


def test_places_are_merged_moved_and_split_with_a_right_at_each_of_them(town: Town) -> None:
    register = town.district.register
    building = register.place("building", "1栋", parent=town.place)
    for clerk in (town.clerk, town.clerk_there):
        with pytest.raises(NotAllowed, match="may not do this here"):
            register.move_place(building, town.other, actor=clerk)
        with pytest.raises(NotAllowed, match="may not do this here"):
            register.merge_places(town.place, town.other, actor=clerk)
        with pytest.raises(NotAllowed, match="may not do this here"):
            register.split_place(town.place, {building: town.other}, actor=clerk)
    register.move_place(building, town.other, actor=town.above)
    register.merge_places(town.place, town.other, actor=town.above)
    assert register.survivor(town.place) == town.other


def test_a_merge_that_nobody_confirmed_is_carried_out_by_no_program(town: Town) -> None:
    register = town.district.register
    one, other = (register.person(name="人甲一", phone=phone(800 + n), home=town.place) for n in range(2))
    asked = register.ask_to_merge(one, other, actor=town.clerk)
    with pytest.raises(Refused, match="nobody has confirmed"):
        register.carry_out_merge(asked)
    assert register.survivor(one) == one


def test_a_post_that_the_table_names_is_given_before_anybody_had_it(town: Town) -> None:
    register = town.district.register
    company = an_organisation(town.district, "property_company", town.place)
    manager = somebody(town.district, "property_manager", town.place, at=company)
    new = register.person(name="人甲二", phone=phone(810), home=town.place)
    register.post(new, "property_staff", company, actor=manager)
    assert [post.role for post in register.posts(person=new)] == ["property_staff"]


def test_who_has_ended_and_who_never_was_is_shown_nothing_and_who_was_merged_what_they_became(
    town: Town,
) -> None:
    district = town.district
    reporter = district.register.person(name="人甲三", phone=phone(820), home=town.place)
    act = district.dispatch.submit(town.place, "漏水", "漏水", reporter=reporter, actor=town.clerk)
    assert district.see(act.subject, Actor(person=reporter))
    again = district.register.person(name="人甲三", phone=phone(821), home=town.place)
    district.register.merge(reporter, again)
    assert district.see(act.subject, Actor(person=reporter))
    assert Waiting(district, Actor(person=reporter)).count() == 0
    district.register.end(again, "moved_away")
    for one in (reporter, again, uuid4()):
        with pytest.raises(NotAllowed, match="registered"):
            district.see(act.subject, Actor(person=one))
        with pytest.raises(NotAllowed, match="registered"):
            Waiting(district, Actor(person=one))


def test_what_waits_for_a_steward_does_not_say_whose_confidential_request_it_is(town: Town) -> None:
    district = town.district
    steward = somebody(district, "steward", town.place)
    reporter = district.register.person(name="人甲四", phone=phone(830), home=town.place)
    act = district.dispatch.submit(
        town.place, "漏水", "漏水", reporter=reporter, confidential=True, actor=town.clerk
    )
    district.make(act.subject, "accept", actor=town.clerk)
    district.make(act.subject, "dispatch", actor=town.clerk)
    (task,) = Waiting(district, steward).subjects(10)
    assert task.kind == "task"
    assert task.due_at is not None, "how long there is must be known"
    assert str(reporter) not in repr(task)
    assert str(who(town.clerk)) not in repr(task)
    desk = Waiting(district, town.clerk).subjects(10)
    assert all(one.person == reporter for one in desk)


def test_a_request_without_an_open_task_says_so(town: Town) -> None:
    act = town.district.dispatch.submit(town.place, "漏水", "漏水", actor=town.clerk)
    with pytest.raises(NotFound, match="no task"):
        town.district.dispatch.open_task(act.subject)
