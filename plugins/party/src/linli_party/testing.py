"""For tests: a street with compounds, and somebody of each kind in it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import attrs

from linli import Actor, District, PersonId, PlaceId
from linli.testing import Moment, somebody
from linli.testing import who as who
from linli_party.api import Party
from linli_party.branch import Approve, Propose
from linli_party.branches import BranchFlow
from linli_party.compounds import BranchKind
from linli_party.survey_api import Surveys

FEW = "\n[party]\nordinary_members = 3\nfunctional_members = 1\n"


@attrs.define(kw_only=True)
class Street:
    """A street with an old and a commercial compound, and the people who act there.

    Attributes:
        old, commercial: the compounds; five party members live in each, their homes being in `homes`.
        clerk, officer, district_officer, neighbour: have that post, of the street and of the district.
        members: the party members of the old compound; `others`: of the commercial one.
    """

    district: District
    party: Party
    surveys: Surveys
    clock: Moment
    street: UUID
    community: UUID
    old: UUID
    commercial: UUID
    clerk: Actor
    officer: Actor
    other_officer: Actor
    district_officer: Actor
    neighbour: Actor
    members: list[Actor]
    others: list[Actor]

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by name."""
        names = ("clerk", "officer", "other_officer", "district_officer", "neighbour")
        found = {name: getattr(self, name) for name in names}
        return found | {f"member{number}": one for number, one in enumerate(self.members[:3])}

    def people(self, *numbers: int, of: list[Actor] | None = None) -> list[UUID]:
        """Members by their number, of the old compound by default."""
        return [who((of or self.members)[number]) for number in numbers]

    def proposed(
        self, name: str = "锦绣花园党支部", kind: BranchKind = "functional", *, at: UUID | None = None
    ) -> UUID:
        """A branch that was proposed, of the old compound by default."""
        committee = self.people(0, 1) if at in (None, self.old) else self.people(0, 1, of=self.others)
        return self.district.perform(
            BranchFlow.propose.at(
                PlaceId(at or self.old),
                Propose(name=name, branch_kind=kind, nominees=tuple(map(PersonId, committee))),
            ),
            actor=self.clerk,
        ).subject

    def set_up(
        self, name: str = "锦绣花园党支部", kind: BranchKind = "functional", *, at: UUID | None = None
    ) -> UUID:
        """A branch in being, of the old compound by default."""
        branch = self.proposed(name, kind, at=at)
        self.district.perform(BranchFlow.approve(BranchFlow.ref(branch), Approve()), actor=self.officer)
        return branch

    def pass_days(self, days: float) -> None:
        """Let time pass, and a worker do what comes due meanwhile."""
        self.clock.now += timedelta(days=days)
        self.work()

    def work(self) -> None:
        """Let a worker do what is due."""
        while self.district.worker.run_once(now=self.clock.now):
            pass

    def figures(self, place: UUID | None = None) -> dict[str, Any]:
        """The figures of branches, as they are today."""
        return {
            name: amount
            for name, amount in self.district.brief(place).figures.items()
            if name.startswith(("branches.", "party."))
        }


def a_member(district: District, compound: UUID, room: str, organisation: UUID) -> Actor:
    """A party member who lives in a compound."""
    register = district.register
    home = register.place("exclusive_part", room, register.place("building", "1栋", compound))
    person = somebody(district, None, compound)
    register.tie(who(person), "resident", home, since=date(2020, 1, 1))
    register.tie(who(person), "party_member", organisation)
    return person


def party_street(
    new_district: Callable[..., District], more: str = FEW, enabled: tuple[str, ...] = ("party",)
) -> Street:
    """A street in a new district that has the party plugin enabled."""
    clock = Moment()
    district = new_district(enabled=enabled, more=more, clock=clock)
    register = district.register
    street = register.place("street", "城南街道")
    community = register.place("community", "百春园社区", street)
    old = register.place("compound", "锦绣花园", community, record={"kind": "old"})
    commercial = register.place("compound", "幸福里", community, record={"kind": "commercial"})
    at_work = register.organisation("party_organisation", "某局机关党支部", register.root())
    return Street(
        district=district,
        party=Party(district),
        surveys=Surveys(district),
        clock=clock,
        street=street,
        community=community,
        old=old,
        commercial=commercial,
        clerk=somebody(district, "clerk", community),
        officer=somebody(district, "officer", street),
        other_officer=somebody(district, "officer", street),
        district_officer=somebody(district, "officer", register.root()),
        neighbour=somebody(district, None, old),
        members=[a_member(district, old, f"10{n}", at_work) for n in range(5)],
        others=[a_member(district, commercial, f"10{n}", at_work) for n in range(5)],
    )
