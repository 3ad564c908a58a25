"""Redemption: points and pieces are held when a gift is ordered, and spent when it is handed over."""

from collections.abc import Callable, Iterable
from datetime import date
from hmac import compare_digest
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    OWN,
    POINTS,
    Amount,
    ChangedMeanwhile,
    Clock,
    Context,
    Effect,
    Input,
    Invalid,
    Limit,
    Missing,
    Moves,
    NotFound,
    NotFoundHere,
    Private,
    Quota,
    Ref,
    Refusal,
    Refused,
    State,
    Subject,
    Transfer,
    Transition,
    Workflow,
)
from linli.query import Query, balance, one, subjects, survivor
from linli_bank.banks import KEEPER, not_served
from linli_bank.gifts import Gift, GiftFlow
from linli_bank.members import accounts_of
from linli_bank.redeeming import closed, is_limited, no_account, too_few, too_often
from linli_bank.settings import PIECES, BankSettings, Ledger

_DIGITS = 6


@attrs.frozen(kw_only=True)
class Redemption:
    """What is kept with an order.

    Attributes:
        name, price, ledger: of the gift, as they were when it was ordered; the price is of one piece.
    """

    gift: UUID
    name: str
    price: int
    pieces: int = 1
    ledger: str = POINTS

    @property
    def cost(self) -> int:
        """Points for all of it."""
        return self.price * self.pieces


@attrs.frozen(kw_only=True)
class Order:
    """Which gift, how many pieces, and what one cost when it was chosen."""

    gift: Annotated[Ref[Gift], Input("its number")]
    pieces: Annotated[int, Input("how many")] = 1
    price: Annotated[int | None, Input("what it cost when it was chosen: refused if that changed")] = None


@attrs.frozen(kw_only=True)
class HandOver:
    """The digits that its owner has."""

    code: Annotated[str | None, Input("what its owner shows", longest=20)] = None


@attrs.frozen(kw_only=True)
class Cancel:
    """Why; a keeper must say it."""

    reason: Annotated[Private | None, Input("why")] = None


def code_of(commit: Callable[[str, str], str], redemption: UUID) -> str:
    """The digits that an order's owner is given and shows when they fetch it.

    They follow from the order's number and the district's key: nothing is kept that could be read
    by whoever hands over.
    """
    mark = int(commit(str(redemption), "redemption code")[:16], 16)
    return f"{mark % 10**_DIGITS:0{_DIGITS}}"


# --- ordering --------------------------------------------------------------------------------------


class PriceChanged(ChangedMeanwhile, says="its price is {price} points now; order it again"):
    price: int


def _asked(t: Transition[object, Order]) -> Iterable[Query[object]]:
    """What an order asks; what somebody has and had is asked once no other order of theirs is being made."""
    yield one(GiftFlow, t.given.gift)
    if t.subject.person:
        yield accounts_of(t.subject.person)
        yield survivor(t.subject.person)


def _ordered(t: Transition[None, Order]) -> Redemption:
    """The gift's name and price. A price that is given is what who orders has seen."""
    gift = _gift(t, t.given.gift).record
    if t.given.price not in (None, gift.price):
        raise Refused(PriceChanged(price=gift.price))
    # Two orders of one person at once would not see each other: the second waits, and then reads.
    if t.subject.person and is_limited(t.facts, gift.ledger):
        t.facts.hold(f"redemption {t.subject.person}")
    return Redemption(
        gift=t.given.gift, name=gift.name, price=gift.price, pieces=t.given.pieces, ledger=gift.ledger
    )


class NoSuchGift(NotFoundHere, says="there is no gift {id} in this district"):
    id: UUID


def _gift(t: Transition[object, object], number: UUID) -> Subject[Gift]:
    gift = t.get(one(GiftFlow, GiftFlow.ref(number)))
    if gift is None:
        raise NotFound(NoSuchGift(id=number))
    return gift


class NotOffered(Refusal, says="this gift is not offered any more"): ...


class OfferedElsewhere(Invalid, says="order it where it is offered"):
    field: str = "place"


def _as_offered(t: Transition[Redemption, object]) -> Refusal | None:
    gift = _gift(t, t.record.gift)
    if gift.state is not GiftFlow.offered:
        return NotOffered()
    return OfferedElsewhere() if gift.place != t.place else None


class TooManyPieces(Refusal, says="order 1 to {most} pieces at a time"):
    most: int


def _few_pieces(t: Transition[Redemption, object]) -> Refusal | None:
    most = t.settings(BankSettings).most_pieces
    if not 1 <= t.record.pieces <= most:
        return TooManyPieces(most=most)
    return None


def _has_an_account(t: Transition[Redemption, object]) -> Refusal | None:
    return no_account(t.facts, _owner(t))


def _served(t: Transition[Redemption, object]) -> Refusal | None:
    return not_served(t.facts, t.place)


def _open_now(t: Transition[Redemption, object]) -> Refusal | None:
    return None if _served(t) else closed(t.facts, t.place, _ledger(t))


def _not_too_often(t: Transition[Redemption, object]) -> Refusal | None:
    return None if _served(t) else too_often(t.facts, _owner(t), _ledger(t))


def _enough(t: Transition[Redemption, object]) -> Refusal | None:
    return None if _served(t) else too_few(t.facts, _owner(t), _ledger(t))


def _ledger(t: Transition[Redemption, object]) -> Ledger:
    return t.settings(BankSettings).ledger(t.record.ledger)


class OwnerNotSaid(Missing, says="say for whom it is ordered"):
    field: str = "person"


def _owner(ctx: Context[object]) -> UUID:
    if ctx.subject.person is None:
        raise Refused(OwnerNotSaid())
    return ctx.subject.person


# --- fetching, and not ---------------------------------------------------------------------------------


class WrongCode(Invalid, says="the code is not the one of this order; ask whoever fetches it to show theirs"):
    field: str = "code"


def _code_fits(t: Transition[Redemption, HandOver]) -> Refusal | None:
    if not t.settings(BankSettings).code:
        return None
    if compare_digest((t.given.code or "").encode(), code_of(t.facts.commit, t.subject.id).encode()):
        return None
    return WrongCode()


class FetchedTooLate(
    Refusal, says="it was to be fetched by {day}; its points and pieces go back: order it again"
):
    day: date


def _in_time(t: Transition[Redemption, object]) -> Refusal | None:
    """Judged now, whether or not a worker has let it expire."""
    due = t.before.due(RedemptionFlow.fetch)
    if due is None or t.at < due:
        return None
    return FetchedTooLate(day=t.facts.calendar.day_of(due))


class ReasonNotSaid(Missing, says="say why: it is somebody else's order"):
    field: str = "reason"


def _reason_of_keepers(t: Transition[Redemption, Cancel]) -> Refusal | None:
    if t.acting_as != "own" and t.given.reason is None:
        return ReasonNotSaid()
    return None


def _points(ctx: Context[Redemption]) -> Amount:
    return Amount(owner=ctx.get(survivor(_owner(ctx))), unit=ctx.record.ledger, n=ctx.record.cost)


def _pieces(ctx: Context[Redemption]) -> Amount:
    return Amount(owner=ctx.record.gift, unit=PIECES, n=ctx.record.pieces)


# --- zeroed by a redemption ----------------------------------------------------------------------------


def _zeroed(t: Transition[Redemption, object]) -> Iterable[Effect]:
    """Where the ledger says so, what is left free expires when a gift is handed over."""
    owner, unit = t.get(survivor(_owner(t))), t.record.ledger
    left = t.get(balance(owner, unit))
    if left and t.settings(BankSettings).ledger(unit).zeroed:
        yield _expires(owner, unit, left)


def _zeroed_meanwhile(t: Transition[Redemption, object]) -> Iterable[Effect]:
    """What is given back was not saved from a hand-over that zeroed everything else."""
    owner, unit = _owner(t), t.record.ledger
    if not t.record.cost or not t.settings(BankSettings).ledger(unit).zeroed:
        return
    handed_over = t.get(subjects(RedemptionFlow, person=owner, states=RedemptionFlow.handed_over))
    since = t.subject.opened_at
    if any(one.record.ledger == unit and one.ended_at and one.ended_at >= since for one in handed_over):
        yield _expires(t.get(survivor(owner)), unit, t.record.cost)


def _expires(owner: UUID, unit: str, amount: int) -> Transfer:
    return Transfer(
        unit=unit, amount=amount, source=(owner, "free"), target=(owner, "expired"), rule="bank:zeroed"
    )


def _limit(ctx: Context[object]) -> Limit:
    return Limit(span=ctx.settings(BankSettings).fetch_within)


class RedemptionFlow(
    Workflow[Redemption],
    name="redemption",
    summary_fields=("name",),
    readable_by=OWN | KEEPER,
    holds_person=True,
):
    """Ordered, handed over, or cancelled, or expired: then its points and pieces go back."""

    move = Moves(Redemption)
    ordered = State("ordered")
    handed_over = State("handed over", ends=True)
    cancelled = State("cancelled", ends=True)
    expired = State("expired", ends=True)
    redeemed = ordered | handed_over
    points = Quota(_points)
    pieces = Quota(_pieces)
    order = move.opening(
        ordered,
        Order,
        by=OWN | KEEPER,
        reads=_asked,
        record=_ordered,
        needs=[_has_an_account, _as_offered, _few_pieces, _served, _open_now, _not_too_often, _enough],
        holds=[points, pieces],
    )
    hand_over = move(
        ordered.to(handed_over),
        HandOver,
        by=KEEPER - OWN,
        needs=[_in_time, _code_fits],
        spends=[points, pieces],
        then=[_zeroed],
    )
    cancel = move(
        ordered.to(cancelled),
        Cancel,
        by=OWN | KEEPER,
        needs=[_reason_of_keepers],
        releases=[points, pieces],
        then=[_zeroed_meanwhile],
    )
    expire = move(ordered.to(expired), releases=[points, pieces], then=[_zeroed_meanwhile])
    fetch = Clock(ordered, _limit, then=expire)
