"""For tests: a compound whose owners vote, and a clock that is moved by hand."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import attrs

from linli import Actor, District
from linli.testing import Moment, a_place, an_organisation, somebody
from linli_owners_vote.api import Receipt, Votes
from linli_owners_vote.arithmetic import Majority
from linli_owners_vote.steps import Announce
from linli_owners_vote.workflow import VoteFlow

QUIET = "[owners_vote]\npublish = false\n"


@attrs.frozen(kw_only=True)
class Home:
    """A part and who owns it."""

    part: UUID
    owners: tuple[Actor, ...]


@attrs.define(kw_only=True)
class VoteCompound:
    """A compound with an owners' committee, tellers and parts.

    Attributes:
        member: of the owners' committee; `outsider`: of the residents' committee of the community.
        keepers: by body, whoever takes its code: of the owners' committee, the residents' committee, the
            branch and the street's department.
        homes: by name, such as "101".
        codes: by vote, the codes that the keepers were given.
    """

    district: District
    votes: Votes
    clock: Moment
    community: UUID
    place: UUID
    committee: UUID
    member: Actor
    officer: Actor
    teller: Actor
    second_teller: Actor
    outsider: Actor
    keepers: dict[UUID, Actor]
    homes: dict[str, Home] = attrs.field(factory=dict)
    codes: dict[UUID, list[str]] = attrs.field(factory=dict, repr=False)

    def home(self, name: str, area: str | None = "50.00", *owners: Actor, developer: bool = False) -> Home:
        """A part with its area in m²; of a new owner, unless owners are named."""
        record = {} if area is None else {"area": area}
        if developer:
            record["held_by"] = "developer"
        part = self.district.register.place("exclusive_part", name, self.place, record=record)
        people = owners or (() if developer else (somebody(self.district, None, self.place),))
        for owner in people:
            self.own(owner, part)
        self.homes[name] = Home(part=part, owners=tuple(people))
        return self.homes[name]

    def own(self, owner: Actor, part: UUID) -> None:
        """Let somebody own a part since 2020."""
        assert owner.person is not None
        self.district.register.tie(owner.person, "owner", part, since=date(2020, 1, 1))

    def prepared(self, majority: Majority = "ordinary", **more: Any) -> UUID:
        """A vote that is prepared; its number."""
        return self.district.start(
            "owners_vote",
            "prepare",
            self.place,
            {"topic": "更换电梯", "majority": majority, **more},
            actor=self.member,
        ).subject

    def announced(self, majority: Majority = "ordinary", **more: Any) -> UUID:
        """A vote whose notice has passed."""
        vote = self.prepared(majority, **more)
        self.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=self.member)
        self.take_codes(vote)
        self.clock.now += timedelta(days=15)
        return vote

    def take_codes(self, vote: UUID) -> list[str]:
        """Let every keeper of a vote that has somebody take its code."""
        taken = self.codes[vote] = [
            self.votes.take_code(one.id, actor=self.keepers[one.record.organisation]).code
            for one in self.votes.keepers(vote)
            if one.record.organisation in self.keepers
        ]
        return taken

    def opened(self, majority: Majority = "ordinary", **more: Any) -> UUID:
        """A vote that is open."""
        vote = self.announced(majority, **more)
        self.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=self.member)
        return vote

    def cast(self, vote: UUID, name: str, choice: str = "agree", owner: int = 0) -> Receipt:
        """Cast a home's ballot online."""
        home = self.homes[name]
        return self.votes.cast(vote, home.part, choice, actor=home.owners[owner])

    def paper(self, vote: UUID, name: str, choice: str = "agree") -> Receipt:
        """Enter a paper and have it checked."""
        receipt = self.votes.enter(vote, self.homes[name].part, choice, actor=self.teller)
        self.votes.check(receipt.ballot, choice, receipt.secret, actor=self.second_teller)
        return receipt

    def count(self, vote: UUID, actor: Actor | None = None) -> None:
        """Count a vote with the codes of two of its keepers."""
        self.votes.count(vote, self.codes[vote][:2], actor=actor or self.teller)

    def close(self, vote: UUID) -> None:
        """Let the time of an open vote pass, and a worker close it."""
        until = self.district.subject(vote).record.until
        self.clock.now = until + timedelta(minutes=1)
        while self.district.worker.run_once(now=self.clock.now):
            pass

    def certified(self, vote: UUID) -> str:
        """Close, count and certify a vote; its outcome."""
        self.close(vote)
        self.count(vote)
        self.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=self.second_teller)
        return str(self.district.subject(vote).outcome)

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by name, a first owner among them."""
        names = ("member", "officer", "teller", "second_teller", "outsider")
        owners = {f"owner of {name}": home.owners[0] for name, home in self.homes.items() if home.owners}
        return {name: getattr(self, name) for name in names} | owners


def vote_compound(
    new_district: Callable[..., District],
    more: str = QUIET,
    homes: Sequence[str] = (),
    *,
    enabled: tuple[str, ...] = ("owners_vote",),
    **options: Any,
) -> VoteCompound:
    """A compound in a new district that has the plugin enabled.

    Args:
        homes: names of parts of 50 m², each of an owner of its own.
    """
    clock = Moment()
    district = new_district(enabled=enabled, more=more, clock=clock, **options)
    street = a_place(district, "城北路街道", kind="street")
    community = a_place(district, "百春园社区", kind="community", parent=street, path=f"{street.hex}/")
    place = a_place(district, "锦绣花园", parent=community, path=f"{street.hex}/{community.hex}/")
    committee = an_organisation(district, "owners_committee", place)
    residents = an_organisation(district, "residents_committee", community)
    branch = an_organisation(district, "branch", place)
    department = an_organisation(district, "department", street)
    sitting = {
        committee: ("owners_committee_member", place),
        residents: ("residents_committee_member", community),
        branch: ("branch_secretary", place),
        department: ("department_officer", street),
    }
    compound = VoteCompound(
        district=district,
        votes=Votes(district),
        clock=clock,
        community=community,
        place=place,
        committee=committee,
        member=somebody(district, "owners_committee_member", place, at=committee),
        officer=somebody(district, "officer", street),
        teller=somebody(district, "teller", place),
        second_teller=somebody(district, "teller", place),
        outsider=somebody(district, "residents_committee_member", community, at=residents),
        keepers={body: somebody(district, role, where, at=body) for body, (role, where) in sitting.items()},
    )
    for name in homes:
        compound.home(name)
    return compound
