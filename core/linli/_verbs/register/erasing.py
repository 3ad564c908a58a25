"""Erasing somebody: at once, or when what they are still party to has ended; and what is said about it.

Their keys are deleted, a mark is kept by which an old list that brings them again is noticed, and their number is
noted beside the database, so that a backup which still has them can be told. The acts remain.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import attrs
import msgspec
from sqlalchemy import bindparam, delete, func, or_, select

from linli._base import codec
from linli._base.i18n import say
from linli._config.district import VaultSettings
from linli._engine.orders import AlreadySo
from linli._hooks.asked import plugins_of
from linli._model.access import ENGINE_ACTOR, Actor
from linli._model.direct import ActResult
from linli._model.effects import Hold
from linli._model.facts import Facts
from linli._store import Read, Store, Write
from linli._store import tables as t
from linli._store.statements import upsert_into, write_statement
from linli._vault.vault import KEY_OF
from linli._verbs.register.acts import PERSON_ERASE
from linli._verbs.register.known import AT_HOME, CONTACT, KEYS, shared_phone
from linli._verbs.register.living import PERSON, living
from linli._verbs.register.people_changes import PeopleChanges
from linli._verbs.register.ties import TIE_RANK, ties_from

NOTED: Final = "erased.log"
HELD: Final = "held"

_d = bindparam("district", type_=t.person.c.district.type)
_FORGET_TIES = write_statement(
    delete(t.tie).where(t.tie.c.district == _d, t.tie.c.person == bindparam("person")),
    rank=TIE_RANK + 1,
    name="forget ties",
)
_s = t.subject.c
_OWN_MATTERS = Read(
    select(_s.id).where(_s.district == _d, _s.person == bindparam("person"), _s.id == _s.root)
)
_OPEN = Read(
    select(_s.id, _s.kind)
    .where(_s.district == _d, _s.person == bindparam("person"), _s.ended_at.is_(None))
    .order_by(_s.id)
)
# What was said in a part of somebody else's matter: its own texts, and those of the acts on it.
_parts = select(_s.id).where(_s.district == _d, _s.person == bindparam("person"))
_FORGET_TEXTS = write_statement(
    delete(t.vault_item).where(
        t.vault_item.c.district == _d,
        or_(
            t.vault_item.c.subject.in_(_parts),
            t.vault_item.c.subject.in_(
                select(t.act.c.id).where(t.act.c.district == _d, t.act.c.subject.in_(_parts))
            ),
        ),
    ),
    rank=22,
    name="forget texts",
)
_ALIASES_OF = Read(select(t.alias.c.id).where(t.alias.c.district == _d, t.alias.c.now == bindparam("person")))
_MARK = upsert_into(
    t.erased, keys=("district", "blind"), change=lambda table, new: {"until": new.until}, rank=25
)
_WAIT = upsert_into(
    t.erasure, keys=("district", "person"), change=lambda table, new: {"until": new.until}, rank=25
)
_WAITED = write_statement(
    delete(t.erasure).where(t.erasure.c.district == _d, t.erasure.c.person == bindparam("person")),
    rank=26,
    name="erasure is over",
)


@attrs.frozen(kw_only=True)
class Erasing:
    """What an erasure came to, to be told to whoever asked for it.

    Attributes:
        done: whether it was done; else it waits for `holds`, and is then done by itself.
        holds: what they are still party to.
        unreadable_by: by when what the database and its log have left says nothing any more; a worker sees to it.
        backups_until: until when backups, as the district keeps them, still have the person.
        cleaned: whether an embedded database's log was emptied; False: somebody was reading.
        mentioned: matters about them, in which what others wrote stays.
    """

    done: bool
    holds: tuple[Hold, ...] = ()
    unreadable_by: datetime
    backups_until: datetime
    cleaned: bool = True
    mentioned: tuple[UUID, ...] = ()


@attrs.frozen(kw_only=True)
class _Noted:
    person: UUID
    at: datetime


class ErasingPeople(PeopleChanges):
    """Erasing people."""

    def erase(self, person: UUID, *, actor: Actor | None = None) -> Erasing:
        """Make a person's data unreadable for good: their key, and those of what they reported, are shredded.

        What they did stays in the journal under their number, which finds nothing any more. While they are party
        to something that is open, or that a law keeps, they are locked instead, and erased when that is over.
        """
        who = self._now(person)
        holds: list[Hold] = []

        def work(facts: Facts) -> ActResult:
            facts.hold(KEYS)
            rows = facts.rows(PERSON, id=who)
            if rows and rows[0][1] == "erased":
                raise AlreadySo
            if not rows:
                living(facts, who)
            everyone = [who, *(ident for (ident,) in facts.rows(_ALIASES_OF, person=who))]
            holds[:] = [hold for one in everyone for hold in self._holds(facts, one)]
            if holds:
                return self._locked(facts, who, holds, already=bool(rows) and rows[0][1] == HELD)
            writes = [write for one in everyone for write in self._erased(facts, one)]
            writes += [*self._marks(facts, who), Write(_WAITED, {"district": self._code, "person": who})]
            return ActResult(body={"records": len(everyone)}, writes=tuple(writes))

        place = self.place_of_person(who)
        self._act(PERSON_ERASE, who, work, place=place, person=who, actor=actor, at=None)
        return self._told(who, tuple(holds))

    def erase_due(self) -> list[UUID]:
        """Erase whoever waited for something that is over, and whoever a restored backup brought back."""
        now = self._district.now()
        waiting = select(t.erasure.c.person).where(
            t.erasure.c.district == self._code, or_(t.erasure.c.until.is_(None), t.erasure.c.until <= now)
        )
        with self._district.store.reading() as connection:
            due = list(connection.execute(waiting).scalars())
            connection.execute(
                delete(t.erased).where(t.erased.c.district == self._code, t.erased.c.until <= now)
            )
        due = [person for person in due if not self._holds_now(person)]
        people = [*due, *self.brought_back()]
        return [person for person in people if self.erase(person, actor=ENGINE_ACTOR).done]

    def brought_back(self) -> list[UUID]:
        """Who is readable in this database, though they were erased: a backup was restored that still has them."""
        return back_again(self._district.store, self._code, self._file, self._oldest)

    # --- what holds it ------------------------------------------------------------------------------

    def _holds_now(self, who: UUID) -> list[Hold]:
        with self._facts() as facts:
            everyone = [who, *(ident for (ident,) in facts.rows(_ALIASES_OF, person=who))]
            return [hold for one in everyone for hold in self._holds(facts, one)]

    def _holds(self, facts: Facts, who: UUID) -> list[Hold]:
        flows = self._district.rules.workflows
        own = [
            Hold(what=say("{kind} {id} is open", kind=say(flows[kind].label), id=ident))
            for ident, kind in facts.rows(_OPEN, person=who)
            if kind in flows and flows[kind].holds_person
        ]
        return own + [answer.value for answer in plugins_of(facts).person_holds(who, facts)]

    def _locked(self, facts: Facts, who: UUID, holds: Sequence[Hold], *, already: bool) -> ActResult:
        """Lock them: they have no post, tie or consent any more, and nothing new can be recorded of them."""
        ends = [hold.until for hold in holds]
        until = max((end for end in ends if end), default=None) if all(ends) else None
        wait = {"district": self._code, "person": who, "asked_at": facts.at, "until": until}
        if already:
            raise AlreadySo
        gone = self._gone(facts, who, HELD, self._day(None, facts.at))
        return ActResult(body={"held": len(holds)}, writes=(*gone, Write(_WAIT, wait)))

    # --- what is erased -----------------------------------------------------------------------------

    def _erased(self, facts: Facts, who: UUID) -> Sequence[Write]:
        """What to change so that one record says nothing of its person."""
        vault = self._district.rules.vault
        matters = [ident for (ident,) in facts.rows(_OWN_MATTERS, person=who)]
        keyed = {"district": self._code, "person": who}
        return [
            *self._gone(facts, who, "erased", self._day(None, facts.at)),
            Write(_FORGET_TIES, keyed, "~"),
            Write(_FORGET_TEXTS, keyed),
            *vault.shred([who, *matters]),
            *(answer.value for answer in plugins_of(facts).person_erase(who, facts)),
        ]

    def _marks(self, facts: Facts, who: UUID) -> list[Write]:
        """Keyed marks of what an old list would bring again: nobody can read them, and they end with the term."""
        days = self._vault_settings.mark_days
        if not days or not facts.rows(KEY_OF, owner=who):
            return []
        known = self._opened(facts, who)
        name, phones = known.get("name"), [text for field, text in known.items() if field.startswith("phone")]
        homes = [tie.at for tie in ties_from(facts, who)] if name else []
        said = [("resident_id", known["resident_id"])] if "resident_id" in known else []
        said += [("phone", phone) for phone in phones]
        said += [(CONTACT, shared_phone(phone, name)) for phone in phones if name]
        said += [(AT_HOME, f"{home.hex} {name}") for home in homes]
        until = facts.at + timedelta(days=days)
        mark = self._district.rules.vault.keyring.mark
        blinds = {mark(field, text) for field, text in said}
        return [
            Write(_MARK, {"district": self._code, "blind": one, "until": until}, one.hex()) for one in blinds
        ]

    # --- what is told -------------------------------------------------------------------------------

    @property
    def _vault_settings(self) -> VaultSettings:
        return self._district.configuration.section(VaultSettings)

    def _told(self, who: UUID, holds: tuple[Hold, ...]) -> Erasing:
        now, settings = self._district.now(), self._vault_settings
        if not holds:
            self._note(who, now)
        return Erasing(
            done=not holds,
            holds=holds,
            unreadable_by=now + timedelta(days=settings.retire_days),
            backups_until=now + timedelta(days=settings.backup_days),
            cleaned=bool(holds) or self._district.store.clean(),
            mentioned=self._mentioned(who),
        )

    def _mentioned(self, who: UUID) -> tuple[UUID, ...]:
        """Matters that are about somebody, by what is kept with them."""
        position = func.instr if self._district.store.name == "sqlite" else func.strpos
        query = select(_s.root).where(_s.district == self._code, position(_s.record, f'"about":"{who}"') > 0)
        with self._district.store.reading() as connection:
            return tuple(dict.fromkeys(connection.execute(query.order_by(_s.root)).scalars()))

    # --- noted beside the database ------------------------------------------------------------------

    @property
    def _file(self) -> Path:
        return self._district.configuration.folder / NOTED

    @property
    def _oldest(self) -> datetime:
        """Of what was erased before, the district keeps no backup any more."""
        return self._district.now() - timedelta(days=self._vault_settings.backup_days)

    def _note(self, who: UUID, now: datetime) -> None:
        noted = [one for one in _noted(self._file, self._oldest) if one.person != who]
        text = "".join(f"{codec.encode(one)}\n" for one in (*noted, _Noted(person=who, at=now)))
        with suppress(OSError):  # where the folder may not be written, only a backup's restorer can know
            self._file.write_text(text, encoding="utf-8")


def _noted(file: Path, oldest: datetime) -> list[_Noted]:
    """Who was erased while backups that have them are kept: numbers alone."""
    with suppress(OSError, msgspec.DecodeError):
        lines = file.read_text(encoding="utf-8").splitlines()
        found = [msgspec.json.decode(line, type=_Noted) for line in lines if line]
        return [one for one in found if one.at >= oldest]
    return []


def back_again(store: Store, district: str, file: Path, oldest: datetime) -> list[UUID]:
    """Who is readable in a database, though `file` says that they were erased since `oldest`."""
    noted = [one.person for one in _noted(file, oldest)]
    p = t.person.c
    query = select(p.id).where(
        p.district == district, p.id.in_(noted), func.coalesce(p.ended_by, "") != "erased"
    )
    if not noted:
        return []
    with store.reading() as connection:
        return list(connection.execute(query).scalars())
