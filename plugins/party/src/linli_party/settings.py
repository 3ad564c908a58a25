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
        default=3,
        minimum=1,
        help="how many party members must live in a compound for an ordinary branch",
        unit="members",
    )
    functional_members: int = setting(
        default=3,
        minimum=0,
        help="how many party members must live in a compound for a functional branch",
        unit="members",
    )
    compound_kinds: tuple[CompoundKind, ...] = setting(
        default=("old", "commercial", "courtyard"),
        help="which kinds of compounds can have a branch",
        filled=True,
        each_once=True,
    )
    needs_property_service: bool = setting(
        default=False, help="whether only a compound with a property company can have a branch"
    )
    one_per_compound: bool = setting(default=True, help="whether a compound has at most one branch")
    committee_least: int = setting(
        default=1, minimum=1, help="the fewest people on a committee, its secretary included", unit="members"
    )
    committee_most: int = setting(
        default=9, minimum=1, help="the most people on a committee, its secretary included", unit="members"
    )
    term_years: int = setting(
        default=3, minimum=1, maximum=5, help="how long a committee is elected for", unit="years"
    )
    remind_before: timedelta = setting(
        default=timedelta(days=180),
        minimum=timedelta(days=1),
        help="how long before a re-election is due the branch is reminded of it",
        unit="duration",
    )
    postpone_most: timedelta = setting(
        default=timedelta(days=365),
        help="by how much a re-election can be postponed at most, once a term; 0s: not at all",
        unit="duration",
    )
    approve_within: int = setting(
        default=10, minimum=1, help="how long the street has to decide on a new branch", unit="working days"
    )
    survey_within: int = setting(
        default=20, minimum=1, help="how long a survey of a compound may take", unit="working days"
    )
    ladder: tuple[Rung, ...] = setting(
        default=("branch", "street", "district"),
        help="who hears, one after the other, of what is late",
        filled=True,
        each_once=True,
    )
    ladder_again: int = setting(
        default=10, minimum=1, help="how long until the next of the ladder hears of it", unit="working days"
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
