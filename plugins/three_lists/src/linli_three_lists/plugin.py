"""The plugin: what it brings, and the hooks it answers."""

from collections.abc import Iterable
from uuid import UUID

from linli import Act, Effect, Facts, Plugin, Problem, Refusal, StoredSubject, Write, about, hookimpl, say
from linli.hooks import (
    DispatchSettings,
    Escalation,
    Matched,
    OtherSections,
    OverdueClock,
    Route,
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
@about("request.urge", "task.urge", "request.rate")
def act_check(act: Act, subject: StoredSubject | None, facts: Facts) -> Iterable[Refusal]:
    """Urging has a limit, and ratings have rules."""
    if act.verb in ("request.urge", "task.urge"):
        yield from conduct.too_often(act, facts)
    if act.verb == "request.rate" and subject:
        yield from conduct.unfair_rating(act, subject, facts)


@hookimpl
@about("request.*", "task.*")
def act_effects(act: Act, subject: StoredSubject | None, facts: Facts) -> Iterable[Effect]:
    """Who is told, and the whistle that a late request proposes."""
    if subject is None:
        return
    if act.verb in ("request.urge", "task.urge"):
        yield from conduct.urge_told(act, subject, facts)
    elif act.verb == "request.rate":
        yield from conduct.call_back(act, subject, facts)
    elif act.verb in ("task.open", "task.reclassify"):
        yield from _urgency_told(act, subject, facts)
    elif act.verb in ("request.back_to_desk", "request.come_back"):
        yield from conduct.desk_told(act, subject, facts)
    elif act.verb == "request.propose_feedback":
        yield from conduct.feedback_proposed(act, subject, facts)
    elif act.verb == "request.late":
        yield from proposed(act, subject, facts)


def _urgency_told(act: Act, task: StoredSubject, facts: Facts) -> Iterable[Effect]:
    """An urgent task is somebody's to run for; one that is urgent no more, to turn back from."""
    if task.record.urgent:
        return conduct.alarmed(act, task, facts)
    return conduct.called_back(act, task, facts) if act.value("was_urgent") else ()


@hookimpl
def person_erase(person: UUID, facts: Facts) -> Iterable[Write]:
    """The rota forgets them; the files of what they reported go with its key."""
    yield forgotten(facts.district, person)
