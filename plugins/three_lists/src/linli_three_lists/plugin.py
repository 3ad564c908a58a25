"""The plugin: what it brings, and the hooks it answers."""

from collections.abc import Iterable
from uuid import UUID

from linli import (
    AnyAct,
    Effect,
    Facts,
    Plugin,
    Problem,
    Refusal,
    StoredSubject,
    Transition,
    Write,
    about,
    hookimpl,
    say,
)
from linli.hooks import (
    DispatchSettings,
    Escalation,
    Matched,
    OtherSections,
    OverdueClock,
    Request,
    RequestFlow,
    Route,
    Task,
    TaskFlow,
    Wanted,
    service_of,
)
from linli_three_lists import conduct
from linli_three_lists.duty import forgotten, to_duty
from linli_three_lists.evidence import EvidenceFlow
from linli_three_lists.figures import FIGURES
from linli_three_lists.ladder import next_rung
from linli_three_lists.matching import matched
from linli_three_lists.rota import ADD_SHIFT, DROP_SHIFT
from linli_three_lists.seats import by_role
from linli_three_lists.settings import ThreeListsSettings
from linli_three_lists.tables import TABLES
from linli_three_lists.whistles import proposed

PLUGIN = Plugin(
    name="three_lists",
    settings=ThreeListsSettings,
    workflows=(EvidenceFlow,),
    figures=FIGURES,
    direct_acts=(ADD_SHIFT, DROP_SHIFT),
    reports="linli_three_lists.reports",
    tables=TABLES,
    migrations="linli_three_lists.migrations",
    migrates_after="core:0001",
)


@hookimpl
def settings_check(settings: ThreeListsSettings, rest: OtherSections) -> Iterable[Problem]:
    """Rules that name a service which the catalogue does not have: what they match would be refused."""
    known = {one.code for one in rest.section(DispatchSettings).services}
    for index, rule in enumerate(settings.rules):
        if rule.service not in known:
            what = say("there is no service {service} in [[dispatch.services]]", service=rule.service)
            yield Problem(where=f"three_lists.rules[{index}].service", what=what)


@hookimpl
def request_match(wanted: Wanted, facts: Facts) -> Matched | None:
    """The service of the first rule that holds."""
    return matched(wanted, facts)


@hookimpl
def request_route(subject: StoredSubject, service: str, facts: Facts) -> Route | None:
    """What is urgent goes to whoever is on duty, the rest to the nearest who has the service's role."""
    if subject.record.urgent:
        return to_duty(subject, facts)
    known = service_of(service, facts)
    return by_role(known.holder, subject, facts) if known else None


@hookimpl
def ladder_next(late: OverdueClock, facts: Facts) -> Escalation | None:
    """The next rung for a request; for a task, its holder."""
    return next_rung(late, facts)


@hookimpl
@about(RequestFlow.urge, TaskFlow.urge, RequestFlow.rate)
def act_check(t: AnyAct) -> Iterable[Refusal]:
    """Urging has a limit, and ratings have rules."""
    if rated := t.of(RequestFlow.rate):
        yield from conduct.unfair_rating(rated)
    else:
        yield from conduct.too_often(t)


@hookimpl
@about(RequestFlow, TaskFlow)
def act_effects(t: AnyAct) -> Iterable[Effect]:
    """Who is told, and the whistle that a late request proposes."""
    if request := t.of(RequestFlow):
        yield from _request_told(request)
    elif task := t.of(TaskFlow):
        yield from _task_told(task)
    elif late := t.late(RequestFlow):
        yield from proposed(late)


def _request_told(t: Transition[Request, object]) -> Iterable[Effect]:
    if t.of(RequestFlow.urge):
        yield from conduct.request_urged(t)
    elif rated := t.of(RequestFlow.rate):
        yield from conduct.call_back(rated)
    elif t.of(RequestFlow.back_to_desk, RequestFlow.come_back):
        yield from conduct.desk_told(t)
    elif t.of(RequestFlow.propose_feedback):
        yield from conduct.feedback_proposed(t)


def _task_told(t: Transition[Task, object]) -> Iterable[Effect]:
    """An urgent task is somebody's to run for; one that is urgent no more, to turn back from."""
    changed = t.of(TaskFlow.reclassify)
    if t.of(TaskFlow.urge):
        yield from conduct.task_urged(t)
    elif t.record.urgent and t.of(TaskFlow.open, TaskFlow.reclassify):
        yield from conduct.alarmed(t)
    elif changed and changed.given.was_urgent:
        yield from conduct.called_back(t)


@hookimpl
def person_erase(person: UUID, facts: Facts) -> Iterable[Write]:
    """The rota forgets them; the files of what they reported go with its key."""
    yield forgotten(facts.district, person)
