"""Compounds as branches see them: who of the party lives there, who serves them, which can have a branch."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select

from linli import Facts, codec
from linli.lookups import Circle, ever, path_ids
from linli.refusals import Refusal
from linli.store import Read
from linli.store import tables as t
from linli_party.settings import PartySettings

BranchKind = Literal["ordinary", "functional"]
ORDINARY: Final = "ordinary"
FUNCTIONAL: Final = "functional"
BRANCH_KINDS: tuple[BranchKind, ...] = (ORDINARY, FUNCTIONAL)
MEMBER_TIE = "party_member"

_p, _o, _a = t.place.c, t.organisation.c, t.alias.c
_member, _home = t.tie.alias("member"), t.tie.alias("home")
_d: BindParameter[str] = bindparam("district")


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


def members_of(circle: Circle, facts: Facts) -> frozenset[UUID]:
    """The party members with a home in a circle of homes."""
    compounds = dict.fromkeys(facts.place(one).figures_at for one in circle.within)
    found = facts.all([(HOMES_IN, {"compound": one}) for one in compounds])
    return frozenset(person for rows in found for _, person, path in rows if circle.has(path_ids(path)))


def residents(district: Any) -> Select[UUID, UUID]:
    """The party members who live in compounds: (compound, person), each once."""
    return (
        select(_p.figures_at.label("compound"), _member.c.person)
        .join(_home, and_(_home.c.district == _member.c.district, _home.c.person == _member.c.person))
        .join(t.place, and_(_p.district == _home.c.district, _p.id == _home.c.at))
        .where(
            _member.c.district == district,
            _member.c.kind == MEMBER_TIE,
            _member.c.until.is_(None),
            or_(_home.c.kind == "resident", _home.c.kind == "owner"),
            _home.c.until.is_(None),
        )
        .distinct()
    )


MEMBERS_IN = Read(residents(_d).where(_p.figures_at == bindparam("compound")))
HOMES_IN = Read(residents(_d).add_columns(_p.path).where(_p.figures_at == bindparam("compound")))
_IS_MEMBER = Read(
    select(t.tie.c.at).where(
        t.tie.c.district == _d,
        t.tie.c.person == bindparam("person"),
        t.tie.c.kind == MEMBER_TIE,
        t.tie.c.until.is_(None),
    )
)
_SERVED = Read(
    select(_o.id).where(
        _o.district == _d,
        ever(_o.place, "compound"),
        _o.kind == "property_company",
        _o.until.is_(None),
    )
)
_BRANCHES = Read(
    select(_o.id).where(
        _o.district == _d,
        ever(_o.place, "compound"),
        _o.kind == "branch",
        _o.until.is_(None),
    )
)


def is_member(facts: Facts, person: UUID) -> bool:
    """Whether the register knows somebody as a party member."""
    return bool(facts.rows(_IS_MEMBER, person=person))


def compound_at(facts: Facts, place: UUID) -> Compound:
    """A compound at the moment of an act."""
    known = facts.place(place)
    members, served, branches = facts.all(
        [(read, {"compound": place}) for read in (MEMBERS_IN, _SERVED, _BRANCHES)]
    )
    return Compound(
        id=place,
        name=known.name,
        kind=known.record.get("kind"),
        members=len(members),
        served=bool(served),
        has_branch=bool(branches),
    )


# --- lists -------------------------------------------------------------------------------------------


def standing_at(since: ColumnElement[Any], until: ColumnElement[Any], day: date) -> ColumnElement[bool]:
    """The condition that what has these dates was there on a day."""
    return and_(or_(since.is_(None), since <= day), or_(until.is_(None), until > day))


def compounds_with(district: str, kind: str, day: date) -> Select[UUID]:
    """The compounds that had an organisation of a kind on a day; one that was merged counts as its successor."""
    return (
        select(func.coalesce(_a.now, _o.place))
        .outerjoin(t.alias, and_(_a.district == _o.district, _a.id == _o.place))
        .where(_o.district == district, _o.kind == kind, standing_at(_o.since, _o.until, day))
    )


def listed(connection: Any, district: str, day: date, within: UUID | None) -> list[Compound]:
    """The compounds that there are on a day, at a place and below it, by their names."""
    query = select(_p.id, _p.name, _p.record).where(
        _p.district == district, _p.kind == "compound", standing_at(_p.since, _p.until, day)
    )
    if within:
        query = query.where(_p.path.contains(within.hex))
    counted = select(_found.c.compound, func.count()).group_by(_found.c.compound)
    members = dict(connection.execute(counted, {"district": district}).all())
    served, branched = (
        set(connection.execute(compounds_with(district, kind, day)).scalars())
        for kind in ("property_company", "branch")
    )
    return [
        Compound(
            id=ident,
            name=name,
            kind=codec.decode(record).get("kind"),
            members=members.get(ident, 0),
            served=ident in served,
            has_branch=ident in branched,
        )
        for ident, name, record in connection.execute(query.order_by(_p.name, _p.id))
    ]


_found = residents(_d).subquery()
