"""Redemption: points and pieces are held when a gift is ordered, and spent when it is handed over."""

from collections.abc import Callable, Iterable, Mapping
from hmac import compare_digest
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import (
    ENGINE,
    OWN,
    Act,
    Ask,
    Clock,
    Facts,
    Limit,
    Move,
    Quota,
    State,
    Subject,
    Taking,
    Transfer,
    Workflow,
    codec,
    say,
)
from linli.award.rules import POINTS
from linli.effects import Effect
from linli.errors import NotFound, Refused
from linli.i18n import Text, sentences
from linli.lookups import ever
from linli.store import Read
from linli.store import tables as t
from linli_bank.banks import KEEPER
from linli_bank.gifts import Gift
from linli_bank.redeeming import is_limited, no_account, not_now
from linli_bank.settings import PIECES, BankSettings

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
GIFT_BY_ID = Read(
    select(_s.state, _s.place, _s.record).where(
        _s.district == _d, _s.id == bindparam("id"), _s.kind == "gift"
    )
)
HANDED_OVER_TO = Read(
    select(_s.record).where(
        _s.district == _d,
        ever(_s.person),
        _s.kind == "redemption",
        _s.state == "handed_over",
        _s.ended_at >= bindparam("since"),
    )
)
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


def code_of(commit: Callable[[str, str], str], redemption: UUID) -> str:
    """The digits that an order's owner is given and shows when they fetch it.

    They follow from the order's number and the district's key: nothing is kept that could be read
    by whoever hands over.
    """
    mark = int(commit(str(redemption), "redemption code")[:16], 16)
    return f"{mark % 10**_DIGITS:0{_DIGITS}}"


# --- ordering --------------------------------------------------------------------------------------


def _from_gift(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """The gift's name and price. A price that is given is what who orders has seen: see `_as_seen`."""
    try:
        ident = UUID(str(values.get("gift")))
    except ValueError:
        return {}  # the move's asks say what is wrong with it
    _, _, gift = _gift(facts, ident)
    return {"name": gift.name, "price": gift.price, "ledger": gift.ledger}


def _one_at_a_time(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """Two orders of one person at once would not see each other: the second waits, and then reads."""
    if subject.person and is_limited(facts, str(values.get("ledger"))):
        facts.hold(f"redemption {subject.person}")
    return {}


def _gift(facts: Facts, ident: UUID) -> tuple[str, UUID, Gift]:
    rows = facts.rows(GIFT_BY_ID, id=ident)
    if not rows:
        raise NotFound(say("there is no gift {id} in this district", id=ident))
    state, place, record = rows[0]
    return state, place, codec.decoder(Gift)(record)


def _as_seen(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    state, place, gift = _gift(facts, subject.record.gift)
    if state != "offered":
        return say("this gift is not offered any more")
    kept = subject.record
    if kept.ledger != gift.ledger:
        return say("what it is paid in is the gift's; leave it out")
    if (kept.name, kept.price) != (gift.name, gift.price):
        return say("its price is {price} points now; order it again", price=gift.price)
    return say("order it where it is offered") if place != subject.place else None


def _few_pieces(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    most = facts.settings(BankSettings).most_pieces
    if not 1 <= subject.record.pieces <= most:
        return say("order 1 to {most} pieces at a time", most=most)
    return None


def _has_an_account(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return _together(no_account(facts, _owner(subject)))


def _may_redeem(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    ledger = facts.settings(BankSettings).ledger(subject.record.ledger)
    return _together(not_now(facts, _owner(subject), subject.place, ledger))


def _together(reasons: Iterable[Text]) -> Text | None:
    found = list(reasons)
    return say("{reasons}", reasons=sentences(found)) if found else None


def _owner(subject: Subject) -> UUID:
    if subject.person is None:
        raise Refused(say("say for whom it is ordered"))
    return subject.person


# --- fetching, and not ---------------------------------------------------------------------------------


def _code_fits(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if not facts.settings(BankSettings).code:
        return None
    if compare_digest(str(act.value("code", "")).encode(), code_of(facts.commit, subject.id).encode()):
        return None
    return say("the code is not the one of this order; ask whoever fetches it to show theirs")


def _in_time(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Judged now, whether or not a worker has let it expire."""
    due = before.clocks["fetch"].due
    if due is None or facts.at < due:
        return None
    return say(
        "it was to be fetched by {day}; its points and pieces go back: order it again",
        day=facts.calendar.day_of(due),
    )


def _not_to_oneself(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.actor is not None and act.actor == subject.person:
        return say("nobody hands a gift over to themselves; let another keeper do it")
    return None


def _reason_of_keepers(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.acting_as != "own" and act.value("reason") is None:
        return say("say why: it is somebody else's order")
    return None


def _time_is_up(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if before.clocks["fetch"].step else say("it can still be fetched")


def _points(subject: Subject, facts: Facts) -> Taking:
    return Taking(
        owner=facts.survivor(_owner(subject)), unit=subject.record.ledger, amount=subject.record.cost
    )


def _pieces(subject: Subject, facts: Facts) -> Taking:
    return Taking(owner=subject.record.gift, unit=PIECES, amount=subject.record.pieces)


# --- zeroed by a redemption ----------------------------------------------------------------------------


def _zeroed(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """Where the ledger says so, what is left free expires when a gift is handed over."""
    owner, unit = facts.survivor(_owner(subject)), subject.record.ledger
    left = facts.balance(owner, unit)
    if left and facts.settings(BankSettings).ledger(unit).zeroed:
        yield _expires(owner, unit, left)


def _zeroed_meanwhile(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What is given back was not saved from a hand-over that zeroed everything else."""
    owner, unit = _owner(subject), subject.record.ledger
    if not subject.record.cost or not facts.settings(BankSettings).ledger(unit).zeroed:
        return
    handed_over = facts.rows(HANDED_OVER_TO, person=owner, since=subject.opened_at)
    if any(codec.decode(record).get("ledger", POINTS) == unit for (record,) in handed_over):
        yield _expires(facts.survivor(owner), unit, subject.record.cost)


def _expires(owner: UUID, unit: str, amount: int) -> Transfer:
    return Transfer(
        unit=unit, amount=amount, source=(owner, "free"), target=(owner, "expired"), rule="bank:zeroed"
    )


def _limit(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=facts.settings(BankSettings).fetch_within)


_BOTH = ("points", "pieces")

REDEMPTION = Workflow(
    name="redemption",
    label="redemption",
    read_by=OWN | KEEPER,
    record=Redemption,
    told_by=("name",),
    holds_person=True,
    states=(
        State("ordered", "ordered"),
        State("handed_over", "handed over", ends=("handed_over",)),
        State("cancelled", "cancelled", ends=("cancelled",)),
        State("expired", "expired", ends=("expired",)),
    ),
    quotas=(Quota(name="points", source=_points), Quota(name="pieces", source=_pieces)),
    moves=(
        Move(
            name="order",
            label="order",
            sources=(),
            to="ordered",
            by=OWN | KEEPER,
            fills=(_from_gift, _one_at_a_time),
            asks=(
                Ask(name="gift", help="its number", type=UUID),
                Ask(name="pieces", help="how many", type=int, default=1),
                Ask(name="name", longest=80, proposed=True),
                Ask(
                    name="price",
                    help="what it cost when it was chosen: refused if that changed",
                    type=int,
                    proposed=True,
                ),
                Ask(name="ledger", longest=40, computed=True),
            ),
            checks=(_has_an_account, _as_seen, _few_pieces, _may_redeem),
            takes=_BOTH,
        ),
        Move(
            name="hand_over",
            label="hand over",
            sources=("ordered",),
            to="handed_over",
            by=KEEPER,
            asks=(Ask(name="code", help="what its owner shows", required=False, longest=20),),
            checks=(_in_time, _code_fits, _not_to_oneself),
            spends=_BOTH,
            effects=(_zeroed,),
        ),
        Move(
            name="cancel",
            label="cancel",
            sources=("ordered",),
            to="cancelled",
            by=OWN | KEEPER,
            asks=(Ask(name="reason", help="why", private=True, required=False),),
            checks=(_reason_of_keepers,),
            releases=_BOTH,
            effects=(_zeroed_meanwhile,),
        ),
        Move(
            name="expire",
            sources=("ordered",),
            to="expired",
            by=ENGINE,
            checks=(_time_is_up,),
            releases=_BOTH,
            effects=(_zeroed_meanwhile,),
        ),
    ),
    clocks=(Clock(name="fetch", runs_in=("ordered",), limit=_limit, then="expire"),),
)
