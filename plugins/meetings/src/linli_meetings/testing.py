"""For tests: a street with departments, a compound in it, and somebody of each kind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import attrs

from linli import Actor, District
from linli.testing import Moment, a_place, an_organisation, somebody


@attrs.frozen(kw_only=True)
class Street:
    """A street in a district, with a compound, three departments, and people.

    Attributes:
        secretary, district_secretary: of the joint meetings of the street and of the district.
        officer: of the street, who blows the whistle.
        urban, fire, water: departments of the street; `urban_officer`, … are theirs.
        branch: its secretary, who proposes. stranger: nobody.
    """

    district: District
    clock: Moment
    top: UUID
    place: UUID
    compound: UUID
    urban: UUID
    fire: UUID
    water: UUID
    secretary: Actor
    district_secretary: Actor
    officer: Actor
    district_officer: Actor
    urban_officer: Actor
    fire_officer: Actor
    water_officer: Actor
    clerk: Actor
    branch: Actor
    stranger: Actor

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by name."""
        return {
            field.name: getattr(self, field.name) for field in attrs.fields(Street) if field.type is Actor
        }

    def part(self, root: UUID, kind: str, key: UUID | str = "") -> UUID:
        """The newest part of a kind, of a body where one is given."""
        found = [one for one in self.district.tree(root) if one.kind == kind]
        return [one.id for one in found if (one.key or "").startswith(str(key))][-1]

    def states(self, root: UUID) -> dict[str, list[str]]:
        """By kind, the states of everything in a tree, the oldest first."""
        found: dict[str, list[str]] = {}
        for one in self.district.tree(root):
            found.setdefault(one.kind, []).append(one.state)
        return found

    def state(self, ident: UUID) -> str:
        """The state of one subject."""
        return self.district.subject(ident).state

    def pass_time(self, **span: float) -> None:
        """Let time pass, and everything ring that is due, each at its moment."""
        end = self.clock.now + timedelta(**span)
        while (ringing := self._next_ring()) is not None and ringing <= end:
            self.clock.now = max(ringing, self.clock.now)
            while self.district.worker.run_once(now=self.clock.now):
                pass
        self.clock.now = end

    def _next_ring(self) -> datetime | None:
        due = self.district.deliveries.listed(state="due", kind="timer", most=1000)
        return min((one.due_at for one in due), default=None)

    def called(self, **more: Any) -> UUID:
        """A meeting of the street, five days on; its number."""
        values = {"starts_at": self.clock.now + timedelta(days=5), "venue": "三楼会议室", **more}
        return self.district.start("meeting", "call", self.place, values, actor=self.secretary).subject

    def proposed(self, **more: Any) -> UUID:
        """An agenda item of the street about the compound; its number."""
        values = {"tier": "street", "topic": "违建", **more}
        return self.district.start(
            "agenda_item", "propose", self.compound, values, actor=self.officer
        ).subject

    def scheduled(self, meeting: UUID, **more: Any) -> UUID:
        """An agenda item on a meeting's agenda."""
        item = self.proposed(**more)
        self.district.make(item, "schedule", {"meeting": meeting}, actor=self.secretary)
        return item

    def blown(self, *departments: UUID, **more: Any) -> UUID:
        """A whistle for departments, all three by default; its number."""
        values = {"topic": "违建", "departments": departments or (self.urban, self.fire, self.water), **more}
        return self.district.start("whistle", "blow", self.compound, values, actor=self.officer).subject

    def officer_of(self, department: UUID) -> Actor:
        """Whoever works in a department."""
        return {
            self.urban: self.urban_officer,
            self.fire: self.fire_officer,
            self.water: self.water_officer,
        }[department]

    def does(self, whistle: UUID, department: UUID, *moves: str, **values: Any) -> None:
        """Let a department, or the street's officer, make moves of a department's part."""
        asked = {"decline": {"reason": "x"}, "finish": {"result": "x"}, "send_back": {"reason": "x"},
                 "evaluate": {"grade": "good"}, "release": {"reason": "x"}}  # fmt: skip
        for move in moves:
            own = move in ("report_in", "decline", "finish")
            actor = self.officer_of(department) if own else self.officer
            part = self.part(whistle, "whistle_part", department)
            more = values if move == moves[-1] else {}
            self.district.make(part, move, {**asked.get(move, {}), **more}, actor=actor)

    def reported(self) -> UUID:
        """A resident's request of the compound, with a task that somebody has; the request's number."""
        request = self.district.dispatch.submit(self.compound, "general", "楼顶违建").subject
        self.district.make(request, "accept")
        values = {"role": "branch_secretary", "at": self.compound}
        self.district.make(request, "dispatch", values)
        return request

    def held(self, meeting: UUID) -> None:
        """Hold a meeting five days on, with everybody there."""
        self.clock.now = self.district.subject(meeting).record.starts_at
        for one in self.district.tree(meeting):
            if one.kind == "attendance":
                self.district.make(one.id, "attend", actor=self.secretary)
        self.district.make(meeting, "hold", actor=self.secretary)


def street(new_district: Callable[..., District], more: str = "", **options: Any) -> Street:
    """A street in a new district that has the meetings enabled."""
    clock = Moment()
    district = new_district(enabled=("meetings",), more=more, clock=clock, **options)
    top = a_place(district, "区", kind="district")
    place = a_place(district, "城南街道", kind="street", parent=top, path=f"{top.hex}/")
    compound = a_place(district, "锦绣花园", parent=place, path=f"{top.hex}/{place.hex}/")
    bodies = {
        name: an_organisation(district, "department", place, name) for name in ("urban", "fire", "water")
    }
    staff = {name: somebody(district, "department_officer", place, at=body) for name, body in bodies.items()}
    return Street(
        district=district,
        clock=clock,
        top=top,
        place=place,
        compound=compound,
        secretary=somebody(district, "meeting_secretary", place),
        district_secretary=somebody(district, "meeting_secretary", top),
        officer=somebody(district, "officer", place),
        district_officer=somebody(district, "district_officer", top),
        clerk=somebody(district, "clerk", place),
        branch=somebody(district, "branch_secretary", compound),
        stranger=somebody(district, None, compound),
        urban=bodies["urban"],
        fire=bodies["fire"],
        water=bodies["water"],
        urban_officer=staff["urban"],
        fire_officer=staff["fire"],
        water_officer=staff["water"],
    )
