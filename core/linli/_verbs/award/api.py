"""Award for programs: points given, moved, taken back and expired, and what everybody has."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import attrs
from sqlalchemy import bindparam, select

from linli._base.errors import Refused
from linli._base.refusals import Missing, Refusal
from linli._engine.orders import Plain, Yield
from linli._ledger.ledger import part_of, rule_text, whole
from linli._model.access import Actor
from linli._model.acts import Act, new_id
from linli._model.awards import POINTS, Award, Cap
from linli._model.effects import Transfer
from linli._model.facts import Facts
from linli._model.lookups import ALIAS
from linli._store import Read
from linli._store import tables as t
from linli._verbs.award import accounts, expiring, giving, holding, reversing
from linli._verbs.award.accounts import Account, Line
from linli._verbs.award.auditing import Audit, audit
from linli._verbs.award.giving import OwnPoints
from linli._verbs.award.settings import AwardSettings, cutoff

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

Owner = UUID | tuple[UUID, str]


@attrs.frozen(kw_only=True)
class _How:
    """How an act of the ledger is done.

    Attributes:
        actor: None: the console.
        place: where; whoever acts as a person must name it, since their posts are judged there.
        at: when it happened, where that is not now.
        key: the act's identifier, from whoever may have to repeat the call.
    """

    actor: Actor | None = None
    place: UUID | None = None
    at: datetime | None = None
    key: UUID | None = None


class SameAccount(Refusal, says="the two accounts are the same one; name another"): ...


class EarnedNowhere(Missing, says="say where the points are earned: its compound gives them"):
    field: str = "place"


class JudgedNowhere(Missing, says="say at which place: your posts are judged there"):
    field: str = "place"


class AwardDesk:
    """The ledger of an open district. Each method that changes it makes one act and returns it.

    An owner is a person, a place, a gift: a UUID, which means what it has free, or a UUID and a
    part ("free" or "issued"). `actor`, `place`, `at` and `key` are as in `OpenDistrict.make`.

    Raises: Refused with how much is there and how much is needed; NotAllowed, NotFound.
    """

    def __init__(self, district: "OpenDistrict") -> None:
        self._district = district

    # --- what changes the ledger ---------------------------------------------------------------------

    def transfer(
        self,
        unit: str,
        amount: int,
        source: Owner,
        target: Owner,
        rule: str,
        *,
        cause: UUID | None = None,
        actor: Actor | None = None,
        place: UUID | None = None,
        at: datetime | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Move units from what one owner has free to another.

        Args:
            rule: why, in the words of the rule.
            cause: the act that it is for; an act moves units once by a rule and target.
        """
        taken, given = part_of(source), part_of(target)
        if taken == given:
            raise Refused(SameAccount())
        moved = Transfer(
            unit=unit, amount=whole(amount), source=taken, target=given, rule=rule_text(rule), cause=cause
        )
        body = {"unit": unit, "amount": amount, "rule": rule, "from": str(taken[0]), "to": str(given[0])}
        done = Yield(body={"values": body}, effects=(moved,))
        # Units that come from nowhere are awarded, whatever the method is called.
        verb = "points.award" if taken[1] == "issued" else "points.transfer"
        how = _How(actor=actor, place=place, at=at, key=key)
        return self._perform(verb, lambda _: done, how, says=body, owners=(taken[0],), gains=given[0])

    def award(
        self,
        person: UUID,
        points: int,
        rule: str,
        *,
        reason: str,
        unit: str = POINTS,
        cap: Cap | None = None,
        cause: UUID | None = None,
        issuer: UUID | None = None,
        actor: Actor | None = None,
        place: UUID | None = None,
        at: datetime | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Give somebody points by hand.

        Args:
            reason: why, in the words of who gives; it goes to the vault.
            cap: what is beyond it is not paid; refused where nothing is left of it.
            cause: the act that is paid; the same act is paid once by a rule.
            issuer: who gives; None: the compound of `place`.
        """
        if place is None and issuer is None:
            raise Refused(EarnedNowhere())
        given = Award(
            person=person,
            points=whole(points),
            rule=rule_text(rule),
            unit=unit,
            issuer=issuer,
            cap=cap,
            cause=cause,
        )
        giver = actor.person if actor else None
        work = partial(giving.by_hand, award=given, private=_reason(reason), by=giver)
        how = _How(actor=actor, place=place, at=at, key=key)
        says = {"points": points, "rule": rule, "unit": unit, "reason": reason, "cause": cause}
        return self._perform("points.award", work, how, person, says=says, owners=(issuer or place,))

    def hold(
        self,
        owner: UUID,
        amount: int,
        rule: str,
        *,
        unit: str = POINTS,
        actor: Actor | None = None,
        place: UUID | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Set aside what an owner has free. The act's `id` is the hold's, to release or spend it by."""
        ident = key or new_id()
        moved = Transfer(
            unit=unit,
            amount=whole(amount),
            source=(owner, "free"),
            target=(ident, "held"),
            rule=rule_text(rule),
        )
        body = {"unit": unit, "amount": amount, "rule": rule}
        done = Yield(body={"values": body}, effects=(moved,))
        how = _How(actor=actor, place=place, key=ident)
        return self._perform("points.hold", lambda _: done, how, says=body, owners=(owner,))

    def release(
        self,
        hold: UUID,
        amount: int | None = None,
        *,
        actor: Actor | None = None,
        place: UUID | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Give back what a hold has set aside, or a part of it."""
        work = partial(holding.out_of, hold=hold, amount=amount, rule="release", part="free")
        how, says = _How(actor=actor, place=place, key=key), {"hold": hold, "amount": amount}
        return self._perform("points.release", work, how, says=says, owners=(hold,))

    def spend(
        self,
        hold: UUID,
        amount: int | None = None,
        *,
        actor: Actor | None = None,
        place: UUID | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Spend what a hold has set aside, or a part of it."""
        work = partial(holding.out_of, hold=hold, amount=amount, rule="spend", part="spent")
        how, says = _How(actor=actor, place=place, key=key), {"hold": hold, "amount": amount}
        return self._perform("points.spend", work, how, says=says, owners=(hold,))

    def reverse(
        self,
        cause: UUID,
        rule: str,
        payee: UUID,
        reason: str,
        *,
        actor: Actor | None = None,
        place: UUID | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Take back what an act was paid to `payee` by a rule, once; the old posting stays as it is.

        What was spent since is owed: the next points settle it. The act says how much was there and how
        much is owed. What it used up of a cap is given back.
        """
        private = _reason(reason)

        def work(facts: Facts) -> Yield:
            return attrs.evolve(reversing.by_hand(facts, cause, rule, payee), private=private)

        how, says = _How(actor=actor, place=place, key=key), {"cause": cause, "rule": rule, "reason": reason}
        return self._perform("points.reverse", work, how, payee, says=says, paid_at=cause)

    def expire(
        self,
        unit: str,
        before: datetime,
        *,
        rule: str = "expiry",
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> Act | None:
        """Let all that was earned in a unit before a moment expire; None where there is nothing."""
        ident = key or new_id()
        work = partial(expiring.expiry, act=ident, unit=unit, before=before, rule=rule_text(rule))
        try:
            says = {"unit": unit, "before": before, "rule": rule}
            return self._perform("points.expire", work, _How(actor=actor, key=ident), says=says)
        except expiring.NothingExpires:
            return None

    def expire_due(self, *, actor: Actor | None = None) -> list[Act]:
        """Let everything expire that is due by the settings. Doing it again changes nothing."""
        zone, now = self._district.rules.zone, self._district.now()
        acts = [
            self.expire(rule.unit, cutoff(rule, now, zone), actor=actor) for rule in self._settings.expiry
        ]
        return [act for act in acts if act is not None]

    # --- what is in it -----------------------------------------------------------------------------

    def account(self, person: UUID, unit: str = POINTS) -> Account:
        """What somebody has free, held and spent. Whoever was merged into another is that other."""
        return accounts.account(self._district, self._now(person), unit)

    def statement(
        self, person: UUID, unit: str = POINTS, limit: int = 50, before: int | None = None
    ) -> Sequence[Line]:
        """Lines of an account, the newest first.

        Args:
            before: the number of the last line of a page, for the page after it.
        """
        return accounts.statement(self._district, self._now(person), unit, limit, before)

    def audit(self) -> Audit:
        """Check the ledger: units sum to zero, balances are what their postings add up to."""
        return audit(self._district.store, self._district.code)

    # --- how -----------------------------------------------------------------------------------------

    @property
    def _settings(self) -> AwardSettings:
        return self._district.configuration.section(AwardSettings)

    def _now(self, person: UUID) -> UUID:
        rows = self._district.store.ask([(ALIAS, {"district": self._district.code, "id": person})])[0]
        return rows[0][0] if rows else person

    def _perform(
        self,
        verb: str,
        work: Callable[[Facts], Yield],
        how: "_How",
        person: UUID | None = None,
        *,
        says: Mapping[str, object],
        owners: Sequence[UUID | None] = (),
        gains: UUID | None = None,
        paid_at: UUID | None = None,
    ) -> Act:
        """Make an act of the ledger.

        Args:
            owners: whose units it moves: whoever acts needs the right where each of them is too.
            gains: who has more afterwards; nobody moves units to themselves.
            paid_at: the act whose payment it concerns: the right is needed at its place.
        """
        if how.actor and how.actor.person and how.place is None and verb != "points.expire":
            raise Refused(JudgedNowhere())
        ident = how.key or new_id()

        def also_at(facts: Facts) -> list[UUID]:
            if gains and facts.actor and facts.survivor(gains) == facts.actor:
                raise Refused(OwnPoints())
            found = [facts.place_of_owner(owner) for owner in owners if owner]
            found += [row[0] for row in facts.rows(_PLACE_OF_ACT, id=paid_at)] if paid_at else []
            everywhere = facts.place(how.place).path[0] if how.place else None
            return [one for one in (place or everywhere for place in found) if one]

        # Each act of the ledger is a matter of its own, so that none waits for another one's version.
        order = Plain(
            verb=verb, kind="points", subject=ident, fresh=True, work=work, place=how.place, person=person,
            says=says, also_at=also_at if how.actor and how.actor.person else None,
        )  # fmt: skip
        return self._district.perform(order, actor=how.actor, at=how.at, key=ident)


_PLACE_OF_ACT = Read(
    select(t.act.c.place).where(t.act.c.district == bindparam("district"), t.act.c.id == bindparam("id"))
)


class ReasonNotSaid(Missing, says="reason is missing"):
    field: str = "reason"


def _reason(text: str) -> Mapping[str, str]:
    if not text.strip():
        raise Refused(ReasonNotSaid())
    return {"reason": text}
