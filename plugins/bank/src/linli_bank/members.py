"""The accounts of those who joined a bank."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from math import floor
from operator import itemgetter
from uuid import UUID, uuid5

import attrs
from sqlalchemy import BindParameter, bindparam, select, update

from linli import (
    ENGINE,
    NOBODY,
    OWN,
    Act,
    Ask,
    Change,
    Facts,
    Move,
    State,
    Subject,
    Transfer,
    Workflow,
    codec,
    say,
)
from linli.award.owing import OWED, debts, given_up, most
from linli.effects import Effect
from linli.i18n import Text
from linli.lookups import ever
from linli.store import Read, Write
from linli.store import tables as t
from linli.store.statements import write_statement
from linli.workflow import REASON
from linli_bank.banks import DESK, KEEPER, STATE_OF, bank_of, served_here
from linli_bank.settings import BankSettings

BARS = ("both", "earn", "redeem")

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
ACCOUNT_OF = Read(
    select(_s.state, _s.place, _s.record, _s.opened_at, _s.id).where(
        _s.district == _d, ever(_s.person), _s.kind == "bank_account"
    )
)
_MOVES_TO = write_statement(
    update(t.subject)
    .where(_s.district == bindparam("the_district"), _s.id == bindparam("the_id"))
    .values(place=bindparam("the_place"), compound=bindparam("the_compound")),
    rank=12,
    name="account moves to another bank",
)


def account_of(person: UUID) -> UUID:
    """The number of a person's account: a person has at most one."""
    return uuid5(person, "bank account")


@attrs.frozen(kw_only=True)
class Member:
    """What is kept with an account.

    Attributes:
        until: the last day of a suspension.
        bars: what it keeps somebody from: "both", "earn" or "redeem".
    """

    until: date = date.max
    bars: str = "both"


@attrs.frozen(kw_only=True)
class Standing:
    """How somebody stands with the bank.

    Attributes:
        place: where they joined; None: they did not, or left.
        barred: what a suspension keeps them from now: "earn", "redeem".
    """

    place: UUID | None = None
    barred: frozenset[str] = frozenset()


def standing(facts: Facts, person: UUID) -> Standing:
    """How somebody stands with the bank at the moment of the act."""
    # Somebody whose two records were merged may have two: where they joined first is where they are.
    rows = [row for row in facts.rows(ACCOUNT_OF, person=person) if row[0] != "closed"]
    if not rows:
        return Standing()
    members = [codec.decoder(Member)(record) for state, _, record, *_ in rows if state == "suspended"]
    return Standing(place=min(rows, key=itemgetter(3, 4))[1], barred=barred(members, facts.today))


def barred(suspended: Iterable[Member], day: date) -> frozenset[str]:
    """What suspensions keep somebody from on a day."""
    bars = {one.bars for one in suspended if day <= one.until}
    return frozenset(("earn", "redeem")) if "both" in bars else frozenset(bars)


def not_about_oneself(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody with a post decides about their own account."""
    if act.actor is not None and act.actor == subject.person:
        return say("nobody decides this about themselves; let another keeper do it")
    return None


def _own_number(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """The number follows from what it is for, so that the database keeps it to one."""
    if subject.person is None:
        return say("say who joins")
    if subject.id != account_of(subject.person):
        return say("an account is opened through the bank, which gives it its number")
    states = {row[0] for row in facts.rows(ACCOUNT_OF, person=subject.person)}
    if states == {"closed"}:
        return say("they left; open their account again: linli bank rejoin")
    return say("they have an account already") if states or facts.rows(STATE_OF, id=subject.id) else None


def _not_closing(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody joins a bank that is about to be shut."""
    bank = bank_of(facts, subject.place)
    if bank is not None and bank.state == "closing":
        return say("the bank here is shut after {day}; nobody joins it any more", day=bank.last_day)
    return None


def _until_later(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("until is in the past") if subject.record.until < facts.today else None


# --- what follows ----------------------------------------------------------------------------------------


def _owner(subject: Subject, facts: Facts) -> UUID:
    assert subject.person is not None, "an account is somebody's"
    return facts.survivor(subject.person)


def _debts_end(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What is owed ends with the account."""
    owner = _owner(subject, facts)
    for unit in facts.settings(BankSettings).units:
        yield from given_up(debts(facts, owner, unit), owner, unit, "end", act.id)


def _carried(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """The account is at the other bank from now on; what it has, and what it owes, is worth what the rate says."""
    target, rate = UUID(str(act.value("carried_to"))), Decimal(str(act.value("worth")))
    place = facts.place(target)
    values = {
        "the_district": facts.district,
        "the_id": subject.id,
        "the_place": target,
        "the_compound": place.figures_at,
    }
    yield Change(write=Write(_MOVES_TO, values))
    owner = _owner(subject, facts)
    if not _is_where_they_are(subject, owner, facts):
        return
    for unit in facts.settings(BankSettings).units:
        yield from _at_rate(facts, owner, unit, rate, target)
        yield from _debts_at_rate(facts, owner, unit, rate, act.id)


def _is_where_they_are(subject: Subject, owner: UUID, facts: Facts) -> bool:
    """Whoever has two accounts, by a merge, has their points where they joined first: they are carried once."""
    rows = [row for row in facts.rows(ACCOUNT_OF, person=owner) if row[0] != "closed"]
    return not rows or min(rows, key=itemgetter(3, 4))[4] == subject.id


def _at_rate(facts: Facts, owner: UUID, unit: str, rate: Decimal, target: UUID) -> Iterable[Transfer]:
    """Whole points, rounded down. Only the difference is posted: the rest keeps its age."""
    have = facts.balance(owner, unit)
    worth = floor(have * rate)
    less, more = (owner, "expired"), (target, "issued")
    if worth != have:
        source, goes_to = ((owner, "free"), less) if worth < have else (more, (owner, "free"))
        amount = abs(worth - have)
        yield Transfer(unit=unit, amount=amount, source=source, target=goes_to, rule=f"bank:carried {unit}")


def _debts_at_rate(facts: Facts, owner: UUID, unit: str, rate: Decimal, act: UUID) -> Iterable[Transfer]:
    """Nobody comes to owe more by it."""
    owed = debts(facts, owner, unit) if facts.balance(owner, unit, OWED) else []
    total = sum(debt.amount for debt in owed)
    yield from given_up(most(owed, total - min(total, floor(total * rate))), owner, unit, "end", act)


def _people_moves() -> Iterable[Move]:
    """Who joins, is kept from earning and redeeming for a while, leaves and comes back."""
    yield Move(
        name="join",
        label="join",
        sources=(),
        to="open",
        by=OWN | KEEPER,
        checks=(_own_number, served_here, _not_closing),
    )
    yield Move(
        name="suspend",
        label="suspend",
        sources=("open", "suspended"),
        to="suspended",
        by=KEEPER,
        asks=(
            REASON,
            Ask(name="until", help="its last day; else until it is lifted", type=date, default=date.max),
            Ask(name="bars", help="from what", choices=BARS, default="both"),
        ),
        checks=(not_about_oneself, _until_later),
    )
    yield Move(
        name="resume",
        label="resume",
        sources=("suspended",),
        to="open",
        by=KEEPER,
        checks=(not_about_oneself,),
    )
    yield Move(
        name="close",
        label="leave",
        sources=("open",),
        to="closed",
        by=OWN | KEEPER,
        effects=(_debts_end,),
    )
    yield Move(
        name="rejoin",
        label="join again",
        sources=("closed",),
        to="open",
        by=OWN | KEEPER,
        checks=(served_here, _not_closing),
    )
    yield Move(
        name="carry",
        label="carried to another bank",
        sources=("open", "suspended"),
        to=None,
        by=ENGINE,
        asks=(Ask(name="carried_to", type=UUID), Ask(name="worth", type=Decimal)),
        effects=(_carried,),
    )


ACCOUNT = Workflow(
    name="bank_account",
    label="bank account",
    read_by=OWN | DESK,
    record=Member,
    states=(
        State("open", "open", seen_by=DESK, turn=NOBODY),
        State("suspended", "suspended", seen_by=DESK, turn=NOBODY),
        State("closed", "account closed", ends=("closed",), seen_by=DESK),
    ),
    moves=tuple(_people_moves()),
)
