"""The plugin: what it brings, and the hooks it answers."""

from collections.abc import Iterable

from linli import (
    Act,
    AnyAct,
    District,
    Effect,
    Facts,
    Plugin,
    PostRule,
    Refusal,
    StandIn,
    StoredSubject,
    about,
    hookimpl,
)
from linli.hooks import PERSON_CORRECT, Route
from linli_stewards.contacts import CONTACT, ContactFlow, hear, keep_true
from linli_stewards.figures import FIGURES
from linli_stewards.following import consequences, objections
from linli_stewards.importers import STEWARDS
from linli_stewards.routing import to_steward
from linli_stewards.settings import StewardSettings
from linli_stewards.stewardship import STEWARD, StewardshipFlow
from linli_stewards.tables import TABLES

HEARD = (ContactFlow.give, ContactFlow.renew, PERSON_CORRECT)

POSTS = (PostRule(role="steward", given_by=("branch_secretary", "officer")),)


PLUGIN = Plugin(
    name="stewards",
    post_rules=POSTS,
    settings=StewardSettings,
    workflows=(StewardshipFlow, ContactFlow),
    figures=FIGURES,
    subscribes=HEARD,
    importers=(STEWARDS,),
    # Where nobody is steward: whoever works for the compound's branch, else for the residents' committee.
    stand_ins=(StandIn(lacking=STEWARD, by=("branch", "residents_committee")),),
    purposes=(CONTACT,),
    periodic=(keep_true,),
    reports="linli_stewards.reports",
    tables=TABLES,
    migrations="linli_stewards.migrations",
    migrates_after="core:0001",
)


@hookimpl
@about("post.*", "person.*")
def act_check(t: AnyAct) -> Iterable[Refusal]:
    """What the register may not do to stewards by itself."""
    return objections(t)


@hookimpl
@about("place.*", "person.*")
def act_effects(t: AnyAct) -> Iterable[Effect]:
    """What follows for stewards from what the register does."""
    return consequences(t)


@hookimpl
def request_route(subject: StoredSubject, service: str, facts: Facts) -> Route | None:
    """The five kinds of service go to the steward of the unit."""
    return to_steward(subject, service, facts)


@hookimpl
def act_done(act: Act, district: District) -> None:
    """Publish what a steward agreed to have published, as the register has it now."""
    hear(act, district)
