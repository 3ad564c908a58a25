"""Which service a request gets, and whether it is urgent: worked out by the rules, or chosen by the desk, and both show."""

from collections.abc import Iterable, Mapping

import attrs

from linli.acts import Act
from linli.calendar import Hours
from linli.dispatch import routing
from linli.dispatch.catalogue import Service
from linli.dispatch.settings import DispatchSettings
from linli.effects import Effect, Make
from linli.errors import Refused
from linli.facts import Facts
from linli.i18n import Text, say
from linli.subjects import Subject
from linli.workflow import Limit

# --- which service -----------------------------------------------------------------------------------


def matched(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """What the plugins match the category and the words to, and by which rule; the desk may have chosen another."""
    answer = facts.plugins.request_match(routing.wanted(subject), facts)
    found: dict[str, object] = {"rule": f"{answer.plugin}: {answer.value.rule}" if answer else "none"}
    if answer:
        found["matched"] = answer.value.service
    chosen = str(values.get("service") or (answer.value.service if answer else ""))
    if chosen and not values.get("service"):
        found["service"] = chosen
    if chosen:
        found["urgent"] = subject.record.urgent or known(chosen, facts).urgent
    return found


def chosen(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """Another service can be urgent; that it is not takes no urgency off."""
    service = values.get("service")
    return {"urgent": subject.record.urgent or known(str(service), facts).urgent} if service else {}


def known(code: str, facts: Facts) -> Service:
    """A service of the catalogue by its code; Refused where there is none."""
    found = routing.service_of(code, facts)
    if found is None:
        raise Refused(say("there is no service {code} in the catalogue", code=code))
    return found


def has_service(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """What is accepted is something that the catalogue has."""
    if subject.record.service is None:
        return say(
            "no service of the catalogue fits '{category}'; name one", category=subject.record.category
        )
    return None


def says_why_another(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Whoever chooses another service than the rules matched says why."""
    record = subject.record
    if record.matched in (None, record.service) or act.value("reason") is not None:
        return None
    return say(
        "the rules matched {service} ({rule}); say why it is another one",
        service=known(record.matched, facts).name
        if routing.service_of(record.matched, facts)
        else record.matched,
        rule=record.rule,
    )


# --- how urgent --------------------------------------------------------------------------------------


def time_standard(subject: Subject, facts: Facts) -> Limit | None:
    """How long the service of a request or task may take; what is urgent, by day and night."""
    service = routing.service_of(subject.record.service, facts)
    if service is None:
        return None
    if not subject.record.urgent:
        return Limit(span=service.time, hours=service.hours)
    most = facts.settings(DispatchSettings).urgent_time
    return Limit(span=service.time if service.urgent else min(service.time, most), hours=Hours.ELAPSED)


def urgent(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """It is urgent from now on."""
    return {"urgent": True}


def ordinary(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """It is not urgent from now on."""
    return {"urgent": False}


def not_yet_urgent(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Once is enough."""
    return say("it is urgent already") if before.record.urgent else None


def is_urgent(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Only what is urgent can be made ordinary."""
    return None if before.record.urgent else say("it is not urgent")


def tasks_follow(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """The tasks that are open have the service, the urgency and the time of their request."""
    for task in routing.tasks(subject.id, facts):
        if task.open and not task.record.own_words:
            values = {
                "service": subject.record.service,
                "urgent": subject.record.urgent,
                "was_urgent": task.record.urgent,
            }
            yield Make(subject=task.id, move="reclassify", values=values)


def goes_at_once(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What the desk finds to be urgent goes to the duty rota at once, whatever it waited for."""
    if not subject.record.urgent:
        return
    if subject.state == "submitted":
        yield Make(subject=subject.id, move="accept")
        return
    if subject.state == "waiting":
        yield Make(subject=subject.id, move="resume")
    if not _on_duty_already(subject, facts):
        yield Make(subject=subject.id, move="dispatch")


def _on_duty_already(subject: Subject, facts: Facts) -> bool:
    """Whether whoever is on duty has a task of it; or nobody is found, so that it is the desk's like any other."""
    seat = routing.found(subject, facts)
    held = [task.holder for task in routing.tasks(subject.id, facts) if task.open]
    return seat is None or seat.seat in held


def accept_if_urgent(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What cannot wait does not wait for the desk; where nobody is found to do it, it is the desk's like any other."""
    answer = facts.plugins.request_match(routing.wanted(subject), facts)
    service = routing.service_of(answer.value.service, facts) if answer else None
    if service and service.urgent and _somebody_does(service, subject, facts):
        yield Make(subject=subject.id, move="accept")


def _somebody_does(service: Service, request: Subject, facts: Facts) -> bool:
    record = attrs.evolve(request.record, service=service.code, urgent=service.urgent)
    return routing.found(attrs.evolve(request, record=record), facts) is not None


def dispatch_if_urgent(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What the desk finds to be urgent as it accepts it goes on at once too."""
    if subject.record.urgent:
        yield Make(subject=subject.id, move="dispatch")
