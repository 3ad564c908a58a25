"""Coming and going: checked in and out by a code, or by a leader's hand; minutes counted, and put right."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

import attrs

from linli import Context, Input, Invalid, Occurred, Refusal, Transition, Why, evolve
from linli_volunteers.codes import Purpose, code_fits
from linli_volunteers.guardians import guarded
from linli_volunteers.joining import session_number, session_of
from linli_volunteers.records import Seat, Session
from linli_volunteers.settings import VolunteerSettings


class NotUnderWay(Refusal, says="this session is not under way"): ...


def while_under_way(t: Transition[Seat, object]) -> Refusal | None:
    """Only between the opening of check-in and the confirming of hours."""
    return None if session_of(t).state.name == "under_way" else NotUnderWay()


def with_guardian(t: Transition[Seat, object]) -> Refusal | None:
    """A guardian's consent still stands on the day."""
    session = session_of(t)
    assert t.subject.person is not None, "a place is somebody's"
    return guarded(t.subject.person, t.facts.calendar.day_of(session.record.starts_at), t)


@attrs.frozen(kw_only=True)
class ByCode:
    """The code on show."""

    code: Annotated[str, Input("what the leader shows", longest=20)]


class WrongCode(Invalid, says="the code is wrong or has passed; take the one that is shown now"):
    field: str = "code"


def with_code(purpose: Purpose) -> Callable[[Transition[Seat, ByCode]], Refusal | None]:
    """The code must be the one on show."""

    def check(t: Transition[Seat, ByCode]) -> Refusal | None:
        settings = t.settings(VolunteerSettings)
        if code_fits(t.given.code, t.facts.commit, session_number(t), purpose, t.at, settings):
            return None
        return WrongCode()

    return check


# --- coming ----------------------------------------------------------------------------------------------


def _check_in_opens(ctx: Context[Seat]) -> datetime:
    """When somebody can have come at the earliest."""
    session = session_of(ctx)
    return session.record.starts_at - ctx.settings(VolunteerSettings).check_in_before


@attrs.frozen(kw_only=True)
class Came(Why):
    """When they came, and why that is entered by hand."""

    checked_in_at: Annotated[
        datetime | None,
        Input("when they came: 2026-03-09T09:05; now if not given", occurred=Occurred(since=_check_in_opens)),
    ] = None


def comes_now(t: Transition[Seat, object]) -> Seat:
    """Who comes by a code does so now."""
    return _come(t, t.at)


def came(t: Transition[Seat, Came]) -> Seat:
    """When they came, now if nothing else is said."""
    return _come(t, t.given.checked_in_at or t.at)


def _come(t: Transition[Seat, object], moment: datetime) -> Seat:
    """With whether that is late."""
    session = session_of(t)
    late = moment > session.record.starts_at + t.settings(VolunteerSettings).late_after
    return evolve(t.record, checked_in_at=moment, late=late)


class OutsideTheSession(Invalid, says="checked_in_at must lie within the session's time"):
    field: str = "checked_in_at"


def within_the_session(t: Transition[Seat, object]) -> Refusal | None:
    """Nobody came long before it began, nor after its end."""
    session = session_of(t)
    came_at = t.record.checked_in_at
    if came_at and _check_in_opens(t) <= came_at <= session.record.ends_at:
        return None
    return OutsideTheSession()


# --- going -----------------------------------------------------------------------------------------------


def _they_came(ctx: Context[Seat]) -> datetime | None:
    """When they came: nobody leaves before that."""
    return ctx.record.checked_in_at


@attrs.frozen(kw_only=True)
class Left(Why):
    """When they left, and why that is entered by hand."""

    checked_out_at: Annotated[
        datetime | None,
        Input("when they left: 2026-03-09T11:00; now if not given", occurred=Occurred(since=_they_came)),
    ] = None


def goes_now(t: Transition[Seat, object]) -> Seat:
    """Who goes by a code does so now."""
    return _go(t, t.at)


def left_at(t: Transition[Seat, Left]) -> Seat:
    """When they left, now if nothing else is said."""
    return _go(t, t.given.checked_out_at or t.at)


def _go(t: Transition[Seat, object], moment: datetime) -> Seat:
    """With how many minutes that makes."""
    session = session_of(t).record
    assert t.record.checked_in_at is not None, "whoever leaves has come"
    return evolve(t.record, checked_out_at=moment, minutes=_minutes(t.record.checked_in_at, moment, session))


def _minutes(came_at: datetime, left_at: datetime, session: Session) -> int:
    """Whole minutes of service: those within the session's own time."""
    served = min(left_at, session.ends_at) - max(came_at, session.starts_at)
    return max(0, int(served / timedelta(minutes=1)))


# --- put right -------------------------------------------------------------------------------------------

Minutes = Annotated[int, Input("how many minutes there were")]


@attrs.frozen(kw_only=True)
class Correct(Why):
    """What there was instead."""

    minutes: Minutes | None = None
    late: Annotated[bool | None, Input("whether they came late")] = None


@attrs.frozen(kw_only=True)
class Attend:
    """The minutes that the place has: in the act that points are paid for."""

    minutes: Minutes


@attrs.frozen(kw_only=True)
class CountAgain(Why):
    """The minutes that count after all."""

    minutes: Minutes


class ImpossibleMinutes(Invalid, says="minutes must be 0 to {most}"):
    most: int
    field: str = "minutes"


def possible_minutes(t: Transition[Seat, object]) -> Refusal | None:
    """A leader puts minutes right within what a session can be."""
    most = int(t.settings(VolunteerSettings).longest / timedelta(minutes=1))
    return None if 0 <= t.record.minutes <= most else ImpossibleMinutes(most=most)


def none_served(t: Transition[Seat, object]) -> Seat:
    """Whoever was not there has served no minutes."""
    return evolve(t.record, minutes=0)
