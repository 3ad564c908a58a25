"""For tests: a street with a centre, its keepers, and people who book its hall."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs

from linli import Actor, District
from linli.testing import Moment, somebody
from linli.testing import who as who
from linli_centres.api import Centres

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A moment on the district's wall clock: "2026-03-05 14:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@attrs.define(kw_only=True)
class Hall:
    """A centre in service with a hall, and the people around it.

    Attributes:
        booker, other: residents of the compound; keeper, second_keeper: of the centre.
    """

    district: District
    centres: Centres
    clock: Moment
    street: UUID
    place: UUID
    centre: UUID
    officer: Actor
    keeper: Actor
    second_keeper: Actor
    booker: Actor
    other: Actor

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by name."""
        names = ("officer", "keeper", "second_keeper", "booker", "other")
        return {name: getattr(self, name) for name in names}

    def book(self, start: str, end: str, by: Actor | None = None, **more: Any) -> UUID:
        """Book the hall, on the wall clock, as the booker by default; the booking's number."""
        actor = by or self.booker
        return self.district.start(
            "hall_booking",
            "ask",
            self.district.subject(self.centre).place,
            {"centre": self.centre, "starts_at": at(start), "ends_at": at(end), **more},
            person=who(actor),
            actor=actor,
        ).subject

    def approved(self, start: str, end: str, by: Actor | None = None) -> UUID:
        """A booking that the keeper approved."""
        booking = self.book(start, end, by)
        self.district.make(booking, "approve", actor=self.keeper)
        return booking

    def go_to(self, text: str) -> None:
        """Let it be this moment, a worker doing what came due meanwhile."""
        self.clock.now = at(text)
        while self.district.worker.run_once(now=self.clock.now):
            pass

    def pass_days(self, days: float) -> None:
        """Let time pass, as `go_to` does."""
        self.clock.now += timedelta(days=days)
        while self.district.worker.run_once(now=self.clock.now):
            pass

    def state(self, subject: UUID) -> str:
        """Where a centre or a booking stands."""
        return self.district.subject(subject).state

    def free(self, day: str) -> list[str]:
        """When the hall is free on a day: "08:30-12:00"."""
        found = self.centres.free(self.centre, datetime.fromisoformat(day).date())
        return [f"{one.starts_at:%H:%M}-{one.ends_at:%H:%M}" for one in found]

    def figures(self) -> dict[str, Any]:
        """The figures of centres, as they are today."""
        found = self.district.brief().figures
        return {name: amount for name, amount in found.items() if name.startswith("centres.")}


def a_hall(new_district: Callable[..., District], more: str = "") -> Hall:
    """A centre in a new district that has the centres plugin enabled."""
    clock = Moment()
    district = new_district(enabled=("centres",), more=more, clock=clock)
    register = district.register
    top = register.place("district", "城区")
    street = register.place("street", "城南街道", top)
    place = register.place("compound", "锦绣花园", street)
    somebody(district, "officer", top)
    officer = somebody(district, "officer", street)
    centres = Centres(district)
    centre = centres.open(place, "锦绣花园党群服务中心", seats=40, actor=officer).subject
    return Hall(
        district=district,
        centres=centres,
        clock=clock,
        street=street,
        place=place,
        centre=centre,
        officer=officer,
        keeper=somebody(district, "centre_keeper", place),
        second_keeper=somebody(district, "centre_keeper", place),
        booker=somebody(district, None, place),
        other=somebody(district, None, place),
    )
