"""Two records of one person become one."""

from uuid import UUID

from sqlalchemy import bindparam, or_, select, update

from linli.access import Actor
from linli.effects import Change, Effect, Transfer
from linli.engine.orders import Yield
from linli.errors import Refused
from linli.facts import Facts
from linli.i18n import say
from linli.register.known import KEYS
from linli.register.living import living
from linli.register.people import People
from linli.register.place_changes import aliased
from linli.register.ties import TIE_RANK, Tie, end_ties_of, put_tie, tie_from
from linli.store import Read, Write
from linli.store import tables as t
from linli.store.statements import insert_into, write_statement
from linli.vault.vault import ITEMS_OF, KEY_OF

_d = bindparam("district", type_=t.person.c.district.type)
_s = t.subject.c
END_PERSON = write_statement(
    update(t.person)
    .where(t.person.c.district == bindparam("the_district"), t.person.c.id == bindparam("the_id"))
    .values(ended_at=bindparam("moment"), ended_by=bindparam("how")),
    rank=12,
    name="end person",
)
TIES_OF = Read(
    select(t.tie.c.person, t.tie.c.kind, t.tie.c.at, t.tie.c.since, t.tie.c.until, t.tie.c.record).where(
        t.tie.c.district == _d, t.tie.c.person == bindparam("person")
    )
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
_CONSENTS = Read(
    select(t.consent.c.purpose, t.consent.c.since, t.consent.c.until).where(
        t.consent.c.district == _d, t.consent.c.person == bindparam("person")
    )
)
_CONSENT = insert_into(t.consent, rank=TIE_RANK)
_BALANCES = Read(
    select(t.account.c.unit, t.account.c.part, t.account.c.balance).where(
        t.account.c.district == _d,
        t.account.c.owner == bindparam("owner"),
        or_(t.account.c.part == "free", t.account.c.part == "owed"),
        t.account.c.balance > 0,
    )
)
OPEN_MATTERS = Read(
    select(_s.id, _s.root)
    .where(_s.district == _d, _s.person == bindparam("person"), _s.ended_at.is_(None))
    .order_by(_s.root, _s.id)
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


class Merging(People):
    """Joining records of one person."""

    def merge(self, duplicate: UUID, into: UUID, *, actor: Actor | None = None) -> None:
        """Let two records of one person be one: `into`; the other's number leads to it from now on.

        Posts, ties, consents, identity keys, what the vault has of one only, points that are free
        or owed, and open matters follow. What had ended stays where it is.

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
        facts.hold(KEYS)
        living(facts, gone)
        living(facts, stays)
        if len(facts.rows(_IDS, one=gone, other=stays)) > 1:
            raise Refused(say("they have different identity numbers, so they are two people"))
        values = {"the_district": self._code, "was": gone, "is_now": stays}
        end = {"the_district": self._code, "the_id": gone, "moment": facts.at, "how": "merged"}
        writes = [
            Write(END_PERSON, end),
            Write(_POSTS_FOLLOW, values),
            Write(_KEYS_FOLLOW, values),
            *aliased(self._code, "person", gone, stays),
            *self._joined(facts, gone, stays),
            *self._resealed(facts, gone, stays),
        ]
        effects: list[Effect] = [
            Transfer(
                unit=unit, amount=balance, source=(gone, part), target=(stays, part), rule=f"merge:{unit}"
            )
            for unit, part, balance in facts.rows(_BALANCES, owner=gone)
        ]
        return Yield(body={"duplicate": str(gone)}, writes=tuple(writes), effects=tuple(effects))

    def _joined(self, facts: Facts, gone: UUID, stays: UUID) -> list[Write]:
        """The ties and consents that only the duplicate has."""
        known = {(tie.kind, tie.at) for tie in map(tie_from, facts.rows(TIES_OF, person=stays))}
        writes = [
            put_tie(self._code, Tie(person=stays, kind=tie.kind, at=tie.at, since=tie.since, until=tie.until, record=tie.record))
            for tie in map(tie_from, facts.rows(TIES_OF, person=gone))
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
