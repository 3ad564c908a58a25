"""Whether a person is one that things can still be recorded of."""

from uuid import UUID

from sqlalchemy import bindparam, select

from linli._base.errors import NotFound, Refused
from linli._base.i18n import Text, say
from linli._base.refusals import Refusal
from linli._model.facts import Facts
from linli._model.lookups import NobodyRegistered
from linli._store import Read
from linli._store import tables as t

PERSON = Read(
    select(t.person.c.ended_at, t.person.c.ended_by).where(
        t.person.c.district == bindparam("district"), t.person.c.id == bindparam("id")
    )
)
ENDS = {
    "died": say("has died"),
    "moved_away": say("has moved away"),
    "merged": say("was merged with another"),
    "erased": say("was erased"),
    "held": say("is to be erased when what they are party to has ended"),
}


class PersonEnded(Refusal):
    """They have died, moved away, or were merged or erased: nothing more is recorded of them."""


class OrganisationEnded(Refusal):
    """The organisation is there no more."""


class PersonGone(PersonEnded, says="person {id} {end}; correct that first"):
    id: UUID
    end: str | Text


def living(facts: Facts, person: UUID) -> None:
    """Refuse what is to be recorded of somebody who is not there, or no more."""
    rows = facts.rows(PERSON, id=person)
    if not rows:
        raise NotFound(NobodyRegistered(id=person))
    if rows[0][1] is not None:
        raise Refused(PersonGone(id=person, end=ended(rows[0][1])))


def ended(by: str) -> Text | str:
    """How somebody ended, said to a person."""
    return ENDS.get(by, by)
