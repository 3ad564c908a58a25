"""What contradicts itself in the [centres] table."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from linli import say
from linli.errors import Problem
from linli.i18n import Text
from linli_centres.hours import problem_in, week_of
from linli_centres.settings import CentresSettings
from linli_centres.tables import GRAIN


def contradictions(settings: CentresSettings) -> Iterable[Problem]:
    """Every contradiction, each with the setting that it is in."""
    for field, what in (*_in_hours(settings), *_in_bookings(settings), *_in_lists(settings)):
        yield Problem(where=f"centres.{field}", what=what)


def _in_hours(settings: CentresSettings) -> Iterable[tuple[str, Text]]:
    for field in ("hours", "hall_hours"):
        problem = problem_in(getattr(settings, field))
        if problem:
            yield field, problem
    if not settings.hours:
        yield "hours", say("is empty: no centre would ever be open")


def _in_bookings(settings: CentresSettings) -> Iterable[tuple[str, Text]]:
    if settings.slot % GRAIN:
        yield "slot", say("is no multiple of 15min")
    if settings.longest < settings.slot:
        yield "longest", say("is shorter than slot: nothing could be booked")
    widest = _widest(settings)
    if widest is not None and settings.slot > widest:
        yield "slot", say("is longer than any span in which halls can be used: nothing could be booked")


def _widest(settings: CentresSettings) -> timedelta | None:
    """The longest span of the week in which halls can be used; None where that cannot be said."""
    lines = settings.hall_hours or settings.hours
    if problem_in(lines):
        return None
    day = datetime(2026, 1, 1)  # noqa: DTZ001 - only a difference within a day is asked
    spans = [span for spans in week_of(lines).values() for span in spans]
    lengths = [datetime.combine(day, end) - datetime.combine(day, start) for start, end in spans]
    return max(lengths, default=None)


def _in_lists(settings: CentresSettings) -> Iterable[tuple[str, Text]]:
    codes = [service.code for service in settings.services]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield f"services[{index}].code", say("{code} is another service's", code=code)
    if not settings.ladder:
        yield "ladder", say("is empty: nobody would hear of what is late")
    if len(set(settings.ladder)) < len(settings.ladder):
        yield "ladder", say("names something twice")
