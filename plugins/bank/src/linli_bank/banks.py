"""A compound's bank: opened, its closing announced, shut; its accounts kept, or carried to another bank."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import (
    ENGINE,
    Act,
    Ask,
    District,
    Facts,
    Make,
    Move,
    State,
    Subject,
    Workflow,
    codec,
    has_post,
    say,
)
from linli.access import ENGINE_ACTOR
from linli.contract import AnyTransition
from linli.effects import Effect
from linli.i18n import Text
from linli.listing import Wish
from linli.store import Read
from linli.store import tables as t
from linli.workflow import REASON
from linli_bank.settings import BankSettings

KEEPER = has_post("bank_keeper", "clerk")
MANAGER = has_post("officer", "administrator")
# Whoever runs a bank and sees what its members have.
DESK = KEEPER | MANAGER

_s = t.subject.c
_pl = t.place.c
_d: BindParameter[str] = bindparam("district")
_BANK = Read(
    select(_s.state, _s.record, _s.ended_at).where(
        _s.district == _d, _s.id == bindparam("id"), _s.kind == "bank"
    )
)
STATE_OF = Read(select(_s.state).where(_s.district == _d, _s.id == bindparam("id")))
ACCOUNTS_AT = Read(
    select(_s.id)
    .join(t.place, (_pl.district == _s.district) & (_pl.id == _s.place))
    .where(
        _s.district == _d,
        _s.kind == "bank_account",
        _s.state != "closed",
        _pl.path.like(bindparam("under")),
    )
    .order_by(_s.id)
)
ORDERS_AT = Read(
    select(_s.id)
    .join(t.place, (_pl.district == _s.district) & (_pl.id == _s.place))
    .where(
        _s.district == _d,
        _s.kind == "redemption",
        _s.ended_at.is_(None),
        _pl.path.like(bindparam("under")),
    )
)


_LONGEST = timedelta(days=366)


def bank_at(place: UUID) -> UUID:
    """The number of a place's bank: a place has at most one."""
    return uuid5(place, "bank")


@attrs.frozen(kw_only=True)
class Run:
    """What is kept with a bank.

    Attributes:
        last_day: the last day on which points can be spent, once its closing was announced.
        carried_to: the place whose bank took its place; `worth`: what a point of it is worth there.
    """

    last_day: date = date.max
    carried_to: UUID | None = None
    worth: Decimal = Decimal(1)


@attrs.frozen(kw_only=True)
class Bank:
    """The bank of a place.

    Attributes:
        place: whose organisation runs it; its points are issued there.
        last_day: the last day of its service; no end where no closing was announced.
    """

    place: UUID
    state: str
    last_day: date
    carried_to: UUID | None = None

    def serves(self, day: date) -> bool:
        """Whether it sells on a day, and pays for what was done on it."""
        return self.state == "open" or (self.state in ("closing", "closed") and day <= self.last_day)

    def runs(self, day: date) -> bool:
        """Whether it is open today: what it would pay for was done before it was shut is another question."""
        return self.state != "closed" and self.serves(day)


def bank_of(facts: Facts, place: UUID) -> Bank | None:
    """The bank that a place belongs to: its own or that of a place above; whoever took its place."""
    path = facts.place(place).path[::-1]
    # What was merged into another place, or ended, has the bank of where it stands now.
    standing = (bank for bank in _banks(path, facts) if not facts.place(bank.place).closed)
    nearest = next(standing, None) or _shut(path, facts)
    if nearest and nearest.carried_to and nearest.carried_to != place:
        return bank_of(facts, nearest.carried_to)
    return nearest


def _shut(path: Iterable[UUID], facts: Facts) -> Bank | None:
    """The nearest that was shut; it keeps the number that it was opened under, when its place became part of another."""
    numbers = [number for one in path for number in sorted(facts.identities(one))]
    return next((bank for bank in _banks(numbers, facts) if bank.state == "closed"), None)


def _banks(places: Collection[UUID], facts: Facts) -> list[Bank]:
    rows = facts.all([(_BANK, {"id": bank_at(one)}) for one in places])
    return [_bank(one, row[0], facts) for one, row in zip(places, rows, strict=True) if row]


def _bank(place: UUID, row: tuple[Any, ...], facts: Facts) -> Bank:
    state, record, ended_at = row
    run = codec.decoder(Run)(record)
    shut = facts.calendar.day_of(ended_at) if state == "closed" and ended_at else date.max
    carried_to = run.carried_to if state == "carried" else None
    return Bank(place=place, state=str(state), last_day=min(run.last_day, shut), carried_to=carried_to)


def not_served(facts: Facts, place: UUID) -> Text | None:
    """Why nothing is sold or offered at a place today; None where a bank is open."""
    bank = bank_of(facts, place)
    if bank is None or bank.state == "carried":
        return say("no organisation runs a bank here; open it first: linli bank open")
    if bank.runs(facts.today):
        return None
    return say("the bank here is shut since {day}; points are kept", day=bank.last_day)


def in_a_compound(facts: Facts, place: UUID) -> bool:
    """Whether a place is a compound or in one: above them there are no banks to ask."""
    return facts.above(place, "compound") is not None


def served_here(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A check: a bank is open where this is."""
    return not_served(facts, subject.place)


def open_here(t: AnyTransition) -> Text | None:
    """A bank is open where this is."""
    return not_served(t.facts, t.place)


def under(facts: Facts, place: UUID) -> str:
    """What the path of whatever is at a place or below it begins with."""
    return "/".join(one.hex for one in facts.place(place).path) + "/%"


# --- checks ------------------------------------------------------------------------------------------


def _one_a_place(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.id != bank_at(subject.place):
        return say("a bank is opened through the bank's desk, which gives it its number")
    return say("there is a bank here already") if facts.rows(STATE_OF, id=subject.id) else None


def _run_by_somebody(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if any(body.kind == "volunteer_organisation" for body in facts.bodies_at(subject.place)):
        return None
    return say("no volunteer organisation is there to run it; register it first: linli organisation add")


def _announced(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """The last day where none is said: after the district's days."""
    return {"last_day": facts.today + timedelta(days=facts.settings(BankSettings).closing_days)}


def _days_to_spend(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    days = facts.settings(BankSettings).closing_days
    first = facts.today + timedelta(days=days)
    if subject.record.last_day < first:
        return say(
            "points can be spent for {days} days more; the last day is {day} or later", days=days, day=first
        )
    if subject.record.last_day > facts.today + _LONGEST:
        return say("a closing is announced for at most {days} days", days=_LONGEST.days)
    return None


def _time_is_up(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("its days are not over") if facts.today <= before.record.last_day else None


def _to_a_bank(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    bank = bank_of(facts, subject.record.carried_to)
    if bank is None or bank.place == subject.place or not bank.runs(facts.today):
        return say("name a place with a bank that is open: linli bank open")
    return None


def _a_rate(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if subject.record.worth > 0 else say("a rate is more than 0: 1, 0.5")


def _nothing_ordered(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    count = len(facts.rows(ORDERS_AT, under=under(facts, subject.place)))
    if not count:
        return None
    return say("{count} orders wait to be fetched; carry it when they have ended", count=count)


# --- what follows --------------------------------------------------------------------------------------


def _accounts_along(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    values = {"carried_to": subject.record.carried_to, "worth": subject.record.worth}
    for (account,) in facts.rows(ACCOUNTS_AT, under=under(facts, subject.place)):
        yield Make(subject=account, move="carry", values=values)


def _forgotten(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """A bank that is open has no last day."""
    return {"last_day": date.max}


def _only_linli(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if subject.record.last_day == date.max else say("last_day is what linli fills in")


_LAST_DAY = Ask(name="last_day", help="the last day on which points can be spent", type=date, proposed=True)
_NO_LAST_DAY = Ask(name="last_day", type=date, required=False, computed=True)


def _closing() -> Iterable[Move]:
    yield Move(
        name="close",
        label="announce the closing",
        sources=("open",),
        to="closing",
        by=MANAGER,
        fills=(_announced,),
        asks=(REASON, _LAST_DAY),
        checks=(_days_to_spend,),
    )
    yield Move(name="shut", label="shut", sources=("closing",), to="closed", by=ENGINE, checks=(_time_is_up,))
    yield Move(
        name="reopen",
        label="open again",
        sources=("closing", "closed", "carried"),
        to="open",
        by=MANAGER,
        fills=(_forgotten,),
        asks=(_NO_LAST_DAY,),
        checks=(_run_by_somebody, _only_linli),
    )
    yield Move(
        name="carry",
        label="carry its accounts to another bank",
        sources=("open", "closing", "closed"),
        to="carried",
        by=MANAGER,
        asks=(
            REASON,
            Ask(name="carried_to", help="the place whose bank takes its place", type=UUID, of="seat"),
            Ask(name="worth", help="what a point of it is worth there: 1, 0.5", type=Decimal),
        ),
        checks=(_to_a_bank, _a_rate, _nothing_ordered),
        effects=(_accounts_along,),
    )


BANK = Workflow(
    name="bank",
    label="bank",
    read_by=DESK,
    record=Run,
    states=(
        State("open", "open"),
        State("closing", "closing announced"),
        State("closed", "shut", ends=("closed",)),
        State("carried", "carried to another bank", ends=("carried",)),
    ),
    moves=(
        Move(
            name="open",
            label="open",
            sources=(),
            to="open",
            by=MANAGER,
            checks=(_one_a_place, _run_by_somebody),
        ),
        *_closing(),
    ),
)


def shut_due(district: District) -> list[Act]:
    """Shut every bank whose last day is over: a worker does it; that nothing is sold any more waits for none."""
    today = district.now().astimezone(district.rules.zone).date()
    closing = district.find(Wish(kind="bank", states=("closing",), most=10_000))
    over = [bank for bank in closing if bank.record.last_day < today]
    return [district.make(bank.id, "shut", actor=ENGINE_ACTOR) for bank in over]
