"""The plugin: what it brings, and the hooks it answers."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from linli import Act, AnyAct, Effect, Facts, Plugin, Write, about, hookimpl
from linli.hooks import ORGANISATION_REGISTER
from linli_reporting.doing import counted
from linli_reporting.figures import FIGURES
from linli_reporting.importers import FILE_REPORTS, REPORTS
from linli_reporting.reading import BODY
from linli_reporting.register import CHANGES, NEW_BRANCH, consequences, forgotten, hand_on
from linli_reporting.reports import ReportFlow
from linli_reporting.settings import ReportingSettings
from linli_reporting.tables import TABLES

PLUGIN = Plugin(
    name="reporting",
    reports="linli_reporting.answers",
    settings=ReportingSettings,
    workflows=(ReportFlow,),
    figures=FIGURES,
    subscribes=NEW_BRANCH,
    importers=(REPORTS,),
    direct_acts=(FILE_REPORTS,),
    tables=TABLES,
    migrations="linli_reporting.migrations",
    migrates_after="core:0001",
)


@hookimpl
@about(*CHANGES, by=lambda of: of(ReportingSettings).by_act)
def act_effects(t: AnyAct) -> Iterable[Effect]:
    """What members did, and what follows for their reports when their own record changes."""
    yield from counted(t)
    yield from consequences(t)


@hookimpl
def act_done(act: Act, district: Any) -> None:
    """A branch was set up: what waits at its compound, or below its place, is put to it."""
    if act.verb != ORGANISATION_REGISTER.verb or act.body.get("kind") == BODY:
        hand_on(act, district)


@hookimpl
def person_erase(person: UUID, facts: Facts) -> Iterable[Write]:
    """Nothing stays of what somebody did since they reported."""
    yield from forgotten(person, facts)
