"""What contradicts itself in the [bank] table."""

from collections.abc import Iterable

from linli import say
from linli.errors import Problem
from linli.i18n import Text
from linli_bank.gifts import PIECES
from linli_bank.settings import BankSettings, Rule

# "bank:" goes before a rule's name where it is posted.
_LONGEST_NAME = 100


def contradictions(settings: BankSettings) -> Iterable[Problem]:
    """Every contradiction, each with the setting that it is in."""
    names = [rule.name for rule in settings.rules]
    for index, rule in enumerate(settings.rules):
        where = f"bank.rules[{index}]"
        if rule.name in names[:index]:
            yield Problem(where=f"{where}.name", what=say("{name} is another rule's name", name=rule.name))
        for field, what in _in_rule(rule):
            yield Problem(where=f"{where}.{field}", what=what)


def _in_rule(rule: Rule) -> Iterable[tuple[str, Text]]:
    yield from _in_words(rule)
    yield from _in_amounts(rule)
    yield from _in_cap(rule)
    if rule.since and rule.until and rule.since > rule.until:
        yield "since", say("is after until: the rule would never hold")


def _in_words(rule: Rule) -> Iterable[tuple[str, Text]]:
    if not rule.name.strip() or len(rule.name) > _LONGEST_NAME:
        yield "name", say("must have 1 to {longest} characters", longest=_LONGEST_NAME)
    kind, _, move = rule.act.partition(".")
    if not kind or not move:
        yield "act", say('names no act; write a kind and a move: "task.confirm"')
    if rule.unit == PIECES:
        yield "unit", say("{unit} is what gifts are counted in; pay in something else", unit=PIECES)


def _in_amounts(rule: Rule) -> Iterable[tuple[str, Text]]:
    if rule.per == "act":
        if rule.value:
            yield "value", say("is counted only where per is hour, minute or one")
        if rule.points != int(rule.points) and not rule.roles:
            yield "points", say("must be whole where each act earns the same")
        if rule.most_per_act is not None and rule.most_per_act < rule.points:
            yield "most_per_act", say("is less than what every act earns")
    elif not rule.value:
        yield "value", say("is missing: which value of the act has the {per}s?", per=rule.per)


def _in_cap(rule: Rule) -> Iterable[tuple[str, Text]]:
    if (rule.cap is None) != (rule.cap_period is None):
        yield "cap", say("cap and cap_period go together")
    if rule.cap is not None and rule.per == "act" and rule.cap < rule.points:
        yield "cap", say("is less than what one act earns")
