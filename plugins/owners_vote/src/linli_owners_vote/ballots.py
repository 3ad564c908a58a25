"""Ballots: cast online by an owner or by a proxy, or on paper, which one person enters and another checks.

No move shows a choice, and none is kept but under the vote's seal. Whoever checks a paper reads the choice
and the code from it without being shown what was entered; where the two differ the ballot ends, and the
paper is entered anew.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

import attrs

from linli import (
    ANYONE,
    Effect,
    Facts,
    Input,
    Invalid,
    Moves,
    Refusal,
    Refused,
    State,
    Transition,
    Why,
    Workflow,
    evolve,
    in_turn,
    listed,
)
from linli.query import Query, survivor
from linli_owners_vote import box, reading, sealing
from linli_owners_vote.marks import Answer
from linli_owners_vote.posts import PARTIES, TELLER, proved_phone, says_who
from linli_owners_vote.reading import CastOtherwise, VoteClosed
from linli_owners_vote.records import Ballot, OfPart, OfVote
from linli_owners_vote.settings import VoteSettings

RUNNING = ("open", "extended")
_SEALED = "sealed"


@attrs.frozen(kw_only=True)
class Sheet:
    """What stands on a ballot: it is kept under its seal alone, and shown nowhere."""

    choice: Annotated[Answer, Input("the choice", kept=False)] = attrs.field(repr=False)
    secret: Annotated[
        str, Input("the secret of its receipt; a paper's is the code on it", longest=40, kept=False)
    ] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Cast(Sheet):
    """A ballot that is cast online."""

    vote: OfVote
    part: OfPart
    way: Literal["online", "proxy"]


@attrs.frozen(kw_only=True)
class Enter(Sheet):
    """A paper. Of those that nobody gave a number, it has the next."""

    vote: OfVote
    part: OfPart
    way: Literal["paper"] = "paper"
    sheet: Annotated[str | None, Input("the number printed on the paper", longest=40)] = None


def _asked(t: Transition[object, Cast | Enter]) -> Iterable[Query[object]]:
    """What is asked of the vote and the part, in one round trip: once the vote is held, so that nothing of it changes."""
    given = t.given
    reading.hold(t.facts, given.vote)
    yield reading.vote_numbered(given.vote)
    yield box.voices_of(given.vote, given.part)
    yield box.ballot_of(given.vote, given.part)
    if isinstance(given, Enter):
        yield box.has_sheet(given.vote, given.sheet) if given.sheet else box.papers_in(given.vote)
    elif t.actor:
        yield survivor(t.actor)
        proxy = given.way == "proxy"
        yield (reading.proxy_for if proxy else reading.voters_of)(given.vote, given.part)


# --- checks ------------------------------------------------------------------------------------------


class CastElsewhere(Invalid, says="cast it where the vote is"):
    field: str = "place"


def _at_the_votes_place(t: Transition[Ballot, object]) -> Refusal | None:
    vote = reading.held(t.facts, t.record.vote)
    return None if reading.is_where(vote, t.place, t.facts) else CastElsewhere()


def _by_this_way(t: Transition[Ballot, object]) -> Refusal | None:
    ballot, ways = t.record, reading.plain(t.facts, t.record.vote).record.ways
    if ballot.way in ways or (ballot.way == "proxy" and _is_spoken_for(t, ballot)):
        return None
    return CastOtherwise(ways=listed(ways))


def _is_spoken_for(t: Transition[Ballot, object], ballot: Ballot) -> bool:
    """Whether somebody speaks for an owner who does not vote in person: in whatever ways it is held."""
    given = t.get(reading.proxy_for(ballot.vote, ballot.part))
    return given is not None and given.why is not None


def _while_it_is_open(t: Transition[Ballot, object]) -> Refusal | None:
    vote = reading.plain(t.facts, t.record.vote)
    until = vote.record.until
    if vote.state in RUNNING and until is not None and t.at < until:
        return None
    return reading.not_in_state(vote, *RUNNING) or VoteClosed()


class PapersTooLate(Refusal, says="the time for entering papers has passed"): ...


def _papers_in_time(t: Transition[Ballot, object]) -> Refusal | None:
    vote = reading.plain(t.facts, t.record.vote)
    until = vote.record.until
    if vote.state not in (*RUNNING, "closed") or until is None:
        return reading.not_in_state(vote, *RUNNING)
    if t.at <= until + t.settings(VoteSettings).enter_after_closing:
        return None
    return PapersTooLate()


class BallotsFinal(Refusal, says="the ballots of this vote are not changed any more"): ...


def _before_it_is_counted(t: Transition[Ballot, object]) -> Refusal | None:
    # Held: a count that is on its way sees this paper unchecked, or counts it; never neither.
    if reading.held(t.facts, t.record.vote).state in (*RUNNING, "closed"):
        return None
    return BallotsFinal()


class NoProxyOfYours(Refusal, says="no valid proxy for this part is yours"): ...


class OnlyItsOwner(Refusal, says="only an owner of this part on the roll casts its ballot"): ...


def _by_who_may(t: Transition[Ballot, object]) -> Refusal | None:
    ballot = t.record
    if ballot.way == "proxy":
        if reading.may_speak(t.facts, t.actor, ballot.vote, ballot.part):
            return None
        return NoProxyOfYours()
    if reading.may_vote(t.facts, t.actor, ballot.vote, ballot.part):
        return None
    return OnlyItsOwner()


class OfAnEarlierVersion(
    Refusal, says="this vote was opened by an earlier version of linli; call it off, and hold it anew"
): ...


def _sealed_by_linli(t: Transition[Ballot, object]) -> Refusal | None:
    """The seal was made in this act, of a choice that was said in it."""
    if t.facts.said(t.subject.id, _SEALED) is None:
        return OfAnEarlierVersion()
    return None


class SheetInTheBox(Invalid, says="paper {sheet} is in the box for another part"):
    sheet: str | None
    field: str = "sheet"


def _a_sheet_of_its_own(t: Transition[Ballot, object]) -> Refusal | None:
    if t.record.sheet and t.get(box.has_sheet(t.record.vote, t.record.sheet)):
        return SheetInTheBox(sheet=t.record.sheet)
    return None


# --- what linli works out ----------------------------------------------------------------------------


def _cast(t: Transition[None, Cast]) -> Ballot:
    return Ballot(vote=t.given.vote, part=t.given.part, way=t.given.way, mark=_mark(t))


def _entered(t: Transition[None, Enter]) -> Ballot:
    given, mark = t.given, _mark(t)
    sheet = given.sheet or _next_sheet(t.facts, given.vote)
    return Ballot(vote=given.vote, part=given.part, way=given.way, mark=mark, sheet=sheet)


def _mark(t: Transition[None, Cast | Enter]) -> UUID | None:
    """Seal the choice under the key of the vote; nothing else of it is kept."""
    given, facts = t.given, t.facts
    keys = reading.held(facts, given.vote).record.keys
    if not keys:
        return None
    context = sealing.context_of(facts.district, given.vote, given.part, t.subject.id)
    sealed = sealing.seal(given.choice, context, keys, given.secret)
    facts.hear(t.subject.id, _SEALED, b64encode(sealed).decode())
    return sealing.mark_of(sealed)


def _next_sheet(facts: Facts, vote: UUID) -> str:
    number = facts.get(box.papers_in(vote)) + 1
    while facts.get(box.has_sheet(vote, f"{number:04}")):
        number += 1
    return f"{number:04}"


class OtherCodeOfPaper(Invalid, says="this code is not that of the paper; it stands on it"):
    field: str = "code"


def _compared(t: Transition[Ballot, Sheet]) -> Ballot:
    """Whether who checks has read what was entered: linli opens the ballot with the paper's own code."""
    ballot, facts = t.record, t.facts
    reading.held(facts, ballot.vote)
    sealed = facts.get(box.sealed_of(ballot.vote, t.subject.id))
    if sealed is None:
        raise Refused(BallotsFinal())
    context = sealing.context_of(facts.district, ballot.vote, ballot.part, t.subject.id)
    found = sealing.opened_by_receipt(sealed, context, t.given.secret)
    if found is None:
        raise Refused(OtherCodeOfPaper())
    return evolve(ballot, same=found == t.given.choice)


# --- what follows ------------------------------------------------------------------------------------


def _into_the_box(t: Transition[Ballot, object]) -> Iterable[Effect]:
    sealed = b64decode(t.facts.said(t.subject.id, _SEALED) or "")
    counts = t.subject.state is BallotFlow.in_box
    yield from box.put_in(t.facts.district, t.subject.id, t.record, sealed, counts=counts)


def _counts(t: Transition[Ballot, object]) -> Iterable[Effect]:
    yield box.let_count(t.facts.district, t.record)


def _out_of_the_box(t: Transition[Ballot, object]) -> Iterable[Effect]:
    yield from box.take_out(t.facts.district, t.subject.id, t.record)


_EVERY = (_by_this_way, box.on_the_roll, box.without_ballot, _sealed_by_linli)


class BallotFlow(
    Workflow[Ballot], name="vote_ballot", label="ballot", one_with=("vote",), readable_by=TELLER
):
    """Cast online; or entered from a paper, and in the box once another has read the same from it."""

    move = Moves(Ballot)
    entered = State("entered, to be checked by another", visible_to=TELLER)
    compared = State("compared", visible_to=TELLER)
    in_box = State("in the box", ends=True, visible_to=TELLER, name="cast")
    differs = State("entered and checked differently", ends=True, visible_to=TELLER)
    rejected = State("rejected as invalid", ends=True, visible_to=TELLER)
    cast = move.opening(
        in_box,
        Cast,
        label="cast a ballot",
        by=ANYONE,
        reads=_asked,
        record=_cast,
        needs=[in_turn(_at_the_votes_place, _while_it_is_open, *_EVERY, _by_who_may, proved_phone)],
        then=[_into_the_box],
    )
    enter = move.opening(
        entered,
        Enter,
        label="enter a paper",
        by=TELLER,
        reads=_asked,
        record=_entered,
        needs=[in_turn(_at_the_votes_place, says_who, _papers_in_time, *_EVERY, _a_sheet_of_its_own)],
        not_by=PARTIES,
        then=[_into_the_box],
    )
    check = move(
        entered.to(compared),
        Sheet,
        label="check a paper",
        by=TELLER,
        record=_compared,
        needs=[says_who, _before_it_is_counted],
        not_by=[enter, *PARTIES],
    )
    confirm = move(
        compared.to(in_box),
        label="entered and checked alike",
        when=lambda ctx: bool(ctx.record.same),
        then=[_counts],
    )
    differ = move(
        compared.to(differs),
        label="entered and checked differently",
        when=lambda ctx: not ctx.record.same,
        then=[_out_of_the_box],
    )
    reject = move(
        entered.to(rejected),
        Why,
        label="reject a paper",
        by=TELLER,
        needs=[says_who, _before_it_is_counted],
        not_by=[enter, *PARTIES],
        then=[_out_of_the_box],
    )
