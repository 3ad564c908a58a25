"""For tests: a compound with a bank, and somebody of each kind in it."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

import attrs

from linli import Actor, District, NoInputs, PlaceId, Private
from linli.testing import Explorer, Moment, a_place, somebody
from linli.testing import who as who
from linli_bank.api import Bank
from linli_bank.banks import BankFlow, Carry, bank_at
from linli_bank.gifts import GiftFlow, Offer


class Settable(Protocol):
    """A clock that a test can set."""

    now: datetime

    def __call__(self) -> datetime:
        """The moment."""
        ...


@attrs.frozen(kw_only=True)
class BankCompound:
    """A compound with a bank.

    Attributes:
        member, other_member: have an account; `resident` has none.
        keeper, second_keeper: have a post at the bank; the second one is a member too.
    """

    district: District
    bank: Bank
    clock: Settable
    place: UUID
    keeper: Actor
    second_keeper: Actor
    member: Actor
    other_member: Actor
    resident: Actor

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by name."""
        names = ("keeper", "second_keeper", "member", "other_member", "resident")
        return {name: getattr(self, name) for name in names}

    def give(self, points: int, to: Actor | None = None) -> None:
        """Give somebody points, the member by default."""
        payee = who(to or self.member)
        self.district.award.award(payee, points, "by hand", reason="x", place=self.place)

    def offer(self, price: int = 10, pieces: int = 5) -> UUID:
        """Offer a gift; its number."""
        return self.district.perform(
            GiftFlow.offer.at(PlaceId(self.place), Offer(name="洗衣液", price=price, pieces=pieces))
        ).subject

    def order(self, gift: UUID, pieces: int = 1, by: Actor | None = None, **more: Any) -> UUID:
        """Order a gift, as the member by default; the order's number."""
        actor = by or self.member
        return self.bank.order(gift, who(actor), pieces, actor=actor, **more).subject

    def free(self, of: Actor | None = None) -> int:
        """The points that somebody has free, the member by default."""
        return self.district.award.account(who(of or self.member)).free

    def stock(self) -> tuple[int, int, int]:
        """Of the only gift: pieces free, held and handed over."""
        (shelf,) = self.bank.gifts(withdrawn=True)
        return shelf.free, shelf.held, shelf.handed_over


def open_bank(district: District, place: UUID) -> UUID:
    """The bank of a place, run by its volunteers; its number."""
    register = district.register
    register.organisation("volunteer_organisation", f"{register.name_path(place)}志愿服务队", place)
    return district.perform(BankFlow.open.at(PlaceId(place), NoInputs(), id=bank_at(place))).subject


class AtABank(Explorer):
    """Explores what has to do with a compound's bank: where that is merged, its accounts are carried."""

    def decided(self, other: District, place: UUID, into: UUID) -> None:
        open_bank(other, into)
        other.perform(
            BankFlow.carry(
                BankFlow.ref(bank_at(place)),
                Carry(carried_to=PlaceId(into), worth=Decimal(1), reason=Private("合并")),
            )
        )


def bank_compound(new_district: Callable[..., District], more: str = "") -> BankCompound:
    """A compound in a new district that has the bank's plugin enabled."""
    clock = Moment()
    district = new_district(enabled=("bank",), more=more, clock=clock)
    place = a_place(district, "锦绣花园")
    bank = Bank(district)
    people = {name: somebody(district, None, place) for name in ("member", "other_member", "resident")}
    keepers = {name: somebody(district, "bank_keeper", place) for name in ("keeper", "second_keeper")}
    open_bank(district, place)
    for joins in (people["member"], people["other_member"], keepers["second_keeper"]):
        bank.join(who(joins), place)
    return BankCompound(district=district, bank=bank, clock=clock, place=place, **people, **keepers)
