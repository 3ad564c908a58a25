"""Who sits where: the two tiers of joint meetings, their secretaries, and whom they invite."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

import attrs

from linli import Choice, Facts, Input, Private, Refusal, Seat, Text, has_post, say
from linli.query import place as a_place
from linli.query import survivor


class Tier(Choice):
    """Whose joint meeting."""

    STREET = "street"
    DISTRICT = "district"


OFFICER = has_post("officer")
DISTRICT = has_post("district_officer")
CALLER = has_post("meeting_secretary", "officer")
PROPOSER = has_post("meeting_secretary", "officer", "branch_secretary")


@attrs.frozen
class Nobody:
    """The record of a part that keeps nothing but its holder."""


@attrs.frozen(kw_only=True)
class Read:
    """Why it is read."""

    reason: Annotated[Private, Input("why it is read; it is kept", longest=200)]


def place_over(tier: str, place: UUID, facts: Facts) -> UUID:
    """Where the joint meeting of a tier sits that a place comes under; the highest place where there is none."""
    path = facts.get(a_place(place)).path
    return next((one for one in path if facts.get(a_place(one)).kind == tier), path[0])


def secretary(tier: str, place: UUID, facts: Facts) -> Seat:
    """Who sees to a matter for the joint meeting over a place: its secretary; while it has none, the officer."""
    return Seat(role="meeting_secretary", at=place_over(tier, place, facts))


class OfAnotherTier(Refusal, says="this is the {tier}'s; its own secretary sees to it"):
    tier: Text


def not_for_tier(seat: Seat | None, place: UUID, tier: str, facts: Facts) -> Refusal | None:
    """A street's post does not act for the district's meeting, though it reaches the matter's place."""
    if seat is None or seat.at in facts.get(a_place(place_over(tier, place, facts))).path:
        return None
    return OfAnotherTier(tier=say(tier))


def once(given: Iterable[UUID]) -> tuple[UUID, ...]:
    """Several numbers, each once, in the order given."""
    return tuple(dict.fromkeys(given))


class OnlyForItself(Refusal, says="only the body that was asked answers for itself"): ...


def not_its_own(seat: Seat | None, body: UUID, facts: Facts) -> Refusal | None:
    """A body speaks for itself: nobody answers for a department that is not theirs."""
    if seat is None or seat.at in (body, facts.get(survivor(body))):
        return None
    return OnlyForItself()
