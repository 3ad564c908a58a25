"""What linli itself writes in disclosures, in the district's language."""

from collections.abc import Mapping, Sequence

from linli import say
from linli.contract import Transition
from linli.i18n import Text, speaking
from linli.publish.files import KeptFile
from linli_decisions.records import Decision, Occasion
from linli_decisions.resolution_text import resolution
from linli_decisions.settings import DecisionSettings

TITLES: Mapping[Occasion, Text] = {
    Occasion.RESOLUTION: say("Resolution disclosed"),
    Occasion.BEGUN: say("Process disclosed: begun"),
    Occasion.STAGE: say("Process disclosed"),
    Occasion.SUSPENDED: say("Process disclosed: suspended"),
    Occasion.RESUMED: say("Process disclosed: resumed"),
    Occasion.ABANDONED: say("Process disclosed: abandoned"),
    Occasion.RESULT: say("Result disclosed"),
}
VOTES: Mapping[str, Text] = {"ordinary": say("ordinary matter"), "special": say("special matter")}

# How parts end, and what the file calls what was written: shown by name.
WORDS = (
    "whose turn",
    "what is due",
    "until",
    "corrected by",
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


def title_of(t: Transition[Decision, object], occasion: Occasion, stage: str) -> str:
    """The line above a disclosure."""
    with speaking(t.settings(DecisionSettings).language):
        topic = t.record.topic
        of = say("{topic} ({stage})", topic=topic, stage=stage) if stage else topic
        return str(say("{what}: {topic}", what=TITLES[occasion], topic=of))


def body_of(t: Transition[Decision, object], occasion: Occasion, text: str, files: Sequence[KeptFile]) -> str:
    """The text of a disclosure: what whoever acts has to say; of the resolution, also the way it came."""
    with speaking(t.settings(DecisionSettings).language):
        number = str(say("Filing number: {number}", number=t.record.filing_number))
        if occasion is Occasion.RESOLUTION:
            return "\n\n".join([t.record.topic, text, *resolution(t, files), number])
        return f"{text}\n\n{number}"
