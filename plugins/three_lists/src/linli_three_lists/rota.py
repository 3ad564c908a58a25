"""The duty rota for programs: who is put on it and taken off it, each by an act."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    ActContext,
    Actor,
    ActResult,
    DirectAct,
    District,
    Facts,
    Input,
    Invalid,
    NoInputs,
    NotFound,
    NotFoundHere,
    Refusal,
    Refused,
    Seat,
    Text,
    has_post,
    new_id,
    query,
    say,
)
from linli.hooks import DispatchSettings, living
from linli_three_lists.duty import (
    Shift,
    begun,
    on_duty,
    overlapping,
    shift_of,
    shifts_after,
    shifts_of,
    taken_off,
)

WORDS = ("shift",)
LONGEST_SHIFT = timedelta(days=31)
_WEEK = timedelta(weeks=1)


@contextmanager
def reading(district: District) -> Iterator[Facts]:
    """Facts of the present moment, in a transaction that writes nothing."""
    with district.store.transaction() as transaction:
        yield Facts(transaction, district.rules.constants, district.now())


class WrongShift(Invalid, says="a shift ends after it begins, and within {days} days"):
    days: int
    field: str = "until"


class OnDutyAlready(
    Refusal, says="they are on duty there at that time already; see: linli need rota list"
): ...


class NoSuchShift(NotFoundHere, says="there is no shift {id}; see: linli need rota list"):
    id: UUID


class Rota:
    """Who is on duty when at which place."""

    def __init__(self, district: District) -> None:
        self._district = district

    def add(
        self,
        person: UUID,
        place: UUID,
        since: datetime,
        until: datetime,
        *,
        role: str | None = None,
        weeks: int = 1,
        actor: Actor | None = None,
    ) -> list[UUID]:
        """Put somebody on duty for a place and all below it; the shifts' numbers.

        Args:
            role: of the post that they are on duty in, which must reach the place; None: the
                district's duty role.
            weeks: the same again, so many weeks in all.

        Raises: Refused for somebody without that post, or who is on duty there at that time already,
            and for a shift that ends before it begins.
        """
        if not since < until <= since + LONGEST_SHIFT:
            raise Refused(WrongShift(days=LONGEST_SHIFT.days))
        wanted = role or self._district.configuration.section(DispatchSettings).duty_role
        return [
            self._put(person, place, since + week * _WEEK, until + week * _WEEK, wanted, actor)
            for week in range(weeks)
        ]

    def _put(
        self, person: UUID, place: UUID, since: datetime, until: datetime, role: str, actor: Actor | None
    ) -> UUID:
        given = AddShift(since=since, until=until, role=role)
        order = ADD_SHIFT(given, subject=new_id(), place=place, person=person, fresh=True)
        return self._district.perform(order, actor=actor).subject

    def drop(self, shift: UUID, *, actor: Actor | None = None) -> None:
        """Take a shift off the rota; NotFound where it is not on it."""
        known = self._district.ask_unchecked(shift_of(shift))
        if known is None:
            raise NotFound(NoSuchShift(id=shift))

        order = DROP_SHIFT(subject=shift, place=known.place, person=known.person)
        self._district.perform(order, actor=actor)

    def shifts(
        self, place: UUID | None = None, *, since: datetime | None = None, most: int = 200
    ) -> list[Shift]:
        """Shifts that end after a moment (now), the earliest first; None: of every place."""
        after = since or self._district.now()
        return self._district.ask_unchecked(
            shifts_of(place, after, most) if place else shifts_after(after, most)
        )

    def now(self, place: UUID) -> list[Shift]:
        """Who is on duty for a place at this moment: there, or at the nearest place above where anybody is."""
        with reading(self._district) as facts:
            for at in reversed(facts.get(query.place(place)).path):
                found = list(on_duty(at, facts))
                if found:
                    return found
        return []


class PostNotTheirs(Refusal, says="they do not have the post {role} there at that time; see: linli post add"):
    role: Text


def _seat(facts: Facts, person: UUID, place: UUID, role: str) -> Seat:
    """The post of that role which reaches the place, the nearest by."""
    path = facts.get(query.place(place)).path
    posts = [post for post in facts.get(query.posts(person)) if post.role == role and post.place in path]
    if not posts:
        raise Refused(PostNotTheirs(role=say(role)))
    nearest = max(posts, key=lambda post: path.index(post.place))
    return Seat(role=role, at=nearest.at)


@attrs.frozen(kw_only=True)
class AddShift:
    """A shift of the order's person at its place."""

    since: datetime
    until: datetime
    role: Annotated[str, Input("of the post that they are on duty in")]


def _added(ctx: ActContext[AddShift]) -> ActResult:
    facts, given, place, person = ctx.facts, ctx.given, ctx.place, ctx.whom
    facts.hold(f"rota {person}")
    living(facts, person)
    if ctx.get(overlapping(person, place, after=given.since, before=given.until)):
        raise Refused(OnDutyAlready())
    seat = _seat(facts.as_of(max(given.since, ctx.at)), person, place, given.role)
    shift = Shift(id=ctx.subject, place=place, person=person, seat=seat, since=given.since, until=given.until)
    body = {"seat": str(seat), "since": given.since.isoformat(), "until": given.until.isoformat()}
    return ActResult(body=body, writes=(begun(facts.district, shift),))


def _dropped(ctx: ActContext[NoInputs]) -> ActResult:
    known = ctx.get(shift_of(ctx.subject))
    if known is None:
        raise NotFound(NoSuchShift(id=ctx.subject))
    body = {"seat": str(known.seat), "since": known.since.isoformat()}
    return ActResult(body=body, writes=(taken_off(ctx.facts.district, ctx.subject),))


_PUT_ON_IT = has_post("clerk", "officer", "administrator")
ADD_SHIFT = DirectAct("shift.add", AddShift, label="shift taken down", by=_PUT_ON_IT, does=_added)
DROP_SHIFT = DirectAct("shift.drop", label="shift struck off", by=_PUT_ON_IT, does=_dropped)
