"""Branches for programs: setting up, committees, re-election, merger, what can have one, coverage."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import attrs

from linli import District, NotFound, NotFoundHere, PersonId, StoredSubject, Text
from linli._verbs.register.posts import PostRecord
from linli.query import organisation, posts, subjects
from linli_party.branches import BranchFlow
from linli_party.committees import COMMITTEE, SECRETARY, body_of
from linli_party.compounds import BRANCH_KINDS, Compound, lacking, listed
from linli_party.settings import PartySettings


@attrs.frozen(kw_only=True)
class Elsewhere:
    """A post that somebody of a committee has in another organisation (交叉任职).

    Attributes:
        kind: of the organisation: "owners_committee", "property_company", …
    """

    kind: str
    name: str
    role: str


@attrs.frozen(kw_only=True)
class Seated:
    """Somebody who sits on a committee.

    Attributes:
        role: "branch_secretary" or "branch_member".
        elsewhere: their posts in other organisations.
    """

    person: UUID
    role: str
    since: date
    elsewhere: tuple[Elsewhere, ...] = ()


@attrs.frozen(kw_only=True)
class Committee:
    """The committee of a branch, as the register has it now.

    Attributes:
        number: which term; `due_on`: the last day on which its re-election is in time.
        overdue: whether that has passed; `postponed`: whether the clock stands until a later day.
        seats: the secretary first; none where the posts are vacant.
    """

    term: UUID
    number: int
    elected_on: date
    due_on: date
    overdue: bool
    postponed: bool
    seats: tuple[Seated, ...]

    @property
    def secretary(self) -> UUID | None:
        """Its secretary; None while nobody is."""
        return next((seat.person for seat in self.seats if seat.role == SECRETARY), None)


@attrs.frozen(kw_only=True)
class Possible:
    """Whether a compound could have a branch.

    Attributes:
        lacks: by kind of branch, what stands against it; empty: it could have one.
    """

    compound: Compound
    lacks: dict[str, tuple[Text, ...]]


@attrs.frozen(kw_only=True)
class Coverage:
    """How far branches reach, in compounds.

    Attributes:
        with_branch, with_property_service: how many have them; with_both: both; all: how many there are.
    """

    with_branch: int
    with_both: int
    with_property_service: int
    all: int

    @property
    def of_served(self) -> float | None:
        """Compounds with both, by compounds with a property service."""
        return self.with_both / self.with_property_service if self.with_property_service else None

    @property
    def of_all(self) -> float | None:
        """Compounds with a branch, by all compounds."""
        return self.with_branch / self.all if self.all else None


class NoBranchHere(
    NotFoundHere, says="there is no branch here; see which could be: linli branch possible"
): ...


class NoCommitteeYet(NotFoundHere, says="this branch has no committee yet"): ...


class Party:
    """The branches of an open district.

    Every method that changes something makes one act and returns it; `actor` and `key` are as in
    `District.make`. A committee is given as people, its secretary first. The other moves (approve,
    return, reject, withdraw, …) are made by `District.make`.
    """

    def __init__(self, district: District) -> None:
        self._district = district

    def branch_at(self, place: UUID) -> StoredSubject:
        """The branch in being of a compound; NotFound where there is none."""
        wanted = subjects(BranchFlow, within=place, states=BranchFlow.in_being, most=1)
        for one in self._district.ask_unchecked(wanted):
            return one.kept
        raise NotFound(NoBranchHere())

    def committee(self, branch: UUID) -> Committee:
        """Who sits on the committee, their posts elsewhere, and when they are to be re-elected."""
        term, body = self.term(branch), body_of(self._district.subject(branch))
        held = [post for post in self._district.register.posts(at=body) if post.role in COMMITTEE]
        held.sort(key=lambda post: (COMMITTEE.index(post.role), post.since, post.id))
        return Committee(
            term=term.id,
            number=term.record.number,
            elected_on=term.record.elected_on,
            due_on=term.record.due_on,
            overdue=bool(term.clocks["re_election"].step),
            postponed=term.state == "postponed",
            seats=tuple(self._seated(post, body) for post in held),
        )

    def term(self, branch: UUID) -> StoredSubject:
        """The last term of its committee; NotFound where it never had one."""
        found = [one for one in self._district.tree(branch) if one.kind == "branch_term"]
        if not found:
            raise NotFound(NoCommitteeYet())
        return max(found, key=lambda one: one.record.number)

    def _seated(self, post: PostRecord, body: UUID) -> Seated:
        zone = self._district.rules.zone
        return Seated(
            person=post.person,
            role=post.role,
            since=post.since.astimezone(zone).date(),
            elsewhere=tuple(sorted(self._elsewhere(post.person, body), key=attrs.astuple)),
        )

    def _elsewhere(self, person: UUID, body: UUID) -> Iterable[Elsewhere]:
        ask = self._district.ask_unchecked
        for post in ask(posts(person)):
            there = ask(organisation(post.at)) if post.at != body else None
            if there:
                yield Elsewhere(kind=there.kind, name=there.name, role=post.role)

    def possible(self, place: UUID | None = None) -> list[Possible]:
        """Every compound at a place and below it, with what it lacks for a branch of each kind."""
        settings = self._district.configuration.section(PartySettings)
        return [
            Possible(compound=one, lacks={kind: tuple(lacking(one, kind, settings)) for kind in BRANCH_KINDS})
            for one in listed(self._district, place)
        ]

    def coverage(self, place: UUID | None = None) -> Coverage:
        """How many compounds have a branch today, beside those with a property service and all."""
        found = listed(self._district, place)
        return Coverage(
            with_branch=sum(one.has_branch for one in found),
            with_both=sum(one.has_branch and one.served for one in found),
            with_property_service=sum(one.served for one in found),
            all=len(found),
        )


def _people(committee: Sequence[UUID]) -> tuple[PersonId, ...]:
    return tuple(map(PersonId, committee))
