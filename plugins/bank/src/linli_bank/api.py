"""The bank for programs: joining, gifts, orders."""

from collections.abc import Mapping
from uuid import UUID

import attrs
from sqlalchemy import select

from linli import Act, Actor, District, Start, Subject, say
from linli.errors import NotAllowed, NotFound
from linli.listing import Wish
from linli.store import tables as t
from linli_bank.gifts import PIECES
from linli_bank.members import account_of, bank_at
from linli_bank.redemptions import code_of


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
    place: UUID
    state: str
    free: int = 0
    held: int = 0
    handed_over: int = 0
    written_off: int = 0


class Bank:
    """The bank of an open district.

    Every method that changes something makes one act and returns it; `actor` and `key` are as in
    `District.make`. The other moves (restock, withdraw, suspend, …) are made by `District.make`.
    """

    def __init__(self, district: District) -> None:
        self._district = district

    def open_at(self, place: UUID, *, actor: Actor | None = None, key: UUID | None = None) -> Act:
        """Open the bank that a compound's organisation runs."""
        order = Start(workflow="bank", move="open", place=place, id=bank_at(place))
        return self._district.perform(order, actor=actor, key=key)

    def join(self, person: UUID, place: UUID, *, actor: Actor | None = None, key: UUID | None = None) -> Act:
        """Open somebody's account with the bank of a place."""
        order = Start(workflow="bank_account", move="join", place=place, person=person, id=account_of(person))
        return self._district.perform(order, actor=actor, key=key)

    def account(self, person: UUID) -> Subject:
        """Somebody's account with the bank; NotFound where they have none."""
        found = self._district.find(Wish(kind="bank_account", person=person, most=1))
        if not found:
            raise NotFound(say("they have no account with the bank; open one first: linli bank join"))
        return found[0]

    def offer(
        self,
        place: UUID,
        name: str,
        price: int,
        pieces: int = 0,
        *,
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Offer a gift: a price in points for a piece, and how many pieces there are."""
        values = {"name": name, "price": price, "pieces": pieces}
        return self._district.start("gift", "offer", place, values, actor=actor, key=key)

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
        if actor is not None and actor.person is not None and actor.person != order.person:
            raise NotAllowed(say("only whoever it was ordered for sees its code"))
        return code_of(self._district.rules.vault.keyring.commit, redemption)

    def hand_over(
        self,
        redemption: UUID,
        code: str | None = None,
        *,
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Hand an order over to whoever shows its code."""
        values = {} if code is None else {"code": code}
        return self._district.make(redemption, "hand_over", values, actor=actor, key=key)

    def cancel(
        self,
        redemption: UUID,
        reason: str | None = None,
        *,
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Cancel an order: points and pieces are given back."""
        values = {} if reason is None else {"reason": reason}
        return self._district.make(redemption, "cancel", values, actor=actor, key=key)

    def gifts(self, place: UUID | None = None, *, withdrawn: bool = False, most: int = 200) -> list[Shelf]:
        """The gifts that are offered at a place and below it, with their stock."""
        states = ("offered", "withdrawn") if withdrawn else ("offered",)
        found = self._district.find(Wish(kind="gift", states=states, place=place, most=most))
        stock = self._stock([gift.id for gift in found])
        return [_shelf(gift, stock.get(gift.id, {})) for gift in found]

    def _stock(self, gifts: list[UUID]) -> Mapping[UUID, Mapping[str, int]]:
        a = t.account.c
        query = select(a.owner, a.part, a.balance).where(
            a.district == self._district.code, a.unit == PIECES, a.owner.in_(gifts)
        )
        found: dict[UUID, dict[str, int]] = {}
        with self._district.store.reading() as connection:
            for owner, part, balance in connection.execute(query):
                found.setdefault(owner, {})[part] = int(balance)
        return found


def _shelf(gift: Subject, stock: Mapping[str, int]) -> Shelf:
    free, gone, lost = (stock.get(part, 0) for part in ("free", "spent", "expired"))
    # What is held stands in the orders' accounts: it is what was issued and is nowhere else.
    held = -stock.get("issued", 0) - free - gone - lost
    return Shelf(
        gift=gift.id,
        name=gift.record.name,
        price=gift.record.price,
        place=gift.place,
        state=gift.state,
        free=free,
        held=held,
        handed_over=gone,
        written_off=lost,
    )
