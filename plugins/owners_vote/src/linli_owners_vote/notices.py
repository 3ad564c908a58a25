"""What linli itself makes public of a vote: the notice, the calling off, the result. Numbers only."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from linli import Effect, Facts, OpenOrder, StoredSubject, Text, Transition, listed, say
from linli.cli import speaking
from linli.hooks import PublishSettings
from linli.query import place as a_place
from linli_owners_vote import reading
from linli_owners_vote.arithmetic import Outcome, Result, lines, shown, weighed
from linli_owners_vote.records import Elsewhere, Vote, certified_elsewhere, result_of
from linli_owners_vote.settings import VoteSettings

WORDS = ("owners_vote",)
SERIES = WORDS[0]
WAYS = {"online": say("online"), "paper": say("on paper"), "proxy": say("by proxy")}
SECRET = {
    "secret": say("Ballots are secret: sealed until the end, opened by two keepers once, to count."),
    "by_name": say("Ballots are by name: sealed until the end, then the owners see how each part has voted."),
}
MAJORITIES = {
    "ordinary": say("ordinary: more than half of those taking part, by area and by head"),
    "special": say("special: at least three quarters of those taking part, by area and by head"),
}
OUTCOMES = {
    "passed": say("The owners have passed it."),
    "not_passed": say("The owners have not passed it."),
    "no_quorum": say("Too few owners took part; it is not passed."),
}


def what_then(vote: Vote | Elsewhere, outcome: str | None) -> Text:
    """What the joint meeting, and whoever organised the vote, may do after the result."""
    if outcome != Outcome.PASSED:
        if vote.matter is None:
            return say("It may be put to the vote again.")
        return say("The decision is rejected; it may be proposed again.")
    if vote.matter is None:
        return say("It binds all owners; any of them can ask the court to revoke it (Civil Code art. 280).")
    return say(
        "The joint meeting files it, or refers a stated breach of law to the authority; it does not overrule it."
    )


def explained(vote: Vote | Elsewhere, result: Result, outcome: str | None) -> list[Text]:
    """The result with its arithmetic, a sentence a line."""
    return [
        say("Majority: {kind}", kind=MAJORITIES[vote.majority]),
        say("Parts with a ballot: {voted} of {parts}", voted=result.voted_parts, parts=result.parts),
        *weighed(result),
        *(shown(line) for line in lines(result, vote.majority)),
        *([OUTCOMES[outcome]] if outcome else []),
    ]


def held_elsewhere(vote: Elsewhere) -> list[Text]:
    """Where a vote was held that linli did not hold, and by which paper its result is certified."""
    return [
        say("Held outside linli, {where}: {by}; it ended on {day}.", where=say(vote.way.label), by=vote.by, day=vote.ended_on),
        say("Its result is certified by the paper {paper}, entered by one person and checked by another.",
            paper=vote.paper),
    ]  # fmt: skip


def results_elsewhere(t: Transition[Elsewhere, object]) -> Iterable[Effect]:
    """The result of a vote held elsewhere, with its arithmetic and where it was held."""
    vote, outcome = t.record, t.subject.outcome
    told = [
        *held_elsewhere(vote),
        *explained(vote, certified_elsewhere(vote), outcome),
        what_then(vote, outcome),
    ]
    yield from _published(t, say("Result of the owners' vote"), told)


def disclosed(vote: StoredSubject) -> list[Text]:
    """What a disclosure says of a certified vote, wherever it was held."""
    known = vote.record
    if isinstance(known, Elsewhere):
        return [*held_elsewhere(known), *explained(known, certified_elsewhere(known), vote.outcome)]
    result = result_of(known)
    return explained(known, result, vote.outcome) if result else []


def announces(t: Transition[Vote, object]) -> Iterable[Effect]:
    """The notice that the owners are given."""
    vote, settings = t.record, t.settings(VoteSettings)
    assert vote.opens_from is not None, "announcing works it out"
    with speaking(settings.language):
        ways = listed(str(WAYS[way]) for way in vote.ways)
    told = [
        say("Majority: {kind}", kind=MAJORITIES[vote.majority]),
        say("Quorum: at least two thirds of all owners, by area and by head."),
        say("It opens on {moment} at the earliest, and is open for {days} days.",
            moment=_local(vote.opens_from, t.facts), days=settings.period.days),
        say("Ballots are cast: {ways}. Each part has one.", ways=ways),
        SECRET[vote.ballots],
        say("Whoever contests an area or an owner of a part says so before it opens."),
    ]  # fmt: skip
    yield from _published(t, say("Vote of the owners announced"), told)


def calls_off(t: Transition[Vote, object]) -> Iterable[Effect]:
    """That what was announced does not take place, or ended without a result."""
    if t.record.opens_from:
        yield from _published(t, say("Vote of the owners called off"), [say("This vote has no result.")])


def extends(t: Transition[Vote, object]) -> Iterable[Effect]:
    """That a vote closes later than was said."""
    assert t.record.until is not None, "extending asks for it"
    told = [say("It closes on {moment}.", moment=_local(t.record.until, t.facts))]
    yield from _published(t, say("Vote of the owners extended"), told)


def results(t: Transition[Vote, object]) -> Iterable[Effect]:
    """The certified result, with its arithmetic: no part, no owner."""
    vote, result = t.record, result_of(t.record)
    assert result is not None, "certified is what was counted"
    told = [
        *explained(vote, result, t.subject.outcome),
        what_then(vote, t.subject.outcome),
        say("Digest of the receipts: {digest}", digest=vote.box),
    ]
    yield from _published(t, say("Result of the owners' vote"), told)


def _published(t: Transition[Vote | Elsewhere, object], title: Text, told: list[Text]) -> Iterable[Effect]:
    settings = t.settings(VoteSettings)
    if not settings.publish:
        return
    with speaking(settings.language):
        values: dict[str, object] = {
            "title": str(say("{what}: {topic}", what=title, topic=t.record.topic)),
            "body": "\n\n".join(map(str, told)),
            "series": SERIES,
            "about": t.subject.id,
        }
    # Where the district approves publications first, somebody does.
    if not t.settings(PublishSettings).approval:
        values["at_once"] = True
    for place in _where(t.subject, t.facts):
        yield OpenOrder(
            workflow="publication",
            move="draft",
            place=place,
            id=uuid5(t.id, SERIES if place == t.subject.opened_in else f"{SERIES} {place}"),
            values=values,
        )


def _where(vote: reading.AnyVote, facts: Facts) -> tuple[UUID, ...]:
    """Where the owners are: at the compound, or at those that came after it."""
    waiting, found = [reading.began(facts, vote)[0]], dict[UUID, None]()
    while waiting:
        place = facts.get(a_place(waiting.pop()))
        successors = [UUID(str(one)) for one in place.record.get("successors", ())] if place.closed else []
        if not successors:
            found[place.id] = None
        waiting += successors
    return tuple(found)


def _local(moment: datetime, facts: Facts) -> str:
    return moment.astimezone(facts.calendar.zone).strftime("%Y-%m-%d %H:%M")
