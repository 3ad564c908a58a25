"""Committees (班子): party members with posts in the branch's organisation, elected for a term."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from linli import (
    AnyTransition,
    Context,
    Effect,
    Facts,
    Invalid,
    Ladder,
    Missing,
    PersonId,
    Refusal,
    Seat,
    Several,
    StoredSubject,
    Subject,
    listed,
    officer_of,
)
from linli._verbs.register.organisations import organisation_id
from linli.hooks import posts_become
from linli.query import body, ties
from linli_party.compounds import MEMBER_TIE
from linli_party.settings import PartySettings

SECRETARY, MEMBER = "branch_secretary", "branch_member"
COMMITTEE = (SECRETARY, MEMBER)
BODY = "branch"
R = TypeVar("R")


def body_of(branch: StoredSubject | Subject[Any]) -> UUID:
    """The number of a branch's organisation in the register."""
    return organisation_id(branch.opened_in, BODY, branch.record.name)


class NoSecretary(Missing, says="name the secretary at least"):
    field: str = "committee"


class OwnSeat(Refusal, says="nobody decides on their own seat; let another officer do it"): ...


def fits(t: AnyTransition, named: Sequence[PersonId] | None, *, as_it_is: bool = False) -> Refusal | None:
    """Why those named, the secretary first, cannot be the committee; None where they can, or nobody is named.

    Args:
        as_it_is: it was elected before; who enters it need not know all of it.
    """
    if named is None:
        return None
    if not named:
        return NoSecretary()
    problem = _wrong_number(named, t.facts, least=not as_it_is) or _strangers(named, t.facts)
    if problem or as_it_is or not t.is_among(tuple(named)):
        return problem
    return OwnSeat()


class NamedTwice(Invalid, says="somebody is named twice"):
    field: str = "committee"


class WrongNumberOfPeople(Refusal, says="a committee has {least} to {most} people"):
    least: int
    most: int


def _wrong_number(named: Sequence[UUID], facts: Facts, *, least: bool) -> Refusal | None:
    settings = facts.settings(PartySettings)
    if len(set(named)) < len(named):
        return NamedTwice()
    if not (settings.committee_least if least else 1) <= len(named) <= settings.committee_most:
        return WrongNumberOfPeople(least=settings.committee_least, most=settings.committee_most)
    return None


class NotKnownAsMembers(Invalid, says="the register does not know these as party members: {people}"):
    people: Several
    field: str = "committee"


def _strangers(named: Sequence[UUID], facts: Facts) -> Refusal | None:
    strangers = [person for person in named if not facts.get(ties(MEMBER_TIE, person=person))]
    if strangers:
        return NotKnownAsMembers(people=listed(strangers))
    return None


def seated(branch: Context[Any], named: Sequence[UUID]) -> Iterable[Effect]:
    """Let those named, and nobody else, have the committee's posts from the day of the act."""
    roles = [SECRETARY, *[MEMBER] * (len(named) - 1)]
    wanted = list(zip(named, roles, strict=False))
    at = body_of(branch.subject)
    return posts_become(branch.facts, at, branch.place, wanted, among=COMMITTEE, day=branch.today)


def ladder(secretary: Callable[[Context[R]], Seat | None]) -> Ladder[R]:
    """Who hears, one after the other, of what is late. Args: secretary: of the branch; None from it: there is none."""
    return Ladder(
        PartySettings,
        {
            "branch": secretary,
            "community": _residents_committee,
            "street": officer_of("street"),
            "district": officer_of("district"),
        },
    )


def _residents_committee(ctx: Context[object]) -> Seat | None:
    found = ctx.get(body("residents_committee", ctx.place))
    return Seat(role=None, at=found.id) if found else None
