"""Minors and their guardians: whose consent is recorded, and whether one is needed."""

from datetime import date
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    ANYONE,
    NOBODY,
    OWN,
    Choice,
    Context,
    Input,
    Invalid,
    Moves,
    PersonId,
    Private,
    Refusal,
    State,
    Transition,
    UntilPast,
    WhomNotSaid,
    Workflow,
)
from linli.hooks import birth_date, is_minor, living
from linli.query import subjects
from linli_volunteers.roles import LEADER
from linli_volunteers.settings import VolunteerSettings


class Seen(Choice):
    """What whoever records a consent has seen of it."""

    SIGNED_FORM = "signed_form"
    IN_PERSON = "in_person"
    HOUSEHOLD_REGISTER = "household_register"


@attrs.frozen(kw_only=True)
class Consent:
    """What is kept with a guardian's consent; whom it is for is the subject's person.

    Attributes:
        guardian: who gave it, by number.
        seen: what whoever recorded it has seen.
        until: the last day on which it holds.
    """

    guardian: UUID
    seen: Seen
    until: date = date.max


def needs_guardian(person: UUID, day: date, ctx: Context[object]) -> bool:
    """Whether somebody is a minor on a day. Their number is read for it, and nothing of it is kept."""
    settings = ctx.settings(VolunteerSettings)
    number = ctx.facts.said(person, "resident_id")
    if number is None:
        return settings.unknown_age == "minor"
    return is_minor(birth_date(number), day, below=settings.adult_at)


class NoGuardiansConsent(
    Refusal, says="a guardian's consent is needed and none is recorded: linli guardian give"
): ...


def guarded(person: UUID, day: date, ctx: Context[object]) -> Refusal | None:
    """Why somebody may not serve on a day without their guardian's word; None where they may."""
    if not needs_guardian(person, day, ctx):
        return None
    consents = ctx.get(subjects(ConsentFlow, person=person, states=ConsentFlow.given))
    if any(day <= consent.record.until for consent in consents):
        return None
    # It does not say why: an age is personal.
    return NoGuardiansConsent()


@attrs.frozen(kw_only=True)
class Give:
    """Who gives it, what was seen of it, and until when it holds."""

    guardian: Annotated[PersonId, Input("who gives it: a phone, an identity number or a number")]
    seen: Annotated[Seen, Input("what was seen of it")]
    until: Annotated[date, Input("its last day; else until it is withdrawn")] = date.max


@attrs.frozen(kw_only=True)
class Withdraw:
    """Why, if somebody says it."""

    reason: Annotated[Private | None, Input("why")] = None


class NotThreePeople(Refusal, says="minor, guardian and whoever records it must be three people"): ...


class NobodysGuardian(Invalid, says="who needs a guardian is nobody's guardian"):
    field: str = "guardian"


def _a_guardian(t: Transition[Consent, Give]) -> Refusal | None:
    guardian, minor = t.given.guardian, t.subject.person
    if minor is None:
        return WhomNotSaid()
    living(t.facts, minor)
    living(t.facts, guardian)
    if guardian == minor or t.is_among((guardian, minor)):
        return NotThreePeople()
    if needs_guardian(guardian, t.today, t):
        return NobodysGuardian()
    return UntilPast() if t.record.until < t.today else None


class NotTheGuardian(Refusal, says="only the guardian who gave it, or a leader, withdraws it"): ...


def _guardian_or_leader(t: Transition[Consent, object]) -> Refusal | None:
    if t.is_among((PersonId(t.record.guardian),)) or t.acting_as != "person":
        return None
    return NotTheGuardian()


class ConsentFlow(
    Workflow[Consent], name="guardian_consent", label="guardian's consent", readable_by=OWN | LEADER
):
    """Given by a guardian, recorded by a leader; withdrawn."""

    move = Moves(Consent)
    given = State("given", turn=NOBODY)
    withdrawn = State("withdrawn", ends=True)
    give = move.opening(given, Give, label="record a guardian's consent", by=LEADER, needs=[_a_guardian])
    withdraw = move(given.to(withdrawn), Withdraw, by=ANYONE | LEADER, needs=[_guardian_or_leader])
