"""What acts earn: the district's rules, applied."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import floor
from uuid import UUID

import attrs

from linli import Act, Award, Cap, Facts, Invalid, Refused, StoredSubject, query
from linli.query import place, survivor
from linli_bank.breaches import factor_of
from linli_bank.members import accounts_of, standing
from linli_bank.periods import period
from linli_bank.served import paying
from linli_bank.settings import BankSettings, Rule
from linli_bank.taking_back import never_came_back


@attrs.frozen(kw_only=True)
class Earned:
    """What a rule gives somebody for an act.

    Attributes:
        place: whose bank gives it: where the act was, not where whoever earns has their account.
        day: of the act, in the district's zone.
    """

    award: Award
    place: UUID
    day: date


def earned(act: Act, subject: StoredSubject | None, facts: Facts, *, confirm: bool) -> Iterable[Earned]:
    """Everything that the rules give for an act, by the rules that hold on its day.

    Args:
        confirm: by those that somebody must confirm, or by those that pay at once.
    """
    rules = facts.settings(BankSettings).by_act.get(act.verb)
    if not rules:
        return
    day = facts.calendar.day_of(act.at)
    for rule in rules:
        if rule.confirm is confirm and rule.holds_on(day) and _fits(rule, act, subject):
            for payee in _payees(rule, act, subject):
                yield from _earned_by(rule, payee, act, subject, day, facts)


def _fits(rule: Rule, act: Act, subject: StoredSubject | None) -> bool:
    return all(str(_value(name, act, subject)) == wanted for name, wanted in rule.where.items())


def _value(name: str, act: Act, subject: StoredSubject | None) -> object:
    """A value of the act, or else of what it was done to."""
    given = act.value(name)
    if given is None and subject is not None:
        return getattr(subject.record, name, None)
    return given


def _payees(rule: Rule, act: Act, subject: StoredSubject | None) -> tuple[UUID, ...]:
    if rule.pays == "actor":
        return (act.actor,) if act.actor else ()
    if rule.pays == "person":
        return (act.person,) if act.person else ()
    return subject.hands.moves.get(rule.pays, ()) if subject else ()


def _earned_by(
    rule: Rule, payee: UUID, act: Act, subject: StoredSubject | None, day: date, facts: Facts
) -> Iterable[Earned]:
    # Asked at once what is asked in any case: where they joined, who they are now, where it was.
    facts.fetch([accounts_of(payee), survivor(payee), *([place(act.place)] if act.place else [])])
    settings, how = facts.settings(BankSettings), standing(facts, payee)
    if "earn" in how.barred or (settings.members_only and how.place is None):
        return
    bank = paying(rule, act, subject, how.place, facts)
    if bank is None:
        return
    worth = _points(rule, settings, act, subject, _times(rule, payee, facts))
    points = worth - never_came_back(rule, payee, act, subject, facts)
    if points > 0:
        yield Earned(
            award=Award(
                person=payee,
                points=points,
                rule=f"bank:{rule.name}",
                unit=rule.unit,
                issuer=bank,
                cap=Cap(most=rule.cap, period=period(rule.cap_period, day))
                if rule.cap and rule.cap_period
                else None,
            ),
            place=bank,
            day=day,
        )


def _points(
    rule: Rule, settings: BankSettings, act: Act, subject: StoredSubject | None, times: Fraction
) -> int:
    """Whole points, rounded once. In fractions: a third of an hour at three an hour is one, not 0.999…"""
    exact = Fraction(rule.points) * _counted(rule, act, subject) * times
    if rule.most_per_act is not None:
        exact = min(exact, Fraction(rule.most_per_act))
    return floor(exact if settings.rounding == "down" else exact + Fraction(1, 2))


def _counted(rule: Rule, act: Act, subject: StoredSubject | None) -> Fraction:
    found = _quantity(rule, act, subject)
    return found if rule.most_counted is None else min(found, Fraction(rule.most_counted))


def _quantity(rule: Rule, act: Act, subject: StoredSubject | None) -> Fraction:
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


class NoNumberCounted(Invalid, says="rule {rule} counts {value}, which is no number here"):
    rule: str
    value: str
    field: str = "value"


def _number(rule: Rule, value: object) -> Fraction:
    try:
        return max(Fraction(Decimal(str(value))), Fraction(0))
    except (InvalidOperation, ValueError, OverflowError):
        raise Refused(NoNumberCounted(rule=rule.name, value=rule.value)) from None


def _times(rule: Rule, payee: UUID, facts: Facts) -> Fraction:
    """The highest multiplier of the payee's roles, 1 without one; times what their breaches leave of it."""
    posts = facts.get(query.posts(payee)) if rule.roles else ()
    times = max(
        (Fraction(rule.roles[post.role]) for post in posts if post.role in rule.roles), default=Fraction(1)
    )
    return times * factor_of(facts, payee) if _lowered(rule, facts) else times


def _lowered(rule: Rule, facts: Facts) -> bool:
    return rule.breaches and bool(facts.settings(BankSettings).breaches)
