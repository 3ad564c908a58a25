"""Who becomes steward of what, by whom, and what goes on when they leave."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from linli import District, NotAllowed, NotFound, OpenOrder, PersonId, PlaceId, Private, Refused, Why
from linli.testing import snapshot, somebody
from linli_stewards.api import replacing, steward_at
from linli_stewards.reading import Reading
from linli_stewards.stewardship import Named, StewardshipFlow
from linli_stewards.tables import TABLES
from linli_stewards.testing import Yard, a_yard, who


@pytest.fixture
def yard(new_district: Callable[..., District]) -> Yard:
    return a_yard(new_district)


def test_the_branch_s_secretary_appoints_and_the_steward_has_the_post(yard: Yard) -> None:
    act = yard.district.perform(
        StewardshipFlow.appoint.at(PlaceId(yard.units[0]), Named(), person=PersonId(who(yard.ann))),
        actor=yard.secretary,
    )
    steward = yard.district.subject(steward_at(yard.district, yard.units[0]))
    assert (steward.id, steward.state, steward.person) == (act.subject, "appointed", yard.ann.person)
    assert steward.record.party_member
    assert yard.posted(yard.units[0]) == [yard.ann.person]


@pytest.mark.parametrize("name", ["member", "clerk", "ann", "cai"])
def test_nobody_else_appoints(yard: Yard, name: str) -> None:
    before = snapshot(yard.district, TABLES)
    with pytest.raises(NotAllowed):
        yard.district.perform(
            StewardshipFlow.appoint.at(PlaceId(yard.units[0]), Named(), person=PersonId(who(yard.ann))),
            actor=yard.actors[name],
        )
    assert snapshot(yard.district, TABLES) == before


@pytest.mark.parametrize("name", ["above", "officer"])
def test_where_the_compound_has_a_branch_no_other_body_appoints(yard: Yard, name: str) -> None:
    with pytest.raises(Refused, match="by the secretary of 锦绣花园党支部"):
        yard.district.perform(
            StewardshipFlow.appoint.at(PlaceId(yard.units[0]), Named(), person=PersonId(who(yard.ann))),
            actor=yard.actors[name],
        )


def test_where_the_compound_has_no_branch_the_community_s_secretary_appoints_and_it_is_on_record(
    yard: Yard,
) -> None:
    act = yard.district.perform(
        StewardshipFlow.appoint.at(PlaceId(yard.other_unit), Named(), person=PersonId(who(yard.ann))),
        actor=yard.above,
    )
    assert (act.acting_as or "").startswith("branch_secretary@")
    assert yard.posted(yard.other_unit) == [yard.ann.person]


def test_where_no_branch_has_a_secretary_the_street_appoints(yard: Yard) -> None:
    (post,) = yard.district.register.posts(person=who(yard.above))
    with pytest.raises(Refused, match="by the secretary of"):
        yard.district.perform(
            StewardshipFlow.appoint.at(PlaceId(yard.other_unit), Named(), person=PersonId(who(yard.ann))),
            actor=yard.officer,
        )
    yard.district.register.end_post(post.id)
    assert yard.district.perform(
        StewardshipFlow.appoint.at(PlaceId(yard.other_unit), Named(), person=PersonId(who(yard.ann))),
        actor=yard.officer,
    )


def test_nobody_appoints_themselves(yard: Yard) -> None:
    yard.district.register.tie(who(yard.secretary), "party_member", yard.branch)
    with pytest.raises(Refused, match="nobody appoints themselves"):
        yard.district.perform(
            StewardshipFlow.appoint.at(PlaceId(yard.units[0]), Named(), person=PersonId(who(yard.secretary))),
            actor=yard.secretary,
        )
    nominated = yard.district.perform(
        StewardshipFlow.nominate.at(PlaceId(yard.units[0]), Named(), person=PersonId(who(yard.secretary))),
        actor=yard.member,
    ).subject
    with pytest.raises(Refused, match="nobody appoints themselves"):
        yard.district.perform(
            StewardshipFlow.approve(StewardshipFlow.ref(nominated), Named()), actor=yard.secretary
        )
    yard.district.perform(
        StewardshipFlow.approve(StewardshipFlow.ref(nominated), Named()), actor=yard.officer
    )
    assert yard.posted(yard.units[0]) == [yard.secretary.person]


def test_who_is_no_party_member_needs_a_reason_which_goes_to_the_vault(yard: Yard) -> None:
    with pytest.raises(Refused, match="say why this one is not"):
        yard.district.perform(
            StewardshipFlow.appoint.at(PlaceId(yard.units[0]), Named(), person=PersonId(who(yard.cai))),
            actor=yard.secretary,
        )
    act = yard.district.perform(
        StewardshipFlow.appoint.at(
            PlaceId(yard.units[0]), Named(why_not_member=Private("热心邻居")), person=PersonId(who(yard.cai))
        ),
        actor=yard.secretary,
    )
    assert not yard.district.subject(act.subject).record.party_member
    assert "热心" not in repr(yard.district.history(act.subject))


def test_whether_somebody_is_a_party_member_is_not_for_the_caller_to_say(yard: Yard) -> None:
    with pytest.raises(Refused, match="worked out by linli"):
        yard.district.start(
            "stewardship",
            "appoint",
            yard.units[0],
            {"party_member": True},
            person=who(yard.cai),
            actor=yard.secretary,
        )


def test_a_place_has_one_steward_at_a_time(yard: Yard) -> None:
    yard.appointed()
    with pytest.raises(Refused, match="1单元 has a steward"):
        yard.district.perform(
            StewardshipFlow.appoint.at(PlaceId(yard.units[0]), Named(), person=PersonId(who(yard.ben))),
            actor=yard.secretary,
        )
    with pytest.raises(Refused, match="1单元 has a steward"):
        yard.district.perform(
            StewardshipFlow.nominate.at(PlaceId(yard.units[0]), Named(), person=PersonId(who(yard.ben))),
            actor=yard.member,
        )


@pytest.mark.parametrize("which", ["compound", "home"])
def test_only_units_and_buildings_have_stewards(yard: Yard, which: str) -> None:
    place = yard.compound if which == "compound" else yard.homes[0]
    with pytest.raises(Refused, match="has no steward of its own"):
        yard.district.perform(
            StewardshipFlow.appoint.at(PlaceId(place), Named(), person=PersonId(who(yard.ann))),
            actor=yard.secretary,
        )


def test_where_the_district_covers_buildings_units_have_no_stewards(
    new_district: Callable[..., District],
) -> None:
    yard = a_yard(new_district, '\n[stewards]\nlevel = "building"\n')
    with pytest.raises(Refused, match="has no steward of its own"):
        yard.appointed()
    yard.appointed(yard.building)
    assert (yard.figures()["units_total"], yard.figures()["units_covered"]) == (3, 1)
    assert [gap.name.split("/")[-2:] for gap in Reading(yard.district, yard.compound).gaps()] == [
        ["锦绣花园", "2栋"]
    ]


# --- nominations -------------------------------------------------------------------------------------------


def test_a_nomination_is_decided_by_somebody_else(yard: Yard) -> None:
    yard.district.register.post(who(yard.secretary), "branch_member", yard.branch)
    own = yard.district.perform(
        StewardshipFlow.nominate.at(PlaceId(yard.units[0]), Named(), person=PersonId(who(yard.ann))),
        actor=yard.secretary,
    ).subject
    with pytest.raises(NotAllowed, match="already acted"):
        yard.district.perform(
            StewardshipFlow.approve(StewardshipFlow.ref(own), Named()), actor=yard.secretary
        )
    yard.district.make(own, "withdraw", {"reason": "改由委员提名"}, actor=yard.member)
    nominated = yard.district.perform(
        StewardshipFlow.nominate.at(
            PlaceId(yard.units[0]), Named(why_not_member=Private("热心")), person=PersonId(who(yard.cai))
        ),
        actor=yard.member,
    ).subject
    assert yard.posted(yard.units[0]) == []
    yard.district.perform(
        StewardshipFlow.approve(StewardshipFlow.ref(nominated), Named()), actor=yard.secretary
    )
    assert yard.posted(yard.units[0]) == [yard.cai.person]


def test_of_two_nominations_for_one_unit_the_second_finds_it_taken(yard: Yard) -> None:
    one, other = (
        yard.district.perform(
            StewardshipFlow.nominate.at(PlaceId(yard.units[0]), Named(), person=PersonId(who(person))),
            actor=yard.member,
        ).subject
        for person in (yard.ann, yard.ben)
    )
    yard.district.perform(StewardshipFlow.approve(StewardshipFlow.ref(one), Named()), actor=yard.secretary)
    with pytest.raises(Refused, match="has a steward"):
        yard.district.perform(
            StewardshipFlow.approve(StewardshipFlow.ref(other), Named()), actor=yard.secretary
        )
    yard.district.make(other, "reject", {"reason": "已有人选"}, actor=yard.secretary)


def test_a_nomination_that_nobody_decides_on_climbs_and_is_never_approved_by_silence(yard: Yard) -> None:
    """Nominated on Monday, 2 March 2026, nine o'clock: five working days end on Monday the 9th."""
    somebody(yard.district, "officer", yard.district.register.root())
    nominated = yard.district.perform(
        StewardshipFlow.nominate.at(PlaceId(yard.units[0]), Named(), person=PersonId(who(yard.ann))),
        actor=yard.member,
    ).subject
    due = yard.district.subject(nominated).due_at
    assert due is not None
    assert due.astimezone(yard.district.rules.zone).date().isoformat() == "2026-03-09"
    yard.pass_days(6.9)
    assert yard.district.subject(nominated).state == "nominated"
    for _ in range(4):
        yard.pass_days(7)
    late = [act for act in yard.district.history(nominated) if act.verb == "stewardship.late"]
    assert [act.body["rung"] for act in late] == ["branch", "street", "district"]
    assert yard.district.subject(nominated).state == "nominated"


def test_the_time_to_decide_leaves_out_the_holiday_and_counts_the_saturday_worked_for_it(yard: Yard) -> None:
    """From Wednesday, 30 September 2026: the 8th, the 9th, Saturday the 10th, the 12th, the 13th of October."""
    yard.clock.now = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)
    nominated = yard.district.perform(
        StewardshipFlow.nominate.at(PlaceId(yard.units[0]), Named(), person=PersonId(who(yard.ann))),
        actor=yard.member,
    ).subject
    due = yard.district.subject(nominated).due_at
    assert due is not None
    assert due.astimezone(yard.district.rules.zone).date().isoformat() == "2026-10-13"


# --- changes -----------------------------------------------------------------------------------------------


def test_whoever_follows_begins_as_the_other_ends_in_one_act_and_has_the_open_tasks(yard: Yard) -> None:
    old = yard.appointed()
    task = yard.dispatched("上门检测", yard.homes[0])
    yard.district.make(task.id, "take", actor=yard.ann)
    act = yard.district.perform(
        replacing(yard.district, yard.units[0], who(yard.ben), "搬家"), actor=yard.secretary
    )
    was, now = yard.district.subject(old), yard.district.subject(act.subject)
    assert (was.state, was.record.replaced_by, now.record.replaces) == ("replaced", now.id, old)
    assert was.ended_at == now.accepted_at
    assert yard.posted(yard.units[0]) == [yard.ben.person]
    assert yard.district.subject(steward_at(yard.district, yard.units[0])).id == now.id
    with pytest.raises(NotAllowed):
        yard.district.make(task.id, "finish", {"result": "已上门"}, actor=yard.ann)
    yard.district.make(task.id, "finish", {"result": "已上门"}, actor=yard.ben)
    assert yard.district.subject(task.id).state == "done"


def test_when_nobody_follows_the_branch_has_the_open_tasks_and_the_list_says_so(yard: Yard) -> None:
    yard.appointed()
    task = yard.dispatched("上门检测", yard.homes[0])
    yard.district.perform(
        StewardshipFlow.resign(steward_at(yard.district, yard.units[0]), Why(reason=Private("身体原因"))),
        actor=yard.ann,
    )
    assert yard.posted(yard.units[0]) == []
    (line,) = Reading(yard.district, yard.compound).lines()
    assert (line.place, line.person, line.open_tasks) == (yard.units[0], None, 1)
    assert line.stands_in == "锦绣花园党支部"
    with pytest.raises(NotAllowed):
        yard.district.make(task.id, "take", actor=yard.ann)
    act = yard.district.make(task.id, "take", actor=yard.member)
    assert act.acting_as == f"branch_member@{yard.branch}"


def test_when_a_unit_s_own_steward_leaves_the_building_s_steward_has_the_open_tasks(yard: Yard) -> None:
    yard.appointed()
    yard.appointed(yard.building, yard.ben)
    task = yard.dispatched("上门检测", yard.homes[0])
    yard.district.perform(
        StewardshipFlow.end(steward_at(yard.district, yard.units[0]), Why(reason=Private("长期外出"))),
        actor=yard.secretary,
    )
    lines = {line.place: line for line in Reading(yard.district, None).lines()}
    assert lines[yard.units[0]].stands_in == "城南街道/百春园社区/锦绣花园/1栋"
    yard.district.make(task.id, "take", actor=yard.ben)


def test_only_whoever_is_steward_now_is_followed(yard: Yard) -> None:
    old = yard.appointed()
    yard.district.perform(
        replacing(yard.district, yard.units[0], who(yard.ben), "搬家"), actor=yard.secretary
    )
    order = OpenOrder(
        workflow="stewardship",
        move="succeed",
        place=yard.units[0],
        person=who(yard.ann),
        values={"replaces": old, "reason": "x"},
    )
    with pytest.raises(Refused, match="is not its steward now"):
        yard.district.perform(order, actor=yard.secretary)
    with pytest.raises(Refused, match="its steward already"):
        yard.district.perform(
            replacing(yard.district, yard.units[0], who(yard.ben), "x"), actor=yard.secretary
        )
    with pytest.raises(NotFound):
        yard.district.perform(
            replacing(yard.district, yard.units[1], who(yard.ben), "x"), actor=yard.secretary
        )


def test_every_end_needs_a_reason(yard: Yard) -> None:
    yard.appointed()
    with pytest.raises(Refused, match="reason"):
        yard.district.perform(
            StewardshipFlow.end(steward_at(yard.district, yard.units[0]), Why(reason=Private(""))),
            actor=yard.secretary,
        )
    with pytest.raises(Refused, match="reason"):
        yard.district.perform(
            StewardshipFlow.resign(steward_at(yard.district, yard.units[0]), Why(reason=Private(""))),
            actor=yard.ann,
        )
    with pytest.raises(NotAllowed):
        yard.district.perform(
            StewardshipFlow.resign(steward_at(yard.district, yard.units[0]), Why(reason=Private("替他辞职"))),
            actor=yard.secretary,
        )


# --- what the register does ----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["died", "moved_away", "erased"])
def test_a_stewardship_lapses_with_its_person(yard: Yard, how: str) -> None:
    steward = yard.appointed()
    nominated = yard.district.perform(
        StewardshipFlow.nominate.at(PlaceId(yard.units[1]), Named(), person=PersonId(who(yard.ann))),
        actor=yard.member,
    ).subject
    if how == "erased":
        yard.district.register.erase(who(yard.ann))
    else:
        yard.district.register.end(who(yard.ann), how)
    assert [yard.district.subject(one).state for one in (steward, nominated)] == ["lapsed", "lapsed"]
    assert yard.posted(yard.units[0]) == []
    assert yard.appointed(yard.units[0], yard.ben)


@pytest.mark.parametrize("how", ["end", "merge"])
def test_a_stewardship_lapses_with_its_place(yard: Yard, how: str) -> None:
    register, steward = yard.district.register, yard.appointed(yard.building)
    of_unit = yard.appointed(yard.units[0], yard.ben)
    if how == "end":
        register.end_place(yard.building, below=True)
    else:
        register.merge_places(yard.building, yard.lone)
    assert yard.district.subject(steward).state == "lapsed"
    assert yard.district.subject(of_unit).state == ("lapsed" if how == "end" else "appointed")


def test_when_two_records_of_a_steward_are_merged_the_stewardship_follows(yard: Yard) -> None:
    steward = yard.appointed()
    twin = yard.district.register.person(name="安小平")
    yard.district.register.merge(who(yard.ann), twin)
    assert yard.district.subject(steward).person == twin
    assert yard.posted(yard.units[0]) == [twin]
    yard.district.perform(
        StewardshipFlow.end(steward_at(yard.district, yard.units[0]), Why(reason=Private("调整"))),
        actor=yard.secretary,
    )
    assert yard.posted(yard.units[0]) == []


def test_the_register_appoints_and_ends_no_stewards_by_itself(yard: Yard) -> None:
    register = yard.district.register
    with pytest.raises(Refused, match="linli steward appoint"):
        register.post(who(yard.ann), "steward", yard.units[0])
    yard.appointed()
    (post,) = register.posts(at=yard.units[0], role="steward")
    with pytest.raises(Refused, match="linli steward end"):
        register.end_post(post.id)


def test_a_post_from_before_is_listed_and_ends_when_the_branch_appoints(yard: Yard) -> None:
    former = somebody(yard.district, "steward", yard.units[0])
    (line,) = Reading(yard.district, None).lines()
    assert (line.person, line.stewardship) == (former.person, None)
    assert yard.figures()["units_covered"] == 1
    yard.appointed()
    assert yard.posted(yard.units[0]) == [yard.ann.person]
