"""Two records of one person become one."""

from uuid import UUID

from sqlalchemy import bindparam, or_, select, update

from linli._base.errors import NotAllowed, Refused
from linli._base.refusals import NotPermitted, Refusal
from linli._model.access import ENGINE_ACTOR, Actor
from linli._model.direct import ActResult
from linli._model.effects import Change, Effect, Transfer
from linli._model.facts import Facts
from linli._store import Read, Write
from linli._store import tables as t
from linli._store.statements import insert_into, write_statement
from linli._vault.vault import ITEMS_OF, KEY_OF
from linli._verbs.register import joining
from linli._verbs.register.acts import PERSON_FOLLOW, PERSON_MERGE
from linli._verbs.register.joining import OwnRecordTwice
from linli._verbs.register.keeping import refuse_own
from linli._verbs.register.known import KEYS
from linli._verbs.register.living import living
from linli._verbs.register.people import People
from linli._verbs.register.place_changes import aliased
from linli._verbs.register.ties import TIE_RANK, Tie, end_ties_of, put_tie, ties_from

_d = bindparam("district", type_=t.person.c.district.type)
_s = t.subject.c
END_PERSON = write_statement(
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


class SecondPersonMerges(
    NotPermitted,
    says="one of them has posts or points, so a second person decides: linli person ask-to-merge",
): ...


class NotConfirmedAsOne(Refusal, says="nobody has confirmed that these two records are one"): ...


class DifferentIds(Refusal, says="they have different identity numbers, so they are two people"): ...


class Merging(People):
    """Joining records of one person."""

    def merge(self, duplicate: UUID, into: UUID, *, actor: Actor | None = None) -> None:
        """Let two records of one person be one: `into`; the other's number leads to it from now on.

        Posts, ties, consents, identity keys, what the vault has of one only, points that are free
        or owed, and open matters follow. What had ended stays where it is.

        Whoever does it needs the right at both homes. Where either has posts or points it takes two people:
        `ask_to_merge`, then the move `confirm`.

        Raises: Refused where both have identity numbers, since then they are two people; NotAllowed.
        """
        gone, stays = duplicate, self._now(into)
        if self._now(gone) != stays:
            self._act(
                PERSON_MERGE, stays, lambda facts: self._merged(facts, gone, stays),
                place=self.place_of_person(stays), person=stays, actor=actor, at=None,
                also_at=lambda facts: self._allowed(facts, gone, stays),
            )  # fmt: skip
        elif gone == stays:
            raise Refused(OwnRecordTwice())
        self._matters_follow(gone, stays)

    def _matters_follow(self, gone: UUID, stays: UUID) -> None:
        """Let open matters follow: one act per matter, since each has its own lock; who was stopped here calls again."""
        for root in dict.fromkeys(root for _, root in self._rows(OPEN_MATTERS, person=gone)):
            self._follow(root, gone, stays)

    def _allowed(self, facts: Facts, gone: UUID, stays: UUID) -> list[UUID]:
        """The places where a merge by one person alone needs the right."""
        if not facts.actor:
            return []
        refuse_own(facts, gone, stays)
        if joining.takes_two(facts, gone, stays):
            raise NotAllowed(SecondPersonMerges())
        return joining.places_of(facts, gone, stays)

    def ask_to_merge(self, duplicate: UUID, into: UUID, *, actor: Actor | None = None) -> UUID:
        """Ask for two records to be one, for another person to confirm (`confirm_merge`); the number of that."""
        stays = self._now(into)
        place = self.place_of_person(stays) or self._district.register.root()
        values = {"duplicate": duplicate, "into": stays}
        return self._district.start("record_merge", "propose", place, values, actor=actor).subject

    def confirm_merge(self, number: UUID, *, actor: Actor | None = None) -> None:
        """Confirm what somebody else asked for, and do it. A worker does what a process that was stopped has left."""
        self._district.make(number, "confirm", actor=actor)
        self.carry_out_merge(number)

    def carry_out_merge(self, number: UUID) -> None:
        """Do what was confirmed; doing it again changes nothing."""
        asked = self._district.subject(number)
        if (asked.kind, asked.state) != ("record_merge", "confirmed"):
            raise Refused(NotConfirmedAsOne())
        self.merge(asked.record.duplicate, asked.record.into, actor=ENGINE_ACTOR)

    def _merged(self, facts: Facts, gone: UUID, stays: UUID) -> ActResult:
        facts.hold(KEYS)
        living(facts, gone)
        living(facts, stays)
        if len(facts.rows(_IDS, one=gone, other=stays)) > 1:
            raise Refused(DifferentIds())
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
        return ActResult(body={"duplicate": str(gone)}, writes=tuple(writes), effects=tuple(effects))

    def _joined(self, facts: Facts, gone: UUID, stays: UUID) -> list[Write]:
        """The ties and consents that only the duplicate has."""
        known = {(tie.kind, tie.at) for tie in ties_from(facts, stays)}
        writes = [
            put_tie(self._code, Tie(person=stays, kind=tie.kind, at=tie.at, since=tie.since, until=tie.until, record=tie.record))
            for tie in ties_from(facts, gone)
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

    def _follow(self, root: UUID, gone: UUID, stays: UUID) -> None:
        def work(facts: Facts) -> ActResult:
            values = {"the_district": self._code, "the_root": root, "was": gone, "is_now": stays}
            return ActResult(
                body={"duplicate": str(gone)}, effects=(Change(write=Write(_MATTER_FOLLOWS, values)),)
            )

        # What follows from the merge, which was judged: matters lie at other places too.
        self._act(
            PERSON_FOLLOW, root, work, place=self.place_of_person(stays), person=stays, actor=ENGINE_ACTOR,
            at=None,
        )  # fmt: skip
