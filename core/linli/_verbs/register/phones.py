"""What a phone proves: whose it is, only where the person or a clerk face to face put it there.

What a file, another system or the console brought reaches somebody, but opens nothing for whoever has it: a
vote, a proxy. A clerk who sees the person proves it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import attrs
from sqlalchemy import bindparam, func, or_, select

from linli._base import codec
from linli._base.errors import Refused
from linli._base.refusals import Refusal, SomebodyNeeded
from linli._model.access import Actor, Seat
from linli._model.direct import ActResult
from linli._model.facts import Facts
from linli._store import Read, Row
from linli._store import tables as t
from linli._verbs.register.acts import PERSON_PROVE_PHONE
from linli._verbs.register.base import Desk
from linli._verbs.register.known import CONTACT
from linli._verbs.register.living import living

PHONE: Final = "phone"
FACE_TO_FACE: Final = ("clerk", "registrar")
_a, _i = t.act.c, t.vault_index.c
_of_phones = select(_a.root, _a.verb, _a.acting_as, _a.actor, _a.recorded_at, _a.body).where(
    _a.district == bindparam("district"),
    or_(_a.verb == "person.register", _a.verb == "person.correct", _a.verb == PERSON_PROVE_PHONE.verb),
)
_OF_PERSON = Read(_of_phones.where(_a.root == bindparam("person")).order_by(_a.version))
# By when they were recorded: an act can be said to have been earlier.
_SINCE = Read(_of_phones.where(_a.recorded_at >= bindparam("since")).order_by(_a.recorded_at, _a.id))
_FILES = Read(
    select(func.count()).where(
        _a.district == bindparam("district"),
        or_(_a.verb == "import.people", _a.verb == "import.homes"),
        _a.at >= bindparam("since"),
    )
)
_PHONES = Read(
    select(_i.field).where(
        _i.district == bindparam("district"),
        _i.owner == bindparam("person"),
        or_(_i.field == PHONE, _i.field == CONTACT),
    )
)


@attrs.frozen(kw_only=True)
class PhoneAct:
    """An act that said something of a person's phone.

    Attributes:
        how: "person.register", "person.correct" or "person.prove_phone".
        proves: whether somebody face to face, or the person, put the phone there.
    """

    person: UUID
    how: str
    at: datetime
    acting_as: str | None
    actor: UUID | None
    proves: bool


def phone_acts(facts: Facts, person: UUID) -> list[PhoneAct]:
    """Every act that said something of a person's phone, in their order; files are none."""
    return list(_said(facts.rows(_OF_PERSON, person=person)))


def phone_acts_since(facts: Facts, since: datetime) -> list[PhoneAct]:
    """Every act of the district that said something of somebody's phone since a moment."""
    return list(_said(facts.rows(_SINCE, since=since)))


def files_of_people_since(facts: Facts, since: datetime) -> int:
    """How many files of people or homes were taken since a moment: what they say of phones is no act of each."""
    return int(facts.rows(_FILES, since=since)[0][0])


def _said(rows: Iterable[Row]) -> Iterable[PhoneAct]:
    for person, verb, acting_as, actor, at, body in rows:
        if PHONE in codec.decode(body).get("fields", ()):
            proves = _proves(verb, acting_as, actor, person)
            yield PhoneAct(person=person, how=verb, at=at, acting_as=acting_as, actor=actor, proves=proves)


def _proves(verb: str, acting_as: str | None, actor: UUID | None, person: UUID) -> bool:
    seat = Seat.read(acting_as or "")
    by_desk = seat is not None and seat.role in FACE_TO_FACE
    return verb == PERSON_PROVE_PHONE.verb or by_desk or actor == person


def opens_nothing(facts: Facts, person: UUID) -> bool:
    """Whether the phone on record is one that nobody has proved; somebody without a phone has none to misuse."""
    who = facts.survivor(person)
    if not facts.rows(_PHONES, person=who):
        return False
    acts = phone_acts(facts, who)
    return not (acts and acts[-1].proves)


class OwnPhone(Refusal, says="nobody proves their own phone; another clerk sees you"): ...


class NoPhoneRecorded(Refusal, says="no phone is on the record; see: linli person correct"): ...


class Phones(Desk):
    """Phones, and whose they are."""

    def prove_phone(self, person: UUID, *, actor: Actor | None = None) -> None:
        """Record that a clerk has seen the person, face to face, with the phone that is on the record.

        Raises: Refused where there is none, for the console, and for one's own.
        """
        who = self._now(person)

        def work(facts: Facts) -> ActResult:
            living(facts, who)
            if actor is None or actor.person is None:
                raise Refused(SomebodyNeeded())
            if facts.survivor(actor.person) == who:
                raise Refused(OwnPhone())
            if not facts.rows(_PHONES, person=who):
                raise Refused(NoPhoneRecorded())
            return ActResult(body={"fields": [PHONE]})

        where = self._district.register.place_of_person(who)
        self._act(PERSON_PROVE_PHONE, who, work, place=where, person=who, actor=actor, at=None)

    def phone_opens_nothing(self, person: UUID) -> bool:
        """Whether the phone on record is one that a file or another system brought and nobody has proved."""
        with self._facts() as facts:
            return opens_nothing(facts, person)
