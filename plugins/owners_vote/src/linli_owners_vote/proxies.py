"""Proxies: who may cast a part's ballot for its owners. One for a part; a written one is checked by another teller.

An owner who does not vote in person is spoken for by a paper alone, in whatever ways the vote is held: an
organisation by whom it names, a minor or ward by the guardian, an estate by the heirs as one, the developer's
unsold parts by whom it names.
"""

from collections.abc import Iterable
from typing import Annotated

import attrs
from sqlalchemy import bindparam, delete, update

from linli import (
    ANYONE,
    OWN,
    Change,
    Effect,
    Input,
    Invalid,
    Moves,
    NotFoundHere,
    PersonId,
    Refusal,
    State,
    Text,
    Transition,
    Why,
    Workflow,
    Write,
    in_turn,
    listed,
    say,
)
from linli.query import insert_into, is_registered, write_statement
from linli_owners_vote import box, reading
from linli_owners_vote.posts import TELLER, proved_phone, says_who
from linli_owners_vote.reading import CastOtherwise
from linli_owners_vote.records import As, OfPart, OfVote, Proxy
from linli_owners_vote.settings import VoteSettings
from linli_owners_vote.tables import PROXY


@attrs.frozen(kw_only=True)
class Give:
    """Who may cast a part's ballot."""

    vote: OfVote
    part: OfPart
    agent: Annotated[PersonId, Input("who may cast the ballot")]


_x = PROXY.c
_PUT = insert_into(PROXY, rank=32)
_its_row = (
    _x.district == bindparam("the_district"),
    _x.vote == bindparam("the_vote"),
    _x.part == bindparam("the_part"),
)
_VALID = write_statement(
    update(PROXY).where(*_its_row).values(valid=bindparam("now")), rank=33, name="proxy is valid"
)
_DROP = write_statement(delete(PROXY).where(*_its_row), rank=33, name="drop proxy")


def _while_it_is_open(t: Transition[Proxy, object]) -> Refusal | None:
    vote = reading.held(t.facts, t.record.vote)
    if t.record.why is As.PROXY and "proxy" not in vote.record.ways:
        return CastOtherwise(ways=listed(vote.record.ways))
    return reading.not_in_state(vote, "open", "extended")


class ProxyElsewhere(Invalid, says="give it where the vote is"):
    field: str = "place"


def _at_the_votes_place(t: Transition[Proxy, object]) -> Refusal | None:
    vote = reading.held(t.facts, t.record.vote)
    return None if reading.is_where(vote, t.place, t.facts) else ProxyElsewhere()


class HasAProxy(Refusal, says="this part has a proxy; withdraw that one first"): ...


def _the_only_one(t: Transition[Proxy, object]) -> Refusal | None:
    if t.get(reading.proxy_for(t.record.vote, t.record.part)):
        return HasAProxy()
    return box.without_ballot(t)


class TooManyProxies(Refusal, says="they are a proxy for {most} parts, which is the most for one person"):
    most: int


def _not_too_many(t: Transition[Proxy, object]) -> Refusal | None:
    proxy, most = t.record, t.settings(VoteSettings).proxies_per_person
    if proxy.why is As.PROXY and t.get(reading.proxies_of(proxy.vote, proxy.agent)) >= most:
        return TooManyProxies(most=most)
    return None


class NoSuchAgent(NotFoundHere, says="there is nobody with the number {id} in this district"):
    id: PersonId


class OwnProxy(Invalid, says="nobody is their own proxy"):
    field: str = "agent"


def _somebody_else(t: Transition[Proxy, object]) -> Refusal | None:
    if not t.get(is_registered(t.record.agent)):
        return NoSuchAgent(id=t.record.agent)
    return OwnProxy() if t.is_among((t.record.agent,)) else None


class SpeaksForNobody(Invalid, says="the roll has no owner of this part for whom {why} speaks"):
    why: Text
    field: str = "why"


def _as_the_roll_has_it(t: Transition[Proxy, object]) -> Refusal | None:
    """Whoever speaks for an owner does so because the roll has such an owner."""
    why, voices = t.record.why, t.get(box.voices_of(t.record.vote, t.record.part))
    if why is As.PROXY or why in (voices or ()):
        return None
    return SpeaksForNobody(why=say(why))


class OnlyOwnerGivesProxy(Refusal, says="only an owner of this part on the roll gives a proxy for it"): ...


def _by_an_owner(t: Transition[Proxy, object]) -> Refusal | None:
    if reading.may_vote(t.facts, t.actor, t.record.vote, t.record.part):
        return None
    return OnlyOwnerGivesProxy()


def _by_an_owner_or_teller(t: Transition[Proxy, object]) -> Refusal | None:
    return _by_an_owner(t) if t.acting_as == "person" else None


def _keeps(t: Transition[Proxy, object]) -> Iterable[Effect]:
    proxy = t.record
    row = {
        "district": t.facts.district,
        "vote": proxy.vote,
        "part": proxy.part,
        "proxy": t.subject.id,
        "agent": proxy.agent,
        "valid": int(t.subject.state is ProxyFlow.valid),
        "why": None if proxy.why is As.PROXY else proxy.why.value,
    }
    yield Change(write=Write(_PUT, row, proxy.part.hex))


def _is_valid(t: Transition[Proxy, object]) -> Iterable[Effect]:
    yield Change(write=Write(_VALID, {**_key(t), "now": 1}, t.record.part.hex))


def _drops(t: Transition[Proxy, object]) -> Iterable[Effect]:
    yield Change(write=Write(_DROP, _key(t), t.record.part.hex))


def _key(t: Transition[Proxy, object]) -> dict[str, object]:
    return {"the_district": t.facts.district, "the_vote": t.record.vote, "the_part": t.record.part}


_EVERY = (
    _at_the_votes_place, _while_it_is_open, box.on_the_roll, _as_the_roll_has_it, _the_only_one, _not_too_many,
    _somebody_else,
)  # fmt: skip


class ProxyFlow(
    Workflow[Proxy], name="vote_proxy", label="proxy", one_with=("vote",), readable_by=OWN | TELLER
):
    """Given by an owner, or on paper; withdrawn as long as the vote is open."""

    move = Moves(Proxy)
    entered = State("entered, to be checked by another", visible_to=TELLER)
    valid = State("valid", ends=True, visible_to=TELLER)
    withdrawn = State("withdrawn", ends=True, visible_to=TELLER)
    rejected = State("rejected as invalid", ends=True, visible_to=TELLER)
    give = move.opening(
        valid,
        Give,
        label="give a proxy",
        by=ANYONE,
        needs=[in_turn(*_EVERY, _by_an_owner, proved_phone)],
        then=[_keeps],
    )
    enter = move.opening(
        entered,
        Proxy,
        label="enter a written proxy",
        by=TELLER,
        needs=[in_turn(says_who, *_EVERY)],
        then=[_keeps],
    )
    confirm = move(
        entered.to(valid),
        label="check a written proxy",
        by=TELLER,
        needs=[says_who, _while_it_is_open],
        not_by=[enter],
        then=[_is_valid],
    )
    reject = move(
        entered.to(rejected),
        Why,
        label="reject a written proxy",
        by=TELLER,
        needs=[says_who, _while_it_is_open],
        not_by=[enter],
        then=[_drops],
    )
    withdraw = move(
        valid.to(withdrawn),
        Why,
        label="withdraw a proxy",
        by=ANYONE | TELLER,
        needs=[_while_it_is_open, _by_an_owner_or_teller],
        then=[_drops],
    )
