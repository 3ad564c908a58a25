"""Who there is: each compound with its bodies and whoever has a post, registered before the year begins."""

from collections.abc import Iterator
from uuid import UUID

import attrs

from linli import Actor, District
from linli_daxiang.compounds import Compound, Sample, by_compound

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
        secretary, committee: of the party branch, once there is one.
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


def cast(district: District, sample: Sample, places: tuple[Compound, ...]) -> list[Neighbourhood]:
    """Register the bodies and posts that the sample files have not."""
    company = _Casting(district, sample)
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
        self._tiers: dict[str, Tier] = {}
        self._committees: dict[str, tuple[UUID, tuple[Actor, ...]]] = {}
        self._invented = iter(range(1, 1_000_000))

    def neighbourhood(self, compound: Compound) -> Neighbourhood:
        register = self._district.register
        place = register.find_place(f"{compound.street}/{compound.community}/{compound.name}")
        members = self._known("members", compound.name)
        volunteers = self._known("volunteers", compound.name)
        posts = register.posts(at=place)
        by_role = {
            role: tuple(Actor(person=post.person) for post in posts if post.role == role)
            for role in ("clerk", "duty", "steward")
        }
        chosen = members[8:20]
        owners = tuple(one for one in self._owners.get(compound.name, ()) if one not in members[:20])
        volunteer_organisation = self._organisation(
            "volunteer_organisation", f"{compound.name}志愿服务队", place
        )
        return Neighbourhood(
            compound=compound,
            place=place,
            street=self._tier(compound.street),
            top=self._tier(""),
            clerk=by_role["clerk"][0],
            duty=by_role["duty"][0],
            stewards=by_role["steward"],
            secretary=chosen[0],
            committee=chosen[:3],
            owners_committee=self._body("owners_committee", f"{compound.name}业主委员会", place, "owners_committee_member", chosen[3:5]),
            property_company=self._body("property_company", f"{compound.name}物业服务中心", place, "property_manager", chosen[5:7]),
            residents_committee=self._residents(compound),
            volunteer_organisation=volunteer_organisation,
            leader=self._posted(chosen[7], "volunteer_leader", volunteer_organisation),
            keeper=self._posted(chosen[8], "bank_keeper", place),
            members=members,
            volunteers=volunteers,
            owners=owners,
            units=tuple(knot.id for knot in register.places(place, kind="unit")),
        )  # fmt: skip

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
            role = "officer" if street else "district_officer"
            self._tiers[street] = Tier(
                place=place,
                officer=self._somebody(role, place),
                second_officer=self._somebody(role, place),
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

    def _posted(self, actor: Actor, role: str, at: UUID) -> Actor:
        assert actor.person is not None
        self._district.register.post(actor.person, role, at)
        return actor

    def _somebody(self, role: str, at: UUID) -> Actor:
        """An official, whom no sample file has."""
        phone = f"198{next(self._invented):08}"
        return self._posted(Actor(person=self._district.register.person(phone=phone)), role, at)
