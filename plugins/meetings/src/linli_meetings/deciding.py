"""How an agenda item is decided: what each step needs, and what follows from it."""

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

from linli import Act, Facts, Limit, Make, Start, Subject, say
from linli.effects import Effect
from linli.i18n import Text
from linli.workflow import Siblings
from linli_meetings.attendance import Meeting
from linli_meetings.circulation import Circulation, needed_of
from linli_meetings.meetings import agenda_is_open, all_there, members
from linli_meetings.proposals import GROUNDS_OF_LINLI, NEEDS_NO_REASON, AgendaItem, entry_of, proposed_item
from linli_meetings.reading import known, parts
from linli_meetings.roles import not_for_tier, numbers, place_over
from linli_meetings.settings import MeetingSettings
from linli_meetings.words import RESOLUTION

# --- on an agenda ----------------------------------------------------------------------------------


def next_turn(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return {"turns": subject.record.turns + 1}


def fits_meeting(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    item = subject.record
    meeting = known(facts, item.meeting)
    if item.turns != before.record.turns + 1:
        return say("turns is counted by linli")
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


# --- in circulation --------------------------------------------------------------------------------


def bodies_asked(act: Act, subject: Subject, facts: Facts) -> tuple[UUID, ...]:
    """Whom a circulation asks: who was named, else who belongs to the joint meeting."""
    named = numbers(act.value("bodies"))
    return named or members(place_over(subject.record.tier, subject.place, facts), facts)


def can_be_asked(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return all_there(bodies_asked(act, subject, facts), facts)


def send_round(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    bodies = bodies_asked(act, subject, facts)
    yield Start(
        workflow="circulation",
        move="send",
        place=subject.place,
        parent=subject.id,
        key=f"circulation {act.version}",
        values={
            "draft": subject.record.draft,
            "bodies": bodies,
            "needed": needed_of(len(bodies), facts.settings(MeetingSettings).circulation_quorum),
        },
    )


def no_agreement(subject: Subject, tree: Siblings) -> bool:
    last = max(tree.parts(subject, "circulation"), key=lambda one: one.id, default=None)
    return last is not None and last.state in ("objected", "lapsed")


# --- resolving -------------------------------------------------------------------------------------


def reasoned(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.resolution in NEEDS_NO_REASON or act.value("reason") is not None:
        return None
    return say("say why it is {resolution}", resolution=RESOLUTION[subject.record.resolution])


def decided(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """By a meeting that was held, or as it was circulated and agreed to."""
    if before.state == "scheduled":
        meeting = known(facts, before.record.meeting)
        if meeting is not None and meeting.state == "held":
            return None
        return say("the meeting has not been held yet")
    *_, (_, state, circulation) = parts(facts, subject.root, "circulation", Circulation)
    if state != "agreed":
        return say("not enough have agreed yet")
    if circulation.draft != subject.record.resolution:
        return say("what was agreed to is: {resolution}", resolution=RESOLUTION[circulation.draft])
    return None


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
    return not_for_tier(act, subject.record.tier, facts)


def somebodys_own(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.acting_as != "engine" and subject.record.grounds in GROUNDS_OF_LINLI:
        return say("a rule put it here; it is resolved, not withdrawn")
    return None


def decide_within(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=facts.settings(MeetingSettings).decide_within)
