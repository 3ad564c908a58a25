"""Compounds as branches see them: who of the party lives there, who serves them, which can have a branch."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal
from uuid import UUID

import attrs

from linli import District, Facts, PlaceId, Refusal
from linli.query import Circle, TieQuery, bodies, place, places, ties
from linli_party.settings import PartySettings

BranchKind = Literal["ordinary", "functional"]
ORDINARY: Final = "ordinary"
FUNCTIONAL: Final = "functional"
BRANCH_KINDS: tuple[BranchKind, ...] = (ORDINARY, FUNCTIONAL)
MEMBER_TIE = "party_member"
BRANCH, COMPANY = "branch", "property_company"


@attrs.frozen(kw_only=True)
class Compound:
    """What decides whether a compound can have a branch.

    Attributes:
        kind: "old", "commercial", "courtyard"; None where the register does not say.
        members: how many party members live there, as far as the register knows.
        served: whether a property company serves it.
        has_branch: whether there is a branch in being.
    """

    id: UUID
    name: str
    kind: str | None
    members: int
    served: bool
    has_branch: bool


class KindOfCompoundNotSaid(Refusal, says="say first which kind of compound {name} is"):
    name: str


class NoBranchesOfThisKind(Refusal, says="compounds of this kind have no branch in this district"): ...


class HasABranch(Refusal, says="{name} has a branch already"):
    name: str


class TooFewMembers(Refusal, says="{members} party members are known to live in {name}, {least} are needed"):
    members: int
    name: str
    least: int


class NoPropertyCompany(Refusal, says="no property company serves {name}"):
    name: str


def lacking(compound: Compound, branch_kind: str, settings: PartySettings) -> Iterable[Refusal]:
    """What a compound lacks for a branch of a kind, by the district's conditions."""
    if compound.kind is None:
        yield KindOfCompoundNotSaid(name=compound.name)
    elif compound.kind not in settings.compound_kinds:
        yield NoBranchesOfThisKind()
    if compound.has_branch and settings.one_per_compound:
        yield HasABranch(name=compound.name)
    least = settings.ordinary_members if branch_kind == ORDINARY else settings.functional_members
    if compound.members < least:
        yield TooFewMembers(members=compound.members, name=compound.name, least=least)
    if settings.needs_property_service and not compound.served:
        yield NoPropertyCompany(name=compound.name)


# --- who lives where ---------------------------------------------------------------------------------


def homes_of_members(compound: UUID | None = None) -> TieQuery:
    """The homes of party members; of those who live in a compound, or of all."""
    return ties("resident", "owner", compound=compound, also=MEMBER_TIE)


def members_of(circle: Circle, facts: Facts) -> frozenset[UUID]:
    """The party members with a home in a circle of homes."""
    compounds = dict.fromkeys(facts.get(place(one)).reporting_place for one in circle.within)
    asked = [homes_of_members(one) for one in compounds]
    facts.fetch(asked)
    return frozenset(home.person for one in asked for home in facts.get(one) if circle.has(home.path))


def compound_at(facts: Facts, ident: UUID) -> Compound:
    """A compound at the moment of an act."""
    known = facts.get(place(ident))
    people, there = homes_of_members(ident).people(), bodies(BRANCH, COMPANY, place=ident)
    facts.fetch([people, there])
    kinds = {one.kind for one in facts.get(there)}
    return Compound(
        id=ident,
        name=known.name,
        kind=known.record.get("kind"),
        members=len(facts.get(people)),
        served=COMPANY in kinds,
        has_branch=BRANCH in kinds,
    )


def listed(district: District, within: UUID | None) -> list[Compound]:
    """The compounds that there are today, at a place and below it, by their names."""
    ask, day = district.ask_unchecked, district.now().astimezone(district.rules.zone).date()
    members = Counter(compound for compound, _ in ask(homes_of_members().people()))
    there = {(one.place, one.kind) for one in ask(bodies(BRANCH, COMPANY, on=day))}
    found = ask(places("compound", within=within, on=day))
    return [
        Compound(
            id=one.id,
            name=one.name,
            kind=one.record.get("kind"),
            members=members[PlaceId(one.id)],
            served=(one.id, COMPANY) in there,
            has_branch=(one.id, BRANCH) in there,
        )
        for one in sorted(found, key=lambda one: (one.name, one.id))
    ]
