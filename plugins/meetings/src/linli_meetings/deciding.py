"""How an agenda item is decided: what each step needs, and what follows from it."""

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

from linli import Act, Facts, Limit, Make, Start, Subject, say
from linli.conditions import Siblings
from linli.effects import Effect
from linli.i18n import Text
from linli_meetings.attendance import Meeting, agenda_is_open, meetings_called, present
from linli_meetings.circulation import Circulation
from linli_meetings.meetings import all_there
from linli_meetings.membership import members_for, needed_of, proposed_for, reached, without
from linli_meetings.proposals import GROUNDS_OF_LINLI, NEEDS_NO_REASON, AgendaItem, entry_of, proposed_item
from linli_meetings.reading import known, known_body, parts
from linli_meetings.roles import not_for_tier, numbers, place_over
from linli_meetings.settings import MeetingSettings
from linli_meetings.words import RESOLUTION

# --- on an agenda ----------------------------------------------------------------------------------


def next_turn(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return {"turns": subject.record.turns + 1}


def fits_meeting(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    item = subject.record
    if item.turns != before.record.turns + 1:
        return say("turns is counted by linli")
    if act.acting_as == "engine":
        # It chose the meeting itself, which may be called by this very act.
        return None
    meeting = known(facts, item.meeting)
    if meeting is None or meeting.kind != "meeting":
        return say("there is no joint meeting {id} in this district", id=item.meeting)
    if meeting.state != "called":
        return say("this meeting has been held or cancelled; put it on the agenda of another one")
    known_meeting = meeting.record(Meeting)
    if known_meeting.tier != item.tier or meeting.place != place_over(item.tier, subject.place, facts):
        return say("this is another joint meeting's matter")
    if not agenda_is_open(known_meeting, act.at, facts.settings(MeetingSettings)):
        return say("the agenda of this meeting is closed; put it on the agenda of another one")
    return None


def enter(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    item: AgendaItem = subject.record
    assert item.meeting is not None, "the move asks for it"
    # A move of the meeting: whoever cancels it meanwhile, or holds it, comes first or second, never between.
    values = {"item": subject.id, "entry": entry_of(subject.id, item.turns), "topic": item.topic}
    yield Make(subject=item.meeting, move="admit", values=values)


def leave(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    if act.body["from"] == "scheduled":
        yield Make(subject=entry_of(subject.id, subject.record.turns), move="take_off")


# --- who decides -----------------------------------------------------------------------------------


def left_out(subject: Subject) -> tuple[UUID, ...]:
    """The bodies that do not answer: they reviewed or proposed the matter, or the item itself."""
    proposed = proposed_for(subject.hands.moves, subject.hands.bodies)
    return (*subject.record.left_out, *proposed)


def who_belongs(subject: Subject, facts: Facts) -> tuple[UUID, ...]:
    """The members of the meeting that an item belongs to, those among them that may not answer too."""
    item, place = subject.record, subject.place
    return members_for(item.member_rules, item.tier, place_over(item.tier, place, facts), place, facts)


def who_may_answer(subject: Subject, facts: Facts) -> tuple[UUID, ...]:
    """The members of the meeting that decide about an item: over these a quorum is counted."""
    return without(who_belongs(subject, facts), left_out(subject), facts)


# --- in circulation --------------------------------------------------------------------------------


def bodies_asked(act: Act, subject: Subject, facts: Facts) -> tuple[UUID, ...]:
    """Whom a circulation asks: who was named, else everybody who may answer."""
    return numbers(act.value("bodies")) or who_may_answer(subject, facts)


def can_be_asked(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if before.record.to_meeting:
        return say("a circulation did not decide it: it is for the next meeting; put it on its agenda")
    asked, able = bodies_asked(act, subject, facts), who_may_answer(subject, facts)
    strangers = [one for one in asked if one not in able]
    if strangers:
        return _not_a_member(strangers[0], subject, facts)
    needed = needed_of(len(able), facts.settings(MeetingSettings).circulation_quorum)
    if able and len(asked) < needed:
        return say(
            "{needed} of the {members} members of the meeting must agree, and only {asked} are asked; ask more",
            needed=needed,
            members=len(able),
            asked=len(asked),
        )
    return all_there(asked, facts)


def _not_a_member(body: UUID, subject: Subject, facts: Facts) -> Text:
    if known_body(facts, body) is None:
        return say("there is no organisation {id} in being here", id=body)
    if body in who_belongs(subject, facts):
        return say(
            "organisation {id} has proposed or reviewed the matter; it does not answer here too", id=body
        )
    return say("organisation {id} does not belong to this joint meeting; ask its members", id=body)


def send_round(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    able = who_may_answer(subject, facts)
    yield Start(
        workflow="circulation",
        move="send",
        place=subject.place,
        parent=subject.id,
        key=f"circulation {act.version}",
        values={
            "draft": subject.record.draft,
            "bodies": bodies_asked(act, subject, facts),
            "member_bodies": able,
            "left_out": left_out(subject),
            "needed": needed_of(len(able), facts.settings(MeetingSettings).circulation_quorum),
        },
    )


def no_agreement(subject: Subject, tree: Siblings) -> bool:
    last = max(tree.parts(subject, "circulation"), key=lambda one: one.id, default=None)
    return last is not None and last.state in ("objected", "to_meeting", "lapsed")


def for_a_meeting(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return {"to_meeting": True}


def on_the_next_meeting(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """On the agenda of the next meeting that has been called; without one, it waits for that to be called."""
    tier_place = place_over(subject.record.tier, subject.place, facts)
    open_ones = [
        (meeting.starts_at, ident)
        for ident, meeting in meetings_called(facts, tier_place)
        if meeting.tier == subject.record.tier
        and agenda_is_open(meeting, act.at, facts.settings(MeetingSettings))
    ]
    if open_ones:
        yield Make(subject=subject.id, move="schedule", values={"meeting": min(open_ones)[1]})


# --- resolving -------------------------------------------------------------------------------------


def reasoned(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.resolution in NEEDS_NO_REASON or act.value("reason") is not None:
        return None
    return say("say why it is {resolution}", resolution=RESOLUTION[subject.record.resolution])


def decided(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """By a meeting that was held, or as it was circulated and agreed to."""
    if before.state == "scheduled":
        meeting = known(facts, before.record.meeting)
        if meeting and meeting.state == "held" and subject.record.resolution in _UNDECIDED:
            return None
        if meeting is not None and meeting.state == "held":
            return _quorum_for(before, facts)
        return say("the meeting has not been held yet")
    *_, (_, state, circulation) = parts(facts, subject.root, "circulation", Circulation)
    if state != "agreed":
        return say("not enough have agreed yet")
    if circulation.draft != subject.record.resolution:
        return say("what was agreed to is: {resolution}", resolution=RESOLUTION[circulation.draft])
    return None


# What is said where nobody, or too few, can decide: the tier above has it then.
_UNDECIDED = ("unsettled",)


def _quorum_for(item: Subject, facts: Facts) -> Text | None:
    """Enough of those members were there who belong to the item and may answer."""
    able, percent = who_may_answer(item, facts), facts.settings(MeetingSettings).quorum
    there = present(facts, item.record.meeting)
    count = sum(one in there for one in able)
    if reached(count, len(able), percent):
        return None
    return say(
        "{present} of the {members} members that may decide about it were there, {percent} percent are needed; "
        "put it on another meeting, or take it down as not settled",
        present=count,
        members=len(able),
        percent=percent,
    )


def decide_entry(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    if act.body["from"] == "scheduled":
        yield Make(subject=entry_of(subject.id, subject.record.turns), move="decide")


def climb(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What the street's meeting cannot settle goes to the district's."""
    item: AgendaItem = subject.record
    if item.tier == "street" and item.resolution == "unsettled":
        yield proposed_item(
            tier="district",
            place=subject.place,
            topic=item.topic,
            about=item.about or subject.id,
            id=uuid5(subject.id, "district"),
            grounds="unsettled",
            matter=item.matter_kind,
            left_out=left_out(subject),
        )


def tell_whistle(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    about = known(facts, subject.record.about)
    if about and about.kind == "whistle" and about.state in ("blown", "escalated"):
        values = {"item": subject.id, "instruction": subject.record.resolution}
        yield Make(subject=subject.record.about, move="instruct", values=values)


def tasks_are_done(subject: Subject, tree: Siblings) -> bool:
    return all(task.state != "open" for task in tree.parts(subject, "follow_up"))


def outcome(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return {"outcome": subject.record.resolution}


def finish_entry(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    ident = entry_of(subject.id, subject.record.turns)
    entry = known(facts, ident) if subject.record.turns else None
    # Resolved by circulation after it had been taken off an agenda: nothing waits for it there.
    if entry is not None and entry.state != "taken_off":
        yield Make(subject=ident, move="finish")


def for_the_tier(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return not_for_tier(act.seat, subject.place, subject.record.tier, facts)


def somebodys_own(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.acting_as != "engine" and subject.record.grounds in GROUNDS_OF_LINLI:
        return say("a rule put it here; it is resolved, not withdrawn")
    return None


def decide_within(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=facts.settings(MeetingSettings).decide_within)
