"""What linli itself writes in disclosures, in the district's language."""

from collections.abc import Mapping

from linli import Act, Facts, Subject, say
from linli.i18n import Text, speaking
from linli_decisions.settings import DecisionSettings

TITLES: Mapping[str, Text] = {
    "resolution": say("Resolution disclosed"),
    "begun": say("Process disclosed: begun"),
    "stage": say("Process disclosed"),
    "suspended": say("Process disclosed: suspended"),
    "resumed": say("Process disclosed: resumed"),
    "abandoned": say("Process disclosed: abandoned"),
    "result": say("Result disclosed"),
}


VOTES: Mapping[str, Text] = {"ordinary": say("ordinary matter"), "special": say("special matter")}

# How parts end, and what the file calls what was written: shown by name.
WORDS = (
    "explained",
    "taken_up",
    "retracted",
    "stood",
    "lapsed",
    "completed",
    "text",
    "answer",
    "objection",
    "decision|rejected",
    "decision|returned",
    "disclosure|overdue",
)


def title_of(what: str, act: Act, subject: Subject, facts: Facts) -> str:
    """The line above a disclosure."""
    with speaking(facts.settings(DecisionSettings).language):
        name = act.value("name")
        of = (
            say("{topic} ({stage})", topic=subject.record.topic, stage=name) if name else subject.record.topic
        )
        return str(say("{what}: {topic}", what=TITLES[what], topic=of))


def body_of(what: str, act: Act, subject: Subject, facts: Facts) -> str:
    """The text of a disclosure: what whoever acts has to say, or the resolution, and the way it came."""
    with speaking(facts.settings(DecisionSettings).language):
        own = act.value("text")
        said = [str(own)] if own else []
        parts = [*said, *(_resolution(subject, facts) if what == "resolution" else ())]
        return "\n\n".join([*parts, _foot(subject)])


def _resolution(subject: Subject, facts: Facts) -> tuple[str, ...]:
    record = subject.record
    entry = facts.settings(DecisionSettings).entry(record.entry)
    opened = subject.opened_at.astimezone(facts.calendar.zone)
    lines = (
        say("Kind of matter: {name}", name=entry.name if entry else record.entry),
        say("Proposed on {day}.", day=f"{opened:%Y-%m-%d}"),
        say("Reviewed by the compound's branch, reviewed jointly, and filed by the joint meeting."),
        *([say("The owners have voted on it; the vote is certified.")] if record.vote else []),
        say("What changes anything in it is disclosed again; a correction names what it corrects."),
    )
    return (
        record.topic,
        "\n".join(map(str, lines)),
        _notice(record.notice_periods[0], service=record.working_days),
    )


def _notice(days: int, *, service: bool) -> str:
    if service:
        return str(
            say(
                "Notice period: {days} working days from publication. Owners can object until then.",
                days=days,
            )
        )
    return str(say("Notice period: {days} days from publication. Owners can object until then.", days=days))


def _foot(subject: Subject) -> str:
    return str(say("Filing number: {number}", number=subject.record.filing_number))
