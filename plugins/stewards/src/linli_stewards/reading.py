"""Coverage, gaps and the list of stewards: what is so now, read outside any act."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs
from sqlalchemy import Select, and_, distinct, func, select

from linli import District, Facts, Seat, query
from linli._store import tables as t
from linli_stewards import grids
from linli_stewards.contacts import CONSENT
from linli_stewards.settings import StewardSettings
from linli_stewards.stewardship import GRIDS, STEWARD
from linli_stewards.tables import SEAT

_p, _o, _s = t.place.c, t.post.c, t.subject.c


@attrs.frozen(kw_only=True)
class Coverage:
    """How far stewards reach in a compound.

    Attributes:
        units, covered: how many there are, and have a steward of their own or of their building.
        stewards, party_members: people, each once.
    """

    compound: UUID
    name: str
    units: int
    covered: int
    stewards: int
    party_members: int

    @property
    def share(self) -> float | None:
        """Covered units by all; None where there are none."""
        return self.covered / self.units if self.units else None


@attrs.frozen(kw_only=True)
class Gap:
    """A unit without a steward.

    Attributes:
        since: when the last one of its own left; None: it never had one.
    """

    place: UUID
    name: str
    compound: UUID
    since: datetime | None


@attrs.frozen(kw_only=True)
class Line:
    """A place with a steward; or without one, and with open tasks that one had.

    Attributes:
        name: of the place, with those above it.
        stewardship: None where the post came from a file or from before this plugin.
        contact: "given", "posted"; None: not published.
        open_tasks: what the post holds.
        stands_in: who has these while nobody is steward.
    """

    place: UUID
    name: str
    person: UUID | None
    since: datetime | None = None
    stewardship: UUID | None = None
    party_member: bool = False
    contact: str | None = None
    open_tasks: int = 0
    stands_in: str | None = None


class Reading:
    """What there is of stewards at a place and below it; None: in the whole district."""

    def __init__(self, district: District, place: UUID | None) -> None:
        self._district = district
        self._now = district.now()
        self._day = self._now.astimezone(district.rules.zone).date()
        self._level = district.configuration.section(StewardSettings).level
        self._path = district.register.node(place).path if place else ""

    def _all(self, query: Select[*tuple[Any, ...]], *, everywhere: bool = False) -> list[Any]:
        if self._path and not everywhere:
            query = query.where(_p.path.startswith(self._path))
        with self._district.store.reading() as connection:
            return list(connection.execute(query))

    def coverage(self) -> list[Coverage]:
        """Each compound that has units, by its name."""
        code = self._district.code
        units = self._all(grids.by_compound(code, self._level, self._now, self._day))
        posts = grids.stewards(code, self._now)
        counted = posts.with_only_columns(_p.reporting_place, func.count(distinct(_o.person))).group_by(
            _p.reporting_place
        )
        stewards = self._numbers(counted)
        members = self._numbers(counted.where(grids.is_member(code, _o.person, self._day)))
        names = self._district.register.name_paths(compound for compound, _, _ in units)
        found = [
            Coverage(
                compound=compound,
                name=names[compound],
                units=total,
                covered=covered,
                stewards=stewards.get(compound, 0),
                party_members=members.get(compound, 0),
            )
            for compound, total, covered in units
        ]
        return sorted(found, key=lambda one: one.name)

    def _numbers(self, query: Select[*tuple[Any, ...]]) -> dict[UUID, int]:
        return {ident: int(count) for ident, count in self._all(query)}

    def gaps(self) -> list[Gap]:
        """The units without a steward, by their names."""
        code = self._district.code
        left = (
            select(func.max(_o.until))
            .where(_o.district == code, _o.at == _p.id, _o.role == STEWARD)
            .correlate(t.place)
            .scalar_subquery()
        )
        query = select(_p.id, _p.reporting_place, left).where(
            grids.is_grid(code, self._level, self._day), ~grids.is_covered(self._now)
        )
        rows = self._all(query)
        names = self._district.register.name_paths(place for place, _, _ in rows)
        found = [Gap(place=place, name=names[place], compound=at, since=since) for place, at, since in rows]
        return sorted(found, key=lambda one: one.name)

    def lines(self) -> list[Line]:
        """The stewards, and the places whose steward left with none after them, by the places' names."""
        tasks, held = self._open_tasks(), list(self._held())
        known = {row.place for row in held}
        left = [place for place in tasks if place not in known]
        names = self._district.register.name_paths([*known, *left])
        stewards = [
            attrs.evolve(row, name=names[row.place], open_tasks=tasks.get(row.place, 0)) for row in held
        ]
        vacant = [
            Line(place=place, name=names[place], person=None, open_tasks=tasks[place], stands_in=who)
            for place, who in self._standing_in(left)
        ]
        return sorted([*stewards, *vacant], key=lambda one: one.name)

    def _held(self) -> Iterator[Line]:
        code, member = self._district.code, grids.is_member(self._district.code, _o.person, self._day)
        consent = select(_s.state).where(
            _s.district == code,
            _s.kind == CONSENT,
            _s.parent == SEAT.c.stewardship,
            _s.ended_at.is_(None),
        )
        query = (
            select(_p.id, _o.person, _o.since, SEAT.c.stewardship, member, consent.scalar_subquery())
            .join(t.post, and_(_o.district == _p.district, _o.at == _p.id))
            .outerjoin(SEAT, and_(SEAT.c.district == _p.district, SEAT.c.place == _p.id))
            .where(_p.district == code, _p.kind.in_(GRIDS["unit"]), grids.held(self._now))
        )
        for place, person, since, stewardship, is_member, contact in self._all(query):
            yield Line(
                place=place,
                name="",
                person=person,
                since=since,
                stewardship=stewardship,
                party_member=bool(is_member),
                contact=contact,
            )

    def _open_tasks(self) -> Mapping[UUID, int]:
        """By place, how many tasks its steward's post holds."""
        query = (
            select(_p.id, func.count())
            .join(t.subject, and_(_s.district == _p.district, _s.holder_at == _p.id))
            .where(
                _s.district == self._district.code,
                _s.kind == "task",
                _s.holder_role == STEWARD,
                _s.ended_at.is_(None),
            )
            .group_by(_p.id)
        )
        return self._numbers(query)

    def _standing_in(self, places: list[UUID]) -> Iterator[tuple[UUID, str | None]]:
        with self._district.store.transaction() as transaction:
            facts = Facts(transaction, self._district.rules.constants, self._now)
            seats = {place: facts.get(query.seats(Seat(role=STEWARD, at=place), place)) for place in places}
        for place, found in seats.items():
            yield place, self._called(found[0]) if found else None

    def _called(self, seat: Seat) -> str:
        register = self._district.register
        bodies = [one.name for one in register.organisations() if one.id == seat.at] if not seat.role else []
        return bodies[0] if bodies else register.name_path(seat.at)
