"""The kinds of places, from the district down, with what people call them; names as in the domain."""

from collections.abc import Mapping
from typing import Final

import attrs

from linli._base.errors import Refused
from linli._base.i18n import Several, listed
from linli._base.refusals import Invalid


@attrs.frozen(kw_only=True)
class PlaceKind:
    """A kind of place.

    Attributes:
        words: what people write for it, the usual one first.
        level: how far down the tree; a place stands below one of a lower level, levels may be left out.
    """

    name: str
    words: tuple[str, ...]
    level: int


_KINDS: Final = (
    PlaceKind(name="district", words=("区", "县", "市"), level=0),
    PlaceKind(name="street", words=("街道", "镇", "乡"), level=1),
    PlaceKind(name="community", words=("社区", "村"), level=2),
    PlaceKind(name="compound", words=("小区", "院落"), level=3),
    PlaceKind(name="building", words=("楼栋", "楼", "栋"), level=4),
    PlaceKind(name="unit", words=("单元",), level=5),
    PlaceKind(name="exclusive_part", words=("专有部分", "房屋", "住宅", "商铺", "车位"), level=6),
)
PLACE_KINDS: Final[Mapping[str, PlaceKind]] = {kind.name: kind for kind in _KINDS}

COMPOUND_KINDS: Final[Mapping[str, str]] = {
    "老旧小区": "old",
    "老旧": "old",
    "商住小区": "commercial",
    "商住": "commercial",
    "院落": "courtyard",
}
"""What people call the kinds of compounds, to the value of `kind` in a compound's record."""

PART_USES: Final[Mapping[str, str]] = {
    "住宅": "home",
    "住房": "home",
    "商铺": "shop",
    "门面": "shop",
    "车位": "parking",
    "车库": "parking",
}
"""What people call the uses of exclusive parts, to the value of `use` in a part's record."""


class NoKindOfPlace(Invalid, says="'{text}' is no kind of place; there are: {known}"):
    text: str
    known: Several
    field: str = "kind"


def place_kind(text: str) -> PlaceKind:
    """The kind that a person names, by its name in code or a usual word; Refused when there is none."""
    if text in PLACE_KINDS:
        return PLACE_KINDS[text]
    for kind in _KINDS:
        if text in kind.words:
            return kind
    known = listed(f"{kind.name} ({kind.words[0]})" for kind in _KINDS)
    raise Refused(NoKindOfPlace(text=text, known=known))


def compound_kind(text: str) -> str:
    """The kind of compound that a person names: "old", "commercial" or "courtyard"."""
    return _one_of(COMPOUND_KINDS, text, "compound")


def part_use(text: str) -> str:
    """The use of an exclusive part that a person names: "home", "shop" or "parking"."""
    return _one_of(PART_USES, text, "exclusive_part")


class NoneOf(Invalid, says="{of}: '{text}' is none of {known}"):
    of: str
    text: str
    known: Several


def _one_of(words: Mapping[str, str], text: str, of: str) -> str:
    if text in words.values():
        return text
    if text not in words:
        known = listed(dict.fromkeys(words.values()))
        raise Refused(NoneOf(field=of, of=of, text=text, known=known))
    return words[text]
