"""From the proposal to the filing: who makes which step, in which order, and what is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from linli import Actor, District
from linli.testing import a_place, an_organisation, somebody
from linli_decisions.records import Opinion
from linli_decisions.testing import Compound, compound, refused

SINCE = datetime(2021, 1, 1, tzinfo=UTC)


@pytest.fixture
def here(new_district: Callable[..., District]) -> Compound:
    return compound(new_district)


def _opinions(here: Compound, matter: UUID, kind: str = "opinion") -> dict[str, Opinion]:
    return {str(one.key): one.record for one in here.district.tree(matter) if one.kind == kind}


def test_a_matter_goes_the_whole_way(here: Compound) -> None:
    matter = here.propose()
    states = [here.state(matter)]
    here.make(matter, "submit", "owner")
    for by in ("secretary", "committee", "manager"):
        states.append(here.state(matter))
        here.opine(matter, "approve", by)
    states.append(here.state(matter))
    here.resolve_item(matter)
    states.append(here.state(matter))
    here.work_until(here.clock.now + timedelta(days=10))
    states.append(here.state(matter))
    here.make(matter, "begin", "second_committee", text="开工。")
    here.make(matter, "stage", "second_committee", name="路面", text="路面完成。")
    here.make(matter, "finish", "second_committee")
    states.append(here.state(matter))
    here.make(matter, "check", "member", text="验收合格。")
    assert states == [
        "proposed", "party_review", "joint_review", "joint_review", "filing", "on_notice", "resolved", "checking",
    ]  # fmt: skip
    assert here.state(matter) == "completed"
    assert here.district.subject(matter).record.filing_number == "2026-0001"
    assert [one.record.stage for one in here.decisions.disclosures(matter)] == [1, 2, 2, 3]


# --- the proposal ---------------------------------------------------------------------------------------


def test_what_is_not_in_the_catalogue_is_pointed_to_where_it_belongs(
    new_district: Callable[..., District],
) -> None:
    here = compound(new_district, more='\n[decisions.elsewhere]\nnoise = "街道综治中心"\n')
    refused(here, "it belongs here: 街道综治中心", lambda: here.propose("noise"))
    refused(here, "which has: renovation, lift, parking, dismissal", lambda: here.propose("party"))


def test_only_an_owner_and_the_company_propose_and_each_in_their_own_name(here: Compound) -> None:
    for by in ("stranger", "secretary", "residents", "clerk"):
        refused(here, "only an owner", partial(here.propose, by=by))
    owner = here.people["owner"].person
    values = {"entry": "renovation", "topic": "x", "text": "x"}

    def propose(actor: Actor, place: UUID) -> None:
        here.district.start("decision", "propose", place, values, person=owner, actor=actor)

    refused(
        here, "for yourself, not for somebody else", lambda: propose(here.people["neighbour"], here.place)
    )
    refused(here, "you may not", lambda: propose(here.district.console, here.place))
    refused(here, "for a compound", lambda: propose(here.people["owner"], here.street))
    elsewhere = a_place(here.district, "别处")
    refused(here, "only an owner", lambda: propose(here.people["owner"], elsewhere))


def test_who_sold_their_home_proposes_nothing_any_more(here: Compound) -> None:
    owner = here.people["owner"].person
    (tie,) = here.district.register.ties(person=owner, kind="owner")
    here.district.register.end_tie(tie.person, "owner", tie.at, date(2026, 3, 2))
    refused(here, "only an owner", lambda: here.propose())


def test_a_proposal_is_complete_before_it_is_reviewed(here: Compound) -> None:
    matter = here.propose(papers=("方案",))
    refused(here, "missing: 预算", lambda: here.make(matter, "submit", "owner"))
    here.make(matter, "revise", "owner", topic="整治道路", text="更新。", papers=("方案", "预算"))
    here.make(matter, "submit", "owner")
    assert here.district.subject(matter).record.topic == "整治道路"


def test_nobody_gives_a_proposal_other_terms_than_the_catalogue_does(here: Compound) -> None:
    owner = here.people["owner"]
    for name, value in (
        ("vote_kind", ""),
        ("tier", "district"),
        ("notice_periods", (1, 0, 0)),
        ("stages", ()),
    ):
        values = {"entry": "lift", "topic": "x", "text": "x", name: value}
        refused(
            here,
            "worked out by linli",
            partial(
                here.district.start,
                "decision",
                "propose",
                here.place,
                values,
                person=owner.person,
                actor=owner,
            ),
        )


def test_a_topic_that_identifies_somebody_is_refused(here: Compound) -> None:
    values = {"entry": "renovation", "topic": "请联系13800138000", "text": "x"}
    owner = here.people["owner"]
    refused(
        here,
        "mobile number",
        lambda: here.district.start(
            "decision", "propose", here.place, values, person=owner.person, actor=owner
        ),
    )


def test_only_the_proposer_withdraws_and_only_before_it_is_filed(here: Compound) -> None:
    matter = here.in_joint_review()
    for by in ("neighbour", "manager", "clerk"):
        refused(here, None, partial(here.make, matter, "withdraw", by, reason="x"))
    refused(here, "reason is missing", lambda: here.make(matter, "withdraw", "owner"))
    here.make(matter, "withdraw", "owner", reason="另有安排")
    assert here.state(matter) == "withdrawn"
    assert {one.state for one in here.district.tree(matter) if one.kind == "opinion"} == {"lapsed"}
    filing = here.in_filing()
    refused(here, "cannot be done", lambda: here.make(filing, "withdraw", "owner", reason="x"))


def test_what_a_company_proposed_belongs_to_whoever_speaks_for_it_now(here: Compound) -> None:
    matter = here.propose(by="manager")
    person = here.people["manager"].person
    (post,) = here.district.register.posts(person=person)
    here.district.register.end_post(post.id, here.clock.now)
    here.clock.now += timedelta(days=1)
    refused(here, "only whoever proposed it", lambda: here.make(matter, "submit", "manager"))
    here.make(matter, "submit", "second_manager")
    assert here.state(matter) == "party_review"


# --- the reviews ------------------------------------------------------------------------------------------


def test_each_review_is_made_by_its_own_body(here: Compound) -> None:
    matter = here.propose()
    here.make(matter, "submit", "owner")
    everybody = set(here.people) - {"secretary", "member", "third_member"}
    for by in sorted(everybody):
        refused(here, None, partial(here.opine, matter, "approve", by))
    here.opine(matter, "approve", "member")
    for by in sorted(set(here.people) - {"committee", "second_committee", "manager", "second_manager"}):
        refused(here, None, partial(here.opine, matter, "approve", by))


def test_the_console_is_nobody_in_particular_and_reviews_nothing(here: Compound) -> None:
    matter = here.propose()
    here.make(matter, "submit", "owner")
    console = here.district.console
    refused(here, "--as PERSON", lambda: here.decisions.opine(matter, "approve", actor=console))


def test_a_post_at_a_body_that_does_not_speak_for_it_gives_no_opinion(here: Compound) -> None:
    matter = here.in_joint_review()
    cleaner = somebody(here.district, "cleaner", here.place, at=here.bodies["property_company"])
    refused(here, "speaks for the body", lambda: here.decisions.opine(matter, "approve", actor=cleaner))


def test_either_party_returns_and_the_rounds_are_kept(here: Compound) -> None:
    matter = here.in_joint_review()
    here.opine(matter, "approve", "committee")
    refused(
        here,
        "reason is missing",
        lambda: here.decisions.opine(matter, "return", actor=here.people["manager"]),
    )
    here.opine(matter, "return", "manager")
    assert here.state(matter) == "proposed"
    here.make(matter, "submit", "owner")
    here.opine(matter, "return", "secretary")
    here.make(matter, "submit", "owner")
    here.opine(matter, "approve", "secretary")
    assert set(_opinions(here, matter, "party_opinion")) == {"branch", "branch#2", "branch#3"}
    assert set(_opinions(here, matter)) == {
        "owners_committee", "property_company", "owners_committee#2", "property_company#2",
    }  # fmt: skip
    here.opine(matter, "approve", "committee")
    assert here.state(matter) == "joint_review", "an approval of an earlier round does not count"
    here.opine(matter, "approve", "manager")
    assert here.state(matter) == "filing"


@pytest.mark.parametrize("by", ["secretary", "committee", "manager"])
def test_one_rejection_ends_it_and_what_was_asked_beside_lapses(here: Compound, by: str) -> None:
    matter = here.propose()
    here.make(matter, "submit", "owner")
    if by != "secretary":
        here.opine(matter, "approve", "secretary")
    here.opine(matter, "reject", by)
    assert here.state(matter) == "rejected"
    left = {one.state for one in here.district.tree(matter) if one.kind == "opinion"}
    assert left <= {"rejected", "lapsed"}
    refused(here, "no review of this matter is open", lambda: here.opine(matter, "approve", "second_manager"))


def test_what_the_company_proposed_the_residents_committee_reviews(here: Compound) -> None:
    matter = here.in_joint_review(by="manager")
    assert {key: one.reviewer for key, one in _opinions(here, matter).items()} == {
        "owners_committee": here.bodies["owners_committee"],
        "property_company": here.bodies["residents_committee"],
    }
    refused(here, None, lambda: here.opine(matter, "approve", "second_manager"))
    here.opine(matter, "approve", "residents")
    here.opine(matter, "approve", "committee")
    assert here.state(matter) == "filing"
    assert _opinions(here, matter)["property_company"].stands_in_for == "property_company"


def test_the_company_has_no_say_in_its_own_dismissal(here: Compound) -> None:
    refused(here, "has no say", lambda: here.propose("dismissal", "manager"))
    matter = here.in_joint_review("dismissal")
    assert set(_opinions(here, matter)) == {"owners_committee"}
    refused(here, None, lambda: here.opine(matter, "approve", "manager"))
    here.opine(matter, "approve", "committee")
    assert here.state(matter) == "filing"


def test_without_a_company_nobody_speaks_in_its_place(new_district: Callable[..., District]) -> None:
    here = compound(new_district, lacking=("property_company",))
    matter = here.in_joint_review()
    assert set(_opinions(here, matter)) == {"owners_committee"}


def test_without_an_owners_committee_the_residents_committee_stands_in_and_the_record_says_so(
    new_district: Callable[..., District],
) -> None:
    here = compound(new_district, lacking=("owners_committee",))
    matter = here.in_joint_review()
    found = _opinions(here, matter)["owners_committee"]
    assert (found.reviewer, found.stands_in_for) == (here.bodies["residents_committee"], "owners_committee")
    here.opine(matter, "approve", "residents")
    here.opine(matter, "approve", "manager")
    assert here.state(matter) == "filing"


def test_a_body_that_takes_both_parts_reviews_by_two_of_its_persons(
    new_district: Callable[..., District],
) -> None:
    here = compound(new_district, lacking=("owners_committee",))
    matter = here.in_joint_review(by="manager")
    found = _opinions(here, matter).values()
    assert {one.reviewer for one in found} == {here.bodies["residents_committee"]}
    assert {one.stands_in_for for one in found} == {"owners_committee", "property_company"}
    here.opine(matter, "approve", "residents")
    refused(here, "you have reviewed for the other side", lambda: here.opine(matter, "approve", "residents"))
    here.opine(matter, "approve", "second_residents")
    assert here.state(matter) == "filing"


def test_without_a_branch_the_communitys_branch_reviews(new_district: Callable[..., District]) -> None:
    here = compound(new_district, branch_at_community=True)
    matter = here.propose()
    here.make(matter, "submit", "owner")
    (found,) = _opinions(here, matter, "party_opinion").values()
    assert (found.reviewer, found.stands_in_for) == (here.bodies["branch"], "branch")
    here.opine(matter, "approve", "secretary")
    assert here.state(matter) == "joint_review"


@pytest.mark.parametrize(
    ("lacking", "by", "match"),
    [
        (("branch",), "owner", "no branch is registered"),
        (("owners_committee", "residents_committee"), "owner", "neither an owners' committee"),
        (("residents_committee",), "manager", "register the residents' committee"),
    ],
)
def test_no_review_is_skipped_because_nobody_is_registered_for_it(
    new_district: Callable[..., District], lacking: tuple[str, ...], by: str, match: str
) -> None:
    here = compound(new_district, lacking=lacking)
    matter = here.propose(by=by)
    refused(here, match, lambda: here.make(matter, "submit", by))


def test_a_review_passes_on_to_whoever_stands_in_when_its_body_ends(
    new_district: Callable[..., District],
) -> None:
    here = compound(new_district)
    other = an_organisation(here.district, "branch", here.community, "城南社区党委")
    deputy = somebody(here.district, "branch_secretary", here.community, at=other)
    matter = here.propose()
    here.make(matter, "submit", "owner")
    refused(here, "you may not", lambda: here.decisions.opine(matter, "approve", actor=deputy))
    here.district.register.end_organisation(here.bodies["branch"])
    here.clock.now += timedelta(days=1)
    refused(here, "you may not", lambda: here.opine(matter, "approve", "secretary"))
    here.decisions.opine(matter, "approve", actor=deputy)
    assert here.state(matter) == "joint_review"
