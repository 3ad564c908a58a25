"""Minors and their guardians: whose consent is recorded, and whether one is needed."""

from datetime import date
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import ANYONE, NOBODY, OWN, Act, Ask, Facts, Move, State, Subject, Workflow, codec, say
from linli.i18n import Text
from linli.identity import birth_date, is_minor
from linli.lookups import ever
from linli.register.living import living
from linli.store import Read
from linli.store import tables as t
from linli_volunteers.roles import LEADER
from linli_volunteers.settings import VolunteerSettings

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
_CONSENTS = Read(
    select(_s.record).where(
        _s.district == _d,
        ever(_s.person),
        _s.kind == "guardian_consent",
        _s.state == "given",
    )
)


@attrs.frozen(kw_only=True)
class Consent:
    """What is kept with a guardian's consent; whom it is for is the subject's person.

    Attributes:
        guardian: who gave it, by number.
        seen: what whoever recorded it has seen.
        until: the last day on which it holds.
    """

    guardian: UUID
    seen: str
    until: date = date.max


def needs_guardian(person: UUID, day: date, facts: Facts) -> bool:
    """Whether somebody is a minor on a day. Their number is read for it, and nothing of it is kept."""
    settings = facts.settings(VolunteerSettings)
    number = facts.said(person, "resident_id")
    if number is None:
        return settings.unknown_age == "minor"
    return is_minor(birth_date(number), day, below=settings.adult_at)


def guarded(person: UUID, day: date, facts: Facts) -> Text | None:
    """Why somebody may not serve on a day without their guardian's word; None where they may."""
    if not needs_guardian(person, day, facts):
        return None
    consents = [codec.decoder(Consent)(record) for (record,) in facts.rows(_CONSENTS, person=person)]
    if any(day <= consent.until for consent in consents):
        return None
    # It does not say why: an age is personal.
    return say("a guardian's consent is needed and none is recorded: linli session guardian")


def _a_guardian(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    guardian = subject.record.guardian
    if subject.person is None:
        return say("say who it is for")
    living(facts, subject.person)
    living(facts, guardian)
    if guardian == subject.person or facts.is_among(act.actor, (guardian, subject.person)):
        return say("minor, guardian and whoever records it must be three people")
    if needs_guardian(guardian, facts.today, facts):
        return say("who needs a guardian is nobody's guardian")
    return say("until is in the past") if subject.record.until < facts.today else None


def _guardian_or_leader(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if facts.is_among(act.actor, (subject.record.guardian,)) or act.acting_as != "person":
        return None
    return say("only the guardian who gave it, or a leader, withdraws it")


CONSENT = Workflow(
    name="guardian_consent",
    label="guardian's consent",
    read_by=OWN | LEADER,
    record=Consent,
    states=(State("given", "given", turn=NOBODY), State("withdrawn", "withdrawn", ends=("withdrawn",))),
    moves=(
        Move(
            name="give",
            label="record a guardian's consent",
            sources=(),
            to="given",
            by=LEADER,
            asks=(
                Ask(name="guardian", help="the guardian's number", type=UUID),
                Ask(
                    name="seen",
                    help="what was seen of it",
                    choices=("signed_form", "in_person", "household_register"),
                ),
                Ask(
                    name="until", help="its last day; else until it is withdrawn", type=date, default=date.max
                ),
            ),
            checks=(_a_guardian,),
        ),
        Move(
            name="withdraw",
            label="withdraw",
            sources=("given",),
            to="withdrawn",
            by=ANYONE | LEADER,
            asks=(Ask(name="reason", help="why", private=True, required=False),),
            checks=(_guardian_or_leader,),
        ),
    ),
)
