"""Branches from the proposal to their end: who does what, what follows, what is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from linli import District, NotAllowed, NotFound, PersonId, PlaceId, Private, Refused, Seat, new_id
from linli.testing import snapshot, somebody
from linli_party.branch import Approve, ChangeCommittee, Merge, Propose
from linli_party.branches import BranchFlow
from linli_party.committees import body_of
from linli_party.tables import TABLES
from linli_party.testing import FEW, Street, a_member, party_street, who


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    return party_street(new_district)


def _bodies(street: Street, place: UUID) -> list[str]:
    return [one.name for one in street.district.register.organisations(kind="branch", place=place)]


def _refused(
    street: Street, branch: UUID, move: str, values: dict[str, object], why: str, **more: Any
) -> None:
    before = snapshot(street.district, TABLES)
    with pytest.raises(Refused, match=why):
        street.district.make(branch, move, values, **more)
    assert snapshot(street.district, TABLES) == before


# --- setting up ------------------------------------------------------------------------------------------


def test_a_branch_that_the_street_approves_has_a_body_posts_and_a_term(street: Street) -> None:
    branch = street.proposed()
    assert street.district.subject(branch).holder == Seat(role="officer", at=street.street)
    assert _bodies(street, street.old) == [], "nothing is there before the approval"
    street.district.perform(BranchFlow.approve(BranchFlow.ref(branch), Approve()), actor=street.officer)
    assert _bodies(street, street.old) == ["锦绣花园党支部"]
    committee = street.party.committee(branch)
    assert [(seat.person, seat.role) for seat in committee.seats] == [
        (who(street.members[0]), "branch_secretary"),
        (who(street.members[1]), "branch_member"),
    ]
    assert (committee.number, committee.elected_on, committee.due_on) == (
        1,
        date(2026, 3, 2),
        date(2029, 3, 2),
    )
    found = street.district.subject(branch)
    assert (found.record.compound_kind, found.record.since) == ("old", date(2026, 3, 2))
    assert found.holder == Seat(role="branch_secretary", at=body_of(found))


def test_the_conditions_of_the_district_are_kept(new_district: Callable[..., District]) -> None:
    rules = '[party]\nordinary_members = 6\ncompound_kinds = ["old"]\nneeds_property_service = true\n'
    street = party_street(new_district, f"\n{rules}")
    with pytest.raises(Refused, match="5 party members are known to live in 锦绣花园, 6 are needed"):
        street.proposed(kind="ordinary")
    with pytest.raises(Refused, match="no property company serves"):
        street.proposed(kind="functional")
    with pytest.raises(Refused, match="compounds of this kind have no branch"):
        street.proposed("幸福里党支部", at=street.commercial)
    street.district.register.organisation("property_company", "好物业", street.old)
    street.proposed(kind="functional")


def test_the_list_of_possible_compounds_says_what_the_others_lack(
    new_district: Callable[..., District],
) -> None:
    street = party_street(new_district, "\n[party]\nordinary_members = 6\n")
    street.district.register.place("compound", "新小区", street.community)
    street.set_up()
    found = {one.compound.name: one for one in street.party.possible(street.street)}
    assert list(found) == ["幸福里", "新小区", "锦绣花园"]
    assert found["幸福里"].lacks["functional"] == ()
    assert ["6 are needed" in str(one) for one in found["幸福里"].lacks["ordinary"]] == [True]
    assert "which kind" in str(found["新小区"].lacks["functional"][0])
    assert "has a branch already" in str(found["锦绣花园"].lacks["functional"][0])


def test_a_compound_has_one_branch_unless_the_district_wants_more(
    street: Street, new_district: Callable[..., District]
) -> None:
    first, second = street.proposed(), street.proposed("第二党支部")
    street.district.perform(BranchFlow.approve(BranchFlow.ref(first), Approve()), actor=street.officer)
    _refused(street, second, "approve", {}, "has a branch already", actor=street.officer)
    more = party_street(new_district, FEW + "one_per_compound = false\n")
    for name in ("第一党支部", "第二党支部"):
        more.set_up(name)
    assert more.figures()["branches.total"] == 2
    assert more.figures()["branches.compounds_covered"] == 1


def test_a_branch_is_proposed_once_at_a_time(street: Street) -> None:
    first = street.proposed()
    with pytest.raises(Refused, match=f"proposed already: {first}"):
        street.proposed()
    street.district.make(first, "withdraw", {"reason": "另行申报"}, actor=street.clerk)
    street.proposed()


@pytest.mark.parametrize("where", ["street", "community"])
def test_a_branch_is_one_of_a_compound(street: Street, where: str) -> None:
    with pytest.raises(Refused, match="is no compound"):
        street.district.perform(
            BranchFlow.propose.at(
                PlaceId(getattr(street, where)),
                Propose(
                    name="党支部", branch_kind="functional", nominees=tuple(map(PersonId, street.people(0)))
                ),
            )
        )


def test_a_compound_of_unknown_kind_gets_no_branch_so_that_the_axes_add_up(street: Street) -> None:
    place = street.district.register.place("compound", "新小区", street.community)
    with pytest.raises(Refused, match="say first which kind of compound"):
        street.district.perform(
            BranchFlow.propose.at(
                PlaceId(place),
                Propose(
                    name="党支部", branch_kind="functional", nominees=tuple(map(PersonId, street.people(0)))
                ),
            )
        )
    values = {"name": "x", "branch_kind": "functional", "nominees": tuple(street.people(0))}
    with pytest.raises(Refused, match="worked out by linli"):
        street.district.start("branch", "propose", street.old, {**values, "compound_kind": "courtyard"})


def test_a_committee_is_of_party_members_each_named_once(street: Street) -> None:
    for committee, why in (
        ([], "nominees|secretary"),
        ([who(street.neighbour)], "not know these as party members"),
        (street.people(0, 0), "named twice"),
        ([new_id()], "not know these as party members"),
    ):
        with pytest.raises(Refused, match=why):
            street.district.perform(
                BranchFlow.propose.at(
                    PlaceId(street.old),
                    Propose(
                        name="党支部", branch_kind="functional", nominees=tuple(map(PersonId, committee))
                    ),
                ),
                actor=street.clerk,
            )
    values = {"name": "x", "branch_kind": "functional", "nominees": ("张三",)}
    with pytest.raises(Refused, match="each by its number"):
        street.district.start("branch", "propose", street.old, values)


def test_the_size_of_a_committee_is_the_district_s(new_district: Callable[..., District]) -> None:
    street = party_street(new_district, FEW + "committee_least = 2\ncommittee_most = 3\n")
    for numbers in ((0,), (0, 1, 2, 3)):
        with pytest.raises(Refused, match="a committee has 2 to 3 people"):
            street.district.perform(
                BranchFlow.propose.at(
                    PlaceId(street.old),
                    Propose(
                        name="党支部",
                        branch_kind="functional",
                        nominees=tuple(map(PersonId, street.people(*numbers))),
                    ),
                )
            )
    street.district.perform(
        BranchFlow.propose.at(
            PlaceId(street.old),
            Propose(
                name="党支部", branch_kind="functional", nominees=tuple(map(PersonId, street.people(0, 1, 2)))
            ),
        )
    )


def test_nobody_decides_on_their_own_seat_or_their_own_proposal(street: Street) -> None:
    register = street.district.register
    both = street.members[0]
    register.post(who(both), "officer", street.street)
    branch = street.proposed()
    _refused(street, branch, "approve", {}, "their own seat", actor=both)
    register.post(who(street.clerk), "officer", street.street)
    before = snapshot(street.district, TABLES)
    for move in ("approve", "reject", "return"):
        values = {} if move == "approve" else {"reason": "x"}
        with pytest.raises(NotAllowed, match="already acted"):
            street.district.make(branch, move, values, actor=street.clerk)
    assert snapshot(street.district, TABLES) == before
    street.district.perform(BranchFlow.approve(BranchFlow.ref(branch), Approve()), actor=street.officer)
    others: dict[str, object] = {"committee": tuple(street.people(0, 2)), "reason": "x"}
    _refused(street, branch, "change_committee", others, "their own seat", actor=both)


def test_what_is_sent_back_keeps_its_rounds_and_every_refusal_has_a_reason(street: Street) -> None:
    branch = street.proposed()
    for move in ("return", "reject"):
        _refused(street, branch, move, {}, "reason is missing", actor=street.officer)
    street.district.make(branch, "return", {"reason": "班子不齐"}, actor=street.officer)
    values = {"nominees": tuple(street.people(2, 3)), "branch_kind": "ordinary"}
    street.district.make(branch, "propose_again", values, actor=street.clerk)
    street.district.perform(BranchFlow.approve(BranchFlow.ref(branch), Approve()), actor=street.officer)
    assert street.district.subject(branch).record.branch_kind == "ordinary"
    assert street.party.committee(branch).secretary == who(street.members[2])
    verbs = [act.verb for act in street.district.history(branch)]
    assert verbs[:4] == ["branch.propose", "branch.return", "branch.propose_again", "branch.approve"]


def test_rejected_and_withdrawn_are_ends_of_their_own(street: Street) -> None:
    rejected, withdrawn = street.proposed(), street.proposed("第二党支部")
    street.district.make(rejected, "reject", {"reason": "条件不具备"}, actor=street.officer)
    street.district.make(withdrawn, "withdraw", {"reason": "另行申报"}, actor=street.clerk)
    assert [street.district.subject(one).outcome for one in (rejected, withdrawn)] == [
        "rejected",
        "withdrawn",
    ]
    assert street.figures()["branches.total"] == 0
    street.set_up()


def test_somebody_who_is_no_member_any_more_does_not_get_a_seat(street: Street) -> None:
    branch = street.proposed()
    (tie,) = street.district.register.ties(person=who(street.members[1]), kind="party_member")
    street.district.register.end_tie(tie.person, tie.kind, tie.at)
    _refused(street, branch, "approve", {}, "no party member any more", actor=street.officer)


@pytest.mark.parametrize("since", ["2026-03-03", "2030-01-01"])
def test_a_branch_is_not_set_up_in_the_future(street: Street, since: str) -> None:
    _refused(street, street.proposed(), "approve", {"since": since}, "in the future", actor=street.officer)


# --- the committee -----------------------------------------------------------------------------------------


def test_a_change_of_committee_ends_some_posts_and_begins_others(street: Street) -> None:
    branch = street.set_up()
    street.district.perform(
        BranchFlow.change_committee(
            BranchFlow.ref(branch),
            ChangeCommittee(committee=tuple(map(PersonId, street.people(1, 2))), reason=Private("工作调整")),
        ),
        actor=street.officer,
    )
    seats = street.party.committee(branch).seats
    assert [(one.person, one.role) for one in seats] == [
        (who(street.members[1]), "branch_secretary"),
        (who(street.members[2]), "branch_member"),
    ]
    assert street.party.committee(branch).number == 1, "the term goes on"
    body = body_of(street.district.subject(branch))
    held = street.district.register.posts(at=body, ended=True)
    assert len(held) == 4
    assert len([post for post in held if post.until]) == 2, "who sat there before stays on record"


def test_posts_elsewhere_stay_visible(street: Street) -> None:
    branch, register = street.set_up(), street.district.register
    owners = register.organisation("owners_committee", "业委会", street.old)
    company = register.organisation("property_company", "好物业", street.old)
    register.post(who(street.members[0]), "owners_committee_member", owners)
    gone = register.post(who(street.members[1]), "property_manager", company)
    seats = street.party.committee(branch).seats
    assert [(e.role, e.kind, e.name) for seat in seats for e in seat.elsewhere] == [
        ("owners_committee_member", "owners_committee", "业委会"),
        ("property_manager", "property_company", "好物业"),
    ]
    register.end_post(gone)
    assert street.party.committee(branch).seats[1].elsewhere == ()


def test_a_secretary_who_resigns_leaves_a_vacancy_that_shows(street: Street) -> None:
    branch = street.set_up()
    body = body_of(street.district.subject(branch))
    (post,) = street.district.register.posts(at=body, role="branch_secretary")
    street.district.register.end_post(post.id, reason="resigned")
    committee = street.party.committee(branch)
    assert committee.secretary is None
    assert [seat.role for seat in committee.seats] == ["branch_member"]


# --- associations ---------------------------------------------------------------------------------------------


def test_a_branch_leads_associations_of_its_compound_and_no_others(street: Street) -> None:
    branch, register = street.set_up(), street.district.register
    team = register.organisation("association", "广场舞队", street.old)
    street.district.make(branch, "lead", {"association": team}, actor=street.members[0])
    assert street.district.subject(branch).record.associations == (team,)
    _refused(street, branch, "lead", {"association": team}, "nothing would change")
    elsewhere = register.organisation("association", "合唱团", street.commercial)
    company = register.organisation("property_company", "好物业", street.old)
    _refused(street, branch, "lead", {"association": elsewhere}, "not one of this compound")
    _refused(street, branch, "lead", {"association": company}, "no association")
    _refused(street, branch, "lead", {"association": team, "associations": ()}, "worked out by linli")
    _refused(street, branch, "release", {"association": team}, "reason is missing")
    street.district.make(branch, "release", {"association": team, "reason": "已解散"}, actor=street.officer)
    assert street.district.subject(branch).record.associations == ()


# --- the end ----------------------------------------------------------------------------------------------------


def test_after_a_merger_the_successor_has_what_was_held_and_led(
    new_district: Callable[..., District],
) -> None:
    street = party_street(new_district, FEW)
    register = street.district.register
    gone, stays = street.set_up(), street.set_up("幸福里党支部", at=street.commercial)
    led = [register.organisation("association", name, street.old) for name in ("广场舞队", "棋社")]
    for one in led:
        street.district.make(gone, "lead", {"association": one}, actor=street.officer)
    survey = street.surveys.call(street.old, "2026", actor=street.clerk).subject
    assert street.district.subject(survey).holder == street.district.subject(gone).holder
    successor = street.others[0]
    with pytest.raises(NotAllowed):
        street.district.make(survey, "hand_in", actor=successor)
    street.district.perform(
        BranchFlow.merge(
            BranchFlow.ref(gone), Merge(into=BranchFlow.ref(stays), reason=Private("两小区合并管理"))
        ),
        actor=street.officer,
    )
    assert street.district.subject(gone).outcome == "merged"
    assert street.district.subject(gone).record.into == stays
    assert street.district.subject(stays).record.associations == tuple(led)
    assert _bodies(street, street.old) == []
    with pytest.raises(NotAllowed):
        street.district.make(survey, "hand_in", actor=street.members[0])
    for member in street.members:
        street.surveys.note(street.old, who(member), reported=True, actor=street.clerk)
    street.district.make(survey, "hand_in", actor=successor)
    assert street.district.subject(survey).state == "handed_in"
    assert street.district.tree(gone)[1].outcome == "over", "its term is over with it"
    assert street.figures()["branches.total"] == 1
    _refused(street, stays, "merge", {"into": gone, "reason": "x"}, "not in being")


def test_a_branch_whose_compound_became_part_of_another_is_merged_into_the_branch_there(
    street: Street,
) -> None:
    register = street.district.register
    gone, stays = street.set_up(), street.set_up("幸福里党支部", at=street.commercial)
    register.merge_places(street.old, register.place("compound", "锦绣新村", street.community))
    street.district.perform(
        BranchFlow.merge(
            BranchFlow.ref(gone), Merge(into=BranchFlow.ref(stays), reason=Private("两小区合并"))
        ),
        actor=street.officer,
    )
    bodies = (body_of(street.district.subject(one)) for one in (gone, stays))
    of_gone, of_stays = (register.posts(at=body) for body in bodies)
    assert of_gone == of_stays != [], "whoever is asked for is the successor's"


def test_what_a_dissolved_branch_held_is_held_by_the_community_s(street: Street) -> None:
    community = street.district.register.organisation("branch", "社区党委", street.community)
    standing_in = somebody(street.district, "branch_secretary", street.community, at=community)
    branch = street.set_up()
    survey = street.surveys.call(street.old, "2026", actor=street.clerk).subject
    street.district.make(branch, "dissolve", {"reason": "党员外迁"}, actor=street.officer)
    assert street.district.subject(branch).outcome == "dissolved"
    assert street.district.register.posts(at=body_of(street.district.subject(branch))) == []
    for one in street.members:
        street.surveys.note(street.old, who(one), reported=False, active=False, actor=street.clerk)
    street.district.make(survey, "hand_in", actor=standing_in)
    assert street.figures()["branches.total"] == 0
    street.set_up("新党支部")


def test_a_branch_is_merged_into_another_that_is_in_being_and_not_into_itself(street: Street) -> None:
    branch, proposed = street.set_up(), street.proposed("幸福里党支部", at=street.commercial)
    for into, why in ((branch, "into itself"), (proposed, "not in being"), (new_id(), "there is no branch")):
        _refused(street, branch, "merge", {"into": into, "reason": "x"}, why, actor=street.officer)
    for until, why in (("2026-03-09", "in the future"), ("2020-01-01", "before that began")):
        _refused(street, branch, "dissolve", {"reason": "x", "until": until}, why, actor=street.officer)


def test_branches_of_two_streets_are_merged_by_an_officer_of_both(street: Street) -> None:
    register = street.district.register
    branch, elsewhere = street.set_up(), register.place("street", "城北街道")
    place = register.place("compound", "万福苑", elsewhere, record={"kind": "old"})
    northern = somebody(street.district, "officer", elsewhere)
    member = a_member(street.district, place, "101", register.organisations(kind="party_organisation")[0].id)
    into = street.district.perform(
        BranchFlow.propose.at(
            PlaceId(place),
            Propose(
                name="万福苑党支部", branch_kind="functional", nominees=tuple(map(PersonId, [who(member)]))
            ),
        ),
        actor=somebody(street.district, "clerk", elsewhere),
    ).subject
    street.district.perform(
        BranchFlow.approve(BranchFlow.ref(into), Approve()), actor=street.district_officer
    )
    for officer in (street.officer, northern):
        with pytest.raises((Refused, NotAllowed)):
            street.district.perform(
                BranchFlow.merge(
                    BranchFlow.ref(branch), Merge(into=BranchFlow.ref(into), reason=Private("合并"))
                ),
                actor=officer,
            )
    street.district.perform(
        BranchFlow.merge(BranchFlow.ref(branch), Merge(into=BranchFlow.ref(into), reason=Private("合并"))),
        actor=street.district_officer,
    )


def test_the_register_neither_begins_nor_ends_a_compound_s_branch_by_itself(street: Street) -> None:
    register = street.district.register
    with pytest.raises(Refused, match="linli branch propose"):
        register.organisation("branch", "另一个党支部", street.old)
    street.set_up()
    (body,) = register.organisations(kind="branch", place=street.old)
    with pytest.raises(Refused, match="linli branch dissolve"):
        register.end_organisation(body.id)
    register.organisation("branch", body.name, street.old, record={"code": "A1"})
    register.organisation("branch", "社区党委", street.community)


def test_there_is_no_branch_where_there_is_none(street: Street) -> None:
    with pytest.raises(NotFound, match="there is no branch here"):
        street.party.branch_at(street.old)
    with pytest.raises(NotFound, match="no committee yet"):
        street.party.committee(street.proposed())
