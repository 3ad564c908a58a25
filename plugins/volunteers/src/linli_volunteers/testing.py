"""For tests: a compound with a volunteer organisation, and somebody of each kind in it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import attrs

from linli import Actor, District
from linli.testing import Moment, a_place, an_organisation, phone, resident_id, somebody, who
from linli_volunteers.api import Volunteers
from linli_volunteers.codes import Purpose
from linli_volunteers.wish_api import Wishes


@attrs.frozen(kw_only=True)
class VolunteerCompound:
    """A compound with volunteers.

    Attributes:
        ann, ben, cai: volunteers of its organisation. leader, second_leader: lead sessions, the second
            one a volunteer too. secretary: of the branch. steward: enters wishes. elder, resident:
            live there, and are no volunteers.
    """

    district: District
    volunteers: Volunteers
    wishes: Wishes
    clock: Moment
    place: UUID
    organisation: UUID
    ann: Actor
    ben: Actor
    cai: Actor
    leader: Actor
    second_leader: Actor
    secretary: Actor
    steward: Actor
    elder: Actor
    resident: Actor

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by name."""
        return {
            field.name: getattr(self, field.name)
            for field in attrs.fields(VolunteerCompound)
            if field.type is Actor
        }

    # --- sessions -----------------------------------------------------------------------------------------

    def planned(self, capacity: int = 2, hours: float = 24, lasts: float = 2, **more: Any) -> UUID:
        """A session that begins `hours` from now and lasts `lasts` hours; its number."""
        starts = self.clock.now + timedelta(hours=hours)
        values = {"kind": "cleaning", "title": "清扫楼道", "meet_at": "南门", "capacity": capacity}
        values |= {"starts_at": starts, "ends_at": starts + timedelta(hours=lasts)}
        actor, move = more.pop("actor", self.leader), "take_down" if more.pop("on_paper", False) else "plan"
        return self.district.start("session", move, self.place, values | more, actor=actor).subject

    def opened(self, *signed_up: Actor, **more: Any) -> UUID:
        """A session that is open for sign-up, and who has signed up."""
        session = self.planned(**more)
        self.district.make(session, "open", actor=self.leader)
        for actor in signed_up:
            self.sign_up(session, actor)
        return session

    def begun(self, *signed_up: Actor, **more: Any) -> UUID:
        """A session whose time has come."""
        session = self.opened(*signed_up, **more)
        self.clock.now = self.district.subject(session).record.starts_at
        self.district.make(session, "begin", actor=self.leader)
        return session

    def sign_up(self, session: UUID, actor: Actor) -> UUID:
        """Somebody signs up for themselves; the number of their place."""
        return self.volunteers.sign_up(session, who(actor), actor=actor).subject

    def code(self, session: UUID, purpose: Purpose = "check-in") -> str:
        """The code that the leader shows now."""
        return self.volunteers.code(session, purpose, actor=self.leader).text

    def check_in(self, session: UUID, *actors: Actor) -> None:
        """They come, and check in."""
        for actor in actors:
            self.volunteers.check_in(session, who(actor), self.code(session), actor=actor)

    def check_out(self, session: UUID, *actors: Actor) -> None:
        """They go, and check out."""
        for actor in actors:
            code = self.code(session, "check-out")
            self.volunteers.check_out(session, who(actor), code, actor=actor)

    def held(self, *came: Actor, minutes: int = 120, **more: Any) -> UUID:
        """A session at which everybody served `minutes`."""
        session = self.begun(*came, **{"capacity": max(len(came), 1), **more})
        self.check_in(session, *came)
        self.pass_time(minutes=minutes)
        self.check_out(session, *came)
        self.district.make(session, "hold", actor=self.leader)
        return session

    def states(self, session: UUID) -> list[str]:
        """The states of the places, in the order of signing up."""
        return [seat.state for seat in self.volunteers.roster(session)]

    def places(self, session: UUID) -> tuple[int, int, int]:
        """Of a session's places in the ledger: free, held by somebody, used up."""
        account = self.district.award.account(session, "seats")
        return account.free, account.held, account.spent

    # --- wishes -------------------------------------------------------------------------------------------

    def posted(self, needs: int = 1, **more: Any) -> UUID:
        """A wish of the elder's that is approved; its number."""
        wish = self.proposed(**{"details": "送到西门老槐树下", "needs": needs, **more})
        self.district.make(wish, "approve", actor=self.secretary)
        return wish

    def proposed(self, **more: Any) -> UUID:
        """A wish of the elder's; its number."""
        actor, person = more.pop("actor", self.steward), more.pop("person", who(self.elder))
        values = {"title": "一台轮椅", **more}
        return self.district.start("wish", "propose", self.place, values, person=person, actor=actor).subject

    def claimed(self, *actors: Actor) -> UUID:
        """A wish that as many as it needs have claimed."""
        wish = self.posted(needs=len(actors))
        for actor in actors:
            self.wishes.claim(wish, who(actor), actor=actor)
        return wish

    # --- everything -----------------------------------------------------------------------------------------

    def state(self, subject: UUID) -> str:
        """Where something stands."""
        return self.district.subject(subject).state

    def at(self, text: str) -> datetime:
        """A moment on the district's wall clock: "2026-09-30 16:00"."""
        return datetime.fromisoformat(text).replace(tzinfo=self.district.rules.zone)

    def pass_time(self, **span: float) -> None:
        """Move the clock, and let the worker carry out what is due by then."""
        self.clock.now += timedelta(**span)
        while self.district.worker.run_once(now=self.clock.now):
            pass

    def volunteer(self, born: date | None = None) -> Actor:
        """One more volunteer, registered with a name and, where a day is given, an identity number."""
        number = next(_NUMBERS)
        person = self.district.register.person(
            name="王小明",
            phone=phone(number),
            resident_id=resident_id(number, born) if born else None,
            home=self.place,
        )
        self.district.register.tie(person, "volunteer", self.organisation)
        return Actor(person=person)


_NUMBERS = count(1)


def volunteer_compound(
    new_district: Callable[..., District], more: str = "", **options: Any
) -> VolunteerCompound:
    """A compound in a new district that has the volunteers enabled."""
    clock = Moment()
    enabled = ("volunteers", *options.pop("enabled", ()))
    district = new_district(enabled=enabled, more=more, clock=clock, **options)
    place = a_place(district, "锦绣花园")
    organisation = an_organisation(district, "volunteer_organisation", place, "锦绣志愿队")
    names = ("ann", "ben", "cai", "elder", "resident")
    people = {name: somebody(district, None, place) for name in names}
    staff = {
        "leader": somebody(district, "volunteer_leader", place, at=organisation),
        "second_leader": somebody(district, "volunteer_leader", place, at=organisation),
        "secretary": somebody(district, "branch_secretary", place),
        "steward": somebody(district, "steward", place),
    }
    for member in (people["ann"], people["ben"], people["cai"], staff["second_leader"]):
        district.register.tie(who(member), "volunteer", organisation)
    return VolunteerCompound(
        district=district,
        volunteers=Volunteers(district),
        wishes=Wishes(district),
        clock=clock,
        place=place,
        organisation=organisation,
        **people,
        **staff,
    )
