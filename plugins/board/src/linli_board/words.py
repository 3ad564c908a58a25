"""What the pages say around the publications, in the language of the board."""

from collections.abc import Mapping
from datetime import datetime

from linli import Text, say, translate

WORDS: Mapping[str, Text] = {
    "skip": say("Skip to the text"),
    "here": say("You are here"),
    "newest": say("Newest publications"),
    "above": say("From the street and the district"),
    "nothing": say("Nothing has been published here yet."),
    "places": say("Boards of other places"),
    "archive": say("By year"),
    "feed": say("Atom feed"),
    "published": say("Published"),
    "withdrawn": say("Withdrawn"),
    "reason": say("Reason"),
    "withdrawn_text": say("This publication was withdrawn; its text is no longer shown."),
    "corrected": say("Corrected"),
    "corrected_text": say("This publication was corrected; what holds now"),
    "corrected_gone": say("This publication was corrected, and the correction was withdrawn"),
    "files": say("Files"),
    "corrects_text": say("This corrects an earlier publication"),
    "correction": say("Correction"),
    "steps": say("Disclosures of this matter"),
    "previous": say("The disclosure before this one"),
    "next": say("The disclosure after this one"),
    "matter": say("This matter from the proposal to the result"),
    "way": say("The way so far"),
    "state": say("Where it stands"),
    "document": say("Disclosed"),
    "number": say("Number"),
    "digest": say("Digest (SHA-256)"),
    "verify": say("Verification file"),
    "verify_text": say(
        "Anybody can check with the verification file that this page has not been changed since it was published."
    ),
    "sealed": say("Seal of the record"),
    "sealed_text": say(
        "Everything done in this district is sealed in one chain. Note this seal down, and any later change shows."
    ),
    "back": say("Back to the board"),
}

_SERIES: Mapping[str, Text] = {
    "notice": say("Notice"),
    "disclosure": say("Disclosure"),
    "points": say("Points"),
    "brief": say("Brief"),
}


def series_name(series: str, stage: int | None) -> str:
    """What a series is called, with the number of a disclosure."""
    name = str(_SERIES.get(series) or translate(series))
    return str(say("{series} {stage}", series=name, stage=stage)) if stage else name


def day(moment: datetime) -> str:
    """A day as people write it."""
    return str(say("{year}-{month:02}-{day:02}", year=moment.year, month=moment.month, day=moment.day))


def minute(moment: datetime) -> str:
    """A day and a time of day."""
    return f"{day(moment)} {moment:%H:%M}"


def month(moment: datetime) -> str:
    """A month of a year."""
    return str(say("{year}-{month:02}", year=moment.year, month=moment.month))


def year_name(year: int) -> str:
    """A year."""
    return str(say("{year}", year=year))
