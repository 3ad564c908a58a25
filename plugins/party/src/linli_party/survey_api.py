"""Surveys for programs: calling them, noting what members say, the numbers, and for the branch who it is."""

from datetime import date
from uuid import UUID, uuid5

import attrs

from linli import Act, Actor, District, Facts, NotAllowed, NotPermitted, PersonId, PlaceId
from linli.query import asked_by, body, posts, same_person, subjects
from linli_party.compounds import Compound, homes_of_members, listed
from linli_party.noting import NOTE_MEMBER, Noted
from linli_party.surveys import Call, SurveyFlow, numbers, survey_of
from linli_party.tables import Standing, standings, standings_in


@attrs.frozen(kw_only=True)
class Numbers:
    """How many party members a compound has, and how they stand, now.

    Attributes:
        reported, not_reported: as they were noted; not_noted: nobody has asked them yet, in the round that is open.
        not_active: of those who were asked.
    """

    compound: UUID
    name: str
    has_branch: bool
    members: int
    reported: int
    not_reported: int
    not_noted: int
    not_active: int


@attrs.frozen(kw_only=True)
class Member:
    """A party member who lives in a compound: for its branch alone.

    Attributes:
        name: masked.
        reported, active: None where nobody has asked yet.
    """

    person: UUID
    name: str
    reported: bool | None = None
    active: bool | None = None
    noted_on: date | None = None


class OnlyTheBranch(
    NotPermitted, says="who the members are is shown to the compound's branch alone; see the numbers"
): ...


class Surveys:
    """The surveys of an open district; `actor` and `key` are as in `District.make`."""

    def __init__(self, district: District) -> None:
        self._district = district

    def call(self, compound: UUID, round: str, *, actor: Actor | None = None, key: UUID | None = None) -> Act:
        """Call the survey of a compound; who carries it out is its branch, or who stands in."""
        order = SurveyFlow.call.at(PlaceId(compound), Call(round=round), id=survey_of(compound, round))
        return self._district.perform(order, actor=actor, key=key)

    def call_below(self, place: UUID, round: str, *, actor: Actor | None = None) -> list[Act]:
        """Call the survey of every compound at a place and below it that has none of this round."""
        compounds = [one.id for one in self._district.register.places(place, kind="compound")]
        known = {one.id for one in self._district.ask_unchecked(subjects(SurveyFlow, within=place))}
        return [self.call(one, round, actor=actor) for one in compounds if survey_of(one, round) not in known]

    def note(
        self,
        compound: UUID,
        person: UUID,
        *,
        reported: bool,
        active: bool = True,
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Note how a party member who lives in a compound stands; the journal does not say who it was.

        Raises: Refused for somebody whom the register does not know as one.
        """

        given = Noted(member=PersonId(person), reported=reported, active=active)
        order = NOTE_MEMBER(given, subject=uuid5(compound, "party members"), place=compound)
        return self._district.perform(order, actor=actor, key=key)

    def numbers(self, place: UUID | None = None) -> list[Numbers]:
        """The numbers of every compound at a place and below it that has members, or a survey that is open.

        Where a survey is open, they are of what was noted since it was called, as it is handed in.
        """
        ask, called = self._district.ask_unchecked, self._open_since()
        members = ask(homes_of_members().people())
        noted: dict[UUID, list[tuple[bool, bool]]] = {}
        for one in ask(standings()):
            here = (one.compound, one.person) in members
            if here and one.noted_on >= called.get(one.compound, date.min):
                noted.setdefault(one.compound, []).append((one.reported, one.active))
        shown = (one for one in listed(self._district, place) if one.members or one.id in called)
        return [_numbers(one, noted.get(one.id, [])) for one in shown]

    def _open_since(self) -> dict[UUID, date]:
        """By compound, the day on which the last of its surveys that are open was called."""
        zone = self._district.rules.zone
        found: dict[UUID, date] = {}
        for one in self._district.ask_unchecked(subjects(SurveyFlow, ended=False)):
            day = one.opened_at.astimezone(zone).date()
            found[one.place] = max(day, found.get(one.place, day))
        return found

    def members(self, compound: UUID, *, actor: Actor) -> list[Member]:
        """Who the members of a compound are and how they stand, the ones who did not report first.

        Raises: NotAllowed for whoever has no post in the compound's branch, or in the one that stands in.
        """
        with asked_by(self._district, actor) as (facts, who):
            self._only_the_branch(facts, compound, who)
            people = [person for _, person in facts.get(homes_of_members(compound).people())]
            asked = [standings_in(one) for one in sorted(facts.get(same_person(compound)))]
            facts.fetch(asked)
            noted = {one.person: one for each in asked for one in facts.get(each)}
        found = [self._member(person, noted.get(person)) for person in people]
        return sorted(found, key=lambda one: (one.reported is True, one.active is True, one.person))

    def _member(self, person: UUID, noted: Standing | None) -> Member:
        name = self._district.register.masked(person).get("name", "")
        if noted is None:
            return Member(person=person, name=name)
        return Member(
            person=person, name=name, reported=noted.reported, active=noted.active, noted_on=noted.noted_on
        )

    def _only_the_branch(self, facts: Facts, compound: UUID, actor: Actor) -> None:
        branch = facts.get(body("branch", compound))
        held = facts.get(posts(actor.person)) if actor.person else ()
        if branch is None or all(post.at != branch.id for post in held):
            raise NotAllowed(OnlyTheBranch())


def _numbers(compound: Compound, noted: list[tuple[bool, bool]]) -> Numbers:
    return Numbers(
        compound=compound.id,
        name=compound.name,
        has_branch=compound.has_branch,
        **numbers(compound.members, noted),
    )
