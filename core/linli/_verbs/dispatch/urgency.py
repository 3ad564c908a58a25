"""Which service a request gets, and whether it is urgent: worked out by the rules, or chosen by the desk, and both show."""

from collections.abc import Iterable
from typing import Annotated

import attrs

from linli._base.errors import Refused
from linli._base.records import evolve
from linli._base.refusals import Missing, NotFoundHere, Refusal
from linli._hooks.asked import plugins_of
from linli._hooks.catalogue import Service
from linli._model.contexts import Transition
from linli._model.effects import Effect
from linli._model.facts import Facts
from linli._model.inputs import Input, Private, Reason
from linli._model.subjects import StoredSubject
from linli._verbs.dispatch import routing
from linli._verbs.dispatch.late_entries import CountsFrom
from linli._verbs.dispatch.records import Request
from linli._verbs.dispatch.standards import service_of
from linli._verbs.dispatch.tasks import Reclassified, TaskFlow

# --- which service -----------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Accept:
    service: Annotated[str | None, Input("a code of the catalogue; matched by the rules if not given")] = None
    reason: Annotated[Private | None, Input("why it is another service than the rules matched")] = None
    accepted_at: CountsFrom = None


@attrs.frozen(kw_only=True)
class Choose:
    service: Annotated[str, Input("a code of the catalogue")]
    reason: Reason


def matched(t: Transition[Request, Accept]) -> Request:
    """What the plugins match the category and the words to, and by which rule; the desk may have chosen another."""
    answer = plugins_of(t.facts).request_match(routing.wanted(t.subject.kept), t.facts)
    rule = f"{answer.plugin}: {answer.value.rule}" if answer else "none"
    code = t.given.service or (answer.value.service if answer else None)
    found = evolve(t.record, rule=rule, matched=answer.value.service if answer else None, service=code)
    return evolve(found, urgent=found.urgent or known(code, t.facts).urgent) if code else found


def chosen(t: Transition[Request, Choose]) -> Request:
    """Another service can be urgent; that it is not takes no urgency off."""
    return evolve(t.record, urgent=t.record.urgent or known(t.given.service, t.facts).urgent)


class NoSuchService(NotFoundHere, says="there is no service {service} in the catalogue"):
    service: str


def known(code: str, facts: Facts) -> Service:
    """A service of the catalogue by its code; Refused where there is none."""
    found = service_of(code, facts)
    if found is None:
        raise Refused(NoSuchService(service=code))
    return found


class NoServiceFits(Missing, says="no service of the catalogue fits '{category}'; name one"):
    category: str
    field: str = "service"


def has_service(t: Transition[Request, object]) -> Refusal | None:
    """What is accepted is something that the catalogue has."""
    if t.record.service is None:
        return NoServiceFits(category=t.record.category)
    return None


class ReasonForAnother(Missing, says="the rules matched {service} ({rule}); say why it is another one"):
    service: str
    rule: str | None
    field: str = "reason"


def says_why_another(t: Transition[Request, Accept]) -> Refusal | None:
    """Whoever chooses another service than the rules matched says why."""
    record = t.record
    if record.matched in (None, record.service) or t.given.reason is not None:
        return None
    found = service_of(record.matched, t.facts)
    return ReasonForAnother(service=found.name if found else record.matched, rule=record.rule)


# --- how urgent --------------------------------------------------------------------------------------


def urgent(t: Transition[Request, object]) -> Request:
    """It is urgent from now on."""
    return evolve(t.record, urgent=True)


def ordinary(t: Transition[Request, object]) -> Request:
    """It is not urgent from now on."""
    return evolve(t.record, urgent=False)


class AlreadyUrgent(Refusal, says="it is urgent already"): ...


def not_yet_urgent(t: Transition[Request, object]) -> Refusal | None:
    """Once is enough."""
    return AlreadyUrgent() if t.before.record.urgent else None


class NotUrgent(Refusal, says="it is not urgent"): ...


def is_urgent(t: Transition[Request, object]) -> Refusal | None:
    """Only what is urgent can be made ordinary."""
    return None if t.before.record.urgent else NotUrgent()


def tasks_follow(t: Transition[Request, object]) -> Iterable[Effect]:
    """The tasks that are open have the service, the urgency and the time of their request."""
    for task in routing.tasks(t.subject.id, t.facts):
        if task.open and not task.record.own_words:
            given = Reclassified(
                service=t.record.service or "", urgent=t.record.urgent, was_urgent=task.record.urgent
            )
            yield TaskFlow.reclassify(TaskFlow.ref(task.id), given)


def on_duty_already(subject: StoredSubject, facts: Facts) -> bool:
    """Whether whoever is on duty has a task of it; or nobody is found, so that it is the desk's like any other."""
    seat = routing.found(subject, facts)
    held = [task.holder for task in routing.tasks(subject.id, facts) if task.open]
    return seat is None or seat.seat in held


def cannot_wait(t: Transition[Request, object]) -> bool:
    """What cannot wait does not wait for the desk; where nobody is found to do it, it is the desk's like any other."""
    answer = plugins_of(t.facts).request_match(routing.wanted(t.subject.kept), t.facts)
    service = service_of(answer.value.service, t.facts) if answer else None
    return bool(service and service.urgent and _somebody_does(service, t.subject.kept, t.facts))


def _somebody_does(service: Service, request: StoredSubject, facts: Facts) -> bool:
    record = attrs.evolve(request.record, service=service.code, urgent=service.urgent)
    return routing.found(attrs.evolve(request, record=record), facts) is not None
