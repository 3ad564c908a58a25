"""Which places have a board, and where it is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import NAMESPACE_URL, UUID, uuid5

import attrs

from linli import District, DistrictSettings, NotFound
from linli.query import Place, place, places

KINDS = ("district", "street", "community", "compound")


@attrs.frozen(kw_only=True)
class Spot:
    """A place with a board.

    Attributes:
        path: the places from the district down to it; empty for a front page over several trees.
        folder: where its pages are: "places/<number>/", "" for the front page.
    """

    id: UUID
    name: str
    path: tuple[UUID, ...]
    folder: str

    def page(self, name: str = "index.html") -> str:
        """One of its pages."""
        return self.folder + name


class Spots:
    """The boards of a district as its places are now: its own is the front page."""

    def __init__(self, district: District) -> None:
        self._district = district
        known = district.ask_unchecked(places(*KINDS, "building", ended_too=True))
        self._names = {one.id: one.name for one in known}
        roots = [one.id for one in known if one.kind == "district"]
        shown = sorted((one for one in known if one.kind in KINDS), key=lambda one: (len(one.path), one.name))
        found = [_spot(one, front=roots == [one.id]) for one in shown]
        self.front = next((spot for spot in found if not spot.folder), None) or self._front()
        self._by_id = {spot.id: spot for spot in [self.front, *found]}
        self._below: dict[UUID, list[Spot]] = defaultdict(list)
        for spot in self:
            above = self.above(spot)
            if above:
                self._below[above[-1].id].append(spot)

    def _front(self) -> Spot:
        name = self._district.configuration.section(DistrictSettings).name
        return Spot(
            id=uuid5(NAMESPACE_URL, f"urn:linli:{self._district.code}"), name=name, path=(), folder=""
        )

    def __iter__(self) -> Iterator[Spot]:
        return iter(self._by_id.values())

    def above(self, spot: Spot) -> list[Spot]:
        """The boards above one, the front page first."""
        if spot == self.front:
            return []
        between = [self._by_id[one] for one in spot.path[:-1] if one in self._by_id]
        return between if self.front in between else [self.front, *between]

    def below(self, spot: Spot) -> list[Spot]:
        """The boards directly below one."""
        return self._below[spot.id]

    def showing(self, places: Iterable[UUID]) -> set[UUID]:
        """The boards that show what is published at these places: theirs, those above and below them."""
        wanted = set(places)
        over = {one for place in wanted for one in self._path(place)}
        return {self.front.id} | {spot.id for spot in self if spot.id in over or wanted & set(spot.path)}

    def nearest(self, place: UUID) -> Spot:
        """The board of a place, or of the nearest place above that has one."""
        found = [self._by_id[one] for one in self._path(place) if one in self._by_id]
        return found[-1] if found else self.front

    def _path(self, ident: UUID) -> tuple[UUID, ...]:
        try:
            return self._district.ask_unchecked(place(ident)).path
        except NotFound:
            return ()

    def name(self, place: UUID) -> str:
        """What a place is called; "" below buildings, whose names would say too much."""
        return str(self._names.get(place, ""))


def _spot(place: Place, *, front: bool) -> Spot:
    folder = "" if front else f"places/{place.id}/"
    return Spot(id=place.id, name=place.name, path=place.path, folder=folder)
