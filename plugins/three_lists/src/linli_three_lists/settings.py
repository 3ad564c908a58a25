"""What a district decides about needs, services and tasks."""

from collections.abc import Iterable
from datetime import time, timedelta
from typing import Literal

import attrs

from linli import Text, say, setting

Compound = Literal["old", "commercial", "courtyard"]
Format = Literal["jpeg", "png", "webp", "heic", "pdf"]


@attrs.frozen(kw_only=True)
class MatchRule:
    """Which needs go to a service. Every condition that is given must hold; of its words, one."""

    # The core puts the plugin's name before it where it is kept.
    name: str = setting(help="its name in the record; never change it", longest=60)
    service: str = setting(help="the code of a service of [dispatch]")
    words: tuple[str, ...] = setting((), "one of these is in what the resident wrote")
    and_words: tuple[str, ...] = setting((), "one of these is in it too: what happened to it")
    unless: tuple[str, ...] = setting((), "none of these is in what the resident wrote, nor in the category")
    categories: tuple[str, ...] = setting((), "one of these is in the category")
    compounds: tuple[Compound, ...] = setting((), "it is in a compound of one of these kinds")
    after: time | None = setting(None, "it is this time of day or later", unit="time of day")
    before: time | None = setting(
        None,
        "it is earlier than this time of day; past midnight where that is before `after`",
        unit="time of day",
    )

    @property
    def always(self) -> bool:
        """Whether it has no condition."""
        conditions = (self.words, self.and_words, self.unless, self.categories, self.compounds)
        return not (any(conditions) or self.after or self.before)

    def problems(self) -> Iterable[tuple[str, Text]]:
        """Conditions that always hold, or never."""
        for field in ("words", "and_words", "unless", "categories"):
            if not all(word.strip() for word in getattr(self, field)):
                yield field, say("has an empty word, which is in every text; take it out")
        if self.after is not None and self.after == self.before:
            yield "before", say("is the same as after: the rule would never hold")


@attrs.frozen(kw_only=True)
class Rung:
    """Who hears of what is late, and when whoever comes after them does."""

    name: str = setting(help="its name in the record: branch, street")
    roles: tuple[str, ...] = setting(
        help="who hears: the first role that somebody has, the nearest by", filled=True
    )
    tier: str = setting("", "only at a place of this kind: street, district; empty: any")
    again: timedelta = setting(
        timedelta(hours=4),
        "how long until the rung after it hears, in the hours that the deadline counts in",
        least=timedelta(minutes=1),
    )
    whistle: bool = setting(False, "whether a whistle is proposed to it, where one can be blown")


_LADDER = (
    Rung(name="steward", roles=("steward", "property_manager")),
    Rung(name="branch", roles=("branch_secretary",)),
    Rung(name="street", roles=("officer",), tier="street", whistle=True),
    Rung(name="district", roles=("officer", "district_officer"), tier="district"),
)


@attrs.frozen(kw_only=True)
class ThreeListsSettings:
    """The [three_lists] table of a district's file."""

    rules: tuple[MatchRule, ...] = setting(
        (), "which need goes to which service: the first fits", each_once="name"
    )
    ladder: tuple[Rung, ...] = setting(
        _LADDER, "who hears, one after the other, of what is late", filled=True, each_once="name"
    )
    urges_a_day: int = setting(2, "how often a request can be urged on one day", unit="times", least=0)
    duplicate_days: int = setting(
        7, "how far apart two requests about one thing come at most", unit="days", least=0
    )
    duplicate_likeness: int = setting(
        40,
        "how alike two descriptions are at least, where no word of the rules is in both",
        unit="percent",
        least=1,
        most=100,
    )
    rate_days: int = setting(30, "how long after closing the feedback can be rated", unit="days", least=1)
    satisfied_from: int = setting(3, "the least rating that counts as satisfied, of 1 to 5", least=1, most=5)
    call_back_to: int = setting(
        2, "the best rating after which the desk is told to call back; 0: never", least=0, most=5
    )
    evidence_most: int = setting(9, "how many files a request has at most", unit="files", least=0)
    evidence_megabytes: int = setting(10, "how big a file is at most", unit="megabytes", least=1, most=50)
    evidence_megapixels: int = setting(
        50, "how big a picture is at most", unit="megapixels", least=1, most=200
    )
    evidence_formats: tuple[Format, ...] = setting(
        ("jpeg", "png", "webp", "heic", "pdf"), "what files may be, by their content"
    )

    def problems(self) -> Iterable[tuple[str, Text]]:
        """What contradicts itself."""
        for index, rule in enumerate(self.rules[:-1]):
            if rule.always:
                yield f"rules[{index}]", say("has no condition, so that no rule after it is ever asked")
        whistles = [index for index, rung in enumerate(self.ladder) if rung.whistle]
        for index in whistles[1:]:
            yield f"ladder[{index}].whistle", say("another rung considers the whistle already; keep one")
        if self.call_back_to >= self.satisfied_from:
            yield (
                "call_back_to",
                say("whoever is satisfied would be called back; give less than satisfied_from"),
            )
