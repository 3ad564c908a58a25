"""What checks and effects read of a vote: as it is, and locked where its state must not change meanwhile."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, func, or_, select, union_all

from linli import Facts, Subject, codec, contract
from linli.errors import NotFound
from linli.i18n import Several
from linli.lookups import Circle
from linli.refusals import Invalid, NotFoundHere, Refusal
from linli.store import Read
from linli.store import tables as t
from linli.subjects import SUBJECT_COLUMNS, Hands, subject_from
from linli_owners_vote.records import Elsewhere, Vote
from linli_owners_vote.tables import PROXY, VOTER

AnyVote = Subject | contract.Subject[Vote | Elsewhere]
"""A vote as it is kept, or as a move has it."""
_s, _v, _x = t.subject.c, VOTER.c, PROXY.c
_d: BindParameter[str] = bindparam("district")
_by_id = select(*SUBJECT_COLUMNS).where(_s.district == _d, _s.id == bindparam("id"))
SUBJECT = Read(_by_id)
_VOTE = Read(_by_id.where(_s.kind == "owners_vote"))
_VOTERS = Read(
    select(_v.person).where(_v.district == _d, _v.vote == bindparam("vote"), _v.part == bindparam("part"))
)
_PROXY = Read(
    select(_x.proxy, _x.agent, _x.valid, _x.why).where(
        _x.district == _d, _x.vote == bindparam("vote"), _x.part == bindparam("part")
    )
)
_EVERY_VOTER = Read(select(_v.person).where(_v.district == _d, _v.vote == bindparam("vote")).distinct())
_SPEAKS = Read(
    select(_x.part).where(
        _x.district == _d, _x.vote == bindparam("vote"), _x.agent == bindparam("agent"), _x.valid == 1
    )
)
_WHO_CASTS = Read(
    union_all(
        select(_v.part, _v.person).where(_v.district == _d, _v.vote == bindparam("vote")),
        select(_x.part, _x.agent).where(_x.district == _d, _x.vote == bindparam("vote")),
    )
)
_OPENED = Read(
    select(func.coalesce(_s.origin, _s.place), _s.opened_at).where(
        _s.district == _d, _s.id == bindparam("id")
    )
)
ANNOUNCED = Read(
    select(t.act.c.recorded_at).where(
        t.act.c.district == _d, t.act.c.root == bindparam("vote"), t.act.c.verb == "owners_vote.announce"
    )
)
FILES = Read(
    select(func.count()).where(
        t.act.c.district == _d,
        or_(t.act.c.verb == "import.people", t.act.c.verb == "import.homes"),
        t.act.c.at >= bindparam("since"),
    )
)
_PROXIES_OF = Read(
    select(_x.part, _x.proxy).where(
        _x.district == _d, _x.vote == bindparam("vote"), _x.agent == bindparam("agent"), _x.why.is_(None)
    )
)
_HANDS = Read(select(_s.hands).where(_s.district == _d, _s.root == bindparam("root")))

_HANDS_OF = Read(select(_s.hands).where(_s.district == _d, _s.id == bindparam("id")))


class NotCounted(Refusal, says="this vote has not been counted; nobody knows its result before"): ...


class CastOtherwise(Invalid, says="in this vote ballots are cast otherwise: {ways}"):
    ways: Several
    field: str = "way"


class VoteClosed(Refusal, says="this vote has closed"): ...


class ContestedElsewhere(Invalid, says="contest it where the vote is"):
    field: str = "place"


class BoxAltered(Refusal, says="the box does not hold what was counted; restore it from a backup"): ...


def held(facts: Facts, ident: UUID) -> Subject:
    """A vote as it is and stays until this act is done.

    Whatever changes what is in a box holds the vote, and so do closing and counting: an act waits
    for those before it, and sees what they did. Call it before anything else is read of the vote.
    """
    facts.hold(f"owners_vote {ident}")
    return plain(facts, ident)


class NoSuchVote(NotFoundHere, says="there is no vote {id} in this district"):
    id: UUID


def plain(facts: Facts, ident: UUID) -> Subject:
    """A vote as it is: for acts that hold it already, or on its own tree, whose version is lock enough."""
    rows = facts.rows(_VOTE, id=ident)
    if not rows:
        raise NotFound(NoSuchVote(id=ident))
    return subject_from(rows[0], Vote)


def circle(facts: Facts, vote: AnyVote) -> Circle:
    """Whose vote it is: the homes that its compound had when its matter was proposed, or when it was prepared."""
    return facts.circle(*began(facts, vote))


def began(facts: Facts, vote: AnyVote) -> tuple[UUID, datetime]:
    """Where and when the matter of a vote was proposed; the vote itself was prepared, where it stands alone."""
    matter = vote.record.matter
    opened = facts.rows(_OPENED, id=matter) if matter else []
    return opened[0] if opened else (vote.opened_in, vote.opened_at)


def is_where(vote: Subject, place: UUID, facts: Facts) -> bool:
    """Whether a place is where a vote is, or where that goes on since its place has ended."""
    return facts.goes_on(vote.place) == place


def may_vote(facts: Facts, person: UUID | None, vote: UUID, part: UUID) -> bool:
    """Whether somebody is an owner of a part on the frozen roll."""
    voters = {facts.survivor(voter) for (voter,) in facts.rows(_VOTERS, vote=vote, part=part)}
    return person is not None and facts.survivor(person) in voters


def is_on_roll(facts: Facts, person: UUID | None, vote: UUID) -> bool:
    """Whether somebody casts a ballot of any part in a vote, or speaks for an owner in it."""
    if person is None:
        return False
    who = facts.survivor(person)
    voters = {facts.survivor(one) for (one,) in facts.rows(_EVERY_VOTER, vote=vote)}
    return who in voters or bool(facts.rows(_SPEAKS, vote=vote, agent=who))


def who_casts(facts: Facts, vote: UUID) -> set[tuple[UUID, UUID]]:
    """Each part with everybody who may cast its ballot."""
    return {(part, facts.survivor(person)) for part, person in facts.rows(_WHO_CASTS, vote=vote)}


def may_speak(facts: Facts, person: UUID | None, vote: UUID, part: UUID) -> bool:
    """Whether somebody is the part's valid proxy, or speaks for an owner who does not vote in person."""
    known = agent_of(facts, vote, part)
    return bool(person and known and known[2] and known[1] == facts.survivor(person))


def agent_of(facts: Facts, vote: UUID, part: UUID) -> tuple[UUID, UUID, bool] | None:
    """The proxy given for a part: its number, who may cast the ballot, and whether it is valid."""
    rows = facts.rows(_PROXY, vote=vote, part=part)
    return (rows[0][0], facts.survivor(rows[0][1]), bool(rows[0][2])) if rows else None


def is_spoken_for(facts: Facts, vote: UUID, part: UUID) -> bool:
    """Whether somebody speaks for an owner of a part who does not vote in person: in whatever ways it is held."""
    return any(why is not None for *_, why in facts.rows(_PROXY, vote=vote, part=part))


def proxies_of(facts: Facts, vote: UUID, agent: UUID) -> int:
    """For how many parts somebody is a proxy."""
    return len(facts.rows(_PROXIES_OF, vote=vote, agent=agent))


def acted_in(facts: Facts, person: UUID | None, root: UUID | None) -> bool:
    """Whether somebody acted in a matter or in a part of it."""
    if root is None or person is None:
        return False
    found = (codec.decoder(Hands)(hands) for (hands,) in facts.rows(_HANDS, root=root))
    return any(facts.is_among(person, people) for hands in found for people in hands.moves.values())


def made(facts: Facts, root: UUID, person: UUID, moves: Iterable[str]) -> bool:
    """Whether somebody made one of some moves of a vote."""
    who, names = facts.survivor(person), tuple(moves)
    hands = (codec.decoder(Hands)(found) for (found,) in facts.rows(_HANDS_OF, id=root))
    people = (one for found in hands for name in names for one in found.moves.get(name, ()))
    return who in {facts.survivor(one) for one in people}


class NotOpen(Refusal, says="this vote is not open; see: linli vote show {id}"):
    id: UUID


def not_in_state(vote: Subject, *states: str) -> Refusal | None:
    """Why nothing is done with a vote in another state; None where it is in one of them."""
    return None if vote.state in states else NotOpen(id=vote.id)
