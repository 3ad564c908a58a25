"""The keepers of a vote: bodies, each with a code of its own, any two of which open its ballots.

A code belongs to the body, as its seal does: whoever has a post there takes it, and hands it on. It is
shown once, to whoever takes it, and kept nowhere; linli keeps what is public of it.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from linli import ENGINE, HOLDER, Act, Ask, Facts, Move, Seat, State, Subject, Workflow, codec, in_turn, say
from linli.conditions import parent_in
from linli.contract import AnyTransition
from linli.effects import Effect
from linli.errors import LinliError
from linli.i18n import Text
from linli.lookups import Body
from linli.publish.checks import PUBLICATIONS_ABOUT
from linli.publish.records import Publication
from linli.store import Read
from linli.store import tables as t
from linli.subjects import SUBJECT_COLUMNS, subject_from
from linli.workflow import PartKey
from linli_owners_vote import box, reading, sealing
from linli_owners_vote.posts import by_somebody
from linli_owners_vote.records import Keeper
from linli_owners_vote.settings import VoteSettings

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
_of_vote = (_s.district == _d, _s.parent == bindparam("vote"))
_KEEPERS = Read(select(*SUBJECT_COLUMNS).where(*_of_vote, _s.kind == "vote_keeper").order_by(_s.id))
_a = t.act.c
_TAKEN = Read(
    select(_a.subject, _a.body)
    .where(_a.district == _d, _a.root == bindparam("vote"), _a.verb == "vote_keeper.take")
    .order_by(_a.version)
)
_DISPUTED = Read(select(_s.id).where(*_of_vote, _s.kind == "vote_dispute", _s.ended_at.is_(None)))


def bodies(facts: Facts, place: UUID) -> tuple[Body, ...]:
    """The bodies that a district's settings make keepers of the votes of a compound, each once."""
    kinds = facts.settings(VoteSettings).keepers
    found = (facts.body(kind, place) for kind in kinds)
    return tuple({body.id: body for body in found if body}.values())


def asked(subject: Subject, facts: Facts) -> Iterable[PartKey]:
    """A part of the vote for each body that is to keep a code."""
    for body in bodies(facts, subject.place):
        yield PartKey(key=body.id.hex, holder=Seat(role=None, at=body.id), values={"organisation": body.id})


def enough_bodies(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """At least three, so that one code can be lost, and no two people can be one."""
    count = len(bodies(facts, subject.place))
    if count >= sealing.LEAST_KEEPERS:
        return None
    return say(
        "{least} bodies must keep the codes of its ballots, and {count} of those in owners_vote.keepers are"
        " registered here: register them, or name other kinds",
        least=sealing.LEAST_KEEPERS,
        count=count,
    )


def of_vote(facts: Facts, vote: UUID) -> list[Subject]:
    """The keepers of a vote, in the order in which they were asked."""
    return [subject_from(row, Keeper) for row in facts.rows(_KEEPERS, vote=vote)]


def taken(facts: Facts, vote: UUID) -> list[Keeper]:
    """The keepers who have taken their codes, with the keys that the journal has: no others are sealed for."""
    known = {
        subject: codec.decode(body)["values"]["public"] for subject, body in facts.rows(_TAKEN, vote=vote)
    }
    found = [one for one in of_vote(facts, vote) if one.record.public]
    for one in found:
        if known.get(one.id) != one.record.public:
            raise LinliError(
                say("the key of keeper {id} is not the one that it took; restore it from a backup", id=one.id)
            )
    return [one.record for one in found]


def enough_codes(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Ballots are sealed for at least three keepers."""
    count = len(taken(facts, subject.id))
    if count >= sealing.LEAST_KEEPERS:
        return None
    return say(
        "{count} keepers have taken their codes, it needs {least}: linli vote keepers {id}",
        count=count,
        least=sealing.LEAST_KEEPERS,
        id=subject.id,
    )


# --- taking a code -----------------------------------------------------------------------------------


def _before_it_opens(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if reading.plain(facts, subject.root).state == "announced":
        return None
    return say("codes are taken between the announcement and the opening: ballots are sealed for those")


def _one_code_a_body(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Who stands in for an empty body has not the codes of two: any two of them open the ballots."""
    mine = act.seat.at if act.seat else None
    for other in of_vote(facts, subject.root):
        if other.id != subject.id and mine in other.hands.bodies.values():
            return say("this body keeps a code of this vote already; each keeper is another body")
    return None


def _a_public_key(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if sealing.is_public(subject.record.public or ""):
        return None
    return say("{name} is worked out by linli; leave it out", name="public")


# --- destroying --------------------------------------------------------------------------------------


def kept_until(facts: Facts, vote: Subject) -> datetime | None:
    """Until when a vote's ballots are kept at least; None while it goes on, or its result is not disclosed."""
    if vote.ended_at is None:
        return None
    about = (subject_from(row, Publication) for row in facts.rows(PUBLICATIONS_ABOUT, about=str(vote.id)))
    results = [one for one in about if one.opened_at >= vote.ended_at]
    if any(one.accepted_at is None and one.ended_at is None for one in results):
        return None
    disclosed = max((one.accepted_at for one in results if one.accepted_at), default=vote.ended_at)
    return disclosed + facts.settings(VoteSettings).keep_ballots


def term_is_over(t: AnyTransition) -> Text | None:
    """The district's term has passed, the result was disclosed, and no contest of it is noted."""
    return _over(t.facts, t.subject.root)


def its_term_is_over(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return _over(facts, subject.root)


def _over(facts: Facts, vote: UUID) -> Text | None:
    until = kept_until(facts, reading.plain(facts, vote))
    if until is None:
        return say("this vote goes on, or its result is not disclosed yet")
    if facts.at < until:
        return say("ballots are kept until {day}", day=facts.calendar.day_of(until))
    if facts.rows(_DISPUTED, vote=vote):
        return say("a contest of this vote is noted as open; what it is about is kept until it has ended")
    return None


def _destroys(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """With the second keeper's code the ballots go: what is left opens nothing."""
    others = [
        one for one in of_vote(facts, subject.root) if one.state == "destroyed" and one.id != subject.id
    ]
    if len(others) + 1 == sealing.TO_OPEN:
        yield box.destroyed(facts.district, subject.root)


KEEPER = Workflow(
    name="vote_keeper",
    label="keeper of a vote",
    record=Keeper,
    states=(
        State("asked", "to take its code"),
        State("kept", "keeps a code"),
        State("destroyed", "code destroyed", ends=("destroyed",)),
        State("missed", "took no code", ends=("missed",)),
        State("over", "no longer needed", ends=("over",)),
    ),
    moves=(
        Move(
            name="ask",
            label="keeper asked",
            sources=(),
            to="asked",
            by=ENGINE,
            asks=(Ask(name="organisation", type=UUID),),
        ),
        Move(
            name="take",
            label="take the code",
            sources=("asked", "kept"),
            to="kept",
            by=HOLDER,
            asks=(Ask(name="public", help="what is public of the code", longest=44),),
            checks=(in_turn(by_somebody, _before_it_opens, _one_code_a_body, _a_public_key),),
        ),
        Move(
            name="destroy",
            label="destroy the code",
            sources=("kept",),
            to="destroyed",
            by=HOLDER,
            checks=(in_turn(by_somebody, its_term_is_over),),
            effects=(_destroys,),
        ),
        Move(
            name="miss",
            label="the vote opened without it",
            sources=("asked",),
            to="missed",
            when=parent_in("open", "lapsed"),
        ),
        Move(
            name="let_go",
            label="the vote was called off",
            sources=("asked", "kept"),
            to="over",
            when=parent_in("called_off"),
        ),
    ),
)
