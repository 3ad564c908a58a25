"""Owners: people, organisations, estates, minors and wards, and those who cannot be found; tenants are none."""

import pytest

from linli import District
from linli._base.errors import NotFound, Refused
from linli._model.acts import new_id
from linli._verbs.register.ties import OWNS_AS, Tie
from linli.testing import a_place, an_organisation


def _owners(district: District, part: object) -> list[Tie]:
    return district.register.ties(at=part, kind="owner")  # type: ignore[arg-type]


def test_an_organisation_owns_a_part_and_is_marked_as_one(district: District) -> None:
    place = a_place(district, "锦绣花园")
    body = an_organisation(district, "property_company", place)
    district.register.tie(body, "owner", place)
    assert [(tie.person, tie.record) for tie in _owners(district, place)] == [(body, {"as": "organisation"})]
    with pytest.raises(NotFound):
        district.register.tie(body, "resident", place)


def test_how_somebody_owns_is_one_of_the_ways_that_there_are(district: District) -> None:
    place = a_place(district, "锦绣花园")
    person = district.register.person(name="张三", phone="13800000001")
    for how in OWNS_AS:
        if how != "organisation":
            district.register.tie(person, "owner", place, record={"as": how})
            assert _owners(district, place)[0].record == {"as": how}
    for wrong in ("organisation", "child", ""):
        with pytest.raises(Refused, match="is no way to own"):
            district.register.tie(person, "owner", place, record={"as": wrong})
    with pytest.raises(NotFound):
        district.register.tie(new_id(), "owner", place)


@pytest.mark.parametrize(("how", "kept"), [("died", {"as": "estate"}), ("moved_away", {})])
def test_what_somebody_owns_does_not_end_when_they_move_away_and_is_their_estates_when_they_die(
    district: District, how: str, kept: dict[str, str]
) -> None:
    home, other = a_place(district, "一单元"), a_place(district, "二单元")
    person = district.register.person(name="张三", phone="13800000001", home=home)
    district.register.tie(person, "owner", home)
    district.register.tie(person, "tenant", other)
    district.register.end(person, how)
    open_ties = district.register.ties(person=person)
    assert [(tie.kind, tie.at, tie.record) for tie in open_ties] == [("owner", home, kept)]
    district.register.end_tie(person, "owner", home)
    assert district.register.ties(person=person) == []


def test_who_is_erased_owns_nothing_on_the_record(district: District) -> None:
    home = a_place(district, "一单元")
    person = district.register.person(name="张三", phone="13800000001", home=home)
    district.register.tie(person, "owner", home)
    district.register.erase(person)
    assert _owners(district, home) == []
