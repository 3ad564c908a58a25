"""Who belongs to a joint meeting, and which of them may answer for one of its items.

The district names kinds of bodies, each at the meeting's own place or below it; for a kind of matter it
can name fewer. Whoever proposed or reviewed a matter, or stood in for a body that did, is not counted.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import Facts
from linli.lookups import path_ids
from linli.store import Read
from linli.store import tables as t
from linli_meetings.settings import OWN, MeetingSettings

_o, _p = t.organisation.c, t.place.c
_d: BindParameter[str] = bindparam("district")
_BELOW = Read(
    select(_o.id, _p.kind, _p.path)
    .join(t.place, (_p.district == _o.district) & (_p.id == _o.place))
    .where(
        _o.district == _d,
        _o.kind == bindparam("kind"),
        _o.until.is_(None),
        _p.path.like(bindparam("below")),
    )  # in no order, which SQLite would take by reading every body of the district
)


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

    def holds_for(self, place_kind: str, path: Sequence[UUID], matter: Sequence[UUID]) -> bool:
        """Whether a body at a place of this kind and path is meant, for a matter at another path."""
        if self.sits == OWN:
            return path[-1] in matter or matter[-1] in path
        return self.sits in ("", place_kind)


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
    below = "".join(f"{one.hex}/" for one in facts.place(tier_place).path) + "%"
    matter = facts.place(place).path
    found: dict[UUID, None] = {}
    for rule in map(Rule.read, rules):
        for ident, kind, path in sorted(facts.rows(_BELOW, kind=rule.kind, below=below)):
            if rule.holds_for(kind, path_ids(path), matter):
                found[ident] = None
    return tuple(found)


def without(bodies: Iterable[UUID], left_out: Iterable[UUID], facts: Facts) -> tuple[UUID, ...]:
    """The bodies that may answer: not those left out, nor what these have become."""
    gone = {ident for one in left_out for ident in (one, facts.survivor(one))}
    return tuple(one for one in bodies if one not in gone and facts.survivor(one) not in gone)


def reached(count: int, of: int, percent: int) -> bool:
    """Whether so many are enough; of nobody, nobody is enough."""
    return of > 0 and count * 100 >= percent * of


def needed_of(members: int, percent: int) -> int:
    """How many of so many members are enough."""
    return -(-members * percent // 100)
