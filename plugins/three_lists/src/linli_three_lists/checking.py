"""What contradicts itself in the [three_lists] table."""

from collections.abc import Collection, Iterable, Sequence

from linli import say
from linli.errors import Problem
from linli.i18n import Text
from linli_three_lists.settings import MatchRule, Rung, ThreeListsSettings

# The core puts the plugin's name before the rule's where it is kept.
_LONGEST_NAME = 60


def contradictions(settings: ThreeListsSettings) -> Iterable[Problem]:
    """Every contradiction, each with the setting that it is in."""
    for where, what in (*_in_rules(settings.rules), *_in_ladder(settings.ladder), *_in_ratings(settings)):
        yield Problem(where=f"three_lists.{where}", what=what)


def unserved(settings: ThreeListsSettings, codes: Collection[str]) -> Iterable[Problem]:
    """Rules that name a service which the catalogue does not have: what they match would be refused."""
    for index, rule in enumerate(settings.rules):
        if rule.service not in codes:
            what = say("there is no service {service} in [[dispatch.services]]", service=rule.service)
            yield Problem(where=f"three_lists.rules[{index}].service", what=what)


def _in_rules(rules: Sequence[MatchRule]) -> Iterable[tuple[str, Text]]:
    yield from _twice("rules", [rule.name for rule in rules])
    for index, rule in enumerate(rules):
        for field, what in _in_rule(rule):
            yield f"rules[{index}].{field}", what
    for index, rule in enumerate(rules[:-1]):
        if rule.always:
            yield f"rules[{index}]", say("has no condition, so that no rule after it is ever asked")


def _in_rule(rule: MatchRule) -> Iterable[tuple[str, Text]]:
    if not rule.name.strip() or len(rule.name) > _LONGEST_NAME:
        yield "name", say("must have 1 to {longest} characters", longest=_LONGEST_NAME)
    for field in ("words", "and_words", "unless", "categories"):
        words: tuple[str, ...] = getattr(rule, field)
        if not all(word.strip() for word in words):
            yield field, say("has an empty word, which is in every text; take it out")
    if rule.after is not None and rule.after == rule.before:
        yield "before", say("is the same as after: the rule would never hold")


def _in_ladder(ladder: Sequence[Rung]) -> Iterable[tuple[str, Text]]:
    yield from _twice("ladder", [rung.name for rung in ladder])
    if not ladder:
        yield "ladder", say("has no rung: what is late would go unheard; give at least one")
    for index, rung in enumerate(ladder):
        if not rung.roles:
            yield f"ladder[{index}].roles", say("names no role: nobody would hear")
    whistles = [index for index, rung in enumerate(ladder) if rung.whistle]
    for index in whistles[1:]:
        yield f"ladder[{index}].whistle", say("another rung considers the whistle already; keep one")


def _in_ratings(settings: ThreeListsSettings) -> Iterable[tuple[str, Text]]:
    if settings.call_back_to >= settings.satisfied_from:
        yield "call_back_to", say("whoever is satisfied would be called back; give less than satisfied_from")


def _twice(where: str, names: Sequence[str]) -> Iterable[tuple[str, Text]]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield f"{where}[{index}].name", say("{name} is another one's name", name=name)
