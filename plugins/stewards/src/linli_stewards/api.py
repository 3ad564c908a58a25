"""Stewards for programs: appointments, contacts, coverage."""

from typing import TypeVar
from uuid import UUID

from linli import Act, Actor, District, Subject
from linli.contract import Move, NoInputs, Opening, PersonId, PlaceId, Private, Ref, Why
from linli.errors import NotFound
from linli.refusals import NotFoundHere
from linli_stewards.contacts import CONSENT, ContactFlow
from linli_stewards.stewardship import Named, Stewardship, StewardshipFlow, Succeed
from linli_stewards.tables import seated

N = TypeVar("N", bound=Named)


class NoStewardOfItsOwn(
    NotFoundHere, says="this place has no steward of its own; appoint one: linli steward appoint"
): ...


class NoConsentToPublish(
    NotFoundHere, says="the steward of this place has not consented to publish the contact"
): ...


class Stewards:
    """The stewards of an open district.

    Every method that changes something makes one act and returns it; `actor` and `key` are as in
    `District.make`.
    """

    def __init__(self, district: District) -> None:
        self._district = district

    # --- who is steward -----------------------------------------------------------------------------

    def nominate(
        self,
        place: UUID,
        person: UUID,
        why_not_member: str | None = None,
        *,
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Nominate somebody as steward of a unit or building, for the branch to decide on."""
        return self._open(StewardshipFlow.nominate, place, person, _named(why_not_member), actor, key)

    def approve(
        self,
        stewardship: UUID,
        why_not_member: str | None = None,
        *,
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Appoint whom was nominated; by another person than who nominated them."""
        order = StewardshipFlow.approve(StewardshipFlow.ref(stewardship), _named(why_not_member))
        return self._district.perform(order, actor=actor, key=key)

    def appoint(
        self,
        place: UUID,
        person: UUID,
        why_not_member: str | None = None,
        *,
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Appoint somebody as steward of a unit or building that has none.

        Args:
            why_not_member: needed where the register does not know them as a party member.

        Raises: Refused where the place has a steward, NotAllowed for all but the branch's secretary.
        """
        return self._open(StewardshipFlow.appoint, place, person, _named(why_not_member), actor, key)

    def replace(
        self,
        place: UUID,
        person: UUID,
        reason: str,
        why_not_member: str | None = None,
        *,
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Let somebody follow the steward of a place, who ends in the same act; open tasks go with the post."""
        given = Succeed(
            replaces=self._steward_at(place),
            reason=Private(reason),
            why_not_member=_named(why_not_member).why_not_member,
        )
        return self._open(StewardshipFlow.succeed, place, person, given, actor, key)

    def end(self, place: UUID, reason: str, *, actor: Actor | None = None, key: UUID | None = None) -> Act:
        """End the stewardship of a place; whoever stands in has its open tasks."""
        return self._end(place, StewardshipFlow.end, reason, actor, key)

    def resign(self, place: UUID, reason: str, *, actor: Actor | None = None, key: UUID | None = None) -> Act:
        """Resign as steward of a place."""
        return self._end(place, StewardshipFlow.resign, reason, actor, key)

    def steward_at(self, place: UUID) -> Subject:
        """The stewardship of a place itself; NotFound where it has none."""
        stewardship = self._district.ask_unchecked(seated(place))
        if stewardship is None:
            raise NotFound(NoStewardOfItsOwn())
        return self._district.subject(stewardship)

    # --- the published contact ------------------------------------------------------------------------

    def consent(self, place: UUID, *, actor: Actor, key: UUID | None = None) -> Act:
        """Agree, as the steward of a place, that one's name and phone stand on the compound's board.

        A worker publishes them after the act.
        """
        steward = self.steward_at(place)
        order = ContactFlow.give.at(
            PlaceId(place),
            NoInputs(),
            person=PersonId(actor.person) if actor.person else None,
            parent=steward.id,
            key=str(len(self._consents(steward)) + 1),
        )
        return self._district.perform(order, actor=actor, key=key)

    def withdraw_consent(self, place: UUID, *, actor: Actor, key: UUID | None = None) -> Act:
        """Take the consent back: the contact is taken down with the same act."""
        order = ContactFlow.withdraw(ContactFlow.ref(self.consent_at(place).id))
        return self._district.perform(order, actor=actor, key=key)

    def consent_at(self, place: UUID) -> Subject:
        """The consent of a place's steward that stands; NotFound where none does."""
        found = [one for one in self._consents(self.steward_at(place)) if one.ended_at is None]
        if not found:
            raise NotFound(NoConsentToPublish())
        return found[0]

    # --- how ------------------------------------------------------------------------------------------

    def _consents(self, stewardship: Subject) -> list[Subject]:
        return [one for one in self._district.tree(stewardship.id) if one.kind == CONSENT]

    def _steward_at(self, place: UUID) -> Ref[Stewardship]:
        return StewardshipFlow.ref(self.steward_at(place).id)

    def _open(
        self,
        opening: Opening[Stewardship, N],
        place: UUID,
        person: UUID,
        given: N,
        actor: Actor | None,
        key: UUID | None,
    ) -> Act:
        order = opening.at(PlaceId(place), given, person=PersonId(person))
        return self._district.perform(order, actor=actor, key=key)

    def _end(
        self, place: UUID, move: Move[Stewardship, Why], reason: str, actor: Actor | None, key: UUID | None
    ) -> Act:
        order = move(self._steward_at(place), Why(reason=Private(reason)))
        return self._district.perform(order, actor=actor, key=key)


def _named(why_not_member: str | None) -> Named:
    return Named(why_not_member=Private(why_not_member) if why_not_member else None)
