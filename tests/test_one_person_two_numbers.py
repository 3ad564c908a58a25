"""Whoever acted before their records became one is the same person: they still may go on, and still may not decide twice."""

from collections.abc import Callable
from uuid import uuid4

from linli import District
from linli.testing import a_place, phone


def test_somebody_is_among_people_by_whatever_number_they_ever_had(
    new_district: Callable[..., District],
) -> None:
    district = new_district()
    place, register = a_place(district, "锦绣花园"), district.register
    gone = register.person(name="张三", phone=phone(1), home=place)
    stays = register.person(name="张三", phone=phone(2), home=place)
    other = register.person(name="李四", phone=phone(3), home=place)
    register.merge(gone, stays)
    with register._facts() as facts:
        assert facts.is_among(stays, (gone,))
        assert facts.is_among(stays, (other, stays))
        assert not facts.is_among(stays, (other, uuid4()))
        assert not facts.is_among(other, (gone, stays))
        assert not facts.is_among(None, (gone,))
