"""The keepers of a vote: bodies, each with a code of its own, any two of which open its ballots.

A code belongs to the body, as its seal does: whoever has a post there takes it, and hands it on. It is
shown once, to whoever takes it, and kept nowhere; linli keeps what is public of it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    AnyTransition,
    BodyId,
    Context,
    Effect,
    Facts,
    Input,
    NotAsRecorded,
    PartKey,
    Refusal,
    Refused,
    Seat,
    StoredSubject,
    Subject,
    Transition,
)
from linli._engine.asked import WorkedOut
from linli._verbs.publish.checks import publications_about
from linli.query import Body, acts_of, body, subjects
from linli_owners_vote import box, reading, sealing
from linli_owners_vote.disputes import DisputeFlow
from linli_owners_vote.records import Keeper, Vote
from linli_owners_vote.settings import VoteSettings


@attrs.frozen(kw_only=True)
class AskFor:
    """The body that is to keep a code."""

    organisation: BodyId


@attrs.frozen(kw_only=True)
class Take:
    """What is public of the code that is taken."""

    public: Annotated[str, Input("what is public of the code", longest=44)]


def bodies(facts: Facts, place: UUID) -> tuple[Body, ...]:
    """The bodies that a district's settings make keepers of the votes of a compound, each once."""
    kinds = facts.settings(VoteSettings).keepers
    found = (facts.get(body(kind, place)) for kind in kinds)
    return tuple({one.id: one for one in found if one}.values())


def asked(ctx: Context[Vote]) -> Iterable[PartKey[AskFor]]:
    """A part of the vote for each body that is to keep a code."""
    for one in bodies(ctx.facts, ctx.place):
        given = AskFor(organisation=BodyId(one.id))
        yield PartKey(key=one.id.hex, holder=Seat(role=None, at=one.id), given=given)


class TooFewBodies(
    Refusal,
    says="{least} bodies must keep the codes of its ballots, and {count} of those in owners_vote.keepers are registered here: register them, or name other kinds",
):
    least: int
    count: int


def enough_bodies(t: Transition[Vote, object]) -> Refusal | None:
    """At least three, so that one code can be lost, and no two people can be one."""
    count = len(bodies(t.facts, t.place))
    if count >= sealing.LEAST_KEEPERS:
        return None
    return TooFewBodies(least=sealing.LEAST_KEEPERS, count=count)


def of_vote(facts: Facts, vote: UUID) -> tuple[Subject[Keeper], ...]:
    """The keepers of a vote, in the order in which they were asked."""
    # A vote and its keepers order each other.
    from linli_owners_vote.workflow import KeeperFlow

    return facts.get(subjects(KeeperFlow, matter=vote))


class KeyNotTaken(
    NotAsRecorded, says="the key of keeper {id} is not the one that it took; restore it from a backup"
):
    id: UUID


def taken(facts: Facts, vote: UUID) -> list[Keeper]:
    """The keepers who have taken their codes, with the keys that the journal has: no others are sealed for."""
    from linli_owners_vote.workflow import KeeperFlow

    known = {act.subject: act.value("public") for act in facts.get(acts_of(vote, KeeperFlow.take))}
    found = [one for one in of_vote(facts, vote) if one.record.public]
    for one in found:
        if known.get(one.id) != one.record.public:
            raise Refused(KeyNotTaken(id=one.id))
    return [one.record for one in found]


class TooFewCodes(
    Refusal, says="{count} keepers have taken their codes, it needs {least}: linli vote keepers {id}"
):
    count: int
    least: int
    id: UUID


def enough_codes(t: Transition[Vote, object]) -> Refusal | None:
    """Ballots are sealed for at least three keepers."""
    count = len(taken(t.facts, t.subject.id))
    if count >= sealing.LEAST_KEEPERS:
        return None
    return TooFewCodes(count=count, least=sealing.LEAST_KEEPERS, id=t.subject.id)


# --- taking a code -----------------------------------------------------------------------------------


class NotTimeForCodes(
    Refusal, says="codes are taken between the announcement and the opening: ballots are sealed for those"
): ...


def before_it_opens(t: Transition[Keeper, object]) -> Refusal | None:
    """Ballots are sealed for those who have taken theirs by then."""
    if reading.plain(t.facts, t.subject.root).state == "announced":
        return None
    return NotTimeForCodes()


class KeepsACode(
    Refusal, says="this body keeps a code of this vote already; each keeper is another body"
): ...


def one_code_a_body(t: Transition[Keeper, object]) -> Refusal | None:
    """Who stands in for an empty body has not the codes of two: any two of them open the ballots."""
    mine = t.seat.at if t.seat else None
    for other in of_vote(t.facts, t.subject.root):
        if other.id != t.subject.id and mine in other.kept.hands.bodies.values():
            return KeepsACode()
    return None


def a_public_key(t: Transition[Keeper, Take]) -> Refusal | None:
    """It is what linli makes of a code."""
    if sealing.is_public(t.given.public):
        return None
    return WorkedOut(field="public", name="public")


# --- destroying --------------------------------------------------------------------------------------


def kept_until(facts: Facts, vote: StoredSubject) -> datetime | None:
    """Until when a vote's ballots are kept at least; None while it goes on, or its result is not disclosed."""
    if vote.ended_at is None:
        return None
    results = [one for one in publications_about(facts, vote.id) if one.opened_at >= vote.ended_at]
    if any(one.accepted_at is None and one.ended_at is None for one in results):
        return None
    disclosed = max((one.accepted_at for one in results if one.accepted_at), default=vote.ended_at)
    return disclosed + facts.settings(VoteSettings).keep_ballots


class VoteNotOver(Refusal, says="this vote goes on, or its result is not disclosed yet"): ...


class BallotsKept(Refusal, says="ballots are kept until {day}"):
    day: date


class ContestOpen(
    Refusal, says="a contest of this vote is noted as open; what it is about is kept until it has ended"
): ...


def term_is_over(t: AnyTransition) -> Refusal | None:
    """The district's term has passed, the result was disclosed, and no contest of it is noted."""
    until = kept_until(t.facts, reading.plain(t.facts, t.subject.root))
    if until is None:
        return VoteNotOver()
    if t.at < until:
        return BallotsKept(day=t.facts.calendar.day_of(until))
    if t.get(subjects(DisputeFlow, matter=t.subject.root, ended=False)):
        return ContestOpen()
    return None


def destroys(t: Transition[Keeper, object]) -> Iterable[Effect]:
    """With the second keeper's code the ballots go: what is left opens nothing."""
    vote = t.subject.root
    others = [
        one for one in of_vote(t.facts, vote) if one.state.name == "destroyed" and one.id != t.subject.id
    ]
    if len(others) + 1 == sealing.TO_OPEN:
        yield box.destroyed(t.facts.district, vote)
