"""Reports on the bank: statements, rules, public lists, gifts, codes."""

from datetime import date
from typing import Annotated

import attrs

from linli import (
    Asked,
    Card,
    Input,
    NoInputs,
    Page,
    PersonId,
    PlaceId,
    Ref,
    Refused,
    Table,
    Text,
    plain,
    report,
    say,
)
from linli._verbs.award.accounts import Line
from linli._verbs.award.wording import rule_label
from linli_bank import lists
from linli_bank.api import Bank
from linli_bank.breaches import BreachFlow
from linli_bank.gifts import GiftFlow
from linli_bank.periods import named
from linli_bank.redemptions import Redemption
from linli_bank.settings import BankSettings, NoPeriod, Rule
from linli_bank.statements import Page as Ledger
from linli_bank.statements import Statement

_WHERE = "a number or a path of names: 锦绣花园"


# --- what somebody has --------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Whose:
    """Somebody, and how many lines of each ledger."""

    person: PersonId
    limit: Annotated[int, Input(least=1, most=10_000)] = 20


@report(
    "bank.statement",
    "show what PERSON has, what waits, and whether they may redeem",
    Whose,
    arguments=("person",),
)
def statement(ask: Asked[Whose]) -> Page:
    """The standing, and each ledger with its lines."""
    found = Bank(ask.district).statement(ask.given.person, actor=ask.actor, limit=ask.given.limit)
    parts = [*_standing(found), *(part for page in found.pages for part in _ledger(page))]
    return Page(parts, _plain(found))


def _plain(found: Statement) -> dict[str, object]:
    return {
        **plain(found),
        "suspension": plain(found.suspension) if found.suspension else None,
        "breaches": [plain(one) for one in found.breaches],
        "pages": [
            {
                **plain(page),
                "account": plain(page.account),
                "may_not_redeem": [str(why) for why in page.may_not_redeem],
                "lines": [plain(line) for line in page.lines],
                "bought": {str(order): str(what) for order, what in page.bought.items()},
            }
            for page in found.pages
        ],
    }


def _standing(found: Statement) -> list[Card]:
    one = found.suspension
    suspended = [Card({"suspended": say(one.bars), "until": one.until, "reason": one.reason})] if one else []
    breaches = [
        Card(
            {
                "breach": breach.kind,
                "state": say(BreachFlow.state(breach.state).label),
                "factor": breach.factor,
                "reason": breach.reason,
            }
        )
        for breach in found.breaches
    ]
    return [*suspended, *breaches]


def _ledger(page: Ledger) -> list[Text | str | Table]:
    account = page.account
    line = say(
        "{unit}: {free} free, {pending} waiting for confirmation, {held} held, {spent} spent,"
        " {expired} expired, {owed} owed",
        owed=account.owed,
        unit=say(account.unit),
        free=account.free,
        pending=page.pending,
        held=account.held,
        spent=account.spent,
        expired=account.expired,
    )
    rows = [(one.at, f"{one.amount:+}", one.balance, _what(page, one)) for one in page.lines]
    lines = Table(("when", "amount", "balance", "rule"), rows)
    return [line, *(f"  {why}" for why in page.may_not_redeem), lines]


def _what(page: Ledger, line: Line) -> Text:
    """Why points came or went; of an order, what was ordered and what became of it."""
    bought = page.bought.get(line.subject) if line.subject else None
    label = say("order") if bought and line.amount < 0 else rule_label(line.rule)
    return say("{one}: {other}", one=label, other=bought) if bought else label


@report("bank.rules", "list the rules that earn points, and those whose act nothing here makes", NoInputs)
def rules(ask: Asked[NoInputs]) -> Page:
    """The rules, and a line for each that never pays."""
    unknown = Bank(ask.district).unknown_acts()
    found = ask.settings(BankSettings).rules
    rows = [
        (
            rule.name,
            ask.district.rules.called(rule.act),
            _worth(rule),
            rule.confirm,
            rule.since,
            rule.until,
        )
        for rule in found
    ]
    shown = Table(("rule", "for", "points", "confirm", "since", "until"), rows)
    warned = [say("nothing that is enabled here makes the act of rule {rule}", rule=name) for name in unknown]
    return Page(
        (shown,), [plain(rule) | {"unknown": rule.name in unknown} for rule in found], warnings=warned
    )


def _worth(rule: Rule) -> str:
    worth = f"{rule.points} {say(rule.unit)}"
    return worth if rule.per == "act" else f"{worth} / {say(rule.per)}"


# --- public lists --------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class OfPeriod:
    """A list of a period."""

    kind: lists.Kind
    place: Annotated[PlaceId, Input(_WHERE)]
    ledger: Annotated[str | None, Input("the ledger; else the first one")] = None
    period: Annotated[str | None, Input("as it is called: 2026-Q1; else the last period that is over")] = None


@report(
    "bank.list",
    "show who is on a public list, by the number they have on it",
    OfPeriod,
    arguments=("kind",),
)
def public_list(ask: Asked[OfPeriod]) -> Table:
    """Numbers and amounts."""
    given = ask.given
    found = Bank(ask.district).list_of(given.place, given.kind, given.ledger, day_of(given.period))
    return Table(("number", "amount"), [(line.number, line.amount) for line in found])


def day_of(period: str | None) -> date | None:
    """A day of a period, by what the period is called."""
    if period is None:
        return None
    days = named(period)
    if days is None:
        raise Refused(NoPeriod(text=period))
    return days[0]


@attrs.frozen(kw_only=True)
class OnLists:
    """Somebody on the lists of a period."""

    person: PersonId
    period: Annotated[str, Input("as it is called on the list: 2026-Q1")]


@report(
    "bank.number",
    "show PERSON, and nobody else, their number on the lists of a period",
    OnLists,
    arguments=("person",),
)
def number(ask: Asked[OnLists]) -> Page:
    """The number."""
    found = Bank(ask.district).list_number(ask.given.person, ask.given.period, actor=ask.actor)
    return Page((found,), {"number": found})


# --- gifts ----------------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Offered:
    """A place, and whether what was withdrawn counts."""

    place: Annotated[PlaceId | None, Input(_WHERE)] = None
    withdrawn: Annotated[bool, Input("what is not offered any more, too")] = False


@report("gift.list", "list what is offered, with its price and stock", Offered)
def gifts(ask: Asked[Offered]) -> Table:
    """Gifts with their stock."""
    found = Bank(ask.district).gifts(ask.given.place, withdrawn=ask.given.withdrawn)
    rows = [
        (
            one.gift,
            one.name,
            one.price,
            say(one.ledger),
            one.free,
            one.held,
            one.handed_over,
            say(GiftFlow.state(one.state).label),
        )
        for one in found
    ]
    headings = ("number", "name", "price", "ledger", "free", "held", "handed over", "state")
    return Table(headings, rows, found)


@attrs.frozen(kw_only=True)
class OfOrder:
    """An order."""

    number: Ref[Redemption]


@report(
    "redemption.code",
    "show the code to fetch order NUMBER with, to its owner",
    OfOrder,
    arguments=("number",),
)
def code(ask: Asked[OfOrder]) -> Page:
    """The code."""
    found = Bank(ask.district).code(ask.given.number, actor=ask.actor)
    return Page((found,), {"code": found})


REPORTS = (statement, rules, public_list, number, gifts, code)
