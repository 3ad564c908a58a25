"""For tests: a street with compounds and branches, and somebody of each kind in it."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import attrs

from linli import Actor, District
from linli.testing import Moment, somebody, who
from linli_reporting.api import Reporting


@attrs.define(kw_only=True)
class Compounds:
    """A street with two communities.

    Attributes:
        garden, lane: compounds with a branch of their own. bare: one without, so that the community's
            branch stands in. alone: in another community, where there is none at all.
        branches: the organisations, by "garden", "lane", "community".
        secretary, deputy: of the garden's branch; lane_secretary, community_secretary: of the others.
        member, other: party members who live in the garden; neighbour: lives there, and is none.
    """

    district: District
    desk: Reporting
    clock: Moment
    street: UUID
    community: UUID
    garden: UUID
    lane: UUID
    bare: UUID
    alone: UUID
    branches: dict[str, UUID]
    party: UUID
    clerk: Actor
    officer: Actor
    secretary: Actor
    deputy: Actor
    lane_secretary: Actor
    community_secretary: Actor
    member: Actor
    other: Actor
    neighbour: Actor
    numbers: Any = attrs.field(factory=lambda: count(1))

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by name."""
        fields = attrs.fields(Compounds)
        return {field.name: getattr(self, field.name) for field in fields if field.type is Actor}

    def home(self, compound: UUID) -> UUID:
        """A new home."""
        register = self.district.register
        building = register.place("building", "1栋", compound)
        return register.place("exclusive_part", f"{next(self.numbers)}室", building)

    def new_member(self, compound: UUID | None = None) -> Actor:
        """A party member who lives in a compound, the garden by default, found by a phone."""
        number = next(self.numbers)
        register = self.district.register
        person = register.person(
            name="张三", phone=f"138{number:08}", home=self.home(compound or self.garden)
        )
        register.tie(person, "party_member", self.party)
        return Actor(person=person)

    def announced(self, member: Actor | None = None, compound: UUID | None = None) -> UUID:
        """A report that a member has announced; its number."""
        actor = member or self.member
        return self.desk.announce(who(actor), compound, actor=actor).subject

    def confirmed(self, member: Actor | None = None) -> UUID:
        """A report that the garden's branch has confirmed."""
        report = self.announced(member)
        self.district.make(report, "confirm", actor=self.secretary)
        return report

    def state(self, report: UUID) -> str:
        """How a report stands."""
        return self.district.subject(report).state

    def figures(self, place: UUID | None = None) -> dict[str, Any]:
        """The figures of reporting as they are today."""
        found = self.district.brief(place).figures.items()
        return {name: n for name, n in found if name.startswith(("members.", "reporting."))}

    def pass_days(self, days: float) -> None:
        """Let time pass, and a worker do what comes due meanwhile."""
        self.clock.now += timedelta(days=days)
        self.work()

    def work(self) -> None:
        """Let a worker do what is due."""
        while self.district.worker.run_once(now=self.clock.now):
            pass


def compounds(
    new_district: Callable[..., District], more: str = "", enabled: tuple[str, ...] = ("reporting",)
) -> Compounds:
    """A street in a new district that has the reporting plugin enabled."""
    clock = Moment()
    district = new_district(enabled=enabled, more=more, clock=clock)
    register = district.register
    street = register.place("street", "城南街道")
    community = register.place("community", "百春园社区", street)
    garden, lane, bare = (
        register.place("compound", name, community) for name in ("锦绣花园", "幸福里", "平安院")
    )
    alone = register.place("compound", "新小区", register.place("community", "新社区", street))
    branches = {
        name: register.organisation("branch", f"{name}党支部", place)
        for name, place in (("garden", garden), ("lane", lane), ("community", community))
    }
    made = Compounds(
        district=district,
        desk=Reporting(district),
        clock=clock,
        street=street,
        community=community,
        garden=garden,
        lane=lane,
        bare=bare,
        alone=alone,
        branches=branches,
        party=register.organisation("party_organisation", "某局机关党支部", register.root()),
        clerk=somebody(district, "clerk", street),
        officer=somebody(district, "officer", street),
        secretary=somebody(district, "branch_secretary", garden, at=branches["garden"]),
        deputy=somebody(district, "branch_deputy", garden, at=branches["garden"]),
        lane_secretary=somebody(district, "branch_secretary", lane, at=branches["lane"]),
        community_secretary=somebody(district, "branch_secretary", community, at=branches["community"]),
        member=Actor(),
        other=Actor(),
        neighbour=somebody(district, None, garden),
    )
    made.member, made.other = made.new_member(), made.new_member()
    return made
