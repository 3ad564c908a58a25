"""What people can consent to: what something publishes, and they themselves always."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest

from linli._base.errors import NotAllowed, Refused
from linli._district.district import District
from linli._hooks.plugin import unknown_purpose
from linli._hooks.plugins import installed
from linli._model.access import Actor
from linli._testing.fixtures import Printed

NewDistrict = Callable[..., District]


def _person(district: District) -> UUID:
    return district.register.person(name="张三", phone="13807391234")


@pytest.mark.parametrize(
    ("purpose", "why"),
    [
        ("publish_contct", "did you mean publish_contact"),
        ("publish_contact/17", "did you mean publish_contact"),
        ("nonsense", "there are: publish_contact"),
        ("", "there are: publish_contact"),
    ],
)
def test_what_nothing_publishes_is_refused_with_the_nearest_name(
    district: District, purpose: str, why: str
) -> None:
    person = _person(district)
    with pytest.raises(Refused, match=why):
        district.register.consent(person, purpose)
    assert district.register.consents(person) == {}


def test_everybody_consents_for_themselves_and_takes_it_back_and_nobody_else_does(district: District) -> None:
    person, other = _person(district), district.register.person(name="李四")
    register = district.register
    with pytest.raises(NotAllowed):
        register.consent(person, "publish_contact", actor=Actor(person=other))
    register.consent(person, "publish_contact", actor=Actor(person=person))
    with pytest.raises(NotAllowed):
        register.withdraw_consent(person, "publish_contact", actor=Actor(person=other))
    register.withdraw_consent(person, "publish_contact", actor=Actor(person=person))
    assert register.consents(person)["publish_contact"][1] is not None


def test_consents_are_shown_with_the_person(district: District, command: Callable[..., Printed]) -> None:
    folder = district.configuration.folder
    person = str(_person(district))
    agreed = command("person", "consent", person, "publish_contact", "--as", person, folder=folder)
    assert (agreed.code, agreed.out.strip() != "") == (0, True), "and it says that it was recorded"
    assert "contact shown in a publication" in command("person", "find", person, folder=folder).out
    found = json.loads(command("person", "find", person, "--json", folder=folder).out)
    assert [one["purpose"] for one in found["consents"]] == ["publish_contact"]


def test_every_purpose_of_every_plugin_can_be_consented_to(new_district: NewDistrict) -> None:
    """No plugin publishes for a purpose that it does not declare, nor declares one twice."""
    district = new_district(enabled=tuple(installed()))
    known = [one for m in district.rules.plugins.declarations.values() for one in m.purposes]
    assert len({one.code for one in known}) == len(known)
    person = _person(district)
    for purpose in (one.code for one in known):
        name = purpose.replace("*", UUID(int=7).hex)
        assert unknown_purpose(name, district.rules.plugins.declarations.values()) is None
        if purpose.endswith("/*"):
            with pytest.raises(Refused, match="gives this consent themselves"):
                district.register.consent(person, name)
        else:
            district.register.consent(person, name)
