"""Who belongs to a joint meeting, who of them may answer, and over whom a quorum is counted."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from fractions import Fraction
from itertools import chain, combinations
from uuid import UUID

import attrs
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from linli import ENGINE_ACTOR, Actor, District, LinliError, Refused, new_id
from linli._verbs.register.place_changes import aliased
from linli.testing import a_place, an_organisation, somebody
from linli_meetings.api import Meetings, proposed_item
from linli_meetings.testing import Street, street

NewDistrict = Callable[..., District]
_SETTINGS = """
[meetings]
members = ["department", "residents_committee"]
district_members = ["department@district"]
circulation_quorum = {percent}
quorum = {percent}

[meetings.matters]
parking = ["department", "residents_committee@own"]
"""


@attrs.frozen
class Place:
    """A street with three departments and three communities, each with its committee.

    Attributes:
        committees: by community; the compound lies in the first.
        voices: by body, somebody who speaks for it.
        elsewhere: bodies that do not belong to the street's meeting.
    """

    here: Street
    committees: list[UUID]
    voices: dict[UUID, Actor]
    elsewhere: list[UUID]

    @property
    def members(self) -> list[UUID]:
        return [self.here.urban, self.here.fire, self.here.water, *self.committees]

    def proposed(self, matter: str | None = None, left_out: Iterable[UUID] = ()) -> UUID:
        """An item that a rule proposes, as another plugin does."""
        order = proposed_item(
            tier="street",
            place=self.here.compound,
            topic="停车位",
            about=new_id(),
            matter=matter,
            left_out=left_out,
        )
        return self.here.district.perform(order, actor=ENGINE_ACTOR).subject

    def circulate(self, item: UUID, bodies: Iterable[UUID] = ()) -> None:
        self.here.district.make(
            item,
            "circulate",
            {"draft": "approved", "text": "同意", "bodies": tuple(bodies)},
            actor=self.here.secretary,
        )

    def answer(self, item: UUID, body: UUID, move: str) -> None:
        part = Meetings(self.here.district).part_of(item, body).id
        values = {"reason": "不同意"} if move == "object" else {}
        self.here.district.make(part, move, values, actor=self.voices[body])

    def resolve(self, item: UUID) -> None:
        self.here.district.make(item, "resolve", {"resolution": "approved"}, actor=self.here.secretary)


def place(new_district: NewDistrict, percent: int = 100) -> Place:
    here = street(new_district, _SETTINGS.format(percent=percent))
    district = here.district
    above = f"{here.top.hex}/{here.place.hex}/"
    communities = [
        a_place(district, f"社区{n}", kind="community", parent=here.place, path=above) for n in range(3)
    ]
    committees = [
        an_organisation(district, "residents_committee", one, f"居委会{n}")
        for n, one in enumerate(communities)
    ]
    compound = a_place(district, "桂花苑", parent=communities[0], path=f"{above}{communities[0].hex}/")
    other = a_place(district, "红旗路街道", kind="street", parent=here.top, path=f"{here.top.hex}/")
    elsewhere = [
        an_organisation(district, "department", other, "别的街道的部门"),
        an_organisation(district, "department", here.top, "区的部门"),
        an_organisation(district, "property_company", compound, "物业"),
    ]
    voices = {here.urban: here.urban_officer, here.fire: here.fire_officer, here.water: here.water_officer}
    for community, body in zip(communities, committees, strict=True):
        voices[body] = somebody(district, "residents_committee_member", community, at=body)
    return Place(attrs.evolve(here, compound=compound), committees, voices, elsewhere)


def test_the_committees_of_the_communities_below_belong_to_the_streets_meeting(
    new_district: NewDistrict,
) -> None:
    where = place(new_district)
    meeting = where.here.district.subject(where.here.called())
    assert set(meeting.record.invited) == set(meeting.record.member_bodies) == set(where.members)
    top = where.here.district.start(
        "meeting",
        "call",
        where.here.top,
        {"starts_at": where.here.clock.now + timedelta(days=5), "venue": "一楼"},
        actor=where.here.district_secretary,
    )
    invited = where.here.district.subject(top.subject).record.invited
    assert invited == (where.elsewhere[1],), "of the district's meeting, by its own rule"


def test_one_hand_picked_department_decides_nothing(new_district: NewDistrict) -> None:
    where = place(new_district)
    item = where.proposed()
    with pytest.raises(Refused, match="6 of the 6 members of the meeting must agree, and only 1 are asked"):
        where.circulate(item, [where.here.urban])
    for stranger in where.elsewhere:
        with pytest.raises(Refused, match="does not belong to this joint meeting"):
            where.circulate(item, [*where.members, stranger])
    assert where.here.state(item) == "proposed"
    with pytest.raises(Refused, match="100 percent of the 6 members must be there, and only 1 are invited"):
        where.here.called(invited=(where.here.urban,))


def test_a_matter_of_one_community_is_its_own_committees(new_district: NewDistrict) -> None:
    where = place(new_district)
    item = where.proposed("parking")
    assert where.here.district.subject(item).record.member_rules == ("department", "residents_committee@own")
    where.circulate(item)
    asked = [one for one in where.here.district.tree(item) if one.kind == "written_opinion"]
    assert {one.record.organisation for one in asked} == {*where.members[:3], where.committees[0]}


def test_nobody_chooses_who_decides_about_what_they_propose(new_district: NewDistrict) -> None:
    where = place(new_district)
    for given, why in (
        ({"matter_kind": "lift"}, "no rules for matters of the kind lift; it has them for: parking"),
        ({"member_rules": ("department",)}, "worked out by linli"),
        ({"left_out": (where.here.fire,)}, "worked out by linli"),
    ):
        with pytest.raises(Refused, match=why):
            where.here.proposed(**given)
    assert where.here.state(where.here.proposed(matter_kind="parking")) == "proposed"


def test_a_kind_of_matter_names_members_alone(new_district: NewDistrict) -> None:
    with pytest.raises(LinliError, match="owners_committee does not belong to the joint meetings"):
        street(new_district, '\n[meetings.matters]\nlift = ["owners_committee"]\n')


def test_what_one_wants_at_the_meeting_is_on_the_next_one_that_was_called(new_district: NewDistrict) -> None:
    where = place(new_district)
    later = where.here.called(starts_at=where.here.clock.now + timedelta(days=9))
    sooner = where.here.called()
    item = where.proposed()
    where.circulate(item)
    where.answer(item, where.here.fire, "to_meeting")
    assert where.here.state(item) == "scheduled"
    assert where.here.district.subject(item).record.meeting == sooner != later


def test_without_a_meeting_it_waits_for_the_next_one_that_is_called(new_district: NewDistrict) -> None:
    where = place(new_district)
    item = where.proposed()
    where.circulate(item)
    where.here.pass_time(days=5, seconds=1)
    assert where.here.state(item) == "proposed"
    with pytest.raises(Refused, match="it is for the next meeting"):
        where.circulate(item)
    untouched = where.proposed()
    meeting = where.here.called()
    assert where.here.district.subject(item).record.meeting == meeting
    assert where.here.state(untouched) == "proposed", "what was never circulated is put there by hand"


def test_a_body_that_was_merged_into_one_that_reviewed_answers_no_more(new_district: NewDistrict) -> None:
    where = place(new_district, 50)
    item = where.proposed(left_out=[where.here.urban])
    where.circulate(item)
    with where.here.district.store.transaction() as transaction:
        transaction.commit(
            aliased(where.here.district.code, "organisation", where.here.fire, where.here.urban)
        )
    for post in where.here.district.register.posts():
        if post.at == where.here.fire:
            where.here.district.register.end_post(post.id)
    part = Meetings(where.here.district).part_of(item, where.here.fire).id
    with pytest.raises(Refused, match="it does not answer here too"):
        where.here.district.make(part, "agree", actor=where.here.urban_officer)


# --- counted independently ---------------------------------------------------------------------------


def enough(yes: int, of: int, percent: int) -> bool:
    """By fractions, as a clerk counts: so many of these are at least so many percent."""
    return of > 0 and Fraction(yes, of) >= Fraction(percent, 100)


class Circulations(RuleBasedStateMachine):
    """Circulations among random members, with random answers, against a count of our own."""

    where: Place
    percent: int

    @initialize(data=st.data(), own=st.booleans())
    def circulated(self, data: st.DataObject, own: bool) -> None:
        where = self.where
        able = [*where.members[:3], where.committees[0]] if own else where.members
        left_out = data.draw(st.sets(st.sampled_from(where.members), max_size=3), label="left out")
        named = data.draw(st.sets(st.sampled_from(where.members)), label="named")
        self.able = [one for one in able if one not in left_out]
        self.asked = named or set(self.able)
        self.answers: dict[UUID, str] = {}
        self.over = False
        self.item = where.proposed("parking" if own else None, left_out)
        allowed = self.asked <= set(self.able) and enough(len(self.asked), len(self.able), self.percent)
        try:
            where.circulate(self.item, named)
        except Refused:
            assert not allowed
            self.over = True
        else:
            assert allowed

    @rule(data=st.data(), move=st.sampled_from(["agree", "agree", "agree", "object", "to_meeting"]))
    def answered(self, data: st.DataObject, move: str) -> None:
        body = data.draw(st.sampled_from(self.where.members), label="who")
        before, expected = self.expected(), body in self.asked and body not in self.answers
        try:
            self.where.answer(self.item, body, move)
        except LinliError:
            assert self.over or before != "circulating" or not expected
        else:
            assert expected
            assert before == "circulating"
            self.answers[body] = move

    @rule()
    def resolved(self) -> None:
        if self.expected() == "agreed" and self.where.here.state(self.item) == "circulating":
            self.where.resolve(self.item)
            assert self.where.here.state(self.item) == "closed"
            self.over = True
        else:
            with pytest.raises(LinliError):
                self.where.resolve(self.item)

    @rule()
    def time_passes(self) -> None:
        open_still = self.expected() == "circulating"
        self.where.here.pass_time(days=6)
        if open_still:
            assert self.where.here.state(self.item) == "proposed", "silence is no answer"
            self.over = True

    def expected(self) -> str:
        """What our own count says."""
        if self.over:
            return "over"
        said = list(self.answers.values())
        if enough(said.count("agree"), len(self.able), self.percent):
            return "agreed"
        silent = len(self.asked) - len(said)
        if "to_meeting" in said or not enough(said.count("agree") + silent, len(self.able), self.percent):
            return "for the meeting"
        return "circulating"

    @invariant()
    def as_counted(self) -> None:
        if not hasattr(self, "item") or self.over:
            return
        state = self.where.here.state(self.item)
        assert (state == "circulating") == (self.expected() in ("agreed", "circulating"))
        agreed = "agreed" in self.where.here.states(self.item)["circulation"]
        assert agreed == (self.expected() == "agreed")


@pytest.mark.parametrize("percent", [34, 50, 67, 100])
def test_a_circulation_is_decided_as_an_independent_count_says(
    new_district: NewDistrict, percent: int
) -> None:
    found = place(new_district, percent)

    class Machine(Circulations):
        where = found

    Machine.percent = percent
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_meeting_decides_with_enough_of_those_that_may_answer(new_district: NewDistrict) -> None:
    """Every choice of three who come, and of who has reviewed: held and decided as counted by hand."""
    where = place(new_district, 50)
    here = where.here
    for left_out in ((), (here.urban,), (here.urban, here.fire), tuple(where.members[:4])):
        for there in chain(combinations(where.members[:4], 2), combinations(where.members, 3)):
            meeting, item = here.called(), where.proposed(left_out=left_out)
            here.district.make(item, "schedule", {"meeting": meeting}, actor=here.secretary)
            here.clock.now += timedelta(days=5)
            for body in there:
                here.district.make(
                    Meetings(here.district).part_of(meeting, body).id, "attend", actor=here.secretary
                )
            if not enough(len(there), 6, 50):
                with pytest.raises(Refused, match="of 6 members are present"):
                    here.district.make(meeting, "hold", actor=here.secretary)
                continue
            here.district.make(meeting, "hold", actor=here.secretary)
            able = [one for one in where.members if one not in left_out]
            if enough(sum(one in able for one in there), len(able), 50):
                where.resolve(item)
            else:
                with pytest.raises(
                    Refused, match=f"of the {len(able)} members that may decide about it were there"
                ):
                    where.resolve(item)
                values = {"resolution": "unsettled", "reason": "人数不足"}
                here.district.make(item, "resolve", values, actor=here.secretary)
                assert here.state(item) == "closed", "and it is the district's now"
