"""The plugin: what it brings, and the hooks it answers."""

from collections.abc import Iterable

from linli import (
    Act,
    AnyAct,
    District,
    Effect,
    Plugin,
    Problem,
    Refusal,
    StandIn,
    about,
    hookimpl,
    say,
)
from linli.hooks import OtherSections, PublicationFlow
from linli_decisions import following
from linli_decisions.api import READ_FILE, Decisions
from linli_decisions.disclosures import DisclosureFlow
from linli_decisions.figures import FIGURES
from linli_decisions.numbers import TABLES
from linli_decisions.objections import ObjectionFlow
from linli_decisions.opinions import JointOpinion, PartyOpinion
from linli_decisions.settings import DecisionSettings
from linli_decisions.way import page
from linli_decisions.workflow import DecisionFlow

_HOLDS_VOTES = "owners_vote"


PLUGIN = Plugin(
    name="decisions",
    reports="linli_decisions.reports",
    settings=DecisionSettings,
    workflows=(DecisionFlow, PartyOpinion, JointOpinion, DisclosureFlow, ObjectionFlow),
    figures=FIGURES,
    stand_ins=(
        StandIn(lacking="owners_committee", by=("property_management_committee", "residents_committee")),
        StandIn(lacking="property_company", by=("residents_committee",)),
        StandIn(lacking="branch", by=("branch",)),
    ),
    tables=TABLES,
    migrations="linli_decisions.migrations",
    migrates_after="core:0001",
    direct_acts=(READ_FILE,),
    public_pages={"decision": page},
    subscribes=(DecisionFlow, ObjectionFlow, DisclosureFlow.stand),
)


@hookimpl
def settings_check(settings: DecisionSettings, rest: OtherSections) -> Iterable[Problem]:
    """Matters that would wait for ever: for a vote of the owners that nothing holds."""
    for index, entry in enumerate(settings.catalogue):
        if entry.vote and _HOLDS_VOTES not in rest.enabled:
            what = say(
                "needs a vote of the owners; enable the plugin {plugin}, which holds it", plugin=_HOLDS_VOTES
            )
            yield Problem(where=f"decisions.catalogue[{index}].vote", what=what)


@hookimpl
@about("agenda_item.*", PublicationFlow)
def act_check(t: AnyAct) -> Iterable[Refusal]:
    """No way around a decision's own steps, through the joint meeting or through publications."""
    yield from following.not_by_the_meeting(t)
    yield from following.not_by_hand(t)


@hookimpl
@about("agenda_item.*", PublicationFlow)
def act_effects(t: AnyAct) -> Iterable[Effect]:
    """What the joint meeting decides and what goes out moves a decision on."""
    yield from following.follow_meeting(t)
    yield from following.follow_publication(t)


@hookimpl
def act_done(act: Act, district: District) -> None:
    """The matter's public page shows every step, also those that nothing was published about."""
    if act.verb == "decision.read":
        return
    out = [one for one in Decisions(district).disclosures(act.root) if one.accepted_at]
    if out:
        district.publish.refresh([out[-1].record.publication])
