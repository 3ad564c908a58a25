"""Who stands on the district's lists: staff, branches with their secretaries, stewards, members who have reported."""

from collections.abc import Iterable, Iterator
from datetime import date
from random import Random

import attrs

from linli_daxiang.compounds import Compound, Member, by_compound

_ORDINARY = 7  # every seventh branch is an ordinary one: 5 of 36
_UNITS = tuple((f"{building}栋", f"{unit}单元") for building in (1, 2, 3) for unit in (1, 2))
_LAST_BUILDING = "4栋"


@attrs.frozen(kw_only=True)
class Branch:
    """A branch, as its roster has it."""

    name: str
    compound: Compound
    kind: str
    since: date
    secretary: Member


@attrs.frozen(kw_only=True)
class Steward:
    """A steward and where they are one: of a unit, or of a building that has `unit` empty."""

    member: Member
    building: str
    unit: str = ""
    why_not_member: str = ""


@attrs.frozen(kw_only=True)
class Lists:
    """All of them."""

    staff: tuple[tuple[str, Member], ...]
    branches: tuple[Branch, ...]
    stewards: tuple[Steward, ...]
    reported: tuple[Member, ...]


def lists(
    random: Random, places: tuple[Compound, ...], members: tuple[Member, ...], volunteers: tuple[Member, ...]
) -> Lists:
    """Of the members living in a compound, the first keeps its desk, the second is on duty, six are stewards, one is secretary."""
    living = {compound.number: by_compound(members).get(compound.name, []) for compound in places}
    helping = by_compound(volunteers)
    reached = [compound for compound in places if compound.branch and len(living[compound.number]) > 9]
    return Lists(
        staff=tuple(
            pair
            for compound in places
            for pair in zip(("受理员", "值班员"), living[compound.number], strict=False)
        ),
        branches=tuple(
            _branch(number, compound, living[compound.number][9]) for number, compound in enumerate(reached)
        ),
        stewards=tuple(
            steward
            for compound in places
            for steward in _stewards(compound, living[compound.number], helping.get(compound.name, []))
        ),
        reported=tuple(_reported(random, reached, living)),
    )


def _branch(number: int, compound: Compound, secretary: Member) -> Branch:
    return Branch(
        name=f"{compound.name}党支部",
        compound=compound,
        kind="普通党支部" if number % _ORDINARY == _ORDINARY - 1 else "功能性党支部",
        since=date(2024, 3, 1),
        secretary=secretary,
    )


def _stewards(compound: Compound, members: list[Member], volunteers: list[Member]) -> Iterator[Steward]:
    """The units of three buildings have one each; the last building has one for both, or none yet."""
    for (building, unit), member in zip(_UNITS, members[2:8], strict=False):
        yield Steward(member=member, building=building, unit=unit)
    if compound.number % 2 == 0 and len(members) > 8:
        yield Steward(member=members[8], building=_LAST_BUILDING)
    elif compound.number % 5 == 1 and volunteers:
        why = "本栋没有党员能够担任，由热心居民担任"
        yield Steward(member=volunteers[0], building=_LAST_BUILDING, why_not_member=why)


def _reported(
    random: Random, reached: Iterable[Compound], living: dict[int, list[Member]]
) -> Iterator[Member]:
    """Nineteen of twenty; the others come during the year."""
    for compound in reached:
        yield from (member for member in living[compound.number] if random.random() < 0.95)
