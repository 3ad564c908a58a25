"""What linli itself writes in disclosures, in the district's language."""

from collections.abc import Iterable, Mapping

from linli import Act, Facts, Subject, say
from linli.i18n import Text, speaking
from linli.publish.files import KeptFile
from linli_decisions.resolution_text import resolution
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
    "whose turn",
    "what is due",
    "until",
    "corrected by",
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


def body_of(what: str, act: Act, subject: Subject, facts: Facts, files: Iterable[KeptFile] = ()) -> str:
    """The text of a disclosure: what whoever acts has to say; of the resolution, also the way it came."""
    with speaking(facts.settings(DecisionSettings).language):
        own = act.value("text")
        said = [str(own)] if own else []
        parts = said
        if what == "resolution":
            parts = [subject.record.topic, *said, *resolution(subject, facts, files)]
        return "\n\n".join([*parts, str(say("Filing number: {number}", number=subject.record.filing_number))])
