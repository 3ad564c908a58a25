"""What checks and effects read of a vote: as it is, and locked where its state must not change meanwhile."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, func, select, union_all

from linli import Facts, Invalid, NotFound, NotFoundHere, Refusal, Several, StoredSubject, Subject
from linli.query import (
    Circle,
    Query,
    Rows,
    any_subject,
    any_subjects,
    is_person,
    now_of,
    one,
    own_query,
    place_now,
    survivor,
)
from linli.query import circle as homes_of
from linli_owners_vote.records import Elsewhere, Vote
from linli_owners_vote.tables import PROXY, VOTER

AnyVote = StoredSubject | Subject[Vote | Elsewhere]
"""A vote as it is kept, or as a move has it."""

_v, _x = VOTER.c, PROXY.c
_d: BindParameter[str] = bindparam("district")
_voters = (_v.district == _d, _v.vote == bindparam("vote"))
_proxies = (_x.district == _d, _x.vote == bindparam("vote"))


@own_query(select(now_of(_v.person)).where(*_voters, _v.part == bindparam("part")))
def voters_of(rows: Rows, vote: UUID, part: UUID) -> frozenset[UUID]:
    """The owners of a part on the frozen roll who cast its ballot, by the numbers that they have now."""
    return frozenset(person for (person,) in rows)


@own_query(
    union_all(
        select(_v.part).where(*_voters, is_person(_v.person)),
        select(_x.part).where(*_proxies, is_person(_x.agent), _x.valid == 1),
    )
)
def votes_for(rows: Rows, vote: UUID, person: UUID) -> frozenset[UUID]:
    """The parts whose ballot somebody casts in a vote, for themselves or for an owner."""
    return frozenset(part for (part,) in rows)


@own_query(
    union_all(
        select(_v.part, now_of(_v.person)).where(*_voters), select(_x.part, now_of(_x.agent)).where(*_proxies)
    )
)
def who_casts(rows: Rows, vote: UUID) -> frozenset[tuple[UUID, UUID]]:
    """Each part with everybody who may cast its ballot."""
    return frozenset((part, person) for part, person in rows)


@attrs.frozen
class Given:
    """The proxy given for a part.

    Attributes:
        agent: who may cast the ballot, by the number that they have now.
        why: for whom they speak, if not as a proxy.
    """

    proxy: UUID
    agent: UUID
    valid: bool
    why: str | None


@own_query(
    select(_x.proxy, now_of(_x.agent), _x.valid, _x.why).where(*_proxies, _x.part == bindparam("part"))
)
def proxy_for(rows: Rows, vote: UUID, part: UUID) -> Given | None:
    """The proxy that is given for a part; None where there is none."""
    return next((Given(proxy, agent, bool(valid), why) for proxy, agent, valid, why in rows), None)


@own_query(select(func.count()).where(*_proxies, is_person(_x.agent), _x.why.is_(None)))
def proxies_of(rows: Rows, vote: UUID, person: UUID) -> int:
    """For how many parts somebody is a proxy."""
    return int(rows[0][0])


class NotCounted(Refusal, says="this vote has not been counted; nobody knows its result before"): ...


class CastOtherwise(Invalid, says="in this vote ballots are cast otherwise: {ways}"):
    ways: Several
    field: str = "way"


class VoteClosed(Refusal, says="this vote has closed"): ...


class ContestedElsewhere(Invalid, says="contest it where the vote is"):
    field: str = "place"


class BoxAltered(Refusal, says="the box does not hold what was counted; restore it from a backup"): ...


def held(facts: Facts, ident: UUID) -> StoredSubject:
    """A vote as it is and stays until this act is done.

    Whatever changes what is in a box holds the vote, and so do closing and counting: an act waits
    for those before it, and sees what they did. Call it before anything else is read of the vote.
    """
    hold(facts, ident)
    return plain(facts, ident)


def hold(facts: Facts, ident: UUID) -> None:
    """Let nothing change what is in a vote's box until this act is done."""
    facts.hold(f"owners_vote {ident}")


class NoSuchVote(NotFoundHere, says="there is no vote {id} in this district"):
    id: UUID


def plain(facts: Facts, ident: UUID) -> StoredSubject:
    """A vote as it is: for acts that hold it already, or on its own tree, whose version is lock enough."""
    found = facts.get(vote_numbered(ident))
    if found is None:
        raise NotFound(NoSuchVote(id=ident))
    return found.kept


def vote_numbered(ident: UUID) -> Query[Subject[Vote] | None]:
    """A vote by its number."""
    # It is made with what is read here.
    from linli_owners_vote.workflow import VoteFlow

    return one(VoteFlow, VoteFlow.ref(ident))


def circle(facts: Facts, vote: AnyVote) -> Circle:
    """Whose vote it is: the homes that its compound had when its matter was proposed, or when it was prepared."""
    return facts.get(homes_of(*began(facts, vote)))


def began(facts: Facts, vote: AnyVote) -> tuple[UUID, datetime]:
    """Where and when the matter of a vote was proposed; the vote itself was prepared, where it stands alone."""
    matter = vote.record.matter
    known = (facts.get(any_subject(matter)) if matter else None) or vote
    return known.opened_in, known.opened_at


def is_where(vote: StoredSubject, place: UUID, facts: Facts) -> bool:
    """Whether a place is where a vote is, or where that goes on since its place has ended."""
    return facts.get(place_now(vote.place)) == place


def may_vote(facts: Facts, person: UUID | None, vote: UUID, part: UUID) -> bool:
    """Whether somebody is an owner of a part on the frozen roll."""
    return person is not None and facts.get(survivor(person)) in facts.get(voters_of(vote, part))


def may_speak(facts: Facts, person: UUID | None, vote: UUID, part: UUID) -> bool:
    """Whether somebody is the part's valid proxy, or speaks for an owner who does not vote in person."""
    known = facts.get(proxy_for(vote, part))
    return bool(person and known and known.valid and known.agent == facts.get(survivor(person)))


def acted_in(facts: Facts, person: UUID | None, root: UUID | None) -> bool:
    """Whether somebody acted in a matter or in a part of it."""
    if root is None or person is None:
        return False
    found = facts.get(any_subjects(matter=root))
    return any(facts.is_among(person, people) for known in found for people in known.hands.moves.values())


def made(facts: Facts, root: UUID, person: UUID, moves: Iterable[str]) -> bool:
    """Whether somebody made one of some moves of a vote."""
    known = facts.get(any_subject(root))
    people = [each for name in moves for each in known.hands.moves.get(name, ())] if known else []
    return facts.get(survivor(person)) in {facts.get(survivor(each)) for each in people}


class NotOpen(Refusal, says="this vote is not open; see: linli vote show {id}"):
    id: UUID


def not_in_state(vote: StoredSubject, *states: str) -> Refusal | None:
    """Why nothing is done with a vote in another state; None where it is in one of them."""
    return None if vote.state in states else NotOpen(id=vote.id)
