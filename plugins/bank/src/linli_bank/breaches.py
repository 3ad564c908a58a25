"""Breaches (违规): what lowers a person's earnings for a time, once a second person has confirmed it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import prod
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import (
    ENGINE,
    NOBODY,
    OWN,
    Act,
    Ask,
    Clock,
    Facts,
    Limit,
    Move,
    State,
    Subject,
    Workflow,
    codec,
    say,
)
from linli.errors import Refused
from linli.i18n import Text, listed
from linli.lookups import ever
from linli.store import Read
from linli.store import tables as t
from linli.workflow import REASON
from linli_bank.banks import DESK, MANAGER
from linli_bank.members import not_about_oneself, standing
from linli_bank.settings import BankSettings

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
BREACHES_OF = Read(
    select(_s.accepted_at, _s.ended_at, _s.record).where(
        _s.district == _d,
        ever(_s.person),
        _s.kind == "breach",
        _s.accepted_at.is_not(None),
    )
)


@attrs.frozen(kw_only=True)
class Breached:
    """What is kept with a breach: which kind it is, and what that meant when it was reported.

    Attributes:
        factor: what is earned is multiplied by it while the breach stands, 0 to 1.
        days: how long it stands once it is confirmed.
    """

    kind: str
    factor: Decimal
    days: int


def factor_of(facts: Facts, person: UUID) -> Fraction:
    """The factors of all breaches of a person that stand at the moment of the act, multiplied."""
    rows = facts.rows(BREACHES_OF, person=person)
    found = ((since, until, codec.decoder(Breached)(record)) for since, until, record in rows)
    return prod(
        (Fraction(one.factor) for since, until, one in found if _stands(since, until, one, facts.at)),
        start=Fraction(1),
    )


def _stands(since: datetime, until: datetime | None, breach: Breached, at: datetime) -> bool:
    """However late a worker ends it: it ends when its days are over."""
    over = since + timedelta(days=breach.days)
    return since <= at < min(until or over, over)


def _of_its_kind(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """What the breach means by the district's settings of today: a later change of them changes nothing."""
    settings = facts.settings(BankSettings)
    kind = settings.breach(str(values.get("kind", "")))
    if kind is None:
        known = listed(one.name for one in settings.breaches)
        raise Refused(say("the district knows no such breach; it knows: {known}", known=known))
    return {"factor": kind.factor, "days": kind.days}


def _as_the_district_says(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    kind = facts.settings(BankSettings).breach(subject.record.kind)
    if kind and (subject.record.factor, subject.record.days) == (kind.factor, kind.days):
        return None
    return say("factor and days are the district's; leave them out")


def _of_a_member(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.person is None or standing(facts, subject.person).place is None:
        return say("they have no account with the bank; open one first: linli bank join")
    return None


def by_a_second_person(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody can tell whether the console is another person than who began it."""
    return say("say who decides it: --as PERSON") if act.actor is None else None


def _days(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=timedelta(days=subject.record.days))


def decide_within(subject: Subject, facts: Facts) -> Limit:
    """How long what waits for a decision may wait until the ladder hears of it."""
    return Limit(span=facts.settings(BankSettings).confirm_within)


def _time_is_up(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if before.clocks["stands"].step else say("its days are not over")


def _decisions() -> Iterable[Move]:
    yield Move(
        name="confirm",
        label="confirm the breach",
        sources=("reported",),
        to="standing",
        by=DESK,
        apart_from=("report",),
        checks=(by_a_second_person, not_about_oneself),
    )
    yield Move(
        name="dismiss",
        label="dismiss the report",
        sources=("reported",),
        to="dismissed",
        by=DESK,
        asks=(REASON,),
        checks=(not_about_oneself,),
    )
    yield Move(
        name="lift",
        label="lift the breach",
        sources=("standing",),
        to="lifted",
        by=MANAGER,
        asks=(REASON,),
        checks=(not_about_oneself,),
    )


BREACH = Workflow(
    name="breach",
    label="breach",
    read_by=OWN | DESK,
    record=Breached,
    told_by=("kind",),
    accepted_in="standing",
    holds_person=True,
    states=(
        State("reported", "breach reported", seen_by=DESK),
        State("standing", "breach stands", seen_by=DESK, turn=NOBODY),
        State("dismissed", "report dismissed", ends=("dismissed",), seen_by=DESK),
        State("lifted", "breach lifted", ends=("lifted",), seen_by=DESK),
        State("over", "breach is over", ends=("over",), seen_by=DESK),
    ),
    moves=(
        Move(
            name="report",
            label="report a breach",
            sources=(),
            to="reported",
            by=DESK,
            fills=(_of_its_kind,),
            asks=(
                Ask(name="kind", help="which kind, by the district's settings", longest=100),
                REASON,
                Ask(name="factor", type=Decimal, computed=True),
                Ask(name="days", type=int, computed=True),
            ),
            checks=(_as_the_district_says, _of_a_member, not_about_oneself),
        ),
        *_decisions(),
        Move(name="end", sources=("standing",), to="over", by=ENGINE, checks=(_time_is_up,)),
    ),
    clocks=(
        Clock(name="decision", runs_in=("reported",), limit=decide_within),
        Clock(name="stands", runs_in=("standing",), limit=_days, then="end"),
    ),
)
