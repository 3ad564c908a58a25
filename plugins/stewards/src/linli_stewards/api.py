"""Stewards for programs: who is steward where, and the orders that follow from it."""

from uuid import UUID

from linli import (
    District,
    NoInputs,
    NotFound,
    NotFoundHere,
    OpenOrder,
    PersonId,
    PlaceId,
    Private,
    Ref,
    StoredSubject,
)
from linli_stewards.contacts import CONSENT, ContactFlow
from linli_stewards.stewardship import Stewardship, StewardshipFlow, Succeed
from linli_stewards.tables import seated


class NoStewardOfItsOwn(
    NotFoundHere, says="this place has no steward of its own; appoint one: linli steward appoint"
): ...


class NoConsentToPublish(
    NotFoundHere, says="the steward of this place has not consented to publish the contact"
): ...


def steward_at(district: District, place: UUID) -> Ref[Stewardship]:
    """The stewardship of a place itself; NotFound where it has none."""
    found = district.ask_unchecked(seated(place))
    if found is None:
        raise NotFound(NoStewardOfItsOwn())
    return StewardshipFlow.ref(found)


def replacing(
    district: District, place: UUID, person: UUID, reason: str, why_not_member: str | None = None
) -> OpenOrder:
    """The order by which somebody follows the steward of a place, who ends in the same act; open tasks go with the post."""
    given = Succeed(
        replaces=steward_at(district, place),
        reason=Private(reason),
        why_not_member=Private(why_not_member) if why_not_member else None,
    )
    return StewardshipFlow.succeed.at(PlaceId(place), given, person=PersonId(person))


def consenting(district: District, place: UUID, person: UUID | None) -> OpenOrder:
    """The order by which the steward of a place agrees that their name and phone stand on the compound's board.

    A worker publishes them after the act.
    """
    steward = steward_at(district, place)
    return ContactFlow.give.at(
        PlaceId(place),
        NoInputs(),
        person=PersonId(person) if person else None,
        parent=steward,
        key=str(len(_consents(district, steward)) + 1),
    )


def consent_at(district: District, place: UUID) -> UUID:
    """The consent of a place's steward that stands; NotFound where none does."""
    found = [one for one in _consents(district, steward_at(district, place)) if one.ended_at is None]
    if not found:
        raise NotFound(NoConsentToPublish())
    return found[0].id


def _consents(district: District, stewardship: UUID) -> list[StoredSubject]:
    return [one for one in district.tree(stewardship) if one.kind == CONSENT]
