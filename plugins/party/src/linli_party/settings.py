"""What a district decides about its branches."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

import attrs

from linli import Text, say, setting

CompoundKind = Literal["old", "commercial", "courtyard"]
Rung = Literal["branch", "community", "street", "district"]


@attrs.frozen(kw_only=True)
class PartySettings:
    """The [party] table of a district's file."""

    ordinary_members: int = setting(
        3, "how many party members must live in a compound for an ordinary branch", unit="members", least=1
    )
    functional_members: int = setting(
        3, "how many party members must live in a compound for a functional branch", unit="members", least=0
    )
    compound_kinds: tuple[CompoundKind, ...] = setting(
        ("old", "commercial", "courtyard"),
        "which kinds of compounds can have a branch",
        filled=True,
        each_once=True,
    )
    needs_property_service: bool = setting(
        False, "whether only a compound with a property company can have a branch"
    )
    one_per_compound: bool = setting(True, "whether a compound has at most one branch")
    committee_least: int = setting(
        1, "the fewest people on a committee, its secretary included", unit="members", least=1
    )
    committee_most: int = setting(
        9, "the most people on a committee, its secretary included", unit="members", least=1
    )
    term_years: int = setting(3, "how long a committee is elected for", unit="years", least=1, most=5)
    remind_before: timedelta = setting(
        timedelta(days=180),
        "how long before a re-election is due the branch is reminded of it",
        least=timedelta(days=1),
    )
    postpone_most: timedelta = setting(
        timedelta(days=365), "by how much a re-election can be postponed at most, once a term; 0s: not at all"
    )
    approve_within: int = setting(
        10, "how long the street has to decide on a new branch", unit="working days", least=1
    )
    survey_within: int = setting(20, "how long a survey of a compound may take", unit="working days", least=1)
    ladder: tuple[Rung, ...] = setting(
        ("branch", "street", "district"),
        "who hears, one after the other, of what is late",
        filled=True,
        each_once=True,
    )
    ladder_again: int = setting(
        10, "how long until the next of the ladder hears of it", unit="working days", least=1
    )

    def problems(self) -> Iterable[tuple[str, Text]]:
        """What contradicts itself."""
        if self.committee_least > self.committee_most:
            yield "committee_least", say("is more than committee_most: no committee would fit")
        if self.committee_least > self.ordinary_members:
            yield (
                "committee_least",
                say(
                    "is more than ordinary_members: an ordinary branch could be set up, but not its committee"
                ),
            )
        term = timedelta(days=365) * self.term_years
        if self.remind_before >= term:
            yield "remind_before", say("is as long as the term: every branch would be reminded at once")
        if self.postpone_most > term:
            yield "postpone_most", say("is longer than the term: a committee would sit for more than two")
