"""What somebody has with the bank, how they stand with it, and why: for themselves and for the desk."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import attrs
from sqlalchemy import select

from linli import Act, Actor, District, Facts, Subject, codec
from linli.asking import asked_by
from linli.award.accounts import Account, Line
from linli.errors import NotAllowed
from linli.i18n import Text, say
from linli.listing import Wish
from linli.store import tables as t
from linli.vault.vault import ITEMS_OF, KEY_OF
from linli_bank.members import barred
from linli_bank.redeeming import refusals
from linli_bank.redemptions import Redemption, RedemptionFlow
from linli_bank.settings import BankSettings

_s = t.subject.c


@attrs.frozen(kw_only=True)
class Suspension:
    """What somebody is kept from for now.

    Attributes:
        until: its last day; None: until it is lifted.
        bars: "both", "earn" or "redeem".
        reason: why; None for everybody but themselves and whoever set it.
    """

    until: date | None
    bars: str
    reason: str | None


@attrs.frozen(kw_only=True)
class StandingBreach:
    """A breach of somebody's.

    Attributes:
        reason: as for a suspension.
    """

    breach: UUID
    kind: str
    state: str
    factor: str
    reason: str | None


@attrs.frozen(kw_only=True)
class Page:
    """What somebody has in one ledger.

    Attributes:
        pending: what waits for confirmation.
        may_not_redeem: why they may not order a gift of it now; empty: they may.
        lines: what came and went, the newest first.
        bought: by order, what was ordered and what became of it.
    """

    account: Account
    pending: int
    may_not_redeem: tuple[Text, ...]
    lines: Sequence[Line]
    bought: Mapping[UUID, Text]


@attrs.frozen(kw_only=True)
class Statement:
    """Everything that the bank has of somebody."""

    person: UUID
    state: str
    suspension: Suspension | None
    breaches: tuple[StandingBreach, ...]
    pages: tuple[Page, ...]


def statement(district: District, account: Subject, actor: Actor, limit: int) -> Statement:
    """Everything that the bank has of somebody, for themselves or the bank's desk; NotAllowed for others."""
    district.see(account.id, actor)
    with asked_by(district, actor) as (_, now):
        actor = now
    assert account.person is not None, "an account is somebody's"
    person = account.person
    return Statement(
        person=person,
        state=account.state,
        suspension=suspension(district, account, actor),
        breaches=tuple(_breaches(district, person, actor)),
        pages=tuple(_pages(district, account, person, limit)),
    )


def suspension(district: District, account: Subject, actor: Actor) -> Suspension | None:
    """What somebody is kept from today; the reason is for them, and for whoever set it."""
    today = district.now().astimezone(district.rules.zone).date()
    if account.state != "suspended" or not barred([account.record], today):
        return None
    last = [act for act in district.history(account.root) if act.verb == "bank_account.suspend"][-1]
    until = account.record.until
    return Suspension(
        until=None if until == date.max else until,
        bars=account.record.bars,
        reason=_reason(district, account, last, last.id, actor),
    )


def _breaches(district: District, person: UUID, actor: Actor) -> Iterable[StandingBreach]:
    wish = Wish(kind="breach", states=("reported", "standing"), person=person, most=1000)
    for breach in district.find(wish):
        report = district.history(breach.root)[0]
        yield StandingBreach(
            breach=breach.id,
            kind=breach.record.kind,
            state=breach.state,
            factor=str(breach.record.factor),
            reason=_reason(district, breach, report, breach.id, actor),
        )


def _reason(district: District, about: Subject, act: Act, kept_with: UUID, actor: Actor) -> str | None:
    """Why an act was done, for whom it is about and for who did it; the console is nobody in particular.

    It is opened as every text is: by an act that says so.
    """
    if actor.person is None or actor.person not in (about.person, act.actor):
        return None
    try:
        district.make(about.id, "read", {"reason": str(say("statement of the account"))}, actor=actor)
    except NotAllowed:
        return None
    asked = {"district": district.code, "subject": kept_with}
    items = {
        field: (bytes(sealed), owner) for field, sealed, owner in district.store.ask([(ITEMS_OF, asked)])[0]
    }
    sealed, owner = items["reason"]
    keys = district.store.ask([(KEY_OF, {"district": district.code, "owner": owner})])[0]
    vault = district.rules.vault
    return vault.opened(vault.key_from(keys, owner), kept_with, {"reason": sealed})["reason"]


def _pages(district: District, account: Subject, person: UUID, limit: int) -> Iterable[Page]:
    pending = district.find(Wish(kind="credit", states=("pending",), person=person, most=10_000))
    for unit in district.configuration.section(BankSettings).units:
        lines = district.award.statement(person, unit, limit)
        yield Page(
            account=district.award.account(person, unit),
            pending=sum(one.record.points for one in pending if one.record.ledger == unit),
            may_not_redeem=may_not_redeem(district, person, account.place, unit),
            lines=lines,
            bought=_bought(district, {line.subject for line in lines if line.subject}),
        )


def _bought(district: District, subjects: Collection[UUID]) -> Mapping[UUID, Text]:
    """The orders among some matters, in one query."""
    query = select(_s.id, _s.state, _s.record).where(
        _s.district == district.code, _s.kind == "redemption", _s.id.in_(subjects)
    )
    with district.store.reading() as connection:
        return {ident: _order(state, record) for ident, state, record in connection.execute(query)}


def _order(state: str, record: str) -> Text:
    order: Redemption = codec.decoder(Redemption)(record)
    label = RedemptionFlow.state(state).label
    return say("{gift} × {pieces}: {state}", gift=order.name, pieces=order.pieces, state=say(label))


def may_not_redeem(district: District, person: UUID, place: UUID, unit: str) -> tuple[Text, ...]:
    """Every reason why somebody may not order a gift of a ledger at a place now; empty: they may."""
    ledger = district.configuration.section(BankSettings).ledger(unit)
    with district.store.transaction() as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        return tuple(refusals(facts, person, place, ledger))
