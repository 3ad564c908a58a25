"""What a phone proves: one that a file or a system brought opens nothing, until a clerk has seen the person with it."""

import pytest

from linli import Actor, District
from linli._base.errors import NotAllowed, Refused
from linli.testing import a_place, phone, somebody, who


def test_a_phone_that_a_clerk_took_down_is_proved_and_one_that_a_system_brought_is_not(
    district: District,
) -> None:
    place = a_place(district, "锦绣花园")
    clerk = somebody(district, "clerk", place)
    register = district.register
    seen = register.person(name="张三", phone=phone(1), home=place, actor=clerk)
    brought = register.person(name="李四", phone=phone(2), home=place)
    assert not register.phone_opens_nothing(seen)
    assert register.phone_opens_nothing(brought)
    register.prove_phone(brought, actor=clerk)
    assert not register.phone_opens_nothing(brought)


def test_a_changed_phone_is_proved_by_whoever_changed_it_and_the_old_proof_is_void(
    district: District,
) -> None:
    place = a_place(district, "锦绣花园")
    clerk, register = somebody(district, "clerk", place), district.register
    person = register.person(name="张三", phone=phone(1), home=place, actor=clerk)
    register.correct(person, phone=phone(2))
    assert register.phone_opens_nothing(person)
    register.correct(person, name="张三丰")
    assert register.phone_opens_nothing(person)
    register.correct(person, phone=phone(3), actor=clerk)
    assert not register.phone_opens_nothing(person)


def test_a_phone_is_proved_by_a_named_clerk_of_the_persons_home_and_never_ones_own(
    district: District,
) -> None:
    place, other = a_place(district, "锦绣花园"), a_place(district, "幸福里")
    clerk, register = somebody(district, "clerk", place), district.register
    person = register.person(name="张三", phone=phone(1), home=place)
    with pytest.raises(Refused, match="say who does it"):
        register.prove_phone(person)
    for actor in (somebody(district, "clerk", other), somebody(district, None, place), Actor(person=person)):
        with pytest.raises(NotAllowed):
            register.prove_phone(person, actor=actor)
    register.tie(who(clerk), "resident", place)
    with pytest.raises(Refused, match="nobody proves their own phone"):
        register.prove_phone(who(clerk), actor=clerk)
    without = somebody(district, None, place)
    register.tie(who(without), "resident", place)
    with pytest.raises(Refused, match="no phone is on the record"):
        register.prove_phone(who(without), actor=clerk)
    assert not register.phone_opens_nothing(who(without)), "there is none to misuse"


def test_a_merged_record_has_the_phone_of_the_one_that_stays(district: District) -> None:
    place = a_place(district, "锦绣花园")
    clerk, register = somebody(district, "clerk", place), district.register
    double = register.person(name="张三", phone=phone(1), home=place)
    stays = register.person(name="张三丰", phone=phone(2), home=place, actor=clerk)
    register.merge(double, stays)
    assert not register.phone_opens_nothing(double)
