"""What is shown of a person: masked to whoever may look, unmasked only by an act with its reason."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from linli._base.errors import NotFound, Refused
from linli._base.i18n import Several, Text, listed, say
from linli._base.identity import mask_address, mask_name, mask_phone, mask_resident_id
from linli._base.refusals import Missing, NotFoundHere, Refusal
from linli._model.access import Actor
from linli._model.acts import new_id
from linli._model.direct import ActResult
from linli._model.facts import Facts
from linli._model.lookups import NobodyRegistered
from linli._vault.vault import ITEMS_OF, KEY_OF
from linli._verbs.register.acts import PERSON_AUDIT, PERSON_REVEAL
from linli._verbs.register.erasing import HELD, ErasingPeople
from linli._verbs.register.living import PERSON

SHORTEST_REASON: Final = 2
_HIDDEN: Final = "***"


def mask(field: str, text: str) -> str:
    """A vault field as it may be shown."""
    if field == "name":
        return mask_name(text)
    if field.startswith("phone"):
        return mask_phone(text)
    if field == "resident_id":
        return mask_resident_id(text)
    return mask_address(text) if field == "address" else _HIDDEN


class WhyNotSaid(Missing, says="say which fields, and why you need to see them; both are recorded"):
    field: str = "reason"


class ToBeErased(
    Refusal, says="person {id} is to be erased: their data serves only what they are still party to"
):
    id: UUID


class PurposeNotSaid(Missing, says="say why you need to see this; it is recorded"):
    field: str = "reason"


class Disclosure(ErasingPeople):
    """Showing people."""

    def masked(self, person: UUID) -> dict[str, str]:
        """A person's fields as they may be shown without an act; empty where they were erased."""
        who = self._now(person)
        with self._facts() as facts:
            if not facts.rows(PERSON, id=who):
                raise NotFound(NobodyRegistered(id=person))
            if not facts.rows(KEY_OF, owner=who):
                return {}
            opened = self._opened(facts, who)
        return {field: mask(field, text) for field, text in sorted(opened.items())}

    def reveal(
        self, person: UUID, fields: Sequence[str], reason: str, *, actor: Actor | None = None
    ) -> dict[str, str]:
        """A person's fields in the clear. That they were shown, to whom and why, is recorded.

        Raises: Refused without a reason, NotFound for a field that is not recorded, VaultError
            where the person was erased.
        """
        who, ident = self._now(person), new_id()
        why = reason.strip()
        if len(why) < SHORTEST_REASON or not fields:
            raise Refused(WhyNotSaid())
        shown: dict[str, str] = {}

        def work(facts: Facts) -> ActResult:
            rows = facts.rows(PERSON, id=who)
            if not rows:
                raise NotFound(NobodyRegistered(id=person))
            if rows[0][1] == HELD:
                raise Refused(ToBeErased(id=person))
            vault = self._district.rules.vault
            key = vault.key_from(facts.rows(KEY_OF, owner=who), who)
            shown.update(_picked(self._opened(facts, who), fields))
            # The reason is in somebody's own words: the journal has a commitment, the vault the words.
            mark = vault.keyring.commit(why, f"{ident} reason")
            body = {"fields": sorted(shown), "reason": {"sealed": mark}}
            return ActResult(body=body, writes=(vault.item(key, who, ident, "reason", why),))

        self._act(
            PERSON_REVEAL, who, work,
            place=self.place_of_person(who), person=who, actor=actor, at=None, key=ident,
        )  # fmt: skip
        return shown

    def reasons(self, person: UUID, reason: str, *, actor: Actor | None = None) -> list[tuple[UUID, str]]:
        """Why a person's fields were shown in the clear: the acts' numbers and the reasons given.

        That somebody looked, and why, is an act of its own.
        """
        who, found = self._now(person), list[tuple[UUID, str]]()
        why = reason.strip()
        if len(why) < SHORTEST_REASON:
            raise Refused(PurposeNotSaid())
        acts = [act.id for act in self._district.history(who) if act.verb == "person.reveal"]

        def work(facts: Facts) -> ActResult:
            vault = self._district.rules.vault
            key = vault.key_from(facts.rows(KEY_OF, owner=who), who)
            found[:] = [
                (act, vault.opened(key, act, {field: sealed})[field])
                for act in acts
                for field, sealed, _ in facts.rows(ITEMS_OF, subject=act)
            ]
            return ActResult(body={"acts": len(found)}, private={"reason": why})

        self._act(PERSON_AUDIT, who, work, place=self.place_of_person(who), person=who, actor=actor, at=None)
        return found


class NotRecorded(NotFoundHere, says="no {field} is recorded; recorded are: {known}"):
    field: Text
    known: Several


def _picked(opened: dict[str, str], fields: Sequence[str]) -> dict[str, str]:
    for field in fields:
        if field not in opened:
            known = listed(say(name) for name in sorted(opened))
            raise NotFound(NotRecorded(field=say(field), known=known))
    return {field: opened[field] for field in fields}
