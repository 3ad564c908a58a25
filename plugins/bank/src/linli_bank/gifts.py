"""Gifts: what points buy, with a price and a stock that is counted in the ledger."""

from collections.abc import Iterable
from typing import Annotated

import attrs

from linli import (
    NOBODY,
    POINTS,
    Effect,
    Input,
    Moves,
    NotFoundHere,
    Reason,
    Refusal,
    Several,
    State,
    Transfer,
    Transition,
    Why,
    Workflow,
    listed,
)
from linli_bank.banks import KEEPER, open_here
from linli_bank.settings import PIECES, BankSettings


@attrs.frozen(kw_only=True)
class Gift:
    """What is kept with a gift. Its stock is in the ledger: what the gift has free, in pieces.

    Attributes:
        price: of a piece, in whole units; 0 or more.
        ledger: what it is paid in.
    """

    name: str
    price: int
    ledger: str = POINTS


Price = Annotated[int, Input("points for a piece", least=0)]


@attrs.frozen(kw_only=True)
class Offer:
    """A gift, and how many there are of it."""

    name: Annotated[str, Input("what it is", longest=80)]
    price: Price
    pieces: Annotated[int, Input("how many there are", least=0)] = 0
    ledger: Annotated[str | None, Input("what it is paid in; else the first ledger's", longest=40)] = None


@attrs.frozen(kw_only=True)
class Pieces:
    """Some pieces more."""

    pieces: Annotated[int, Input("how many", least=1)]


@attrs.frozen(kw_only=True)
class WriteOff(Pieces):
    """Some pieces less."""

    reason: Reason


@attrs.frozen(kw_only=True)
class NewPrice:
    """What a piece costs from now on."""

    price: Price


def _offered(t: Transition[None, Offer]) -> Gift:
    given = t.given
    return Gift(name=given.name, price=given.price, ledger=given.ledger or t.settings(BankSettings).units[0])


def _stocked(t: Transition[Gift, Offer | Pieces]) -> Iterable[Effect]:
    """Pieces come from nowhere: they are issued by the gift itself."""
    if t.given.pieces:
        yield _moved(t, "issued", "free", "stock")


def _written_off(t: Transition[Gift, WriteOff]) -> Iterable[Effect]:
    yield _moved(t, "free", "expired", "write off")


def _moved(t: Transition[Gift, Offer | Pieces], source: str, target: str, rule: str) -> Transfer:
    gift = t.subject.id
    return Transfer(
        unit=PIECES, amount=t.given.pieces, source=(gift, source), target=(gift, target), rule=rule
    )


class NoSuchLedger(NotFoundHere, says="{unit} has no ledger; there are: {known}"):
    unit: str
    known: Several


def _unit_kept(t: Transition[Gift, object]) -> Refusal | None:
    """Only what has a ledger buys anything."""
    units = t.settings(BankSettings).units
    if t.record.ledger in units:
        return None
    return NoSuchLedger(unit=t.record.ledger, known=listed(units))


class GiftFlow(Workflow[Gift], name="gift", summary_fields=("name",), readable_by=KEEPER):
    """Offered by a bank, stocked, no longer offered."""

    move = Moves(Gift)
    offered = State("offered", turn=NOBODY)
    withdrawn = State("no longer offered", ends=True)
    offer = move.opening(
        offered, Offer, by=KEEPER, record=_offered, needs=[open_here, _unit_kept], then=[_stocked]
    )
    restock = move(offered.stay(), Pieces, by=KEEPER, needs=[open_here], then=[_stocked])
    write_off = move((offered | withdrawn).stay(), WriteOff, by=KEEPER, then=[_written_off])
    reprice = move(offered.stay(), NewPrice, label="change the price", by=KEEPER, needs=[open_here])
    withdraw = move(offered.to(withdrawn), Why, label="stop offering", by=KEEPER)
    offer_again = move(withdrawn.to(offered), by=KEEPER, needs=[open_here])
