"""For tests: a compound with two buildings, its branch, and whoever acts there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs

from linli import Actor, District, PersonId, PlaceId
from linli.testing import Moment, phone, somebody
from linli.testing import who as who
from linli_stewards.api import consenting
from linli_stewards.stewardship import Named, StewardshipFlow

SERVICES = """
[[dispatch.services]]
code = "home_testing"
name = "上门检测"
categories = ["上门检测"]

[[dispatch.services]]
code = "home_emergency"
name = "突发应急"
categories = ["应急"]
time = "30min"
urgent = true

[[dispatch.services]]
code = "mediation"
name = "邻里调解"
categories = ["纠纷"]

[[dispatch.services]]
code = "light"
name = "公共照明"
categories = ["路灯"]
"""


@attrs.define(kw_only=True)
class Yard:
    """A compound with a branch, in a community with another one; a second compound without.

    Attributes:
        units: of the first building: two; `lone`: a building without units. homes: one in each unit.
        secretary, member: of the compound's branch; above: secretary of the community's.
        ann, ben: party members; cai: none. All three have a name and a phone in the vault.
    """

    district: District
    clock: Moment
    street: UUID
    community: UUID
    compound: UUID
    other: UUID
    building: UUID
    units: list[UUID]
    homes: list[UUID]
    lone: UUID
    other_unit: UUID
    branch: UUID
    secretary: Actor
    member: Actor
    above: Actor
    officer: Actor
    clerk: Actor
    duty: Actor
    ann: Actor
    ben: Actor
    cai: Actor
    phones: dict[str, str]

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by name."""
        names = ("secretary", "member", "above", "officer", "clerk", "ann", "ben", "cai")
        return {name: getattr(self, name) for name in names}

    def appointed(self, place: UUID | None = None, person: Actor | None = None) -> UUID:
        """A stewardship: of ann at the first unit, by default."""
        whom = who(person or self.ann)
        return self.district.perform(
            StewardshipFlow.appoint.at(PlaceId(place or self.units[0]), Named(), person=PersonId(whom)),
            actor=self.secretary,
        ).subject

    def published(self) -> UUID:
        """The consent of ann, whose contact is on the board."""
        self.appointed()
        consent = self.district.perform(
            consenting(self.district, self.units[0], self.ann.person), actor=self.ann
        ).subject
        self.work()
        return consent

    def dispatched(self, category: str, place: UUID) -> Any:
        """The task of a request that was filed, accepted and dispatched."""
        desk = self.district.dispatch
        request = desk.submit(place, category, "请帮忙", actor=self.clerk).subject
        if self.district.subject(request).state == "submitted":
            self.district.make(request, "accept", actor=self.clerk)
        if self.district.subject(request).state == "accepted":
            self.district.make(request, "dispatch", actor=self.clerk)
        return desk.open_task(request)

    def figures(self, place: UUID | None = None) -> dict[str, Any]:
        """The figures of stewards, as they are now."""
        found = self.district.brief(place).figures
        return {
            name.removeprefix("stewards."): n for name, n in found.items() if name.startswith("stewards.")
        }

    def posted(self, place: UUID) -> list[UUID]:
        """Who has the steward's post at a place."""
        return [post.person for post in self.district.register.posts(at=place, role="steward")]

    def pass_days(self, days: float) -> None:
        """Let time pass, and a worker do what comes due meanwhile."""
        self.clock.now += timedelta(days=days)
        self.work()

    def work(self) -> None:
        """Let a worker do what is due."""
        while self.district.worker.run_once(now=self.clock.now):
            pass


def a_yard(
    new_district: Callable[..., District],
    more: str = "",
    enabled: tuple[str, ...] = ("stewards", "board"),
) -> Yard:
    """A yard in a new district."""
    clock = Moment()
    district = new_district(enabled=enabled, more=SERVICES + more, clock=clock)
    register = district.register
    street = register.place("street", "城南街道")
    community = register.place("community", "百春园社区", street)
    compound = register.place("compound", "锦绣花园", community, record={"kind": "old"})
    other = register.place("compound", "幸福里", community, record={"kind": "commercial"})
    building = register.place("building", "1栋", compound)
    units = [register.place("unit", f"{n}单元", building) for n in (1, 2)]
    branch = register.organisation("branch", "锦绣花园党支部", compound)
    upper = register.organisation("branch", "百春园社区党支部", community)
    work = register.organisation("party_organisation", "某局机关党支部", register.root())
    phones = {name: phone(number) for number, name in enumerate(("ann", "ben", "cai"), start=1)}
    people = {
        name: Actor(person=register.person(name=called, phone=phones[name]))
        for name, called in (("ann", "安小平"), ("ben", "贝大海"), ("cai", "蔡青"))
    }
    homes = [register.place("exclusive_part", "101", unit) for unit in units]
    for name in ("ann", "ben"):
        register.tie(who(people[name]), "party_member", work)
    for one, home in zip(people.values(), (*homes, homes[1]), strict=True):
        register.tie(who(one), "resident", home)
    return Yard(
        district=district,
        clock=clock,
        street=street,
        community=community,
        compound=compound,
        other=other,
        building=building,
        units=units,
        homes=homes,
        lone=register.place("building", "2栋", compound),
        other_unit=register.place("unit", "1单元", register.place("building", "1栋", other)),
        branch=branch,
        secretary=somebody(district, "branch_secretary", compound, at=branch),
        member=somebody(district, "branch_member", compound, at=branch),
        above=somebody(district, "branch_secretary", community, at=upper),
        officer=somebody(district, "officer", street),
        clerk=somebody(district, "clerk", community),
        duty=somebody(district, "duty", compound),
        phones=phones,
        **people,
    )
