"""What people call the rule of a posting: what linli itself moves units for is said in words."""

import re
from collections.abc import Mapping

from linli._base.i18n import Text, say

WORDS = ("held", "spent", "given back", "expired")

# The rules of `linli._engine.quotas`, `linli._verbs.award.holding` and `linli._verbs.award.expiring`.
_MOVED: Mapping[str, str] = {"hold": "held", "spend": "spent", "release": "given back", "expiry": "expired"}
_OF_A_QUOTA = re.compile(r"(hold|spend|release|expiry)(?: [a-z_]+)?")
# The rules of `linli._verbs.award.reversing` and `linli._ledger.owing`: by what was done, what is said of a rule.
_CORRECTED = re.compile(r"(reverse|lapse|owe|settle|paid|waive|end) (.*) of [0-9a-f-]{36}(?: [0-9a-f]{32})?")
_OF_A_PLUGIN = re.compile(r"[a-z_]+:(?=\S)")


def rule_label(rule: str) -> Text:
    """A posting's rule as a statement shows it: a district's own, and a plugin's, are called what they are."""
    moved = _OF_A_QUOTA.fullmatch(rule)
    if moved:
        return say(_MOVED[moved[1]])
    put_right = _CORRECTED.fullmatch(rule)
    if put_right:
        return _corrected(put_right[1], rule_label(put_right[2]))
    if rule.startswith("merge:"):
        return say("from a record that was merged")
    return Text(_OF_A_PLUGIN.sub("", rule, count=1))


def _corrected(what: str, rule: Text) -> Text:
    if what in ("settle", "paid"):
        return say("settles what was owed: {rule}", rule=rule)
    if what == "owe":
        return say("owed: {rule}", rule=rule)
    if what in ("waive", "end"):
        return say("owed no more: {rule}", rule=rule)
    return say("taken back: {rule}", rule=rule)
