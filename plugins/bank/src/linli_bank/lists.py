"""The public lists (积分公示): numbers, or masked names of those who consented to be named."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import count
from typing import Literal
from uuid import UUID, uuid5

import attrs

from linli import ENGINE_ACTOR, Act, Actor, District, NotFoundHere, Purpose, Refusal, Refused, say
from linli.cli import speaking
from linli.hooks import Consented, PublishSettings
from linli.query import subjects
from linli_bank.banks import BankFlow, bank_at
from linli_bank.measuring import consenting, earned_by_member, free_by_member
from linli_bank.periods import before, bounds, period
from linli_bank.settings import BankSettings, Ledger

Kind = Literal["points", "ineligible"]
# Letters alone, so that no row of digits comes about that looks like somebody's telephone.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_LENGTH = 8
WORDS = ("points", "ineligible")
_PURPOSES = {"points": "points_list", "ineligible": "ineligible_list"}
PURPOSES = (
    Purpose("points_list", label="masked name on the public list of points"),
    Purpose("ineligible_list", label="masked name on the public list of those not eligible"),
)


@attrs.frozen(kw_only=True)
class Line:
    """A line of a list.

    Attributes:
        number: what the person is called on this list; see `list_number`.
        amount: what they earned in the period, or have free.
    """

    person: UUID
    number: str
    amount: int


@attrs.frozen(kw_only=True)
class Due:
    """A list of a period that is over."""

    place: UUID
    kind: Kind
    unit: str
    first: date
    last: date
    period: str

    @property
    def key(self) -> str:
        """What tells it from every other list."""
        return f"{self.kind} {self.unit} {self.period}"


def list_number(district: District, person: UUID, of_period: str) -> str:
    """What somebody is called on the lists of a period: nobody finds it without the district's key.

    Another one each period, so that nobody can be followed from list to list.
    """
    mark = int(district.rules.vault.keyring.commit(f"{person} {of_period}", "bank list")[:16], 16)
    letters = "".join(_LETTERS[mark // len(_LETTERS) ** n % len(_LETTERS)] for n in range(_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def lines(district: District, due: Due) -> list[Line]:
    """Who is on a list, the most points first."""
    ledger = _settings(district).ledger(due.unit)
    found = _measured(district, due, ledger)
    if due.kind == "ineligible":
        found = {person: n for person, n in found.items() if n < (ledger.threshold or 0)}
    made = (
        Line(person=person, number=list_number(district, person, due.period), amount=amount)
        for person, amount in found.items()
    )
    return sorted(made, key=lambda line: (-line.amount, line.number))


def _measured(district: District, due: Due, ledger: Ledger) -> dict[UUID, int]:
    if due.kind == "ineligible" and ledger.threshold_period is None:
        return dict(free_by_member(district, due.place, due.unit))
    return dict(earned_by_member(district, due.place, due.unit, (due.first, due.last)))


class ListNotPublished(
    NotFoundHere, says="this list is not published here; name it in lists of [[bank.ledgers]]"
): ...


class PeriodNotOver(Refusal, says="{period} is not over yet"):
    period: str


def of_period(district: District, place: UUID, kind: Kind, unit: str, day: date | None = None) -> Due:
    """The list of the period that a day is in; without a day, of the last one that is over.

    Raises: Refused where the period is not over, or the district publishes no such list.
    """
    ledger = _settings(district).ledger(unit)
    if kind not in ledger.lists:
        raise Refused(ListNotPublished())
    today = district.now().astimezone(district.rules.zone).date()
    first, last = bounds(ledger.lists_every, day) if day else before(ledger.lists_every, today)
    if last >= today:
        raise Refused(PeriodNotOver(period=period(ledger.lists_every, first)))
    name = period(ledger.lists_every, first)
    return Due(place=place, kind=kind, unit=unit, first=first, last=last, period=name)


# --- publishing ------------------------------------------------------------------------------------


def publish(district: District, due: Due, actor: Actor | None = None) -> Act:
    """Publish a list, once; where the district approves first, draft it. One that was discarded is made anew."""
    settings = district.configuration.section(PublishSettings)
    found = lines(district, due)
    personal = list(_named(district, due, found))
    names = {one.person: f"{{{one.name}}}" for one in personal}
    with speaking(settings.language):
        title, body = _title(due), _body(district, due, found, names)
    for attempt in count():
        key = _key(due, attempt)
        known = district.act(key)
        if known is None:
            return district.publish.draft(
                due.place,
                title,
                body,
                series="points",
                about=bank_at(due.place),
                personal=personal,
                at_once=not settings.approval,
                actor=actor,
                key=key,
            )
        if district.publish.get(known.subject).state != "discarded":
            return known
    raise AssertionError("counting does not end")


def _key(due: Due, attempt: int) -> UUID:
    return uuid5(bank_at(due.place), f"{due.key} {attempt}")


def _named(district: District, due: Due, found: Iterable[Line]) -> Iterator[Consented]:
    """Masked names of those on the list who consented to be named on it."""
    purpose = _PURPOSES[due.kind]
    agreed = consenting(district, purpose)
    for place, line in enumerate(found):
        name = district.register.masked(line.person).get("name") if line.person in agreed else None
        if name:
            yield Consented(name=f"name{place}x", person=line.person, purpose=purpose, text=name)


def _title(due: Due) -> str:
    if due.kind == "points":
        return str(say("points earned in {period}: {unit}", period=due.period, unit=say(due.unit)))
    return str(say("who may not redeem after {period}: {unit}", period=due.period, unit=say(due.unit)))


def _body(district: District, due: Due, found: Iterable[Line], names: dict[UUID, str]) -> str:
    rows = [f"{names.get(line.person, line.number)}  {line.amount}" for line in found]
    head = say(
        "From {first} to {last}. Whoever has not agreed to be named stands here by a number that only they"
        " can ask for at the bank.",
        first=due.first,
        last=due.last,
    )
    return "\n\n".join([str(head), *_rule(district, due), "\n".join(rows) or str(say("Nobody."))])


def _rule(district: District, due: Due) -> Iterator[str]:
    """What keeps those on the list of the ineligible from redeeming."""
    ledger = _settings(district).ledger(due.unit)
    if due.kind == "ineligible":
        sentence = (
            say("Fewer than {needed} {unit} earned in {period}:", needed=ledger.threshold, unit=say(due.unit),
                period=due.period)
            if ledger.threshold_period
            else say("Fewer than {needed} {unit} free today:", needed=ledger.threshold, unit=say(due.unit))
        )  # fmt: skip
        yield str(sentence)


def announce(district: District, closing: Act) -> Act:
    """Say publicly, once for each closing, until when points can be spent; where the district approves first, draft it."""
    assert closing.place is not None, "a bank is somewhere"
    body = say(
        "The bank here closes. Gifts are ordered until {day}, and what was ordered is fetched in its time. What was"
        " served before is still paid. Points that are left are kept until a bank opens here, or are carried to the"
        " bank that takes its place.",
        day=closing.value("last_day"),
    )
    settings = district.configuration.section(PublishSettings)
    with speaking(settings.language):
        title, written = str(say("the pioneer bank closes")), str(body)
    return district.publish.draft(
        closing.place,
        title,
        written,
        series="points",
        about=closing.subject,
        at_once=not settings.approval,
        actor=ENGINE_ACTOR,
        key=uuid5(closing.id, "announced"),
    )


# --- what is due -----------------------------------------------------------------------------------


def overdue(district: District) -> Iterator[Due]:
    """Every list of the last period that is over, of every bank that is open, and is not out yet."""
    ledgers = [ledger for ledger in _settings(district).ledgers if ledger.lists]
    banks = subjects(BankFlow, states=BankFlow.runs)
    for bank in district.ask_unchecked(banks) if ledgers else ():
        for ledger in ledgers:
            for kind in ledger.lists:
                due = of_period(district, bank.place, kind, ledger.unit)
                opened = bank.opened_at.astimezone(district.rules.zone).date()
                if opened <= due.last and district.act(_key(due, 0)) is None:
                    yield due


def publish_due(district: District) -> list[Act]:
    """Publish every list that is due: a worker does it, again and again; each goes out once."""
    return [publish(district, due, ENGINE_ACTOR) for due in overdue(district)]


def _settings(district: District) -> BankSettings:
    return district.configuration.section(BankSettings)
