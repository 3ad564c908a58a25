"""Who there is: each compound with its bodies and whoever has a post, registered before the year begins."""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

import attrs

from linli import Actor, District
from linli_daxiang.compounds import Compound, Sample, by_compound

_CHOSEN = 8  # members who get a post: two of the committee, the bodies' people, the leader, the keeper
DEPARTMENTS = ("住建局", "城管执法大队", "市场监管所", "派出所", "消防大队", "民政办")


@attrs.frozen(kw_only=True)
class Tier:
    """A street, or the district: whoever works there.

    Attributes:
        departments: organisations, each with whoever answers for it.
    """

    place: UUID
    officer: Actor
    second_officer: Actor
    secretary: Actor
    departments: tuple[tuple[UUID, Actor], ...]


@attrs.frozen(kw_only=True)
class Neighbourhood:
    """A compound and everybody in it.

    Attributes:
        stewards: of its units and buildings; `stewards_of`: by these, when the year begins.
        stands_in: for a steward where there is none: of the branch, else of the residents' committee.
        secretary, committee: of the party branch; without one, somebody who does the same for the street.
        owners_committee, property_company, residents_committee: each a body with two people.
        members: party members who live there; volunteers: of its volunteer organisation.
        owners: people with a home of theirs.
    """

    compound: Compound
    place: UUID
    street: Tier
    top: Tier
    clerk: Actor
    duty: Actor
    stewards: tuple[Actor, ...]
    stewards_of: Mapping[UUID, Actor]
    stands_in: Actor
    secretary: Actor
    committee: tuple[Actor, ...]
    owners_committee: tuple[UUID, tuple[Actor, ...]]
    property_company: tuple[UUID, tuple[Actor, ...]]
    residents_committee: tuple[UUID, tuple[Actor, ...]]
    volunteer_organisation: UUID
    leader: Actor
    keeper: Actor
    members: tuple[Actor, ...]
    volunteers: tuple[Actor, ...]
    owners: tuple[Actor, ...]
    units: tuple[UUID, ...]

    @property
    def busy(self) -> frozenset[Actor]:
        """Whoever has a post in it."""
        bodies = (self.owners_committee, self.property_company, self.residents_committee)
        sitting = (one for _, people in bodies for one in people)
        desk = (self.clerk, self.duty, self.leader, self.keeper)
        return frozenset((*desk, *self.stewards, *self.committee, *sitting))


def cast(district: District, sample: Sample, places: tuple[Compound, ...]) -> list[Neighbourhood]:
    """Register the bodies and posts that the sample files have not, the district's own first of all."""
    company = _Casting(district, sample)
    company.begin()
    return [company.neighbourhood(compound) for compound in places]


class _Casting:
    def __init__(self, district: District, sample: Sample) -> None:
        self._district = district
        self._owners = self._who_own(sample)
        self._living = {
            "members": by_compound(sample.members),
            "volunteers": by_compound(sample.volunteers),
        }
        self._tied = {
            whom: {tie.person for tie in district.register.ties(kind=kind)}
            for whom, kind in (("members", "party_member"), ("volunteers", "volunteer"))
        }
        self._posts = district.register.posts()
        self._busy = {Actor(person=post.person) for post in self._posts}
        self._tiers: dict[str, Tier] = {}
        self._administrators: tuple[Actor, ...] = ()
        self._committees: dict[str, tuple[UUID, tuple[Actor, ...]]] = {}
        self._invented = iter(range(1, 1_000_000))

    def begin(self) -> None:
        """The two who give the district's posts, named by the console, and whom they have for the machine and the audit."""
        root = self._district.register.root()
        self._administrators = tuple(self._somebody("administrator", root) for _ in range(2))
        for role, by in zip(("operator", "auditor"), self._administrators, strict=True):
            self._somebody(role, root, by=by)

    def neighbourhood(self, compound: Compound) -> Neighbourhood:
        register = self._district.register
        place = register.find_place(f"{compound.street}/{compound.community}/{compound.name}")
        members = self._known("members", compound.name)
        volunteers = self._known("volunteers", compound.name)
        units = register.places(place, kind="unit")
        stewards = self._stewards({unit.id for unit in units} | {unit.parent for unit in units})
        chosen = tuple(one for one in members if one not in self._busy)
        taken = self._busy | set(chosen[:_CHOSEN])
        owners = tuple(one for one in self._owners.get(compound.name, ()) if one not in taken)
        (secretary,) = self._holding("branch_secretary", place) or (chosen[-1],)
        residents = self._residents(compound)
        volunteer_organisation = self._organisation(
            "volunteer_organisation", f"{compound.name}志愿服务队", place
        )
        return Neighbourhood(
            compound=compound,
            place=place,
            street=self._tier(compound.street),
            top=self._tier(""),
            clerk=self._holding("clerk", place)[0],
            duty=self._holding("duty", place)[0],
            stewards=tuple(dict.fromkeys(stewards.values())),
            stewards_of=stewards,
            stands_in=secretary if compound.branch else residents[1][0],
            secretary=secretary,
            committee=(secretary, *chosen[:2]),
            owners_committee=self._body("owners_committee", f"{compound.name}业主委员会", place, "owners_committee_member", chosen[2:4]),
            property_company=self._body("property_company", f"{compound.name}物业服务中心", place, "property_manager", chosen[4:6]),
            residents_committee=residents,
            volunteer_organisation=volunteer_organisation,
            leader=self._posted(chosen[6], "volunteer_leader", volunteer_organisation),
            keeper=self._posted(chosen[7], "bank_keeper", place),
            members=members,
            volunteers=volunteers,
            owners=owners,
            units=tuple(unit.id for unit in units),
        )  # fmt: skip

    def _holding(self, role: str, place: UUID) -> tuple[Actor, ...]:
        """Who has a role at a compound or in a body of it."""
        return tuple(
            Actor(person=post.person) for post in self._posts if (post.role, post.place) == (role, place)
        )

    def _stewards(self, places: Collection[UUID | None]) -> Mapping[UUID, Actor]:
        """The stewards of units and buildings, by these."""
        return {
            post.at: Actor(person=post.person)
            for post in self._posts
            if post.role == "steward" and post.at in places
        }

    def _organisation(self, kind: str, name: str, place: UUID) -> UUID:
        """The compound's own, which a sample file may have named."""
        register = self._district.register
        known = [one.id for one in register.organisations(kind=kind, place=place) if one.name == name]
        return known[0] if known else register.organisation(kind, name, place)

    def _known(self, whom: str, compound: str) -> tuple[Actor, ...]:
        """Those of the sample files that were registered: rows that were wrong are not."""
        find, known = self._district.register.find, self._tied[whom]
        people = (find(member.someone.phone) for member in self._living[whom].get(compound, ()))
        return tuple(Actor(person=person) for person in people if person in known)

    def _who_own(self, sample: Sample) -> dict[str, tuple[Actor, ...]]:
        """Some owners of each compound: enough to propose and to object."""
        found: dict[str, list[Actor]] = {}
        for owner, home in sample.owners:
            known = found.setdefault(home.compound, [])
            if len(known) < 30:
                person = self._district.register.find(owner.phone)
                known += [Actor(person=person)] if person else []
        return {name: tuple(actors) for name, actors in found.items()}

    def _tier(self, street: str) -> Tier:
        if street not in self._tiers:
            register = self._district.register
            place = register.find_place(street) if street else register.root()
            role, by = ("officer", None) if street else ("district_officer", self._administrators[0])
            self._tiers[street] = Tier(
                place=place,
                officer=self._somebody(role, place, by=by),
                second_officer=self._somebody(role, place, by=by),
                secretary=self._somebody("meeting_secretary", place),
                departments=tuple(self._departments(place)),
            )
        return self._tiers[street]

    def _departments(self, place: UUID) -> Iterator[tuple[UUID, Actor]]:
        for name in DEPARTMENTS:
            body = self._district.register.organisation("department", name, place)
            yield body, self._somebody("department_officer", body)

    def _residents(self, compound: Compound) -> tuple[UUID, tuple[Actor, ...]]:
        if compound.community not in self._committees:
            place = self._district.register.find_place(f"{compound.street}/{compound.community}")
            body = self._district.register.organisation(
                "residents_committee", f"{compound.community}居民委员会", place
            )
            people = tuple(self._somebody("residents_committee_member", body) for _ in range(2))
            self._committees[compound.community] = (body, people)
        return self._committees[compound.community]

    def _body(
        self, kind: str, name: str, place: UUID, role: str, people: tuple[Actor, ...]
    ) -> tuple[UUID, tuple[Actor, ...]]:
        body = self._district.register.organisation(kind, name, place)
        return body, tuple(self._posted(actor, role, body) for actor in people)

    def _posted(self, actor: Actor, role: str, at: UUID, by: Actor | None = None) -> Actor:
        assert actor.person is not None
        self._district.register.post(actor.person, role, at, actor=by)
        return actor

    def _somebody(self, role: str, at: UUID, by: Actor | None = None) -> Actor:
        """An official, whom no sample file has."""
        phone = f"198{next(self._invented):08}"
        return self._posted(Actor(person=self._district.register.person(phone=phone)), role, at, by)
