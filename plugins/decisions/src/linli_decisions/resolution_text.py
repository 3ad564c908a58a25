"""What linli itself writes in disclosures: of how a matter was decided, every word follows from the record."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from linli import Context, Facts, KeptFile, Subject, Text, Transition, listed, say
from linli.cli import speaking
from linli.query import place as a_place
from linli_decisions import reading
from linli_decisions.records import Decision, Occasion, Opinion, VoteResult
from linli_decisions.settings import DecisionSettings
from linli_meetings.api import HowDecided, how_decided

TITLES: Mapping[Occasion, Text] = {
    Occasion.RESOLUTION: say("Resolution disclosed"),
    Occasion.BEGUN: say("Process disclosed: begun"),
    Occasion.STAGE: say("Process disclosed"),
    Occasion.SUSPENDED: say("Process disclosed: suspended"),
    Occasion.RESUMED: say("Process disclosed: resumed"),
    Occasion.ABANDONED: say("Process disclosed: abandoned"),
    Occasion.RESULT: say("Result disclosed"),
}


def title_of(t: Transition[Decision, object], occasion: Occasion, stage: str) -> str:
    """The line above a disclosure."""
    with speaking(t.settings(DecisionSettings).language):
        topic = t.record.topic
        of = say("{topic} ({stage})", topic=topic, stage=stage) if stage else topic
        return str(say("{what}: {topic}", what=TITLES[occasion], topic=of))


def body_of(t: Transition[Decision, object], occasion: Occasion, text: str, files: Iterable[KeptFile]) -> str:
    """The text of a disclosure: what whoever acts has to say; of the resolution, also the way it came."""
    with speaking(t.settings(DecisionSettings).language):
        number = str(say("Filing number: {number}", number=t.record.filing_number))
        if occasion is Occasion.RESOLUTION:
            return "\n\n".join([t.record.topic, text, *_resolution(t, files), number])
        return f"{text}\n\n{number}"


def _resolution(ctx: Context[Decision], files: Iterable[KeptFile]) -> tuple[str, ...]:
    """The paragraphs below what the secretary wrote."""
    record, facts = ctx.record, ctx.facts
    way = [*_proposed(ctx), *_reviewed(ctx), *_voted(record), *_filed(record, facts)]
    papers = [say("{name} (SHA-256 {digest})", name=one.name, digest=one.sha256) for one in files]
    correction = say("What changes anything in it is disclosed again; a correction names what it corrects.")
    paragraphs = (
        way,
        [say("Papers made public with it:"), *papers] if papers else [],
        [*_notice(record), _how_to_object(facts), correction],
    )
    return tuple("\n".join(map(str, lines)) for lines in paragraphs if lines)


def _day(moment: datetime | None, facts: Facts) -> str:
    return facts.calendar.day_of(moment).isoformat() if moment else "-"


# --- who proposed and reviewed it -------------------------------------------------------------------------


def _proposed(ctx: Context[Decision]) -> Iterator[Text]:
    entry = ctx.settings(DecisionSettings).entry(ctx.record.entry)
    yield say("Kind of matter: {name}", name=entry.name if entry else ctx.record.entry)
    body, day = reading.proposing_body(ctx.subject), _day(ctx.subject.opened_at, ctx.facts)
    if body is None:
        yield say("Proposed by an owner on {day}.", day=day)
    else:
        yield say("Proposed by {body} on {day}.", body=reading.body_name(ctx.facts, body), day=day)


def _reviewed(ctx: Context[Decision]) -> Iterator[Text]:
    """Who in fact reviewed it, in the round that counts, and for whom they stood in."""
    reviews = reading.approvals(ctx.facts, ctx.subject.id)
    for one in reviews:
        yield _agreed(one, reading.body_name(ctx.facts, one.record.reviewer), _day(one.ended_at, ctx.facts))
    # Why no property company is among them, nor anybody in its place.
    if ctx.record.company_silent:
        yield say("It is about the property company itself, which has no say in it.")
    elif len([one for one in reviews if one.flow.name == "opinion"]) < _BOTH:
        yield say("No property company reviewed it: the compound had none.")


def _agreed(review: Subject[Opinion], body: str, day: str) -> Text:
    lacking = say(review.record.stands_in_for) if review.record.stands_in_for else None
    if review.flow.name == "party_opinion":
        if lacking:
            return say(
                "First review: {body}, in place of: {kind}, agreed on {day}.",
                body=body,
                kind=lacking,
                day=day,
            )
        return say("First review: {body} agreed on {day}.", body=body, day=day)
    if lacking:
        return say(
            "Joint review: {body}, in place of: {kind}, agreed on {day}.", body=body, kind=lacking, day=day
        )
    return say("Joint review: {body} agreed on {day}.", body=body, day=day)


_BOTH = 2


# --- how the owners voted, and the meeting decided --------------------------------------------------------


def _voted(record: Decision) -> Iterator[Text]:
    if record.vote is None:
        return
    if record.vote_result is None:
        yield say("The owners have voted on it; the vote is certified.")
        return
    yield from arithmetic(record.vote_result)


def arithmetic(result: VoteResult) -> Iterator[Text]:
    """The numbers of a certified vote."""
    yield say(
        "Owners' vote, certified: {voted} of {roll} owners took part, with {voted_area} of {roll_area} m²; "
        "{agreed} owners agreed, with {agreed_area} m².",
        voted=result.voted_heads,
        roll=result.roll_heads,
        voted_area=_area(result.voted_area),
        roll_area=_area(result.roll_area),
        agreed=result.agreed_heads,
        agreed_area=_area(result.agreed_area),
    )
    if result.held_at:
        yield say("The vote was held outside linli: {where}.", where=result.held_at)


def _area(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


def _filed(record: Decision, facts: Facts) -> Iterator[Text]:
    how = how_decided(facts, record.items[-1])
    assert how is not None, "what is filed was resolved by a joint meeting"
    day = record.filed_on
    place = facts.get(a_place(how.place)).name
    if how.circulated:
        yield say(
            "Filed by the joint meeting of {place} on {day}, asked in writing between meetings: "
            "{count} of {members} members agreed, {needed} were needed.",
            place=place, day=day, count=how.count, members=how.members, needed=how.needed,
        )  # fmt: skip
    else:
        yield say(
            "Filed by the joint meeting of {place} on {day}, at its meeting of {held}: "
            "{count} of the {members} members that decide about it were there.",
            place=place, day=day, held=_day(how.held_at, facts), count=how.count, members=how.members,
        )  # fmt: skip
    yield from _who(how, facts)


def _who(how: HowDecided, facts: Facts) -> Iterator[Text]:
    def named(bodies: Iterable[UUID]) -> object:
        return listed(reading.body_name(facts, one) for one in bodies)

    if how.circulated:
        yield say("Members asked: {names}.", names=named(how.asked))
    else:
        yield say("Members that decide about it: {names}.", names=named(how.asked))
    if how.left_out:
        yield say("Not counted, since they had proposed or reviewed it: {names}.", names=named(how.left_out))


# --- what owners can do -----------------------------------------------------------------------------------


def _notice(record: Decision) -> Iterator[Text]:
    days = record.notice_periods[0]
    if record.working_days:
        yield say(
            "Notice period: {days} working days from publication. Owners can object until then.", days=days
        )
    else:
        yield say("Notice period: {days} days from publication. Owners can object until then.", days=days)


def _how_to_object(facts: Facts) -> Text | str:
    return facts.settings(DecisionSettings).how_to_object or say(
        "To object: at the service desk of the compound, in writing, with your reason; "
        "every objection is answered before anything goes on."
    )
