"""What a district decides about its stewards."""

from collections.abc import Iterable, Iterator
from typing import Literal

import attrs

from linli import Text, say, setting

Level = Literal["unit", "building"]
Rung = Literal["branch", "street", "district"]
# What the five kinds of service are called, for the catalogue.
WORDS = ("testing", "school_lifts", "meals", "emergencies", "mediations")


@attrs.frozen(kw_only=True)
class ServiceKinds:
    """Which services of the catalogue are of the five kinds that units ask of their steward."""

    testing: tuple[str, ...] = setting(("home_testing",), "testing at home: codes of services of [dispatch]")
    school_lifts: tuple[str, ...] = setting(
        ("school_lift",), "lifts to school: codes of services of [dispatch]"
    )
    meals: tuple[str, ...] = setting(
        ("elder_meals",), "meals for the old at home: codes of services of [dispatch]"
    )
    emergencies: tuple[str, ...] = setting(
        ("home_emergency",), "emergencies: codes of urgent services of [dispatch]"
    )
    mediations: tuple[str, ...] = setting(
        ("mediation",), "mediation between neighbours: codes of services of [dispatch]"
    )

    def by_kind(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each kind with its codes."""
        return ((field.name, getattr(self, field.name)) for field in attrs.fields(ServiceKinds))

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all five kinds."""
        return frozenset(code for _, codes in self.by_kind() for code in codes)

    def problems(self) -> Iterable[tuple[str, Text]]:
        """Services that are named before."""
        known: dict[str, str] = {}
        for kind, codes in self.by_kind():
            for code in codes:
                if code in known:
                    what = say("{code} is named before, in {kind}; a service is of one kind", code=code, kind=known[code])  # fmt: skip
                    yield kind, what
                known[code] = kind


@attrs.frozen(kw_only=True)
class StewardSettings:
    """The [stewards] table of a district's file."""

    level: Level = setting(
        "unit",
        "what is counted as covered: each unit, by its own steward or its building's; or each building",
    )
    services: ServiceKinds = setting(
        attrs.Factory(ServiceKinds), "the five kinds of service that go to the steward"
    )
    decide_within: int = setting(
        5, "how long the branch has to decide on a nomination", unit="working days", least=1
    )
    ladder: tuple[Rung, ...] = setting(
        ("branch", "street", "district"),
        "who hears, one after the other, of a nomination that nobody decides on",
        filled=True,
        each_once=True,
    )
    ladder_again: int = setting(
        3, "how long until the next of the ladder hears of it", unit="working days", least=1
    )
