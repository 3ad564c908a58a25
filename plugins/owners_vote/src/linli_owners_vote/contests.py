"""Contested parts: each is settled, with a reason, before the vote opens and the roll is frozen."""

from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    ANYONE,
    OWN,
    Choice,
    Facts,
    Input,
    Moves,
    NotFoundHere,
    PlaceId,
    Private,
    Reason,
    Refusal,
    State,
    Transition,
    Why,
    Workflow,
)
from linli.query import SubjectQuery, subjects, ties
from linli_decisions.steps import OnlyAnOwner
from linli_owners_vote import reading, roll
from linli_owners_vote.posts import ORGANISER, TELLER, says_who
from linli_owners_vote.reading import ContestedElsewhere


def unsettled(vote: UUID, **where: UUID) -> "SubjectQuery[Contest]":
    """The contests of a vote that wait to be settled."""
    return subjects(ContestFlow, matter=vote, states=ContestFlow.raised, where=where)


class Finding(Choice):
    """What was found of a contested part."""

    REGISTER_RIGHT = "register_right"
    REGISTER_CORRECTED = "register_corrected"


@attrs.frozen(kw_only=True)
class Contest:
    """A part whose entry on the roll somebody contests.

    Attributes:
        was: what tells the register's entry then from any other; empty: it had none.
    """

    part: UUID
    was: str = ""
    finding: Finding | None = None


@attrs.frozen(kw_only=True)
class Raise:
    """Which part, and why."""

    part: Annotated[PlaceId, Input("a number or a path of names: 锦绣花园/1栋/1单元/101")]
    reason: Annotated[Private, Input("what is wrong with it; it is kept in the vault")]


@attrs.frozen(kw_only=True)
class Settle:
    """What was found, and why."""

    finding: Annotated[Finding, Input("what was found")]
    reason: Reason


def _entry(facts: Facts, vote: UUID, part: UUID) -> roll.Entry | None:
    """What the register says of a part now."""
    return next((one for one in roll.drawn(facts, reading.plain(facts, vote)) if one.part == part), None)


def _as_it_is(t: Transition[None, Raise]) -> Contest:
    entry = _entry(t.facts, t.subject.root, t.given.part)
    return Contest(part=t.given.part, was=entry.mark if entry else "")


class RollFrozen(Refusal, says="the roll is frozen: parts are contested before the vote opens"): ...


def _while_it_can_be_mended(t: Transition[Contest, object]) -> Refusal | None:
    vote = reading.plain(t.facts, t.subject.root)
    if not reading.is_where(vote, t.place, t.facts):
        return ContestedElsewhere()
    if vote.state in ("prepared", "announced"):
        return None
    return RollFrozen()


class NoPartHere(NotFoundHere, says="this is no part of the compound that could be on the roll"): ...


def _part_of_the_compound(t: Transition[Contest, object]) -> Refusal | None:
    return None if t.record.was else NoPartHere()


class ContestedAlready(Refusal, says="this part is contested already: {id}"):
    id: UUID


def _not_contested_already(t: Transition[Contest, object]) -> Refusal | None:
    # Withdrawn or settled, a part can be contested again.
    found = t.get(unsettled(t.subject.root, part=t.record.part))
    return ContestedAlready(id=found[0].id) if found else None


def _by_an_owner_here(t: Transition[Contest, object]) -> Refusal | None:
    if t.acting_as != "person":
        return None
    circle = reading.circle(t.facts, reading.plain(t.facts, t.subject.root))
    if any(circle.has(owned.path) for owned in t.get(ties("owner", person=t.actor, on=t.today))):
        return None
    return OnlyAnOwner()


class NotCorrectedYet(
    Refusal, says="the register says of this part what it said before; correct it first"
): ...


def _as_found(t: Transition[Contest, Settle]) -> Refusal | None:
    now, was = _entry(t.facts, t.subject.root, t.record.part), t.record.was
    same = was in now.marks(t.facts) if now else not was
    if t.given.finding is Finding.REGISTER_CORRECTED and same:
        return NotCorrectedYet()
    return None


class OnlyWhoContested(Refusal, says="only whoever contested it does this"): ...


def _by_who_raised(t: Transition[Contest, object]) -> Refusal | None:
    if t.is_among(t.before.made(ContestFlow.raise_)):
        return None
    return OnlyWhoContested()


class ContestFlow(
    Workflow[Contest],
    name="vote_contest",
    label="contested part",
    readable_by=OWN | ORGANISER | TELLER,
    holds_person=True,
):
    """Raised by an owner, and settled or withdrawn before the vote opens."""

    move = Moves(Contest)
    raised = State("contested")
    settled = State("settled", ends=True)
    withdrawn = State("withdrawn", ends=True)
    raise_ = move.opening(
        raised,
        Raise,
        label="contest a part",
        by=ORGANISER | ANYONE,
        record=_as_it_is,
        needs=[_while_it_can_be_mended, _part_of_the_compound, _not_contested_already, _by_an_owner_here],
    )
    settle = move(
        raised.to(settled),
        Settle,
        label="settle a contested part",
        by=ORGANISER,
        needs=[says_who, _while_it_can_be_mended, _as_found],
        not_by=[raise_],
    )
    withdraw = move(
        raised.to(withdrawn),
        Why,
        label="contest it no longer",
        by=ANYONE,
        needs=[_while_it_can_be_mended, _by_who_raised],
    )
