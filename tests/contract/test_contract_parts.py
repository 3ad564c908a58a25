"""What a part and its whole know of each other, and what a subject says of where it is and who acts in it."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import attrs
import pytest

from linli import (
    Actor,
    Context,
    District,
    Moves,
    NoInputs,
    Part,
    PartKey,
    PlaceId,
    Plugin,
    Ref,
    State,
    Transition,
    Why,
    Workflow,
    has_post,
)
from linli._base.errors import PluginError, Refused
from linli._base.refusals import Refusal
from linli._model.compiling import compiled, used
from linli.testing import an_organisation, somebody

MEMBER = has_post("owners_committee_member")


@attrs.frozen(kw_only=True)
class Matter:
    """It keeps nothing."""


class Where(Refusal, says="{compound} {place} {body}"):
    compound: object
    place: object
    body: object


def where_and_for_whom(t: Transition[Matter, object]) -> Refusal:
    one = t.subject
    return Where(compound=one.compound, place=one.opened_in, body=one.body_of(t.actor))


class Opinion(Workflow[Matter], name="opinion"):
    move = Moves(Matter)
    asked = State("asked")
    given = State("given", ends=True)
    lapsed = State("lapsed", ends=True)
    ask = move.opening(asked)
    give = move(asked.to(given), by=MEMBER)
    lapse = move(asked.to(lapsed))


def one_each(ctx: Context[Matter]) -> Iterable[PartKey[NoInputs]]:
    return (PartKey(key=key, given=NoInputs()) for key in ("first", "second"))


class MatterFlow(Workflow[Matter], name="matter"):
    move = Moves(Matter)
    open = State("open")
    dropped = State("dropped", ends=True)
    opinion = Part(Opinion.ask, in_=open, one_per=one_each, calls_off=Opinion.lapse, off_in=dropped)
    begin = move.opening(open, by=MEMBER)
    tell = move(open.stay(), by=MEMBER, needs=[where_and_for_whom])
    drop = move(open.to(dropped), by=MEMBER)


class Matters(SimpleNamespace):
    PLUGIN = Plugin(name="matters", workflows=(MatterFlow, Opinion))


@attrs.frozen
class Committee:
    """A district with a building, and somebody of its owners' committee."""

    district: District
    compound: UUID
    building: PlaceId
    body: UUID
    member: Actor

    def begin(self) -> Ref[Matter]:
        """A matter of the building."""
        order = MatterFlow.begin.at(self.building, NoInputs())
        return MatterFlow.ref(self.district.perform(order, actor=self.member).subject)


@pytest.fixture
def committee(new_district: Callable[..., District]) -> Committee:
    district = new_district(plugins={"matters": Matters()})
    compound = district.register.place("compound", "锦绣花园")
    building = PlaceId(district.register.place("building", "3栋", compound))
    body = an_organisation(district, "owners_committee", compound, "锦绣花园业委会")
    member = somebody(district, "owners_committee_member", compound, at=body)
    return Committee(district, compound, building, body, member)


def test_a_subject_says_where_it_was_opened_and_counts_and_for_which_body_somebody_acts(
    committee: Committee,
) -> None:
    said = f"{committee.compound} {committee.building} {committee.body}"
    with pytest.raises(Refused, match=said):
        committee.district.perform(MatterFlow.tell(committee.begin()), actor=committee.member)


def test_a_whole_calls_off_the_parts_that_are_open_when_it_is_dropped(committee: Committee) -> None:
    matter, district = committee.begin(), committee.district
    first, second = (one.id for one in district.tree(matter) if one.kind == "opinion")
    district.perform(Opinion.give(Opinion.ref(first)), actor=committee.member)
    assert district.subject(second).state == "asked"
    district.perform(MatterFlow.drop(matter), actor=committee.member)
    assert [district.subject(one).state for one in (first, second)] == ["given", "lapsed"]


def test_what_calls_a_part_off_is_a_move_of_it_that_asks_for_nothing_in_states_of_the_whole() -> None:
    class Part1(Workflow[Matter], name="part1"):
        move = Moves(Matter)
        asked = State("asked")
        over = State("over", ends=True)
        ask = move.opening(asked)
        lapse = move(asked.to(over), Why)

    class Other(Workflow[Matter], name="other"):
        move = Moves(Matter)
        asked = State("asked")
        over = State("over", ends=True)
        ask = move.opening(asked)
        lapse = move(asked.to(over))

    class Whole(Workflow[Matter], name="whole"):
        move = Moves(Matter)
        open = State("open")
        over = State("over", ends=True)
        first = Part(Part1.ask, calls_off=Part1.lapse, off_in=MatterFlow.dropped)  # type: ignore[arg-type]
        second = Part(Part1.ask, off_in=over)
        third = Part(Part1.ask, calls_off=Other.lapse, off_in=over)
        begin = move.opening(open)
        end = move(open.to(over))

    with pytest.raises(PluginError) as caught:
        compiled(Whole)
    problems = str(caught.value)
    assert "whole.first: MatterFlow.dropped is no state of this workflow" in problems
    assert "whole.second: give calls_off= and off_in= together" in problems
    assert "whole.third: other.lapse is no move of the part" in problems
    with pytest.raises(PluginError, match=r"part1\.lapse: linli makes it by itself"):
        compiled(Part1)


def _in_use() -> type[Workflow[Matter]]:
    class Used(Workflow[Matter], name="used"):
        move = Moves(Matter)
        asked = State("asked")
        over = State("over", ends=True)
        ask = move.opening(asked)
        end = move(asked.to(over), by=MEMBER)
        lapse = move(asked.to(over))

    used((Used,))
    return Used


def test_a_whole_that_would_change_a_part_in_use_is_refused_since_nobody_would_know() -> None:
    taken: Any = _in_use()
    with pytest.raises(TypeError, match=r"calls_off= of .* changes Used.lapse, which is in use already"):

        class Whole(Workflow[Matter], name="whole"):
            move = Moves(Matter)
            open = State("open")
            over = State("over", ends=True)
            part = Part(taken.ask, calls_off=taken.lapse, off_in=over)
            begin = move.opening(open, by=MEMBER)
            end = move(open.to(over), by=MEMBER)

    with pytest.raises(TypeError, match=r"bars= of a move .* changes Used.end, which is in use already"):

        class Barring(Workflow[Matter], name="barring"):
            move = Moves(Matter)
            open = State("open")
            over = State("over", ends=True)
            begin = move.opening(open, by=MEMBER)
            end = move(open.to(over), by=MEMBER, bars=[taken.end])
