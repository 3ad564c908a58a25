"""A decision, from the proposal to the result: one proposal, three reviews, three disclosures (一议三审三公开)."""

from collections.abc import Iterable

from linli import (
    ANYONE,
    ENGINE,
    HOLDER,
    Assign,
    Clock,
    MoveOrder,
    Moves,
    Part,
    Refusal,
    Seat,
    State,
    Transition,
    Why,
    Workflow,
    all_parts,
    any_part,
    has_post,
)
from linli.query import place_above, seats
from linli_decisions import filing as meeting
from linli_decisions import numbers, proposing
from linli_decisions.disclosures import (
    DisclosureFlow,
    Said,
    SaidOfStage,
    Write,
    all_stages,
    in_notice,
    in_order,
    not_before_disclosed,
    nothing_pending,
    publishes,
    publishes_resolution,
    stood,
)
from linli_decisions.filing import Item, of_this_item
from linli_decisions.objections import Object, ObjectionFlow, opens_objection
from linli_decisions.opinions import (
    JointOpinion,
    PartyOpinion,
    joint_reviewers,
    party_reviewers,
    reviewers_there,
)
from linli_decisions.proposing import Certified, File, Propose, Revise, rejected_here, with_file
from linli_decisions.records import Decision, Occasion
from linli_decisions.steps import (
    LADDER,
    OFFICER,
    PROPOSER,
    SECRETARY,
    WRITER,
    acts_in_one_step,
    by_an_owner,
    by_the_proposer,
    may_propose,
    speaks_for_it,
    within,
)
from linli_meetings.api import secretary

# --- whose turn it is -----------------------------------------------------------------------------------


def to_whose_turn_it_is(t: Transition[Decision, object]) -> Iterable[Assign]:
    """The seat that must act on a matter in the state that it is in now; the proposer has none."""
    yield Assign(holder=_seat(t))


def _seat(t: Transition[Decision, object]) -> Seat | None:
    flow, state = DecisionFlow, t.subject.state
    if state in (flow.filing, flow.referred):
        return secretary(t.record.tier, t.place, t.facts)
    if state is flow.appealed:
        return Seat(role="officer", at=t.get(place_above(t.place, "street")) or t.place)
    if state is flow.voting:
        return meeting.seat_of_body(t, "owners_committee")
    asked = {flow.party_review: party_reviewers, flow.joint_review: joint_reviewers}.get(state)
    return next((key.holder for key in asked(t)), None) if asked else None


class SecretaryFirst(
    Refusal, says="the meeting's secretary writes it first; when their time is over, you can"
): ...


def _secretary_first(t: Transition[Decision, object]) -> Refusal | None:
    """Who is above the secretary writes it when the secretary's time is over."""
    seat, held = Seat.read(t.acting_as or ""), t.before.holder
    if seat is None or held is None or t.before.rang(DecisionFlow.writing):
        return None
    holding = t.get(seats(held, t.before.place))
    if not holding or any(one.is_had_by(seat) for one in holding):
        return None
    return SecretaryFirst()


# --- what follows by itself ------------------------------------------------------------------------------


def _put_on_agenda(t: Transition[Decision, object]) -> Iterable[MoveOrder]:
    """Before the joint meeting over the compound, as soon as this act is whole."""
    yield DecisionFlow.list(t.subject.id)


_BY_THE_PROPOSER = (by_the_proposer, acts_in_one_step)
_BY_THE_BODY = (acts_in_one_step, speaks_for_it)


class DecisionFlow(Workflow[Decision], name="decision", summary_fields=("topic",), hidden_fields=("entry",)):
    """Proposed, reviewed three times, filed, disclosed three times and carried out between."""

    move = Moves(Decision)
    proposed = State("proposal")
    party_review = State("first review")
    joint_review = State("joint review")
    voting = State("owners' vote")
    filing = State("review and filing")
    referred = State("with the authority")
    filed = State("filed; resolution to be written")
    on_notice = State("resolution on notice")
    resolved = accepted_in = State("resolution in force")
    under_way = State("being carried out")
    suspended = State("work suspended")
    checking = State("being checked by the branch")
    completed = State("completed", ends=True)
    rejected = State("rejected", ends=True)
    appealed = State("appealed to the street")
    withdrawn = State("withdrawn", ends=True)
    abandoned = State("abandoned", ends=True)

    propose = move.opening(
        proposed,
        Propose,
        by=ANYONE | has_post("property_manager"),
        record=proposing.proposed,
        needs=[may_propose],
    )
    revise = move(proposed.stay(), Revise, by=PROPOSER, needs=[*_BY_THE_PROPOSER, proposing.something_given])
    attach = move(
        proposed.stay(), File, label="attach a file", by=PROPOSER, record=with_file, needs=_BY_THE_PROPOSER
    )
    submit = move(
        proposed.to(party_review),
        by=PROPOSER,
        needs=[*_BY_THE_PROPOSER, proposing.complete, reviewers_there],
        then=[to_whose_turn_it_is],
    )
    withdraw = move(
        (proposed | party_review | joint_review | voting).to(withdrawn),
        Why,
        by=PROPOSER,
        needs=_BY_THE_PROPOSER,
    )
    appeal = move(
        rejected.to(appealed),
        Why,
        label="appeal to the street",
        by=PROPOSER,
        needs=[*_BY_THE_PROPOSER, proposing.can_be_appealed],
        then=[to_whose_turn_it_is],
    )
    uphold = move(
        appealed.to(proposed),
        Why,
        label="uphold the appeal: it is proposed again",
        by=OFFICER,
        needs=[acts_in_one_step],
        then=[to_whose_turn_it_is],
    )
    dismiss = move(
        appealed.to(rejected),
        Why,
        label="dismiss the appeal",
        by=OFFICER,
        needs=[acts_in_one_step],
        then=[to_whose_turn_it_is],
    )

    # What follows from the opinions: nobody's silence counts, one rejection or return is enough.
    party_rejected = move(
        party_review.to(rejected),
        label="rejected by the branch",
        when=any_part(PartyOpinion.rejected),
        record=rejected_here,
        then=[to_whose_turn_it_is],
    )
    joint_rejected = move(
        joint_review.to(rejected),
        label="rejected in the joint review",
        when=any_part(JointOpinion.rejected),
        record=rejected_here,
        then=[to_whose_turn_it_is],
    )
    party_returned = move(
        party_review.to(proposed),
        label="returned by the branch",
        when=any_part(PartyOpinion.returned),
        then=[to_whose_turn_it_is],
    )
    joint_returned = move(
        joint_review.to(proposed),
        label="returned in the joint review",
        when=any_part(JointOpinion.returned),
        then=[to_whose_turn_it_is],
    )
    party_approved = move(
        party_review.to(joint_review),
        label="approved by the branch",
        when=all_parts(PartyOpinion.approved),
        needs=[reviewers_there],
        then=[to_whose_turn_it_is],
    )
    to_vote = move(
        joint_review.to(voting),
        label="approved in the joint review; the owners vote",
        when=proposing.agreed_and_voted_on,
        then=[to_whose_turn_it_is],
    )
    to_filing = move(
        joint_review.to(filing),
        label="approved in the joint review",
        when=proposing.agreed,
        then=[_put_on_agenda],
    )

    # The owners' vote, certified: made by linli itself, as an effect of whoever counts it.
    vote_passed = move(
        voting.to(filing),
        Certified,
        label="the owners' vote passed",
        record=proposing.counted,
        then=[_put_on_agenda],
    )
    vote_failed = move(
        voting.to(rejected), Certified, label="the owners' vote failed", record=proposing.voted_down
    )

    table = move(
        filing.stay(),
        label="put before the next joint meeting",
        by=ENGINE | SECRETARY,
        needs=[meeting.off_the_agenda],
        then=[_put_on_agenda],
    )
    list = move(
        filing.stay(),
        label="on the joint meeting's agenda",
        record=meeting.with_new_item,
        then=[meeting.proposes_item, to_whose_turn_it_is],
    )
    climb = move(
        filing.stay(),
        meeting.Climb,
        label="goes on the district's agenda",
        record=meeting.with_item,
        then=[to_whose_turn_it_is],
    )
    file = move(
        filing.to(filed),
        Item,
        label="filed by the joint meeting",
        record=numbers.filed,
        needs=[of_this_item],
        then=[numbers.keeps_number, meeting.to_secretary],
    )
    filing_returned = move(
        filing.to(proposed),
        Item,
        label="returned by the joint meeting",
        needs=[of_this_item],
        then=[to_whose_turn_it_is],
    )
    filing_rejected = move(
        filing.to(rejected),
        Item,
        label="rejected by the joint meeting",
        record=rejected_here,
        needs=[of_this_item],
    )
    refer = move(
        filing.to(referred),
        Item,
        label="referred to the authority by the joint meeting",
        needs=[of_this_item],
    )
    clear = move(
        referred.to(filing),
        Why,
        label="the authority found no breach of law",
        by=SECRETARY,
        needs=[acts_in_one_step],
        then=[_put_on_agenda],
    )
    annul = move(
        referred.to(rejected),
        Why,
        label="the authority found a breach of law",
        by=OFFICER,
        needs=[acts_in_one_step],
    )

    add_file = move(
        filed.stay(), File, label="add a file", by=WRITER, record=with_file, needs=[acts_in_one_step]
    )
    write = move(
        filed.to(on_notice),
        Write,
        label="write what was decided for the public",
        by=WRITER,
        needs=[acts_in_one_step, _secretary_first, meeting.has_files],
        then=[meeting.to_executor, publishes_resolution],
    )
    rewrite = move(on_notice.to(filed), label="to be written again", then=[meeting.to_secretary])

    object = move(
        (on_notice | under_way | suspended | checking).stay(),
        Object,
        by=ANYONE,
        needs=[by_an_owner, in_notice],
        then=[opens_objection],
    )
    resolve = move(on_notice.to(resolved), label="resolution in force", when=stood(1))
    begin = move(
        resolved.to(under_way),
        Said,
        label="begin to carry it out",
        by=HOLDER,
        needs=[*_BY_THE_BODY, nothing_pending],
        then=[publishes(Occasion.BEGUN)],
    )
    stage = move(
        under_way.stay(),
        SaidOfStage,
        label="disclose a stage",
        by=HOLDER,
        needs=[*_BY_THE_BODY, nothing_pending, in_order],
        then=[publishes(Occasion.STAGE)],
    )
    finish = move(
        under_way.to(checking),
        label="finished: let the branch check it",
        by=HOLDER,
        needs=[*_BY_THE_BODY, nothing_pending, all_stages],
        then=[meeting.to_branch],
    )
    suspend = move(
        under_way.to(suspended),
        Said,
        label="suspend the work",
        by=HOLDER,
        needs=[*_BY_THE_BODY, not_before_disclosed],
        then=[publishes(Occasion.SUSPENDED)],
    )
    resume = move(
        suspended.to(under_way),
        Said,
        label="resume the work",
        by=HOLDER,
        needs=[*_BY_THE_BODY, nothing_pending],
        then=[publishes(Occasion.RESUMED)],
    )
    abandon = move(
        (on_notice | resolved | under_way | suspended).to(abandoned),
        Said,
        by=HOLDER | OFFICER,
        needs=[acts_in_one_step, not_before_disclosed],
        then=[publishes(Occasion.ABANDONED)],
    )
    check = move(
        checking.stay(),
        Said,
        label="checked: disclose the result",
        by=HOLDER,
        needs=[*_BY_THE_BODY, nothing_pending],
        then=[publishes(Occasion.RESULT)],
    )
    redo = move(
        checking.to(under_way),
        Why,
        label="not in order: back to whoever carries it out",
        by=HOLDER,
        needs=[*_BY_THE_BODY, nothing_pending],
        then=[meeting.to_executor],
    )
    complete = move(checking.to(completed), label="completed", when=stood(3))

    party_opinion = Part(
        PartyOpinion.ask,
        in_=party_review,
        one_per=party_reviewers,
        calls_off=PartyOpinion.lapse,
        off_in=proposed | voting | filing | rejected | withdrawn,
    )
    opinion = Part(
        JointOpinion.ask,
        in_=joint_review,
        one_per=joint_reviewers,
        calls_off=JointOpinion.lapse,
        off_in=proposed | voting | filing | rejected | withdrawn,
    )
    disclosure = Part(DisclosureFlow.draft)
    objection = Part(ObjectionFlow.raise_, calls_off=ObjectionFlow.lapse, off_in=abandoned)
    until_appeal = Clock(appealed, within(lambda s: s.appeal_days), ladder=LADDER, name="appeal")
    proposal = Clock(proposed, within(lambda s: s.submit_days), ladder=LADDER)
    vote = Clock(voting, within(lambda s: s.vote_days), ladder=LADDER)
    authority = Clock(referred, within(lambda s: s.authority_days), ladder=LADDER)
    carrying_out = Clock(resolved | under_way | suspended, within(lambda s: s.carry_out_days), ladder=LADDER)
    until_checked = Clock(checking, within(lambda s: s.check_days), ladder=LADDER, name="check")
    writing = Clock(filed, within(lambda s: s.write_days), ladder=LADDER)
