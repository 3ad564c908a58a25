"""The steps of a vote: what each asks for, what it works out, what it checks, what follows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    AnyTransition,
    Assign,
    Change,
    Context,
    Effect,
    Facts,
    Hours,
    Input,
    Invalid,
    Limit,
    Reason,
    Refusal,
    Seat,
    Several,
    Transition,
    evolve,
    listed,
)
from linli._base import codec
from linli.query import body, bulk, bulk_into, place
from linli_owners_vote import arithmetic, box, contests, keepers, reading, roll
from linli_owners_vote.arithmetic import Majority, Outcome
from linli_owners_vote.reading import BoxAltered, VoteClosed
from linli_owners_vote.records import Vote, fields_of, result_of
from linli_owners_vote.settings import Ballots, VoteSettings
from linli_owners_vote.tables import NAMED

_SHOWN = 5
_CHOICES = "choices"
_NAMES = bulk_into(NAMED, rank=32)


@attrs.frozen(kw_only=True)
class Prepare:
    """What is put to the vote, by which majority, and for which decision."""

    topic: Annotated[str, Input("what is put to the vote, in a line; it is made public", longest=80)]
    majority: Annotated[Majority, Input("ordinary or special (Civil Code art. 278)")]
    matter: Annotated[UUID | None, Input("the decision that waits for it")] = None


@attrs.frozen(kw_only=True)
class Announce:
    """How ballots are kept; else as the settings have it."""

    ballots: Annotated[
        Ballots | None,
        Input("whether ballots are secret or by name; else as the district's settings have it", filled=True),
    ] = None


@attrs.frozen(kw_only=True)
class Extend:
    """Until when, and why."""

    until: Annotated[datetime, Input("its new end, on the district's clock")]
    reason: Reason


# --- preparing and announcing ------------------------------------------------------------------------


def prepared(t: Transition[None, Prepare]) -> Vote:
    """Held by the owners' committee of the compound, or who stands in for it."""
    given, by = t.given, t.get(body("owners_committee", t.place))
    return Vote(
        topic=given.topic,
        majority=given.majority,
        matter=given.matter,
        organiser=by.id if by else None,
        stands_in_for=by.stands_in_for if by else None,
    )


class NotForACompound(Invalid, says="the owners of a compound vote; name the compound"):
    field: str = "place"


def of_a_compound(t: AnyTransition) -> Refusal | None:
    """A roll is of one compound."""
    if t.get(place(t.place)).kind == "compound":
        return None
    return NotForACompound()


def held_by_its_body(t: Transition[Vote, object]) -> Iterable[Effect]:
    """The body that holds the vote has it among what is open."""
    if t.record.organiser:
        yield Assign(holder=Seat(role=None, at=t.record.organiser))


def announced(t: Transition[Vote, Announce]) -> Vote:
    """The ways of voting, whether it is secret, and the earliest opening, as the settings are when it is announced."""
    settings = t.settings(VoteSettings)
    ballots = t.given.ballots or settings.ballots
    return evolve(t.record, ways=settings.ways, opens_from=t.at + settings.notice, ballots=ballots)


# --- opening -----------------------------------------------------------------------------------------


def closing(at: datetime, facts: Facts) -> datetime:
    """When a vote that opens now closes: on a working day, at the same hour."""
    settings = facts.settings(VoteSettings)
    until = (at + settings.period).astimezone(facts.calendar.zone)
    while settings.ends_on_working_day and not facts.calendar.is_working_day(until.date()):
        until += timedelta(days=1)
    return until


def frozen(t: Transition[Vote, object]) -> Vote:
    """The closing, and what the roll weighs as it is frozen."""
    rows = roll.frozen_rows(t.facts, t.subject)
    kept_by = keepers.taken(t.facts, t.subject.id)
    weight = roll.weight_of(rows)
    return evolve(
        t.record,
        until=closing(t.at, t.facts),
        roll=roll.digest_of(rows),
        roll_parts=len(rows),
        roll_area=weight.area,
        roll_heads=weight.heads,
        keepers=tuple(str(one.organisation) for one in kept_by),
        keys=tuple(one.public for one in kept_by if one.public),
    )


class BeforeItsNotice(Refusal, says="it was announced for {moment} at the earliest"):
    moment: str


def after_its_notice(t: Transition[Vote, object]) -> Refusal | None:
    """The owners have had their notice."""
    opens_from = t.record.opens_from
    if opens_from is None or t.at >= opens_from:
        return None
    local = opens_from.astimezone(t.facts.calendar.zone)
    return BeforeItsNotice(moment=f"{local:%Y-%m-%d %H:%M}")


class PartsNotSettled(Refusal, says="{count} contested parts are not settled"):
    count: int


def all_settled(t: Transition[Vote, object]) -> Refusal | None:
    """Nothing contested goes on a frozen roll."""
    count = t.get(contests.unsettled(t.subject.id).count())
    return PartsNotSettled(count=count) if count else None


class NoExclusivePart(
    Refusal, says="the register has no exclusive part in this compound; register them first"
): ...


class PartsUnclear(
    Refusal,
    says="{count} parts cannot be on the roll: {shown}; put the register right; see: linli vote roll {id}",
):
    count: int
    shown: Several
    id: UUID


def the_roll_is_whole(t: Transition[Vote, object]) -> Refusal | None:
    """Every part has an area that can be counted, and somebody whose it is."""
    entries = roll.drawn(t.facts, t.subject)
    unclear = [entry for entry in entries if entry.problem]
    if not entries:
        return NoExclusivePart()
    if not unclear:
        return None
    return PartsUnclear(
        count=len(unclear),
        shown=listed(f"{t.get(place(one.part)).name} {one.problem}" for one in unclear[:_SHOWN]),
        id=t.subject.id,
    )


# --- extending and closing ---------------------------------------------------------------------------


class NotExtended(Refusal, says="in this district a vote that is open is not extended"): ...


class ExtendedTooFar(Refusal, says="it can end later than announced, by {days} days at most"):
    days: int


def may_be_extended(t: Transition[Vote, Extend]) -> Refusal | None:
    """Only where the district says so, while it is open, and not for too long."""
    settings, was = t.settings(VoteSettings), t.before.record.until
    assert was is not None, "a vote that is open has an end"
    if not settings.extension:
        return NotExtended()
    if t.at >= was:
        return VoteClosed()
    if not was < t.given.until <= was + settings.longest_extension:
        return ExtendedTooFar(days=settings.longest_extension.days)
    return None


def all_are_in(t: Transition[Vote, object]) -> Refusal | None:
    """A ballot that is on its way is in the box before it closes, or finds it closed."""
    reading.held(t.facts, t.subject.id)
    return None


class StandsAlone(Refusal, says="this vote stands alone; call it off"): ...


def has_a_matter(t: Transition[Vote, object]) -> Refusal | None:
    """What stands alone does not lapse with anything."""
    return None if t.record.matter else StandsAlone()


class OpenVoteFinished(Refusal, says="a vote that is open is finished: it is not called off"): ...


def of_an_earlier_version(t: Transition[Vote, object]) -> Refusal | None:
    """A vote that is open is finished, but for one whose ballots were not sealed for keepers."""
    return None if not t.record.keys else OpenVoteFinished()


# --- counting and certifying -------------------------------------------------------------------------


def counted(t: Transition[Vote, box.Codes]) -> Vote:
    """The result, computed from the box that two keepers open; by nobody's hand. The codes are not kept."""
    # Whatever is on its way into the box is in it, or is refused, before it is opened.
    vote = reading.held(t.facts, t.subject.id)
    opened = box.opened(t.facts, vote, t.given.codes)
    if vote.record.ballots == "by_name":
        choices = {str(part): choice for part, choice in opened.choices.items()}
        t.facts.hear(t.subject.id, _CHOICES, codec.encode(choices))
    receipts, sealed = box.digests(t.facts, t.subject.id)
    found = fields_of(opened.result)
    return evolve(t.record, **found, box=receipts, sealed=sealed, opened_by=opened.keepers)


def names(t: Transition[Vote, object]) -> Iterable[Effect]:
    """Of a vote by name, how each part voted; of a secret one nothing."""
    vote = t.subject.id
    if said := t.facts.said(vote, _CHOICES):
        rows = [(t.facts.district, vote, UUID(part), choice) for part, choice in codec.decode(said).items()]
        yield Change(write=bulk(_NAMES, rows))


class PapersNotChecked(Refusal, says="{count} papers are not checked yet; check or reject them"):
    count: int


def all_checked(t: Transition[Vote, object]) -> Refusal | None:
    """Every paper was read by two people."""
    count = t.get(box.unchecked_in(t.subject.id))
    return PapersNotChecked(count=count) if count else None


def outcome(t: Transition[Vote, object]) -> Outcome:
    """How it has ended, computed from what was counted."""
    result = result_of(t.record)
    assert result is not None, "what is certified was counted"
    return arithmetic.outcome(result, t.record.majority)


def as_counted(t: Transition[Vote, object]) -> Refusal | None:
    """Whoever certifies has seen that the box is the one that was counted; nobody opens it for that."""
    if box.holds_what_was_counted(t.facts, t.subject.id, t.record):
        return None
    return BoxAltered()


# --- clocks ------------------------------------------------------------------------------------------


def until(ctx: Context[Vote]) -> Limit:
    """An open vote ends at its announced moment."""
    assert ctx.record.until is not None, "a vote that is open has an end"
    return Limit(span=max(ctx.record.until - ctx.at, timedelta(0)))


def to_certify(ctx: Context[Vote]) -> Limit:
    """The time for counting and certifying, in service hours."""
    return Limit(span=ctx.settings(VoteSettings).certify_within, hours=Hours.SERVICE)
