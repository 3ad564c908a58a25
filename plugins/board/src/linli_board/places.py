"""Which places have a board, and where it is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import NAMESPACE_URL, UUID, uuid5

import attrs
from sqlalchemy import Row, select

from linli import District
from linli.lookups import path_ids
from linli.settings import DistrictSettings
from linli.store import tables as t

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
        rows = self._read()
        self._names = {row.id: row.name for row in rows}
        roots = [row.id for row in rows if row.kind == "district"]
        found = [_spot(row, front=roots == [row.id]) for row in rows if row.kind in KINDS]
        self.front = next((spot for spot in found if not spot.folder), None) or self._front()
        self._by_id = {spot.id: spot for spot in [self.front, *found]}
        self._below: dict[UUID, list[Spot]] = defaultdict(list)
        for spot in self:
            above = self.above(spot)
            if above:
                self._below[above[-1].id].append(spot)

    def _read(self) -> list[Row[tuple[UUID, str, str, str]]]:
        p = t.place.c
        query = select(p.id, p.kind, p.name, p.path).where(
            p.district == self._district.code, p.kind.not_in(("unit", "exclusive_part"))
        )
        with self._district.store.reading() as connection:
            return sorted(connection.execute(query), key=lambda row: (row.path.count("/"), row.name))

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

    def _path(self, place: UUID) -> tuple[UUID, ...]:
        p = t.place.c
        query = select(p.path).where(p.district == self._district.code, p.id == place)
        with self._district.store.reading() as connection:
            found = connection.execute(query).scalar()
        return path_ids(found) if found else ()

    def name(self, place: UUID) -> str:
        """What a place is called; "" below buildings, whose names would say too much."""
        return str(self._names.get(place, ""))


def _spot(row: Row[tuple[UUID, str, str, str]], *, front: bool) -> Spot:
    folder = "" if front else f"places/{row.id}/"
    return Spot(id=row.id, name=row.name, path=path_ids(row.path), folder=folder)
