"""Agenda items: proposed, put on a joint meeting's agenda or decided by circulation, resolved, carried out."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from linli import (
    ENGINE,
    HOLDER,
    Clock,
    Context,
    Effect,
    Facts,
    Invalid,
    Ladder,
    Limit,
    Moves,
    NotFoundHere,
    OpenOrder,
    Part,
    PlaceId,
    Refusal,
    State,
    Subject,
    Text,
    Transition,
    Why,
    Workflow,
    evolve,
    holder,
    say,
)
from linli.query import bodies, one, subjects
from linli_meetings.attendance import EntryFlow, agenda_is_open, present
from linli_meetings.circulation import Circulation, CirculationFlow, OpinionFlow
from linli_meetings.follow_ups import FollowUp, FollowUpFlow, NoBodyInBeing
from linli_meetings.meetings import Admit, MeetingFlow, all_there
from linli_meetings.membership import members_for, needed_of, reached, without
from linli_meetings.outcomes import disputes_are_there, settle_disputes
from linli_meetings.proposals import (
    AgendaItem,
    Circulate,
    Grounds,
    Propose,
    Resolution,
    Resolve,
    Schedule,
    about_something,
    as_proposed,
    as_the_district_has_it,
    entry_of,
    for_the_tier,
    grounds_fit,
    reasoned,
    somebodys_own,
    to_secretary,
)
from linli_meetings.roles import PROPOSER, Read, Tier, once, place_over
from linli_meetings.settings import MeetingSettings


def proposed_item(
    *,
    tier: str,
    place: UUID,
    topic: str,
    about: UUID,
    id: UUID | None = None,
    grounds: str = "required",
    matter: str | None = None,
    left_out: Iterable[UUID] = (),
) -> OpenOrder:
    """The order that proposes an item to the joint meeting of a tier over a place, for linli to carry out.

    Args:
        tier: "street" or "district".
        place: where the matter is; the meeting is the one of the street or district above it.
        topic: a few words, at most 80 characters, no personal data.
        about: the matter; `agenda_item.resolve` names it as `subject.record.about`.
        id: the item's number; give one to make the order repeatable. A matter that can come again
            needs another one each time.
        grounds: "required" by a rule, or "unsettled" by the street.
        matter: what kind of matter it is: the district can name which members belong to it, [meetings.matters].
        left_out: the bodies that proposed it, reviewed it, or stood in for one that did.
    """
    given = Propose(
        tier=Tier(tier),
        topic=topic,
        about=about,
        grounds=Grounds(grounds),
        matter_kind=matter,
        left_out=tuple(left_out),
    )
    return ItemFlow.propose.at(PlaceId(place), given, id=id)


# --- on an agenda ----------------------------------------------------------------------------------


def _put_on(t: Transition[AgendaItem, Schedule]) -> AgendaItem:
    return evolve(t.record, turns=t.record.turns + 1)


class NoSuchMeeting(NotFoundHere, says="there is no joint meeting {id} in this district"):
    id: UUID


class MeetingOver(
    Refusal, says="this meeting has been held or cancelled; put it on the agenda of another one"
): ...


class OfAnotherMeeting(Invalid, says="this is another joint meeting's matter"):
    field: str = "meeting"


class AgendaClosed(
    Refusal, says="the agenda of this meeting is closed; put it on the agenda of another one"
): ...


def _fits_meeting(t: Transition[AgendaItem, Schedule]) -> Refusal | None:
    if t.by_engine:
        # It chose the meeting itself, which may be called by this very act.
        return None
    meeting = t.get(one(MeetingFlow, t.given.meeting))
    if meeting is None:
        return NoSuchMeeting(id=t.given.meeting)
    if meeting.state is not MeetingFlow.called:
        return MeetingOver()
    record, tier = meeting.record, t.record.tier
    if record.tier != tier or meeting.place != place_over(tier, t.place, t.facts):
        return OfAnotherMeeting()
    if not agenda_is_open(record, t.at, t.settings(MeetingSettings)):
        return AgendaClosed()
    return None


def _enter(t: Transition[AgendaItem, Schedule]) -> Iterable[Effect]:
    # A move of the meeting: whoever cancels it meanwhile, or holds it, comes first or second, never between.
    admitted = Admit(item=t.subject.id, entry=entry_of(t.subject.id, t.record.turns), topic=t.record.topic)
    yield MeetingFlow.admit(t.given.meeting, admitted)


def _leave(t: Transition[AgendaItem, object]) -> Iterable[Effect]:
    if t.before.state is ItemFlow.scheduled:
        yield EntryFlow.take_off(EntryFlow.ref(entry_of(t.subject.id, t.record.turns)))


# --- who decides -----------------------------------------------------------------------------------


def left_out(item: Subject[AgendaItem]) -> tuple[UUID, ...]:
    """The bodies that do not answer: they reviewed or proposed the matter, or the item itself."""
    bodies = (item.body_of(one) for one in item.made(ItemFlow.propose))
    return once((*item.record.left_out, *(one for one in bodies if one)))


def who_belongs(item: Subject[AgendaItem], facts: Facts) -> tuple[UUID, ...]:
    """The members of the meeting that an item belongs to, those among them that may not answer too."""
    tier, place = item.record.tier, item.place
    return members_for(item.record.member_rules, tier, place_over(tier, place, facts), place, facts)


def who_may_answer(item: Subject[AgendaItem], facts: Facts) -> tuple[UUID, ...]:
    """The members of the meeting that decide about an item: over these a quorum is counted."""
    return without(who_belongs(item, facts), left_out(item), facts)


# --- in circulation --------------------------------------------------------------------------------


def _bodies_asked(t: Transition[AgendaItem, Circulate]) -> tuple[UUID, ...]:
    """Whom a circulation asks: who was named, else everybody who may answer."""
    return once(t.given.bodies or ()) or who_may_answer(t.subject, t.facts)


class ForTheNextMeeting(
    Refusal, says="a circulation did not decide it: it is for the next meeting; put it on its agenda"
): ...


class TooFewAsked(
    Refusal,
    says="{needed} of the {members} members of the meeting must agree, and only {asked} are asked; ask more",
):
    needed: int
    members: int
    asked: int


def _can_be_asked(t: Transition[AgendaItem, Circulate]) -> Refusal | None:
    if t.record.to_meeting:
        return ForTheNextMeeting()
    asked, able = _bodies_asked(t), who_may_answer(t.subject, t.facts)
    strangers = [one for one in asked if one not in able]
    if strangers:
        return _not_a_member(strangers[0], t.subject, t.facts)
    needed = needed_of(len(able), t.settings(MeetingSettings).circulation_quorum)
    if able and len(asked) < needed:
        return TooFewAsked(needed=needed, members=len(able), asked=len(asked))
    return all_there(asked, t.facts)


class BodyHasActed(
    Refusal, says="organisation {id} has proposed or reviewed the matter; it does not answer here too"
):
    id: UUID


class NotAMember(Invalid, says="organisation {id} does not belong to this joint meeting; ask its members"):
    id: UUID
    field: str = "bodies"


def _not_a_member(body: UUID, item: Subject[AgendaItem], facts: Facts) -> Refusal:
    if not facts.get(bodies(ident=body)):
        return NoBodyInBeing(id=body)
    if body in who_belongs(item, facts):
        return BodyHasActed(id=body)
    return NotAMember(id=body)


def _send_round(t: Transition[AgendaItem, Circulate]) -> Iterable[Effect]:
    able = who_may_answer(t.subject, t.facts)
    circulated = Circulation(
        draft=t.given.draft,
        bodies=_bodies_asked(t),
        member_bodies=able,
        left_out=left_out(t.subject),
        needed=needed_of(len(able), t.settings(MeetingSettings).circulation_quorum),
    )
    yield CirculationFlow.send.at(t.place, circulated, parent=t.subject.id, key=f"circulation {t.id.hex}")


def _no_agreement(ctx: Context[AgendaItem]) -> bool:
    last = max(ctx.parts(CirculationFlow), key=lambda one: one.id, default=None)
    undecided = (CirculationFlow.objected, CirculationFlow.to_meeting, CirculationFlow.lapsed)
    return last is not None and last.state in undecided


def _for_a_meeting(t: Transition[AgendaItem, object]) -> AgendaItem:
    return evolve(t.record, to_meeting=True)


def _on_the_next_meeting(t: Transition[AgendaItem, object]) -> Iterable[Effect]:
    """On the agenda of the next meeting that has been called; without one, it waits for that to be called."""
    at, settings = place_over(t.record.tier, t.place, t.facts), t.settings(MeetingSettings)
    open_ones = [
        (meeting.record.starts_at, meeting.id)
        for meeting in t.get(subjects(MeetingFlow, place=at, states=MeetingFlow.called))
        if meeting.record.tier == t.record.tier and agenda_is_open(meeting.record, t.at, settings)
    ]
    if open_ones:
        yield ItemFlow.schedule(t.subject.id, Schedule(meeting=min(open_ones)[1]))


# --- resolving -------------------------------------------------------------------------------------


class NotHeldYet(Refusal, says="the meeting has not been held yet"): ...


class TooFewAgreed(Refusal, says="not enough have agreed yet"): ...


class AgreedOtherwise(Invalid, says="what was agreed to is: {resolution}"):
    resolution: Text
    field: str = "resolution"


def _decided(t: Transition[AgendaItem, Resolve]) -> Refusal | None:
    """By a meeting that was held, or as it was circulated and agreed to."""
    if t.before.state is ItemFlow.scheduled:
        meeting = t.get(one(MeetingFlow, MeetingFlow.ref(t.record.meeting))) if t.record.meeting else None
        if meeting is None or meeting.state is not MeetingFlow.held:
            return NotHeldYet()
        # Where nobody, or too few, can decide, the tier above has it.
        return None if t.given.resolution is Resolution.UNSETTLED else _quorum_for(t)
    circulation = max(t.parts(CirculationFlow), key=lambda one: one.id, default=None)
    if circulation is None or circulation.state is not CirculationFlow.agreed:
        return TooFewAgreed()
    draft = Resolution(circulation.record.draft)
    return None if draft is t.given.resolution else AgreedOtherwise(resolution=say(draft.label))


class NoQuorumForIt(
    Refusal,
    says="{present} of the {members} members that may decide about it were there, {percent} percent are needed; put it on another meeting, or take it down as not settled",
):
    present: int
    members: int
    percent: int


def _quorum_for(t: Transition[AgendaItem, object]) -> Refusal | None:
    """Enough of those members were there who belong to the item and may answer."""
    able, percent = who_may_answer(t.before, t.facts), t.settings(MeetingSettings).quorum
    there = present(t.facts, t.record.meeting)
    count = sum(one in there for one in able)
    if reached(count, len(able), percent):
        return None
    return NoQuorumForIt(present=count, members=len(able), percent=percent)


def _sensible_tasks(t: Transition[AgendaItem, Resolve]) -> Refusal | None:
    """Each task has words, somebody who can do it, and a deadline to come."""
    found = (task.problem(t.at, t.facts) for task in t.given.tasks or ())
    return next((problem for problem in found if problem), None)


def _give_tasks(t: Transition[AgendaItem, Resolve]) -> Iterable[Effect]:
    """One part of the agenda item for each task."""
    for index, task in enumerate(t.given.tasks or (), 1):
        given = FollowUp(
            what=task.what.strip(), at=task.at, deadline=task.due, role=task.role, tier=t.record.tier
        )
        yield FollowUpFlow.give.at(t.place, given, parent=t.subject.id, key=str(index), holder=given.seat)


def _decide_entry(t: Transition[AgendaItem, object]) -> Iterable[Effect]:
    if t.before.state is ItemFlow.scheduled:
        yield EntryFlow.decide(EntryFlow.ref(entry_of(t.subject.id, t.record.turns)))


def _climb(t: Transition[AgendaItem, Resolve]) -> Iterable[Effect]:
    """What the street's meeting cannot settle goes to the district's."""
    item = t.record
    if item.tier is Tier.STREET and t.given.resolution is Resolution.UNSETTLED:
        yield proposed_item(
            tier="district",
            place=t.place,
            topic=item.topic,
            about=item.about or t.subject.id,
            id=uuid5(t.subject.id, "district"),
            grounds="unsettled",
            matter=item.matter_kind,
            left_out=left_out(t.subject),
        )


def _tell_whistle(t: Transition[AgendaItem, Resolve]) -> Iterable[Effect]:
    # A whistle and its item order each other.
    from linli_meetings.whistles import Instruct, WhistleFlow

    about = t.get(one(WhistleFlow, WhistleFlow.ref(t.record.about))) if t.record.about else None
    if about and about.state in WhistleFlow.blown | WhistleFlow.escalated:
        instructed = Instruct(item=t.subject.id, instruction=t.given.resolution)
        yield WhistleFlow.instruct(about.id, instructed)


def _tasks_are_done(ctx: Context[object]) -> bool:
    return all(task.state is not FollowUpFlow.open for task in ctx.parts(FollowUpFlow))


def _as_resolved(t: Transition[AgendaItem, object]) -> Resolution:
    assert t.record.resolution is not None, "it was resolved"
    return t.record.resolution


def _finish_entry(t: Transition[AgendaItem, object]) -> Iterable[Effect]:
    ident = EntryFlow.ref(entry_of(t.subject.id, t.record.turns))
    entry = t.get(one(EntryFlow, ident)) if t.record.turns else None
    # Resolved by circulation after it had been taken off an agenda: nothing waits for it there.
    if entry is not None and entry.state is not EntryFlow.taken_off:
        yield EntryFlow.finish(ident)


def _decide_within(ctx: Context[object]) -> Limit:
    return Limit(span=ctx.settings(MeetingSettings).decide_within)


class ItemFlow(
    Workflow[AgendaItem],
    name="agenda_item",
    summary_fields=("topic",),
    hidden_fields=("matter_kind", "member_rules"),
):
    """Proposed, decided by a meeting or by circulation, carried out."""

    move = Moves(AgendaItem)
    proposed = State("put forward")
    scheduled = State("on an agenda")
    circulating = State("in circulation")
    resolved = State("decided")
    closed = State("carried out", ends=Resolution)
    withdrawn = State("withdrawn", ends=True)
    undecided = proposed | scheduled | circulating
    propose = move.opening(
        proposed,
        Propose,
        by=PROPOSER | ENGINE,
        record=as_proposed,
        needs=[grounds_fit, about_something, as_the_district_has_it],
        then=[to_secretary],
    )
    schedule = move(
        proposed.to(scheduled),
        Schedule,
        label="put on an agenda",
        by=HOLDER | ENGINE,
        record=_put_on,
        needs=[_fits_meeting, for_the_tier],
        then=[_enter],
    )
    take_off = move(
        scheduled.to(proposed),
        Why,
        label="take off the agenda",
        by=HOLDER,
        needs=[for_the_tier],
        then=[_leave],
    )
    # The meeting was cancelled, and its agenda with it.
    drop = move(scheduled.to(proposed))
    circulate = move(
        proposed.to(circulating),
        Circulate,
        by=HOLDER,
        bars=[OpinionFlow.agree, OpinionFlow.object, OpinionFlow.leave_to_meeting],
        needs=[_can_be_asked, for_the_tier],
        then=[_send_round],
    )
    not_agreed = move(
        circulating.to(proposed), when=_no_agreement, record=_for_a_meeting, then=[_on_the_next_meeting]
    )
    resolve = move(
        (scheduled | circulating).to(resolved),
        Resolve,
        label="take down the resolution",
        by=HOLDER,
        needs=[_decided, reasoned, _sensible_tasks, disputes_are_there, for_the_tier],
        then=[_decide_entry, _give_tasks, settle_disputes, _climb, _tell_whistle],
    )
    close = move(
        resolved.to(closed, _as_resolved), label="carried out", when=_tasks_are_done, then=[_finish_entry]
    )
    withdraw = move(
        undecided.to(withdrawn), Why, by=HOLDER | ENGINE, needs=[somebodys_own, for_the_tier], then=[_leave]
    )
    # What it is about was settled without it.
    overtaken = move(undecided.to(withdrawn), then=[_leave])
    read = move((undecided | resolved | closed | withdrawn).stay(), Read, by=HOLDER, needs=[for_the_tier])
    circulation = Part(CirculationFlow.send, calls_off=CirculationFlow.call_off, off_in=withdrawn)
    follow_up = Part(FollowUpFlow.give)
    decision = Clock(undecided, _decide_within, ladder=Ladder(MeetingSettings, first=holder))
