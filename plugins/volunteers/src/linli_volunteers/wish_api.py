"""Wishes for programs: making, approving, claiming, fulfilling, thanking."""

from uuid import UUID

from linli import Act, Actor, District, NoInputs, PersonId, PlaceId, Private, Reading, StoredSubject, Subject
from linli._seeing.texts import texts_of
from linli.query import subjects
from linli_volunteers.records import Wish
from linli_volunteers.wishes import ClaimFlow, WishFlow


class Wishes:
    """The micro-wishes of an open district.

    Every method that changes something makes one act and returns it; `actor` and `key` are as in
    `District.make`. The other moves (approve, refuse, reduce, withdraw) are made by `District.make`.
    """

    def __init__(self, district: District) -> None:
        self._district = district

    def posted(self, place: UUID | None = None, most: int = 200) -> list[Subject[Wish]]:
        """The wishes that can be claimed at a place and below it. Show their titles, never their persons."""
        return list(
            self._district.ask_unchecked(subjects(WishFlow, states=WishFlow.posted, within=place, most=most))
        )

    def claim(self, wish: UUID, person: UUID, *, actor: Actor | None = None, key: UUID | None = None) -> Act:
        """Claim a wish; by the claimant themselves only."""
        place = PlaceId(self._district.subject(wish).place)
        order = ClaimFlow.claim.at(place, NoInputs(), parent=wish, key=person.hex, person=PersonId(person))
        return self._district.perform(order, actor=actor, key=key)

    def claims(self, wish: UUID) -> list[StoredSubject]:
        """Every claim of a wish, the oldest first."""
        return [one for one in self._district.tree(wish) if one.kind == "claim"]

    def details(self, wish: UUID, reason: str, *, actor: Actor | None = None) -> str | None:
        """What exactly is wished for. That it was read, and why, is an act; None where nothing was written."""
        self._district.perform(
            WishFlow.read(WishFlow.ref(wish), Reading(reason=Private(reason))), actor=actor
        )
        said = (one for one in texts_of(self._district, wish) if one.said_in == wish)
        return next((one.text for one in said if one.field == "details"), None)
