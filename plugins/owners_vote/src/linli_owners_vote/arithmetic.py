"""The arithmetic of Civil Code art. 278: whole numbers and fractions, compared by multiplying crosswise.

Areas are whole hundredths of a square metre; heads are owners, not parts.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final, Literal

import attrs

from linli import Choice, Text, say

Majority = Literal["ordinary", "special"]


class Outcome(Choice):
    """How a vote has ended."""

    PASSED = "passed"
    NOT_PASSED = "not_passed"
    NO_QUORUM = "no_quorum"


# Civil Code art. 278: two thirds take part. "以上" includes the number itself (art. 1259), "过半数" does not.
QUORUM: Final = Fraction(2, 3)
HALF: Final = Fraction(1, 2)
THREE_QUARTERS: Final = Fraction(3, 4)


@attrs.frozen(kw_only=True)
class Weight:
    """What something weighs in a vote.

    Attributes:
        area: hundredths of a square metre.
        heads: owners; whoever owns several parts is one, and so are those who own a part together.
    """

    area: int = 0
    heads: int = 0


@attrs.frozen(kw_only=True)
class Result:
    """What is in the box, and what the roll has.

    Attributes:
        parts: on the roll; `voted_parts`: of these, with a ballot.
        agreed, against, abstained: by area each part's own ballot; by head those all of whose ballots
            say so. Who abstained, or voted differently for different parts, is a head that took part
            and did not agree: `abstained` has them.
    """

    parts: int
    roll: Weight
    voted_parts: int
    voted: Weight
    agreed: Weight
    against: Weight
    abstained: Weight


@attrs.frozen(kw_only=True)
class Line:
    """One comparison of a part with a share of a whole.

    Attributes:
        name: "quorum_area", "quorum_heads", "agreed_area" or "agreed_heads".
        more: whether it must be more than the share; else at least the share.
    """

    name: str
    part: int
    whole: int
    share: Fraction
    more: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is so. Nothing of nothing is not a share of anything."""
        left, right = self.products
        return self.whole > 0 and (left > right if self.more else left >= right)

    @property
    def products(self) -> tuple[int, int]:
        """What is compared: the part times the denominator, the whole times the numerator."""
        return self.part * self.share.denominator, self.whole * self.share.numerator


def lines(result: Result, majority: Majority) -> tuple[Line, ...]:
    """The four comparisons of a vote: who took part of the roll, who agreed of those who took part."""
    share, more = (HALF, True) if majority == "ordinary" else (THREE_QUARTERS, False)
    roll, voted, agreed = result.roll, result.voted, result.agreed
    return (
        Line(name="quorum_area", part=voted.area, whole=roll.area, share=QUORUM),
        Line(name="quorum_heads", part=voted.heads, whole=roll.heads, share=QUORUM),
        Line(name="agreed_area", part=agreed.area, whole=voted.area, share=share, more=more),
        Line(name="agreed_heads", part=agreed.heads, whole=voted.heads, share=share, more=more),
    )


def outcome(result: Result, majority: Majority) -> Outcome:
    """How the vote has ended."""
    took_part, agreed = lines(result, majority)[:2], lines(result, majority)[2:]
    if not all(line.holds for line in took_part):
        return Outcome.NO_QUORUM
    return Outcome.PASSED if all(line.holds for line in agreed) else Outcome.NOT_PASSED


NAMES: Final = {
    "quorum_area": say("taking part, by area"),
    "quorum_heads": say("taking part, by head"),
    "agreed_area": say("agreeing of those taking part, by area"),
    "agreed_heads": say("agreeing of those taking part, by head"),
}


def square_metres(area: int) -> str:
    """An area as people write it: 8950 is "89.50"."""
    return f"{area // 100}.{area % 100:02}"


def shown(line: Line) -> Text:
    """A comparison as people can check it with a pencil."""
    area = line.name.endswith("area")
    amount = square_metres if area else str
    left, right = line.products
    holds = left > right if line.more else left >= right
    sign = ("＞" if holds else "≤") if line.more else ("≥" if holds else "＜")
    return say(
        "{what}: {part} of {whole}{unit}, needed {least} {share}: {left} {sign} {right}: {verdict}",
        what=NAMES[line.name],
        part=amount(line.part),
        whole=amount(line.whole),
        unit=" m²" if area else "",
        least=say("more than") if line.more else say("at least"),
        share=line.share,
        left=f"{line.share.denominator} × {amount(line.part)} = {amount(left)}",
        sign=sign,
        right=f"{line.share.numerator} × {amount(line.whole)} = {amount(right)}",
        verdict=say("reached") if line.holds else say("not reached"),
    )


def weighed(result: Result) -> Iterable[Text]:
    """What was counted, in a line each."""
    for what, weight in (
        (say("on the roll"), result.roll),
        (say("took part"), result.voted),
        (say("agreed"), result.agreed),
        (say("against"), result.against),
        (say("abstained, or voted differently for different parts"), result.abstained),
    ):
        yield say(
            "{what}: {area} m², {heads} owners",
            what=what,
            area=square_metres(weight.area),
            heads=weight.heads,
        )
