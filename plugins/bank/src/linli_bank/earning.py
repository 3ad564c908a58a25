"""What acts earn: the district's rules, applied."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import floor
from uuid import UUID

import attrs

from linli import AnyAct, Award, Cap, Facts, Invalid, PersonId, Refused, query
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


def earned(t: AnyAct, *, confirm: bool) -> Iterable[Earned]:
    """Everything that the rules give for an act, by the rules that hold on its day.

    Args:
        confirm: by those that somebody must confirm, or by those that pay at once.
    """
    for rule in t.settings(BankSettings).by_act.get(t.verb, ()):
        if rule.confirm is confirm and rule.holds_on(t.today) and _fits(rule, t):
            for payee in _payees(rule, t):
                yield from _earned_by(rule, payee, t)


def _fits(rule: Rule, t: AnyAct) -> bool:
    return all(str(_value(name, t)) == wanted for name, wanted in rule.where.items())


def _value(name: str, t: AnyAct) -> object:
    """A value of the act, or else of what it was done to."""
    given = t.act.value(name)
    if given is None and t.after is not None:
        return getattr(t.after.record, name, None)
    return given


def _payees(rule: Rule, t: AnyAct) -> tuple[PersonId, ...]:
    if rule.pays == "actor":
        return (t.actor,) if t.actor else ()
    if rule.pays == "person":
        return (t.person,) if t.person else ()
    return t.after.made_by_name(rule.pays) if t.after else ()


def _earned_by(rule: Rule, payee: UUID, t: AnyAct) -> Iterable[Earned]:
    facts, where = t.facts, t.act.place
    # Asked at once what is asked in any case: where they joined, who they are now, where it was.
    facts.fetch([accounts_of(payee), survivor(payee), *([place(where)] if where else [])])
    settings, how = t.settings(BankSettings), standing(facts, payee)
    if "earn" in how.barred or (settings.members_only and how.place is None):
        return
    bank = paying(rule, t, how.place)
    if bank is None:
        return
    worth = _points(rule, settings, t, _times(rule, payee, facts))
    points = worth - never_came_back(rule, payee, t)
    if points > 0:
        yield Earned(
            award=Award(
                person=payee,
                points=points,
                rule=f"bank:{rule.name}",
                unit=rule.unit,
                issuer=bank,
                cap=Cap(most=rule.cap, period=period(rule.cap_period, t.today))
                if rule.cap and rule.cap_period
                else None,
            ),
            place=bank,
            day=t.today,
        )


def _points(rule: Rule, settings: BankSettings, t: AnyAct, times: Fraction) -> int:
    """Whole points, rounded once. In fractions: a third of an hour at three an hour is one, not 0.999…"""
    exact = Fraction(rule.points) * _counted(rule, t) * times
    if rule.most_per_act is not None:
        exact = min(exact, Fraction(rule.most_per_act))
    return floor(exact if settings.rounding == "down" else exact + Fraction(1, 2))


def _counted(rule: Rule, t: AnyAct) -> Fraction:
    found = _quantity(rule, t)
    return found if rule.most_counted is None else min(found, Fraction(rule.most_counted))


def _quantity(rule: Rule, t: AnyAct) -> Fraction:
    """How many hours, minutes or pieces; 1 where each act counts; 0 where the act does not say."""
    if rule.per == "act":
        return Fraction(1)
    value = _value(rule.value, t)
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
