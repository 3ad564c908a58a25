"""What a part and its whole know of each other, and what a subject says of where it is and who acts in it."""

from collections.abc import Callable
from types import SimpleNamespace

import attrs
import pytest

from linli import District, Manifest, has_post, hookimpl, say
from linli.contract import Moves, NoInputs, PlaceId, State, Transition, Workflow
from linli.errors import Refused
from linli.i18n import Text
from linli.testing import an_organisation, somebody

MEMBER = has_post("owners_committee_member")


@attrs.frozen(kw_only=True)
class Matter:
    """It keeps nothing."""


def where_and_for_whom(t: Transition[Matter, object]) -> Text:
    one = t.subject
    return say(
        "{compound} {place} {body}", compound=one.compound, place=one.opened_in, body=one.body_of(t.actor)
    )


class MatterFlow(Workflow[Matter], name="matter"):
    move = Moves(Matter)
    open = State("open")
    dropped = State("dropped", ends=True)
    begin = move.opening(open, by=MEMBER)
    tell = move(open.stay(), by=MEMBER, needs=[where_and_for_whom])
    drop = move(open.to(dropped), by=MEMBER)


class Matters(SimpleNamespace):
    @staticmethod
    @hookimpl
    def describe() -> Manifest:
        return Manifest(name="matters", workflows=(MatterFlow,))


def test_a_subject_says_where_it_was_opened_and_counts_and_for_which_body_somebody_acts(
    new_district: Callable[..., District],
) -> None:
    district = new_district(plugins={"matters": Matters()})
    compound = district.register.place("compound", "锦绣花园")
    building = PlaceId(district.register.place("building", "3栋", compound))
    body = an_organisation(district, "owners_committee", compound, "锦绣花园业委会")
    member = somebody(district, "owners_committee_member", compound, at=body)
    matter = district.perform(MatterFlow.begin.at(building, NoInputs()), actor=member).subject
    with pytest.raises(Refused, match=f"{compound} {building} {body}"):
        district.perform(MatterFlow.tell(MatterFlow.ref(matter)), actor=member)
