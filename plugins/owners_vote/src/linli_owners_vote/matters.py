"""The gate before filing: a decision waits for its vote, the certified result moves it on."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select, update

from linli import (
    AnyAct,
    Change,
    Effect,
    Facts,
    Invalid,
    MoveOrder,
    NotFoundHere,
    Refusal,
    StoredSubject,
    Text,
    Transition,
    Write,
    say,
)
from linli.query import Rows, any_subject, insert_into, own_query, write_statement
from linli_decisions.steps import STEP_OF
from linli_owners_vote import reading
from linli_owners_vote.arithmetic import Outcome
from linli_owners_vote.records import Elsewhere, Vote
from linli_owners_vote.tables import MATTER

Voting = Transition[Vote | Elsewhere, object]
KIND, WAITS = "decision", "voting"
CHECKED_BY_OTHERS = frozenset(verb for verb, step in STEP_OF.items() if step in ("filing", "check"))
"""Filing a matter, and its final check: by nobody who counted or certified the vote on it."""
_COUNTING = ("count", "certify", "enter", "check")

_m = MATTER.c
_d: BindParameter[str] = bindparam("district")
_ADD = insert_into(MATTER, rank=30)
_END = write_statement(
    update(MATTER)
    .where(_m.district == bindparam("the_district"), _m.vote == bindparam("the_vote"))
    .values(outcome=bindparam("now")),
    rank=31,
    name="vote on matter ends",
)


@own_query(
    select(_m.vote, _m.outcome).where(_m.district == _d, _m.matter == bindparam("matter")).order_by(_m.turn)
)
def _turns(rows: Rows, matter: UUID) -> Sequence[tuple[UUID, str | None]]:
    return [(vote, outcome) for vote, outcome in rows]


def live_vote(facts: Facts, matter: UUID) -> UUID | None:
    """The vote that a matter waits for; None where there is none."""
    return next((vote for vote, outcome in facts.get(_turns(matter))[-1:] if outcome is None), None)


def _decision(facts: Facts, matter: UUID) -> StoredSubject | None:
    known = facts.get(any_subject(matter))
    return known if known and known.kind == KIND else None


class NoSuchDecision(NotFoundHere, says="there is no decision {id} in this district"):
    id: UUID


class WaitsForNoVote(
    Refusal, says="this decision does not wait for a vote of the owners of this compound"
): ...


class OtherMajority(Invalid, says="this decision needs the other majority: {needed}"):
    needed: Text
    field: str = "majority"


def waits_for_it(t: Voting) -> Refusal | None:
    """A vote about a matter is on one that waits for it, at the same place, by the majority that it needs."""
    matter = t.record.matter
    if matter is None:
        return None
    known = _decision(t.facts, matter)
    if known is None:
        return NoSuchDecision(id=matter)
    if known.state != WAITS or known.place != t.place:
        return WaitsForNoVote()
    needed = known.record.get("vote_kind")
    if needed in (None, "", t.record.majority):
        return None
    return OtherMajority(needed=say(needed))


class AnotherVoteGoesOn(Refusal, says="another vote on this decision is going on: {id}"):
    id: UUID


def the_only_one(t: Voting) -> Refusal | None:
    """A matter waits for one vote at a time."""
    live = live_vote(t.facts, t.record.matter) if t.record.matter else None
    return AnotherVoteGoesOn(id=live) if live else None


def begins(t: Voting) -> Iterable[Effect]:
    """The matter waits for this vote; whoever comes second with another one breaks the key."""
    matter = t.record.matter
    if matter is None:
        return
    row = {
        "district": t.facts.district,
        "matter": matter,
        "turn": len(t.get(_turns(matter))) + 1,
        "vote": t.subject.id,
        "outcome": None,
    }
    yield Change(write=Write(_ADD, row, matter.hex))


def ends(t: Voting) -> Iterable[Effect]:
    """The matter waits for this vote no longer."""
    if t.record.matter:
        values = {"the_district": t.facts.district, "the_vote": t.subject.id, "now": t.subject.outcome}
        yield Change(write=Write(_END, values, t.record.matter.hex))


def moves_on(t: Voting) -> Iterable[Effect]:
    """A certified result moves the matter on: to filing, or to its end."""
    matter = t.record.matter
    known = _decision(t.facts, matter) if matter else None
    if matter and known and known.state == WAITS:
        move = "vote_passed" if t.subject.outcome == Outcome.PASSED else "vote_failed"
        yield MoveOrder(subject=matter, move=move, values={"vote": t.subject.id})


class CountedTheVote(
    Refusal, says="you counted or certified the owners' vote on this matter; somebody else must do it"
): ...


def counted_by_the_same(t: AnyAct) -> Iterable[Refusal]:
    """Why somebody may not do what checks the matter's vote: they counted, checked or certified it themselves."""
    subject, person = t.after, t.actor
    if subject is None or person is None or t.verb not in CHECKED_BY_OTHERS:
        return
    matter = subject.root if t.act.kind == KIND else getattr(subject.record, "about", None)
    votes = [vote for vote, _ in t.get(_turns(matter))] if matter else []
    if any(reading.made(t.facts, vote, person, _COUNTING) for vote in votes):
        yield CountedTheVote()


def lapses(t: AnyAct) -> Iterable[Effect]:
    """A matter that ends otherwise while it waits takes its vote with it."""
    matter, body = t.after, t.act.body
    if matter is None or t.act.kind != KIND or body.get("from") != WAITS or body.get("to") == WAITS:
        return
    live = live_vote(t.facts, matter.id)
    if live is not None and t.act.value("vote") != str(live):
        yield MoveOrder(subject=live, move="lapse")
