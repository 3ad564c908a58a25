"""What somebody has with the bank, how they stand with it, and why: for themselves and for the desk."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import attrs

from linli import Act, Actor, District, Facts, NotAllowed, StoredSubject, Subject, Text, say
from linli._vault.vault import ITEMS_OF, KEY_OF
from linli._verbs.award.accounts import Account, Line
from linli.query import asked_by, subjects
from linli_bank.breaches import BreachFlow
from linli_bank.credits import CreditFlow
from linli_bank.members import barred
from linli_bank.redeeming import refusals
from linli_bank.redemptions import Redemption, RedemptionFlow
from linli_bank.settings import BankSettings


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


def statement(district: District, account: StoredSubject, actor: Actor, limit: int) -> Statement:
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
        pages=tuple(_pages(district, account, person, actor, limit)),
    )


def suspension(district: District, account: StoredSubject, actor: Actor) -> Suspension | None:
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
    states = BreachFlow.reported | BreachFlow.standing
    for breach in district.ask(subjects(BreachFlow, person=person, states=states), actor=actor):
        report = district.history(breach.root)[0]
        yield StandingBreach(
            breach=breach.id,
            kind=breach.record.kind,
            state=breach.state.name,
            factor=str(breach.record.factor),
            reason=_reason(district, breach.kept, report, breach.id, actor),
        )


def _reason(district: District, about: StoredSubject, act: Act, kept_with: UUID, actor: Actor) -> str | None:
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


def _pages(
    district: District, account: StoredSubject, person: UUID, actor: Actor, limit: int
) -> Iterable[Page]:
    pending = district.ask(subjects(CreditFlow, person=person, states=CreditFlow.pending), actor=actor)
    orders = district.ask(subjects(RedemptionFlow, person=person), actor=actor)
    for unit in district.configuration.section(BankSettings).units:
        lines = district.award.statement(person, unit, limit)
        yield Page(
            account=district.award.account(person, unit),
            pending=sum(one.record.points for one in pending if one.record.ledger == unit),
            may_not_redeem=may_not_redeem(district, person, account.place, unit),
            lines=lines,
            bought={one.id: _order(one) for one in orders if one.id in {line.subject for line in lines}},
        )


def _order(order: Subject[Redemption]) -> Text:
    gift = order.record
    return say("{gift} × {pieces}: {state}", gift=gift.name, pieces=gift.pieces, state=say(order.state.label))


def may_not_redeem(district: District, person: UUID, place: UUID, unit: str) -> tuple[Text, ...]:
    """Every reason why somebody may not order a gift of a ledger at a place now; empty: they may."""
    ledger = district.configuration.section(BankSettings).ledger(unit)
    with district.store.transaction() as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        return tuple(refusals(facts, person, place, ledger))
