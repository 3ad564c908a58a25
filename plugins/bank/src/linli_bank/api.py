"""The bank for programs: joining, earning, gifts, orders, windows, lists."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import attrs

from linli import (
    Act,
    Actor,
    District,
    NotAllowed,
    NotFound,
    NotPermitted,
    OpenOrder,
    StoredSubject,
    Subject,
    Text,
    query,
    say,
)
from linli.query import asked_by, subjects
from linli_bank import lists
from linli_bank.gifts import Gift, GiftFlow
from linli_bank.measuring import free_by_member, stock_of
from linli_bank.members import AccountFlow, NoAccount, account_of
from linli_bank.redemptions import code_of
from linli_bank.settings import BankSettings
from linli_bank.statements import Statement, may_not_redeem, statement


@attrs.frozen(kw_only=True)
class Shelf:
    """A gift and how much of it there is.

    Attributes:
        free: pieces that can be ordered; `held`: ordered and not yet fetched.
        handed_over, written_off: pieces, ever since.
    """

    gift: UUID
    name: str
    price: int
    ledger: str
    place: UUID
    state: str
    free: int = 0
    held: int = 0
    handed_over: int = 0
    written_off: int = 0


class OwnCodeOnly(NotPermitted, says="only whoever it was ordered for sees its code"): ...


class OwnNumberOnly(NotPermitted, says="only they themselves are told their number"): ...


class Bank:
    """The bank of an open district.

    Every method that changes something makes one act and returns it; `actor` and `key` are as in
    `District.make`. The other moves (restock, withdraw, suspend, …) are made by `District.make`.
    """

    def __init__(self, district: District) -> None:
        self._district = district

    def join(self, person: UUID, place: UUID, *, actor: Actor | None = None, key: UUID | None = None) -> Act:
        """Open somebody's account with the bank of a place."""
        order = OpenOrder(
            workflow="bank_account", move="join", place=place, person=person, id=account_of(person)
        )
        return self._district.perform(order, actor=actor, key=key)

    def account(self, person: UUID) -> StoredSubject:
        """Somebody's account with the bank; NotFound where they have none."""
        found = self._district.ask_unchecked(subjects(AccountFlow, person=person, most=1))
        if not found:
            raise NotFound(NoAccount())
        return found[0].kept

    def doubts(self, place: UUID, name: str, price: int) -> list[Text]:
        """What whoever offers a gift may have mistaken: it is offered all the same."""
        same = [one for one in self.gifts(place) if one.name == name and one.place == place]
        found = [
            say(
                "{name} is offered here already: {id}; more of it: linli gift restock", name=name, id=one.gift
            )
            for one in same
        ]
        return [*found, say("its price is 0: whoever wants one gets it")] if price == 0 else found

    def order(
        self,
        gift: UUID,
        person: UUID,
        pieces: int = 1,
        *,
        price: int | None = None,
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Order pieces of a gift for somebody: their points and the pieces are held.

        Args:
            price: what a piece cost when it was chosen; refused where it costs something else now.

        Raises: Refused with how much is needed and how much is there.
        """
        values: dict[str, object] = {"gift": gift, "pieces": pieces}
        if price is not None:
            values["price"] = price
        place = self._district.subject(gift).place
        return self._district.start("redemption", "order", place, values, person=person, actor=actor, key=key)

    def code(self, redemption: UUID, *, actor: Actor | None = None) -> str:
        """The code to fetch an order with: for its owner, and for the console, which prints the slip."""
        order = self._district.subject(redemption)
        if not self._is_theirs(actor, order.person):
            raise NotAllowed(OwnCodeOnly())
        return code_of(self._district.rules.vault.keyring.commit, redemption)

    def _is_theirs(self, actor: Actor | None, person: UUID | None) -> bool:
        """Whether somebody asks for what is their own; the console may, which prints the slips."""
        with asked_by(self._district, actor) as (facts, who):
            return who.person is None or (
                person is not None and facts.get(query.survivor(person)) == who.person
            )

    # --- breaches --------------------------------------------------------------------------------

    def report_breach(
        self, person: UUID, kind: str, reason: str, *, actor: Actor | None = None, key: UUID | None = None
    ) -> Act:
        """Report a breach of a member's; it lowers what they earn once somebody else has confirmed it."""
        values = {"kind": kind, "reason": reason}
        place = self.account(person).place
        return self._district.start("breach", "report", place, values, person=person, actor=actor, key=key)

    # --- what is there -----------------------------------------------------------------------------

    def statement(self, person: UUID, *, actor: Actor | None = None, limit: int = 50) -> Statement:
        """Everything that the bank has of somebody: for themselves and for its desk."""
        return statement(self._district, self.account(person), actor or self._district.console, limit)

    def points(self, place: UUID, unit: str | None = None) -> Mapping[UUID, int]:
        """What each member at a place and below it has free, in one query: for the desk and for reports.

        Args:
            unit: the ledger; None: the first one's.
        """
        return free_by_member(self._district, place, unit or self._settings.units[0])

    def may_not_redeem(self, person: UUID, place: UUID, unit: str | None = None) -> tuple[Text, ...]:
        """Why somebody may not order a gift at a place now; empty: they may."""
        return may_not_redeem(self._district, person, place, unit or self._settings.units[0])

    def unknown_acts(self) -> list[str]:
        """Rules whose act no enabled plugin makes: they never pay anything."""
        return [rule.name for rule in self._settings.rules if not self._made_here(rule.act)]

    def _made_here(self, verb: str) -> bool:
        kind, _, move = verb.partition(".")
        flow = self._district.rules.workflows.get(kind)
        return (flow is not None and move in flow.by_move) or verb in self._district.rules.permissions

    # --- lists -------------------------------------------------------------------------------------

    def list_of(
        self, place: UUID, kind: lists.Kind, unit: str | None = None, day: date | None = None
    ) -> list[lists.Line]:
        """Who is on a public list, by the number that they have on it.

        Args:
            kind: "points" or "ineligible".
            day: a day of the period; None: the last period that is over.
        """
        return lists.lines(self._district, self._due(place, kind, unit, day))

    def publish_list(
        self,
        place: UUID,
        kind: lists.Kind,
        unit: str | None = None,
        day: date | None = None,
        *,
        actor: Actor | None = None,
    ) -> Act:
        """Publish a list of a period, once; the act's `subject` is the publication. Args: as in `list_of`."""
        return lists.publish(self._district, self._due(place, kind, unit, day), actor)

    def list_number(self, person: UUID, period: str, *, actor: Actor | None = None) -> str:
        """What somebody is called on the lists of a period, "2026-Q1": for themselves alone, and the console."""
        if not self._is_theirs(actor, person):
            raise NotAllowed(OwnNumberOnly())
        return lists.list_number(self._district, person, period)

    def _due(self, place: UUID, kind: lists.Kind, unit: str | None, day: date | None) -> lists.Due:
        return lists.of_period(self._district, place, kind, unit or self._settings.units[0], day)

    @property
    def _settings(self) -> BankSettings:
        return self._district.configuration.section(BankSettings)

    def gifts(self, place: UUID | None = None, *, withdrawn: bool = False, most: int = 200) -> list[Shelf]:
        """The gifts that are offered at a place and below it, with their stock."""
        states = GiftFlow.offered | GiftFlow.withdrawn if withdrawn else GiftFlow.offered
        found = self._district.ask_unchecked(subjects(GiftFlow, states=states, within=place, most=most))
        stock = stock_of(self._district, [gift.id for gift in found])
        return [_shelf(gift, stock.get(gift.id, {})) for gift in found]


def _shelf(gift: Subject[Gift], stock: Mapping[str, int]) -> Shelf:
    free, gone, lost = (stock.get(part, 0) for part in ("free", "spent", "expired"))
    # What is held stands in the orders' accounts: it is what was issued and is nowhere else.
    held = -stock.get("issued", 0) - free - gone - lost
    return Shelf(
        gift=gift.id,
        name=gift.record.name,
        price=gift.record.price,
        ledger=gift.record.ledger,
        place=gift.place,
        state=gift.state.name,
        free=free,
        held=held,
        handed_over=gone,
        written_off=lost,
    )
