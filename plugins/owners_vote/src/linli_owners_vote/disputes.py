"""Contests of a certified result: noted by the street, and only for these are single ballots opened again.

For the court, the authority or the street, by the codes of two keepers, for the parts that are contested;
who opened which ballots is on the record, and their owners are told. What was read in them is not kept.
"""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    Choice,
    Effect,
    Input,
    Invalid,
    Missing,
    Moves,
    PlaceId,
    Private,
    Reason,
    Refusal,
    State,
    Tell,
    Transition,
    Workflow,
    evolve,
    has_post,
    in_turn,
)
from linli_owners_vote import box, reading, sealing
from linli_owners_vote.posts import PARTIES, TELLER, says_who
from linli_owners_vote.reading import ContestedElsewhere

STREET = has_post("officer")


class AskedBy(Choice):
    """Who has to see the ballots."""

    COURT = "court"
    AUTHORITY = "authority"
    STREET = "street"


class Ending(Choice):
    """What became of the result."""

    STANDS = "stands"
    SET_ASIDE = "set_aside"


@attrs.frozen(kw_only=True)
class Dispute:
    """A contest of a certified result.

    Attributes:
        paper: the number of the paper that asks for it.
        contested: the parts whose ballots are contested.
        opened_by: the keepers whose codes opened these.
    """

    asked_by: AskedBy
    paper: str
    contested: tuple[UUID, ...] = ()
    opened_by: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Note:
    """Who contests a result, by which paper, and for which ballots."""

    asked_by: Annotated[AskedBy, Input("who has to see the ballots")]
    paper: Annotated[str, Input("the number of the paper that asks for it", longest=80)]
    contested: Annotated[tuple[PlaceId, ...] | None, Input("a part whose ballot is contested")] = None
    reason: Annotated[Private, Input("what is contested")]


@attrs.frozen(kw_only=True)
class Settle:
    """How a contest has ended, and why."""

    outcome: Annotated[Ending, Input("what became of the result")]
    reason: Reason


class NotCertifiedYet(Refusal, says="a result is contested once it is certified"): ...


def _of_a_certified_vote(t: Transition[Dispute, object]) -> Refusal | None:
    vote = reading.plain(t.facts, t.subject.root)
    if not reading.is_where(vote, t.place, t.facts):
        return ContestedElsewhere()
    return None if vote.state == "certified" else NotCertifiedYet()


class PartTwice(Invalid, says="a part is named twice"):
    field: str = "contested"


def _each_once(t: Transition[Dispute, object]) -> Refusal | None:
    known = t.record.contested
    return None if len(set(known)) == len(known) else PartTwice()


class PartWithoutBallot(Invalid, says="part {id} has no ballot in this vote"):
    id: UUID
    field: str = "contested"


def _of_parts_with_ballots(t: Transition[Dispute, object]) -> Refusal | None:
    for part in t.record.contested:
        if not t.get(box.ballot_of(t.subject.root, part)):
            return PartWithoutBallot(id=part)
    return None


def _opened(t: Transition[Dispute, box.Codes]) -> Dispute:
    """Whose codes open the contested ballots; the codes are not kept."""
    vote = reading.plain(t.facts, t.subject.root).record
    return evolve(t.record, opened_by=box.keepers_of(vote, sealing.keys_of(t.given.codes, vote.keys)))


class NoPartContested(Missing, says="no part is contested: note for which ballots, in a contest of its own"):
    field: str = "contested"


class BallotsDestroyed(Refusal, says="the ballots of this vote were destroyed"): ...


def _still_kept(t: Transition[Dispute, object]) -> Refusal | None:
    if not t.record.contested:
        return NoPartContested()
    for part in t.record.contested:
        known = t.get(box.ballot_of(t.subject.root, part))
        if known is None or t.get(box.sealed_of(t.subject.root, known.ballot)) is None:
            return BallotsDestroyed()
    return None


def _told(t: Transition[Dispute, object]) -> Iterable[Effect]:
    """The owners of a ballot hear that it was opened, for whom and by which paper."""
    vote, known = t.subject.root, t.record
    for part in known.contested:
        payload = {"vote": vote, "part": part, "asked_by": known.asked_by, "paper": known.paper}
        for person in sorted(t.get(reading.voters_of(vote, part))):
            yield Tell(recipient=f"person:{person}", payload=payload)


class DisputeFlow(
    Workflow[Dispute],
    name="vote_dispute",
    label="contest of a result",
    summary_fields=("asked_by",),
    readable_by=STREET | TELLER,
):
    """Noted, its ballots opened where that is asked for, settled."""

    move = Moves(Dispute)
    noted = State("noted as open")
    opened = State("contested ballots opened")
    settled = State("settled", ends=Ending)
    note = move.opening(
        noted,
        Note,
        label="note a contest of the result",
        by=STREET,
        needs=[in_turn(says_who, _of_a_certified_vote, _each_once, _of_parts_with_ballots)],
    )
    open_ballots = move(
        noted.to(opened),
        box.Codes,
        label="open the contested ballots",
        by=STREET | TELLER,
        record=_opened,
        needs=[in_turn(says_who, _still_kept)],
        not_by=[note, *PARTIES],
        then=[_told],
    )
    settle = move(
        (noted | opened).to(settled),
        Settle,
        label="settle a contest of the result",
        by=STREET,
        needs=[says_who],
    )
