"""What becomes of people: merged, moved, ended, erased. The acts remain."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, or_, select, update

from linli.access import Actor
from linli.effects import Change, Effect, Transfer
from linli.engine.orders import Yield
from linli.errors import Refused
from linli.facts import Facts
from linli.i18n import say
from linli.register.base import AlreadySo
from linli.register.living import PERSON, living
from linli.register.people import People
from linli.register.place_changes import aliased
from linli.register.posts import end_posts_of
from linli.register.ties import TIE_RANK, WITHDRAW_ALL, Tie, end_ties_of, place_of, put_tie, tie_from
from linli.store import Read, Write
from linli.store import tables as t
from linli.store.statements import insert_into, write_statement
from linli.vault.vault import ITEMS_OF, KEY_OF

ENDINGS: Final = ("died", "moved_away")
_d = bindparam("district", type_=t.person.c.district.type)
_END = write_statement(
    update(t.person)
    .where(t.person.c.district == bindparam("the_district"), t.person.c.id == bindparam("the_id"))
    .values(ended_at=bindparam("moment"), ended_by=bindparam("how")),
    rank=12,
    name="end person",
)
_POSTS_FOLLOW = write_statement(
    update(t.post)
    .where(t.post.c.district == bindparam("the_district"), t.post.c.person == bindparam("was"))
    .values(person=bindparam("is_now")),
    rank=15,
    name="posts follow",
)
_KEYS_FOLLOW = write_statement(
    update(t.vault_index)
    .where(t.vault_index.c.district == bindparam("the_district"), t.vault_index.c.owner == bindparam("was"))
    .values(owner=bindparam("is_now")),
    rank=24,
    name="identity keys follow",
)
_IDS = Read(
    select(t.vault_index.c.owner).where(
        t.vault_index.c.district == _d,
        t.vault_index.c.field == "resident_id",
        or_(t.vault_index.c.owner == bindparam("one"), t.vault_index.c.owner == bindparam("other")),
    )
)
_TIES = Read(
    select(t.tie.c.person, t.tie.c.kind, t.tie.c.at, t.tie.c.since, t.tie.c.until, t.tie.c.record).where(
        t.tie.c.district == _d, t.tie.c.person == bindparam("person")
    )
)
_FORGET_TIES = write_statement(
    delete(t.tie).where(t.tie.c.district == _d, t.tie.c.person == bindparam("person")),
    rank=TIE_RANK + 1,
    name="forget ties",
)
_CONSENTS = Read(
    select(t.consent.c.purpose, t.consent.c.since, t.consent.c.until).where(
        t.consent.c.district == _d, t.consent.c.person == bindparam("person")
    )
)
_CONSENT = insert_into(t.consent, rank=TIE_RANK)
_BALANCES = Read(
    select(t.account.c.unit, t.account.c.balance).where(
        t.account.c.district == _d,
        t.account.c.owner == bindparam("owner"),
        t.account.c.part == "free",
        t.account.c.balance > 0,
    )
)
_s = t.subject.c
OPEN_MATTERS = Read(
    select(_s.id, _s.root)
    .where(_s.district == _d, _s.person == bindparam("person"), _s.ended_at.is_(None))
    .order_by(_s.root, _s.id)
)
_OWN_MATTERS = Read(
    select(_s.id).where(_s.district == _d, _s.person == bindparam("person"), _s.id == _s.root)
)
_MATTER_FOLLOWS = write_statement(
    update(t.subject)
    .where(
        _s.district == bindparam("the_district"),
        _s.root == bindparam("the_root"),
        _s.person == bindparam("was"),
    )
    .values(person=bindparam("is_now")),
    rank=11,
    name="matters follow",
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


class PeopleChanges(People):
    """Changes of who is there."""

    def merge(self, duplicate: UUID, into: UUID, *, actor: Actor | None = None) -> None:
        """Let two records of one person be one: `into`; the other's number leads to it from now on.

        Posts, ties, consents, identity keys, what the vault has of one only, points that are free
        and open matters follow. What had ended stays where it is.

        Raises: Refused where both have identity numbers, since then they are two people.
        """
        gone, stays = duplicate, self._now(into)
        if self._now(gone) != stays:
            self._act(
                "person.merge", stays, lambda facts: self._merged(facts, gone, stays),
                place=self.place_of_person(stays), person=stays, actor=actor, at=None,
            )  # fmt: skip
        elif gone == stays:
            raise Refused(say("a person is no duplicate of themselves; give two numbers"))
        # One act per matter, since each has its own lock; who was stopped here calls again.
        for root in dict.fromkeys(root for _, root in self._rows(OPEN_MATTERS, person=gone)):
            self._follow(root, gone, stays, actor)

    def _merged(self, facts: Facts, gone: UUID, stays: UUID) -> Yield:
        living(facts, gone)
        living(facts, stays)
        if len(facts.rows(_IDS, one=gone, other=stays)) > 1:
            raise Refused(say("they have different identity numbers, so they are two people"))
        values = {"the_district": self._code, "was": gone, "is_now": stays}
        end = {"the_district": self._code, "the_id": gone, "moment": facts.at, "how": "merged"}
        writes = [
            Write(_END, end),
            Write(_POSTS_FOLLOW, values),
            Write(_KEYS_FOLLOW, values),
            *aliased(self._code, "person", gone, stays),
            *self._joined(facts, gone, stays),
            *self._resealed(facts, gone, stays),
        ]
        effects: list[Effect] = [
            Transfer(
                unit=unit, amount=balance, source=(gone, "free"), target=(stays, "free"), rule=f"merge:{unit}"
            )
            for unit, balance in facts.rows(_BALANCES, owner=gone)
        ]
        return Yield(body={"duplicate": str(gone)}, writes=tuple(writes), effects=tuple(effects))

    def _joined(self, facts: Facts, gone: UUID, stays: UUID) -> list[Write]:
        """The ties and consents that only the duplicate has."""
        known = {(tie.kind, tie.at) for tie in map(tie_from, facts.rows(_TIES, person=stays))}
        writes = [
            put_tie(self._code, Tie(person=stays, kind=tie.kind, at=tie.at, since=tie.since, until=tie.until, record=tie.record))
            for tie in map(tie_from, facts.rows(_TIES, person=gone))
            if (tie.kind, tie.at) not in known
        ]  # fmt: skip
        writes.append(end_ties_of(self._code, gone, self._day(None, facts.at)))
        agreed = {purpose for purpose, _, _ in facts.rows(_CONSENTS, person=stays)}
        for purpose, since, until in facts.rows(_CONSENTS, person=gone):
            if purpose not in agreed:
                row = {"person": stays, "purpose": purpose, "since": since, "until": until}
                writes.append(Write(_CONSENT, {"district": self._code, **row}))
        return writes

    def _resealed(self, facts: Facts, gone: UUID, stays: UUID) -> list[Write]:
        """What the vault has of the duplicate only, sealed anew; a second phone stays one."""
        vault = self._district.rules.vault
        key = vault.key_from(facts.rows(KEY_OF, owner=stays), stays)
        known = {field for field, _, _ in facts.rows(ITEMS_OF, subject=stays)}
        writes = []
        for field, text in self._opened(facts, gone).items():
            count = 2
            name = field
            while name in known and field.startswith("phone"):
                name, count = f"phone_{count}", count + 1
            if name not in known:
                known.add(name)
                writes.append(vault.item(key, stays, stays, name, text))
        return writes

    def _follow(self, root: UUID, gone: UUID, stays: UUID, actor: Actor | None) -> None:
        def work(facts: Facts) -> Yield:
            values = {"the_district": self._code, "the_root": root, "was": gone, "is_now": stays}
            return Yield(
                body={"duplicate": str(gone)}, effects=(Change(write=Write(_MATTER_FOLLOWS, values)),)
            )

        self._act(
            "person.follow", root, work, place=self.place_of_person(stays), person=stays, actor=actor, at=None
        )

    def move(self, person: UUID, to: UUID, on: date | None = None, *, actor: Actor | None = None) -> None:
        """Record that a person has moved home: the ties of residence end, and one to `to` begins."""
        who, home, day = self._now(person), self._now(to), self._day(on)

        def work(facts: Facts) -> Yield:
            living(facts, who)
            place_of(facts, home)
            homes = [tie for tie in map(tie_from, facts.rows(_TIES, person=who)) if tie.kind == "resident"]
            open_homes = [tie for tie in homes if tie.until is None]
            if [tie.at for tie in open_homes] == [home]:
                raise AlreadySo
            writes = [
                put_tie(self._code, Tie(person=who, kind=tie.kind, at=tie.at, since=tie.since, until=day, record=tie.record))
                for tie in open_homes
                if tie.at != home
            ]  # fmt: skip
            if home not in [tie.at for tie in open_homes]:
                writes.append(put_tie(self._code, Tie(person=who, kind="resident", at=home, since=day)))
            body = {"to": str(home), "from": [str(tie.at) for tie in open_homes], "on": day.isoformat()}
            return Yield(body=body, writes=tuple(writes))

        self._act("person.move", who, work, place=home, person=who, actor=actor, at=None)

    def end(self, person: UUID, how: str, on: date | None = None, *, actor: Actor | None = None) -> None:
        """Record that a person has died or moved away: posts, ties and consents end.

        Args:
            how: "died" or "moved_away".
        """
        if how not in ENDINGS:
            raise Refused(say("say how: {ways}", ways=", ".join(ENDINGS)))
        who, day = self._now(person), self._day(on)

        def work(facts: Facts) -> Yield:
            rows = facts.rows(PERSON, id=who)
            if rows and rows[0][1] == how:
                raise AlreadySo
            living(facts, who)
            return Yield(
                body={"how": how, "on": day.isoformat()}, writes=tuple(self._gone(facts, who, how, day))
            )

        self._act("person.end", who, work, place=self.place_of_person(who), person=who, actor=actor, at=None)

    def _gone(self, facts: Facts, who: UUID, how: str, day: date) -> list[Write]:
        end = {"the_district": self._code, "the_id": who, "moment": facts.at, "how": how}
        withdraw = {"the_district": self._code, "the_person": who, "moment": facts.at}
        return [
            Write(_END, end),
            end_posts_of(self._code, who, facts.at),
            end_ties_of(self._code, who, day),
            Write(WITHDRAW_ALL, withdraw),
        ]

    def back(self, person: UUID, *, actor: Actor | None = None) -> None:
        """Record that somebody who had moved away is here again; ties and posts begin anew by themselves."""
        who = self._now(person)

        def work(facts: Facts) -> Yield:
            rows = facts.rows(PERSON, id=who)
            if rows and rows[0][1] is None:
                raise AlreadySo
            if not rows or rows[0][1] not in ENDINGS:
                living(facts, who)
            end = {"the_district": self._code, "the_id": who, "moment": None, "how": None}
            return Yield(body={"from": rows[0][1]}, writes=(Write(_END, end),))

        self._act("person.back", who, work, person=who, actor=actor, at=None)

    def erase(self, person: UUID, *, actor: Actor | None = None) -> None:
        """Make a person's data unreadable for good: their key, and those of what they reported, are shredded.

        What they did stays in the journal under their number, which finds nothing any more.
        """
        who = self._now(person)

        def work(facts: Facts) -> Yield:
            rows = facts.rows(PERSON, id=who)
            if rows and rows[0][1] == "erased":
                raise AlreadySo
            if not rows:
                living(facts, who)
            everyone = [who, *(ident for (ident,) in facts.rows(_ALIASES_OF, person=who))]
            writes = [write for one in everyone for write in self._erased(facts, one)]
            return Yield(body={"records": len(everyone)}, writes=tuple(writes))

        self._act(
            "person.erase", who, work, place=self.place_of_person(who), person=who, actor=actor, at=None
        )

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
            *(answer.value for answer in facts.plugins.person_erase(who, facts)),
        ]
