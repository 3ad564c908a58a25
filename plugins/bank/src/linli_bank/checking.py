"""What contradicts itself in the [bank] table."""

from collections.abc import Iterable
from datetime import date

from linli import say
from linli.errors import Problem
from linli.i18n import Text, listed
from linli_bank.periods import SHORTEST
from linli_bank.settings import NO_POINTS, BankSettings, Ledger, Rule

# "bank:" goes before a rule's name where it is posted.
_LONGEST_NAME = 100
_LONGEST_UNIT = 40


def contradictions(settings: BankSettings) -> Iterable[Problem]:
    """Every contradiction, each with the setting that it is in."""
    for index, rule in enumerate(settings.rules):
        yield from _at(f"bank.rules[{index}]", _in_rule(rule))
        yield from _at(f"bank.rules[{index}]", _beside_others(rule, settings.rules[:index], settings))
    for index, ledger in enumerate(settings.ledgers):
        yield from _at(f"bank.ledgers[{index}]", _in_ledger(ledger))
        if ledger.unit in [one.unit for one in settings.ledgers[:index]]:
            what = say("{unit} has a ledger already", unit=ledger.unit)
            yield Problem(where=f"bank.ledgers[{index}].unit", what=what)
    yield from _of_breaches(settings)
    yield from _of_windows(settings)


def _at(where: str, found: Iterable[tuple[str, Text]]) -> Iterable[Problem]:
    for field, what in found:
        yield Problem(where=f"{where}.{field}", what=what)


# --- rules -------------------------------------------------------------------------------------------


def _beside_others(
    rule: Rule, earlier: tuple[Rule, ...], settings: BankSettings
) -> Iterable[tuple[str, Text]]:
    for other in earlier:
        if other.name == rule.name and _overlap(other, rule):
            yield "name", say("{name} is another rule's name", name=rule.name)
            break
    if settings.ledgers and rule.unit not in settings.units:
        yield (
            "unit",
            say("{unit} has no ledger; there are: {known}", unit=rule.unit, known=listed(settings.units)),
        )


def _overlap(one: Rule, other: Rule) -> bool:
    """A rule that changes keeps its name from the day on which its successor begins."""
    first = max(one.since or date.min, other.since or date.min)
    return first <= min(one.until or date.max, other.until or date.max)


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
    if {rule.act, *rule.earned_again_by} & {*rule.taken_back_by}:
        yield "taken_back_by", say("names the act that earns; nothing would ever be paid")
    yield from _in_unit(rule.unit)


def _in_unit(unit: str) -> Iterable[tuple[str, Text]]:
    if unit in NO_POINTS:
        yield (
            "unit",
            say(
                "{unit} are counted in the ledger already, and are no points; pay in something else",
                unit=unit,
            ),
        )
    elif not unit.strip() or len(unit) > _LONGEST_UNIT:
        yield "unit", say("must have 1 to {longest} characters", longest=_LONGEST_UNIT)


def _in_amounts(rule: Rule) -> Iterable[tuple[str, Text]]:
    if rule.per == "act":
        if rule.value:
            yield "value", say("is counted only where per is hour, minute or one")
        if rule.most_counted is not None:
            yield "most_counted", say("is counted only where per is hour, minute or one")
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


# --- ledgers, breaches, windows --------------------------------------------------------------------


def _in_ledger(ledger: Ledger) -> Iterable[tuple[str, Text]]:
    yield from _in_unit(ledger.unit)
    if (ledger.redemptions is None) != (ledger.redemptions_per is None):
        yield "redemptions", say("redemptions and redemptions_per go together")
    yield from _in_window(ledger)
    yield from _in_threshold(ledger)
    yield from _in_lists(ledger)


def _in_window(ledger: Ledger) -> Iterable[tuple[str, Text]]:
    if (ledger.window is None) != (ledger.window_days is None):
        yield "window", say("window and window_days go together")
    elif ledger.window is None and ledger.window_from != 1:
        yield "window_from", say("there is no window whose first day this could be")
    elif ledger.window:
        yield from _in_days(ledger, ledger.window_days or 0, SHORTEST[ledger.window])
    if ledger.window and ledger.opening:
        yield "opening", say("say either window or opening: redemption opens by itself, or by an approval")


def _in_days(ledger: Ledger, days: int, shortest: int) -> Iterable[tuple[str, Text]]:
    begins = ledger.window_from
    if not 1 <= abs(begins) <= shortest:
        yield (
            "window_from",
            say("is no day of every such period; write 1 to {most}, or -1 to -{most}", most=shortest),
        )
    elif days > (shortest - begins + 1 if begins > 0 else -begins):
        yield "window_days", say("the window would end after its period")


def _in_threshold(ledger: Ledger) -> Iterable[tuple[str, Text]]:
    if (ledger.threshold_of == "earned") != (ledger.threshold_period is not None):
        yield "threshold_period", say("goes together with threshold_of = earned")
    if ledger.threshold is None and (ledger.threshold_of != "free" or ledger.threshold_period):
        yield "threshold", say("is missing: how many points does whoever redeems need?")


def _in_lists(ledger: Ledger) -> Iterable[tuple[str, Text]]:
    if len(set(ledger.lists)) != len(ledger.lists):
        yield "lists", say("names a list twice")
    if "ineligible" not in ledger.lists:
        return
    if ledger.threshold is None:
        yield "lists", say("without a threshold nobody is ineligible; set threshold, or leave the list out")
    elif ledger.threshold_period and ledger.threshold_period != ledger.lists_every:
        yield (
            "lists_every",
            say("must be the period of the threshold: {period}", period=ledger.threshold_period),
        )


def _of_breaches(settings: BankSettings) -> Iterable[Problem]:
    names = [one.name for one in settings.breaches]
    for index, name in enumerate(names):
        where = f"bank.breaches[{index}].name"
        if not name.strip() or len(name) > _LONGEST_NAME:
            yield Problem(where=where, what=say("must have 1 to {longest} characters", longest=_LONGEST_NAME))
        if name in names[:index]:
            yield Problem(where=where, what=say("{name} is another breach's name", name=name))


def _of_windows(settings: BankSettings) -> Iterable[Problem]:
    if settings.windows_by == "meeting" and not any(one.opening for one in settings.ledgers):
        what = say("no ledger waits for an approval; set opening in one of bank.ledgers")
        yield Problem(where="bank.windows_by", what=what)
