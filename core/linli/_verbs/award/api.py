"""Award for programs: points given, moved, taken back and expired, and what everybody has."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from linli._base.errors import Refused
from linli._base.refusals import Missing, Refusal
from linli._ledger.ledger import part_of, rule_text, whole
from linli._model.access import Actor
from linli._model.acts import Act, new_id
from linli._model.awards import POINTS, Cap
from linli._model.direct import DirectOrder
from linli._model.inputs import PersonId, PlaceId, Private
from linli._model.lookups import ALIAS
from linli._verbs.award import accounts, expiring
from linli._verbs.award.accounts import Account, Line
from linli._verbs.award.acts import (
    POINTS_AWARD,
    POINTS_EXPIRE,
    POINTS_HOLD,
    POINTS_ISSUE,
    POINTS_RELEASE,
    POINTS_REVERSE,
    POINTS_SPEND,
    POINTS_TRANSFER,
    Expire,
    GivePoints,
    HoldUnits,
    MoveUnits,
    TakeBack,
    TakeFromHold,
)
from linli._verbs.award.auditing import Audit, audit
from linli._verbs.award.settings import AwardSettings, cutoff

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

Owner = UUID | tuple[UUID, str]


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
        taken, to = part_of(source), part_of(target)
        if taken == to:
            raise Refused(SameAccount())
        # Units that come from nowhere are awarded, whatever the method is called.
        direct = POINTS_ISSUE if taken[1] == "issued" else POINTS_TRANSFER
        given = MoveUnits(
            unit=unit, amount=whole(amount), rule=rule_text(rule), cause=cause,
            source=taken[0], source_part=taken[1], target=to[0], target_part=to[1],
        )  # fmt: skip
        return self._perform(direct(given, place=place), actor, at=at, key=key)

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
        given = GivePoints(
            points=whole(points), rule=rule_text(rule), reason=_reason(reason), unit=unit, cause=cause,
            issuer=PlaceId(issuer) if issuer else None,
            most=cap.most if cap else None, period=cap.period if cap else None,
        )  # fmt: skip
        return self._perform(POINTS_AWARD(given, place=place, person=person), actor, at=at, key=key)

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
        given = HoldUnits(owner=owner, unit=unit, amount=whole(amount), rule=rule_text(rule))
        return self._perform(POINTS_HOLD(given, place=place), actor, key=key)

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
        given = TakeFromHold(hold=hold, amount=amount)
        return self._perform(POINTS_RELEASE(given, place=place), actor, key=key)

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
        given = TakeFromHold(hold=hold, amount=amount)
        return self._perform(POINTS_SPEND(given, place=place), actor, key=key)

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
        given = TakeBack(cause=cause, rule=rule, payee=PersonId(payee), reason=_reason(reason))
        return self._perform(POINTS_REVERSE(given, place=place, person=payee), actor, key=key)

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
        order = POINTS_EXPIRE(Expire(unit=unit, before=before, rule=rule_text(rule)))
        try:
            return self._perform(order, actor, key=key)
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
        self, order: DirectOrder, actor: Actor | None, *, at: datetime | None = None, key: UUID | None = None
    ) -> Act:
        """Make an act of the ledger: each is a matter of its own, so that none waits for another one's version."""
        if actor and actor.person and order.place is None and order.act is not POINTS_EXPIRE:
            raise Refused(JudgedNowhere())
        return self._district.perform(order, actor=actor, at=at, key=key or new_id())


class ReasonNotSaid(Missing, says="reason is missing"):
    field: str = "reason"


def _reason(text: str) -> Private:
    if not text.strip():
        raise Refused(ReasonNotSaid())
    return Private(text)
