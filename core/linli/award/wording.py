"""What people call the rule of a posting: what linli itself moves units for is said in words."""

import re
from collections.abc import Mapping

from linli.i18n import Text, say

WORDS = ("held", "spent", "given back", "expired")

# The rules of `linli.engine.quotas`, `linli.award.holding` and `linli.award.expiring`.
_MOVED: Mapping[str, str] = {"hold": "held", "spend": "spent", "release": "given back", "expiry": "expired"}
_OF_A_QUOTA = re.compile(r"(hold|spend|release|expiry)(?: [a-z_]+)?")
_REVERSED = re.compile(r"reverse (.*) of [0-9a-f-]{36}")


def rule_label(rule: str) -> Text:
    """A posting's rule as a statement shows it: a district's own, and a plugin's, are called what they are."""
    moved = _OF_A_QUOTA.fullmatch(rule)
    if moved:
        return say(_MOVED[moved[1]])
    back = _REVERSED.fullmatch(rule)
    if back:
        return say("taken back: {rule}", rule=rule_label(back[1]))
    if rule.startswith("merge:"):
        return say("from a record that was merged")
    return Text(rule)
