"""What acts earn: the district's rules, applied."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import floor
from uuid import UUID
from zoneinfo import ZoneInfo

from linli import Act, Award, Cap, Facts, Subject, say
from linli.errors import Refused
from linli_bank.members import standing
from linli_bank.settings import BankSettings, Period, Rule


def earned(act: Act, subject: Subject | None, facts: Facts) -> Iterable[Award]:
    """Every award that the rules give for an act."""
    settings = facts.settings(BankSettings)
    for rule in settings.by_act.get(act.verb, ()):
        day = act.at.astimezone(ZoneInfo(facts.calendar.timezone)).date()
        if _holds(rule, day) and _fits(rule, act, subject):
            for payee in _payees(rule, act, subject):
                yield from _award(rule, settings, act, subject, payee, day, facts)


def _holds(rule: Rule, day: date) -> bool:
    return (rule.since or date.min) <= day <= (rule.until or date.max)


def _fits(rule: Rule, act: Act, subject: Subject | None) -> bool:
    return all(str(_value(name, act, subject)) == wanted for name, wanted in rule.where.items())


def _value(name: str, act: Act, subject: Subject | None) -> object:
    """A value of the act, or else of what it was done to."""
    given = act.value(name)
    if given is None and subject is not None:
        return getattr(subject.record, name, None)
    return given


def _payees(rule: Rule, act: Act, subject: Subject | None) -> tuple[UUID, ...]:
    if rule.pays == "actor":
        return (act.actor,) if act.actor else ()
    if rule.pays == "person":
        return (act.person,) if act.person else ()
    return subject.hands.moves.get(rule.pays, ()) if subject else ()


def _award(
    rule: Rule,
    settings: BankSettings,
    act: Act,
    subject: Subject | None,
    payee: UUID,
    day: date,
    facts: Facts,
) -> Iterable[Award]:
    how = standing(facts, payee)
    if how.suspended or (settings.members_only and how.place is None):
        return
    points = _points(rule, settings, act, subject, _times(rule, payee, facts))
    issuer = None if act.place else how.place
    if points > 0 and (act.place or issuer):
        cap = (
            Cap(most=rule.cap, period=period(rule.cap_period, day)) if rule.cap and rule.cap_period else None
        )
        yield Award(
            person=payee, points=points, rule=f"bank:{rule.name}", unit=rule.unit, issuer=issuer, cap=cap
        )


def _points(rule: Rule, settings: BankSettings, act: Act, subject: Subject | None, times: Fraction) -> int:
    """Whole points. In fractions: a third of an hour at three an hour is one point, not 0.999…"""
    exact = Fraction(rule.points) * _quantity(rule, act, subject) * times
    if rule.most_per_act is not None:
        exact = min(exact, Fraction(rule.most_per_act))
    return floor(exact if settings.rounding == "down" else exact + Fraction(1, 2))


def _quantity(rule: Rule, act: Act, subject: Subject | None) -> Fraction:
    """How many hours, minutes or pieces; 1 where each act counts; 0 where the act does not say."""
    if rule.per == "act":
        return Fraction(1)
    value = _value(rule.value, act, subject)
    if value is None:
        return Fraction(0)
    number = _number(rule, value)
    if rule.per == "one" or f"{rule.per}s" == rule.value_in:
        return number
    return number / 60 if rule.per == "hour" else number * 60


def _number(rule: Rule, value: object) -> Fraction:
    try:
        return max(Fraction(Decimal(str(value))), Fraction(0))
    except (InvalidOperation, ValueError, OverflowError):
        raise Refused(
            say("rule {rule} counts {value}, which is no number here", rule=rule.name, value=rule.value)
        ) from None


def _times(rule: Rule, payee: UUID, facts: Facts) -> Fraction:
    """What the payee's roles multiply by: the highest that the rule names, 1 without one."""
    if not rule.roles:
        return Fraction(1)
    found = [Fraction(rule.roles[post.role]) for post in facts.posts(payee) if post.role in rule.roles]
    return max(found, default=Fraction(1))


def period(kind: Period, day: date) -> str:
    """What the period that `day` is in is called: "2026-11-22", "2026-W47", "2026-11", "2026-Q4", "2026"."""
    week = day.isocalendar()
    names = {
        "day": day.isoformat(),
        "week": f"{week.year}-W{week.week:02}",
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": str(day.year),
        "ever": "ever",
    }
    return names[kind]
