"""Which service a request needs, and whose task it becomes."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import attrs
from sqlalchemy import bindparam, select

from linli.access import Seat
from linli.acts import Act
from linli.dispatch.catalogue import Route, Service, Wanted
from linli.dispatch.impartial import kept_from
from linli.dispatch.settings import DispatchSettings
from linli.effects import Effect, Make, Start
from linli.errors import Refused
from linli.facts import Facts
from linli.i18n import Text, say
from linli.store import Read
from linli.store import tables as t
from linli.subjects import Subject

TASKS = Read(
    select(t.subject.c.id, t.subject.c.state, t.subject.c.holder_role, t.subject.c.holder_at)
    .where(
        t.subject.c.district == bindparam("district"),
        t.subject.c.parent == bindparam("parent"),
        t.subject.c.kind == "task",
    )
    .order_by(t.subject.c.id)
)


def service_of(code: str | None, facts: Facts) -> Service | None:
    """A service of the catalogue by its code."""
    return next((s for s in facts.settings(DispatchSettings).services if s.code == code), None)


def matched(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """The service: as the desk says, or as the plugins match the category."""
    if values.get("service"):
        service, rule = str(values["service"]), "chosen by the desk"
    else:
        answer = facts.plugins.request_match(_wanted(subject), facts)
        if answer is None:
            return {"rule": "none"}
        service, rule = answer.value.service, f"{answer.plugin}: {answer.value.rule}"
    known = service_of(service, facts)
    if known is None:
        raise Refused(say("there is no service {code} in the catalogue", code=service))
    return {"service": service, "rule": rule, "urgent": known.urgent}


def _wanted(request: Subject) -> Wanted:
    return Wanted(category=request.record.category, place=request.place, request=request.id)


def accept_if_urgent(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What cannot wait does not wait for the desk; where nobody is found to do it, it is the desk's like any other."""
    answer = facts.plugins.request_match(_wanted(subject), facts)
    known = service_of(answer.value.service, facts) if answer else None
    if known and known.urgent and _somebody_does(known, subject, facts):
        yield Make(subject=subject.id, move="accept")


def _somebody_does(service: Service, request: Subject, facts: Facts) -> bool:
    record = attrs.evolve(request.record, service=service.code, urgent=service.urgent)
    answer = facts.plugins.request_route(attrs.evolve(request, record=record), service.code, facts)
    return answer is not None and not kept_from(record.about, answer.value.seat, request.place, facts)


def dispatch_if_urgent(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What the desk finds to be urgent goes on at once too."""
    if subject.record.urgent:
        yield Make(subject=subject.id, move="dispatch")


def role_has_a_place(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A role alone says nobody."""
    if act.value("role") and not act.value("at"):
        return say("say at which place or organisation that role is, too")
    return None


def not_theirs_already(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Of several tasks of a request each is somebody else's."""
    if before.state != "dispatched":
        return None
    seat = _route(act, subject, facts).seat
    for _, state, role, at in facts.rows(TASKS, parent=subject.id):
        if (role, at) == (seat.role, seat.at) and state not in ("confirmed", "cancelled"):
            return say(
                "they have a task of this request already; see: linli request show {id}", id=subject.id
            )
    return None


def open_task(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """The task of whoever the desk named, or the plugins found."""
    route = _route(act, subject, facts)
    yield Start(
        workflow="task",
        move="open",
        place=subject.place,
        parent=subject.id,
        key=str(act.version),
        holder=route.seat,
        person=subject.person,
        values={
            "service": subject.record.service,
            "urgent": subject.record.urgent,
            "rule": route.rule,
            "about": subject.record.about,
        },
    )


def _route(act: Act, subject: Subject, facts: Facts) -> Route:
    route = _proposed(act, subject, facts)
    if kept_from(subject.record.about, route.seat, subject.place, facts):
        raise Refused(say("the complaint would go to whom it is about; name another seat"))
    return route


def _proposed(act: Act, subject: Subject, facts: Facts) -> Route:
    at = act.value("at")
    if at:
        return Route(seat=Seat(role=act.value("role"), at=UUID(at)), rule="chosen by the desk")
    answer = facts.plugins.request_route(subject, subject.record.service, facts)
    if answer is None:
        raise Refused(
            say("nobody is found who does {service} here; name a seat", service=subject.record.service)
        )
    return Route(seat=answer.value.seat, rule=f"{answer.plugin}: {answer.value.rule}")
