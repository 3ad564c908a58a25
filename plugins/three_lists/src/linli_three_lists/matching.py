"""Matching a need to a service: an ordered list of rules, the first that holds wins."""

from collections.abc import Callable, Iterable
from datetime import time
from unicodedata import normalize

import attrs

from linli import Facts, query
from linli.hooks import Matched, Wanted
from linli_three_lists.settings import MatchRule, ThreeListsSettings


@attrs.frozen(kw_only=True)
class Need:
    """What rules are judged on.

    Attributes:
        said: what the resident wrote, read only where a rule asks for its words.
        compound: the kind of compound that it is in; empty where it is in none.
        clock: the time of day in the district's zone.
    """

    category: str
    said: Callable[[], str] = attrs.field(repr=False)
    compound: str
    clock: time


def plain(text: str) -> str:
    """A text as words are looked for in it: widths and cases do not matter."""
    return normalize("NFKC", text).casefold()


def first_rule(rules: Iterable[MatchRule], need: Need) -> MatchRule | None:
    """The first rule whose every condition holds."""
    return next((rule for rule in rules if _holds(rule, need)), None)


def _holds(rule: MatchRule, need: Need) -> bool:
    return (
        (not rule.compounds or need.compound in rule.compounds)
        and (not rule.categories or _has(rule.categories, need.category))
        and _at_time(rule, need.clock)
        and (not rule.words or _has(rule.words, need.said()))
        and (not rule.and_words or _has(rule.and_words, need.said()))
        and not (rule.unless and _has(rule.unless, f"{need.category}\n{need.said()}"))
    )


def _has(words: Iterable[str], text: str) -> bool:
    found = plain(text)
    return any(plain(word) in found for word in words)


def _at_time(rule: MatchRule, clock: time) -> bool:
    after, before = rule.after or time.min, rule.before
    if before is None:
        return clock >= after
    return after <= clock < before if after < before else clock >= after or clock < before


def need_of(wanted: Wanted, facts: Facts, said: Callable[[], str]) -> Need:
    """What a request wants, as rules see it."""
    compound = facts.get(query.place(facts.get(query.place(wanted.place)).reporting_place))
    return Need(
        category=wanted.category,
        said=said,
        compound=str(compound.record.get("kind", "")),
        clock=facts.at.astimezone(facts.calendar.zone).time(),
    )


def matched(wanted: Wanted, facts: Facts, said: Callable[[], str] | None = None) -> Matched | None:
    """The service of the first rule that holds; the answer names the rule, never what was written.

    Args:
        said: what the resident wrote, where it is in no request yet.
    """
    rules = facts.settings(ThreeListsSettings).rules
    rule = first_rule(rules, need_of(wanted, facts, said or (lambda: _written(wanted, facts))))
    return Matched(service=rule.service, rule=rule.name) if rule else None


def _written(wanted: Wanted, facts: Facts) -> str:
    return (facts.said(wanted.request, "description") or "") if wanted.request else ""
