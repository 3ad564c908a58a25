"""Proxies: who may cast a part's ballot for its owners. One for a part; a written one is checked by another teller.

An owner who does not vote in person is spoken for by a paper alone, in whatever ways the vote is held: an
organisation by whom it names, a minor or ward by the guardian, an estate by the heirs as one, the developer's
unsold parts by whom it names.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import bindparam, delete, update

from linli import ANYONE, OWN, Act, Ask, Change, Facts, Move, State, Subject, Workflow, in_turn, say
from linli.effects import Effect
from linli.i18n import Text, listed
from linli.lookups import PERSON
from linli.store import Write
from linli.store.statements import insert_into, write_statement
from linli.workflow import REASON
from linli_owners_vote import box, reading
from linli_owners_vote.posts import TELLER, by_a_proved_phone, by_somebody
from linli_owners_vote.records import Proxy
from linli_owners_vote.settings import VoteSettings
from linli_owners_vote.tables import PROXY

PROXY_ALONE = "proxy"
WORDS = WHYS = ("proxy", "organisation", "guardian", "heirs", "developer")

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


def _while_it_is_open(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    vote = reading.held(facts, subject.record.vote)
    if subject.record.why == PROXY_ALONE and "proxy" not in vote.record.ways:
        return say("in this vote ballots are cast otherwise: {ways}", ways=listed(vote.record.ways))
    return reading.not_in_state(vote, "open", "extended")


def _at_the_votes_place(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    vote = reading.held(facts, subject.record.vote)
    return None if reading.is_where(vote, subject.place, facts) else say("give it where the vote is")


def _on_the_roll(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if facts.rows(box.ON_ROLL, vote=subject.record.vote, part=subject.record.part):
        return None
    return say("this part is not on the roll; see: linli vote roll {id}", id=subject.record.vote)


def _the_only_one(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if reading.agent_of(facts, subject.record.vote, subject.record.part):
        return say("this part has a proxy; withdraw that one first")
    if facts.rows(box.IN_BOX, vote=subject.record.vote, part=subject.record.part):
        return say("this part has cast its ballot; there is one for each part, however it is cast")
    return None


def _not_too_many(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    proxy: Proxy = subject.record
    most = facts.settings(VoteSettings).proxies_per_person
    if proxy.why == PROXY_ALONE and reading.proxies_of(facts, proxy.vote, proxy.agent) >= most:
        return say("they are a proxy for {most} parts, which is the most for one person", most=most)
    return None


def _somebody_else(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    agent = subject.record.agent
    if not facts.rows(PERSON, id=agent):
        return say("there is nobody with the number {id} in this district", id=agent)
    return say("nobody is their own proxy") if facts.is_among(act.actor, (agent,)) else None


def _as_the_roll_has_it(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Whoever speaks for an owner does so because the roll has such an owner."""
    proxy: Proxy = subject.record
    rows = facts.rows(box.ON_ROLL, vote=proxy.vote, part=proxy.part)
    voices = (rows[0][1] or "").split(",") if rows else []
    if proxy.why == PROXY_ALONE or proxy.why in voices:
        return None
    return say("the roll has no owner of this part for whom {why} speaks", why=say(proxy.why))


def _by_an_owner(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if reading.may_vote(facts, act.actor, subject.record.vote, subject.record.part):
        return None
    return say("only an owner of this part on the roll gives a proxy for it")


def _by_an_owner_or_teller(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return _by_an_owner(act, subject, before, facts) if act.acting_as == "person" else None


def _keeps(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    proxy: Proxy = subject.record
    row = {
        "district": facts.district,
        "vote": proxy.vote,
        "part": proxy.part,
        "proxy": subject.id,
        "agent": proxy.agent,
        "valid": int(act.verb == "vote_proxy.give"),
        "why": None if proxy.why == PROXY_ALONE else proxy.why,
    }
    yield Change(write=Write(_PUT, row, proxy.part.hex))


def _is_valid(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield Change(write=Write(_VALID, {**_key(subject, facts), "now": 1}, subject.record.part.hex))


def _drops(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield Change(write=Write(_DROP, _key(subject, facts), subject.record.part.hex))


def _key(subject: Subject, facts: Facts) -> dict[str, object]:
    proxy: Proxy = subject.record
    return {"the_district": facts.district, "the_vote": proxy.vote, "the_part": proxy.part}


_ASKS = (
    Ask(name="vote", help="the number of the vote", type=UUID),
    Ask(name="part", help="for which part", type=UUID),
    Ask(name="agent", help="who may cast the ballot", type=UUID),
)
_EVERY = (
    _at_the_votes_place, _while_it_is_open, _on_the_roll, _as_the_roll_has_it, _the_only_one, _not_too_many,
    _somebody_else,
)  # fmt: skip
_WHY = Ask(name="why", help="as what they vote", choices=WHYS, default=PROXY_ALONE)

VOTE_PROXY = Workflow(
    name="vote_proxy",
    label="proxy",
    read_by=OWN | TELLER,
    record=Proxy,
    one_with=("vote",),
    states=(
        State("entered", "entered, to be checked by another", seen_by=TELLER),
        State("valid", "valid", ends=("valid",), seen_by=TELLER),
        State("withdrawn", "withdrawn", ends=("withdrawn",), seen_by=TELLER),
        State("rejected", "rejected as invalid", ends=("rejected",), seen_by=TELLER),
    ),
    moves=(
        Move(
            name="give",
            label="give a proxy",
            sources=(),
            to="valid",
            by=ANYONE,
            asks=_ASKS,
            checks=(in_turn(*_EVERY, _by_an_owner, by_a_proved_phone),),
            effects=(_keeps,),
        ),
        Move(
            name="enter",
            label="enter a written proxy",
            sources=(),
            to="entered",
            by=TELLER,
            asks=(*_ASKS, _WHY),
            checks=(in_turn(by_somebody, *_EVERY),),
            effects=(_keeps,),
        ),
        Move(
            name="confirm",
            label="check a written proxy",
            sources=("entered",),
            to="valid",
            by=TELLER,
            checks=(by_somebody, _while_it_is_open),
            apart_from=("enter",),
            effects=(_is_valid,),
        ),
        Move(
            name="reject",
            label="reject a written proxy",
            sources=("entered",),
            to="rejected",
            by=TELLER,
            asks=(REASON,),
            checks=(by_somebody, _while_it_is_open),
            apart_from=("enter",),
            effects=(_drops,),
        ),
        Move(
            name="withdraw",
            label="withdraw a proxy",
            sources=("valid",),
            to="withdrawn",
            by=ANYONE | TELLER,
            asks=(REASON,),
            checks=(_while_it_is_open, _by_an_owner_or_teller),
            effects=(_drops,),
        ),
    ),
)
