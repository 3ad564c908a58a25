"""The plugin: what it brings, and the hooks it answers."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from linli import Act, AnyAct, Effect, Facts, Plugin, PostRule, Refusal, StandIn, Write, about, hookimpl
from linli_party.branches import BranchFlow
from linli_party.committees import BODY
from linli_party.figures import FIGURES
from linli_party.importers import BRANCHES, MEMBERS, TAKE_OVER_MEMBERS
from linli_party.noting import NOTE_MEMBER
from linli_party.register import consequences, forgotten, objections
from linli_party.settings import PartySettings
from linli_party.surveys import SurveyFlow
from linli_party.tables import TABLES
from linli_party.terms import TermFlow, remind

POSTS = (
    PostRule(role="branch_secretary", given_by=("officer",), above=True),
    PostRule(role="branch_deputy", given_by=("branch_secretary",)),
    PostRule(role="branch_member", given_by=("branch_secretary",)),
)


PLUGIN = Plugin(
    name="party",
    post_rules=POSTS,
    reports="linli_party.reports",
    settings=PartySettings,
    workflows=(BranchFlow, TermFlow, SurveyFlow),
    figures=FIGURES,
    importers=(BRANCHES, MEMBERS),
    direct_acts=(NOTE_MEMBER, TAKE_OVER_MEMBERS),
    # No branch in the compound: that of the community.
    stand_ins=(StandIn(lacking=BODY, by=(BODY,)),),
    tables=TABLES,
    migrations="linli_party.migrations",
    migrates_after="core:0001",
)


@hookimpl
@about("organisation.*")
def act_check(t: AnyAct) -> Iterable[Refusal]:
    """What the register may not do to branches by itself."""
    return objections(t)


@hookimpl
@about("place.*", "person.*")
def act_effects(t: AnyAct) -> Iterable[Effect]:
    """What follows for branches and standings from what the register does."""
    return consequences(t)


@hookimpl
def act_done(act: Act, district: Any) -> None:
    """The reminder of a re-election, which was made due when the term began."""
    if act.verb == "branch_term.begin":
        remind(district, act.subject)


@hookimpl
def person_erase(person: UUID, facts: Facts) -> Iterable[Write]:
    """Nothing stays noted of somebody who is erased."""
    yield forgotten(person, facts)
