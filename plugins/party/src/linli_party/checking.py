"""What contradicts itself in the [party] table."""

from collections.abc import Iterable
from datetime import timedelta

from linli import say
from linli.errors import Problem
from linli.i18n import Text
from linli_party.settings import PartySettings

_YEAR = timedelta(days=365)


def contradictions(settings: PartySettings) -> Iterable[Problem]:
    """Every contradiction, each with the setting that it is in."""
    for field, what in (*_in_committee(settings), *_in_periods(settings), *_in_lists(settings)):
        yield Problem(where=f"party.{field}", what=what)


def _in_committee(settings: PartySettings) -> Iterable[tuple[str, Text]]:
    if settings.committee_least > settings.committee_most:
        yield "committee_least", say("is more than committee_most: no committee would fit")
    if settings.committee_least > settings.ordinary_members:
        yield (
            "committee_least",
            say("is more than ordinary_members: an ordinary branch could be set up, but not its committee"),
        )


def _in_periods(settings: PartySettings) -> Iterable[tuple[str, Text]]:
    term = _YEAR * settings.term_years
    if settings.remind_before >= term:
        yield "remind_before", say("is as long as the term: every branch would be reminded at once")
    if settings.postpone_most > term:
        yield "postpone_most", say("is longer than the term: a committee would sit for more than two")


def _in_lists(settings: PartySettings) -> Iterable[tuple[str, Text]]:
    if not settings.compound_kinds:
        yield "compound_kinds", say("is empty: no compound could have a branch")
    if not settings.ladder:
        yield "ladder", say("is empty: nobody would hear of what is late")
    for field in ("compound_kinds", "ladder"):
        named = getattr(settings, field)
        if len(set(named)) < len(named):
            yield field, say("names something twice")
