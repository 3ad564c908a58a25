"""Reports on needs, services, the rota and evidence."""

from datetime import timedelta
from typing import Annotated

import attrs

from linli import (
    Asked,
    Below,
    Card,
    Input,
    NoInputs,
    NotFound,
    NotFoundHere,
    PlaceId,
    Ref,
    Table,
    listed,
    plain,
    report,
    say,
)
from linli.cli import state_of
from linli.hooks import Request, RequestFlow
from linli_three_lists.api import Needs, Watch, time_of
from linli_three_lists.duty import Shift
from linli_three_lists.evidence import EvidenceFlow

_WHERE = "a number or a path of names: 锦绣花园/3栋"


@attrs.frozen(kw_only=True)
class There:
    """A place that must be said."""

    place: Annotated[PlaceId, Input(_WHERE)]


@attrs.frozen(kw_only=True)
class OfRequest:
    """A request."""

    number: Ref[Request]


# --- what residents need ------------------------------------------------------------------------------------


class NoRuleFits(
    NotFoundHere, says="no rule fits, and no service has the category; the desk names one when it accepts"
): ...


@attrs.frozen(kw_only=True)
class Description:
    """What somebody would write, where, and what it is about."""

    description: str
    place: Annotated[PlaceId, Input(_WHERE)]
    category: Annotated[str, Input("what it is about, in a word or two")] = ""


@report(
    "need.match",
    "say which service DESCRIPTION would be matched to, and who would get it; nothing is kept",
    Description,
    arguments=("description",),
)
def match(ask: Asked[Description]) -> Card:
    """A service, by its rule, and the seat that would get it."""
    given = ask.given
    found = Needs(ask.district).match(given.description, given.place, given.category)
    if found is None:
        raise NotFound(NoRuleFits())
    service = found.service
    shown = {
        "service": service.code,
        "name": service.name,
        "rule": found.rule,
        "seat": str(found.seat) if found.seat else None,
        "route": found.route,
        "time": str(time_of(service)),
        "urgent": service.urgent,
    }
    return Card(shown, shown | {"time": service.time})


@attrs.frozen(kw_only=True)
class Alike:
    """One request, or those of a place."""

    number: Ref[Request] | None = None
    place: Annotated[PlaceId | None, Input(_WHERE)] = None


@report(
    "need.duplicates",
    "list open requests that may be about one thing, each with the reason",
    Alike,
    arguments=("number",),
)
def duplicates(ask: Asked[Alike]) -> Table:
    """Pairs of requests."""
    found = Needs(ask.district).duplicates(ask.given.place, of=ask.given.number, actor=ask.actor)
    rows = [(one.request, one.of, one.category, one.reason) for one in found]
    records = [attrs.asdict(one) | {"reason": str(one.reason)} for one in found]
    return Table(("request", "may be the same as", "category", "reason"), rows, records)


@report("need.late", "list open requests past a deadline, with how long ago it passed", Below)
def late(ask: Asked[Below]) -> Table:
    """Requests, the most pressing first."""
    found = Needs(ask.district).overdue(ask.given.place)
    rows = [
        (one.id, state_of(RequestFlow, one), one.record.category, one.due_at, _hours(ask.at - one.due_at))
        for one in found
        if one.due_at
    ]
    records = [{"id": one.id, "state": one.state, "due_at": one.due_at} for one in found]
    return Table(("number", "state", "category", "due at", "hours past"), rows, records)


@report(
    "need.clocks",
    "show how the deadlines of request NUMBER stand, and why one stands still",
    OfRequest,
    arguments=("number",),
)
def clocks(ask: Asked[OfRequest]) -> Table:
    """The deadlines of a request and its tasks."""
    found = Needs(ask.district).watches(ask.given.number)
    headings = ("deadline", "due at", "hours left", "stands still for", "heard")
    return Table(headings, [_watch(one) for one in found], found)


_CLOCKS = {
    "response": say("answer"),
    "handling": say("handling"),
    "task": say("task"),
    "pause": say("end of the pause"),
    "handover": say("acceptance of the handover"),
}


def _watch(one: Watch) -> tuple[object, ...]:
    why = say(one.paused_for) if one.paused_for else None
    return _CLOCKS.get(one.clock, one.clock), one.due, _hours(one.left), why, one.heard


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.1f}"


# --- services -------------------------------------------------------------------------------------------------


@report(
    "service.list", "list the services, with their time standards and the rules that lead to them", NoInputs
)
def services(ask: Asked[NoInputs]) -> Table:
    """The catalogue."""
    needs = Needs(ask.district)
    rules = {
        one.code: [rule.name for rule in needs.rules if rule.service == one.code] for one in needs.services
    }
    rows = [
        (
            one.code,
            one.name,
            one.holder,
            time_of(one),
            one.urgent,
            one.takes or say("everybody"),
            one.cost or say("nothing"),
            listed(rules[one.code]) if rules[one.code] else None,
        )
        for one in needs.services
    ]
    headings = ("code", "name", "role", "time", "urgent", "whom it takes", "cost", "rules")
    return Table(headings, rows, [plain(one) | {"rules": rules[one.code]} for one in needs.services])


# --- the rota ---------------------------------------------------------------------------------------------------


@report("need.rota.list", "list the shifts from now on, the earliest first", Below)
def shifts(ask: Asked[Below]) -> Table:
    """Shifts of a place, or of all."""
    return _rota(Needs(ask.district).rota.shifts(ask.given.place))


@report("need.rota.now", "list who is on duty for a place at this moment, there or above", There)
def on_duty_now(ask: Asked[There]) -> Table:
    """Shifts, of the nearest place where anybody is on duty."""
    return _rota(Needs(ask.district).rota.now(ask.given.place))


def _rota(found: list[Shift]) -> Table:
    rows = [
        (one.id, one.place, one.person, one.seat.role, one.seat.at, one.since, one.until) for one in found
    ]
    return Table(("id", "place", "person", "role", "at", "since", "until"), rows)


# --- evidence ---------------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class OfRequestAll(OfRequest):
    """A request, and whether what was removed counts."""

    removed: Annotated[bool, Input("what was removed, too")] = False


@report("need.evidence.list", "list the evidence of request NUMBER", OfRequestAll, arguments=("number",))
def evidence(ask: Asked[OfRequestAll]) -> Table:
    """Files, the oldest first."""
    found = Needs(ask.district).evidence(ask.given.number, removed=ask.given.removed)
    rows = [
        (one.id, one.record.format, one.record.size, state_of(EvidenceFlow, one), one.opened_at)
        for one in found
    ]
    records = [{"id": one.id, "state": one.state} | plain(one.record) for one in found]
    return Table(("number", "format", "size", "state", "opened"), rows, records)


REPORTS = (match, duplicates, late, clocks, services, shifts, on_duty_now, evidence)
