"""A compound's bank, and the accounts of those who joined it."""

from collections.abc import Iterable
from datetime import date
from operator import itemgetter
from uuid import UUID, uuid5

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import OWN, Act, Ask, Facts, Move, State, Subject, Workflow, codec, has_post, say
from linli.i18n import Text
from linli.store import Read
from linli.store import tables as t

KEEPER = has_post("bank_keeper", "clerk")
MANAGER = has_post("officer", "administrator")
# Whoever runs a bank and sees what its members have.
DESK = KEEPER | MANAGER
REASON = Ask(name="reason", help="why", private=True)
BARS = ("both", "earn", "redeem")

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
ACCOUNT_OF = Read(
    select(_s.state, _s.place, _s.record, _s.opened_at).where(
        _s.district == _d, _s.person == bindparam("person"), _s.kind == "bank_account"
    )
)
STATE_OF = Read(select(_s.state).where(_s.district == _d, _s.id == bindparam("id")))


def bank_at(place: UUID) -> UUID:
    """The number of a place's bank: a place has at most one."""
    return uuid5(place, "bank")


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
    members = [codec.decoder(Member)(record) for state, _, record, _ in rows if state == "suspended"]
    return Standing(place=min(rows, key=itemgetter(3))[1], barred=barred(members, facts.today))


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


def _runs_here(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """At the place or at one above it."""
    places = facts.place(subject.place).path
    # A bank keeps the number that it was opened under, when its place has become part of another.
    numbers = [one for place in places for one in sorted(facts.identities(place))]
    banks = facts.all([(STATE_OF, {"id": bank_at(one)}) for one in numbers])
    if any(state == "open" for rows in banks for (state,) in rows):
        return None
    return say("no organisation runs a bank here; open it first: linli bank open")


def _one_a_place(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.id != bank_at(subject.place):
        return say("a bank is opened through the bank's desk, which gives it its number")
    return say("there is a bank here already") if facts.rows(STATE_OF, id=subject.id) else None


def _run_by_somebody(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if any(body.kind == "volunteer_organisation" for body in facts.bodies_at(subject.place)):
        return None
    return say("no volunteer organisation is there to run it; register it first: linli organisation add")


def _until_later(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("until is in the past") if subject.record.until < facts.today else None


def _people_moves() -> Iterable[Move]:
    """Who joins, is kept from earning and redeeming for a while, leaves and comes back."""
    yield Move(
        name="join", label="join", sources=(), to="open", by=OWN | KEEPER, checks=(_own_number, _runs_here)
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
    yield Move(name="close", label="leave", sources=("open",), to="closed", by=OWN | KEEPER)
    yield Move(name="rejoin", label="join again", sources=("closed",), to="open", by=OWN | KEEPER)


ACCOUNT = Workflow(
    name="bank_account",
    label="bank account",
    read_by=OWN | DESK,
    record=Member,
    states=(
        State("open", "open", seen_by=DESK),
        State("suspended", "suspended", seen_by=DESK),
        State("closed", "account closed", ends=("closed",), seen_by=DESK),
    ),
    moves=tuple(_people_moves()),
)

BANK = Workflow(
    name="bank",
    label="bank",
    read_by=DESK,
    states=(State("open", "open"), State("closed", "shut", ends=("closed",))),
    moves=(
        Move(
            name="open",
            label="open",
            sources=(),
            to="open",
            by=MANAGER,
            checks=(_one_a_place, _run_by_somebody),
        ),
        Move(name="close", label="shut", sources=("open",), to="closed", by=MANAGER, asks=(REASON,)),
        Move(
            name="reopen",
            label="open again",
            sources=("closed",),
            to="open",
            by=MANAGER,
            checks=(_run_by_somebody,),
        ),
    ),
)
