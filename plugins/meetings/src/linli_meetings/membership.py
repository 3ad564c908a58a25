"""Who belongs to a joint meeting, and which of them may answer for one of its items.

The district names kinds of bodies, each at the meeting's own place or below it; for a kind of matter it
can name fewer. Whoever proposed or reviewed a matter, or stood in for a body that did, is not counted.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

import attrs

from linli import Facts
from linli.query import bodies, places, survivor
from linli.query import place as a_place
from linli_meetings.roles import once
from linli_meetings.settings import OWN, MeetingSettings


@attrs.frozen(kw_only=True)
class Rule:
    """A kind of bodies that belong to a meeting.

    Attributes:
        sits: the kind of place at which they must sit; OWN: only those whose place the matter lies in; "": any.
    """

    kind: str
    sits: str = ""

    @classmethod
    def read(cls, text: str) -> "Rule":
        """The rule that a setting has: "department", "department@district", "residents_committee@own"."""
        kind, _, sits = text.partition("@")
        return cls(kind=kind, sits=sits)

    def of(self, tier_place: UUID, matter: UUID, facts: Facts) -> list[UUID]:
        """The bodies that are meant, of a meeting that sits at a place and for a matter at one."""
        found = facts.get(bodies(self.kind, within=tier_place))
        if not self.sits:
            return [one.id for one in found]
        if self.sits == OWN:
            above = facts.get(a_place(matter)).path
            below = {one.id for one in facts.get(bodies(self.kind, within=matter))}
            return [one.id for one in found if one.place in above or one.id in below]
        there = {one.id for one in facts.get(places(self.sits, within=tier_place))}
        return [one.id for one in found if one.place in there]


def of_tier(tier: str, settings: MeetingSettings) -> tuple[str, ...]:
    """The rules of a tier's meeting."""
    return (settings.district_members or settings.members) if tier == "district" else settings.members


def of_matter(matter: str | None, settings: MeetingSettings) -> tuple[str, ...]:
    """The rules that the district has for a kind of matter; none: everybody of the meeting."""
    return settings.matters.get(matter, ()) if matter else ()


def members(tier: str, tier_place: UUID, facts: Facts) -> tuple[UUID, ...]:
    """Who belongs to the joint meeting of a tier that sits at a place."""
    return _bodies(of_tier(tier, facts.settings(MeetingSettings)), tier_place, tier_place, facts)


def members_for(
    rules: Sequence[str], tier: str, tier_place: UUID, place: UUID, facts: Facts
) -> tuple[UUID, ...]:
    """Which members of a meeting belong to a matter at a place, by the rules that it was opened with."""
    everybody = members(tier, tier_place, facts)
    if not rules:
        return everybody
    meant = set(_bodies(rules, tier_place, place, facts))
    return tuple(one for one in everybody if one in meant)


def _bodies(rules: Iterable[str], tier_place: UUID, place: UUID, facts: Facts) -> tuple[UUID, ...]:
    found = (one for rule in map(Rule.read, rules) for one in rule.of(tier_place, place, facts))
    return once(found)


def without(able: Iterable[UUID], left_out: Iterable[UUID], facts: Facts) -> tuple[UUID, ...]:
    """The bodies that may answer: not those left out, nor what these have become."""
    gone = {ident for one in left_out for ident in (one, facts.get(survivor(one)))}
    return tuple(one for one in able if one not in gone and facts.get(survivor(one)) not in gone)


def reached(count: int, of: int, percent: int) -> bool:
    """Whether so many are enough; of nobody, nobody is enough."""
    return of > 0 and count * 100 >= percent * of


def needed_of(members: int, percent: int) -> int:
    """How many of so many members are enough."""
    return -(-members * percent // 100)
