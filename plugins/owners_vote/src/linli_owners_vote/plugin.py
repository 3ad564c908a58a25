"""The plugin: what it brings, and the hooks it answers."""

from collections.abc import Iterable
from uuid import UUID

from linli import (
    AnyAct,
    Effect,
    Facts,
    Hold,
    Plugin,
    PostRule,
    Refusal,
    StandIn,
    Write,
    about,
    hookimpl,
)
from linli_owners_vote import erasing, matters
from linli_owners_vote.ballots import BallotFlow
from linli_owners_vote.contests import ContestFlow
from linli_owners_vote.disputes import DisputeFlow
from linli_owners_vote.elsewhere import ElsewhereFlow
from linli_owners_vote.figures import FIGURES
from linli_owners_vote.papers import PaperFlow
from linli_owners_vote.proxies import ProxyFlow
from linli_owners_vote.settings import VoteSettings
from linli_owners_vote.tables import TABLES
from linli_owners_vote.workflow import KeeperFlow, VoteFlow

POSTS = (PostRule(role="teller", given_by=("officer",), above=True),)


PLUGIN = Plugin(
    name="owners_vote",
    post_rules=POSTS,
    reports="linli_owners_vote.reports",
    settings=VoteSettings,
    workflows=(
        VoteFlow,
        KeeperFlow,
        BallotFlow,
        ProxyFlow,
        ContestFlow,
        DisputeFlow,
        PaperFlow,
        ElsewhereFlow,
    ),
    figures=FIGURES,
    stand_ins=(
        StandIn(lacking="owners_committee", by=("property_management_committee", "residents_committee")),
    ),
    tables=TABLES,
    migrations="linli_owners_vote.migrations",
    migrates_after="core:0001",
)


@hookimpl
@about("decision.*", "agenda_item.resolve")
def act_check(t: AnyAct) -> Iterable[Refusal]:
    """Whoever counted, checked or certified a vote neither files its matter nor does the final check."""
    return matters.counted_by_the_same(t)


@hookimpl
@about("decision.*")
def act_effects(t: AnyAct) -> Iterable[Effect]:
    """A vote lapses with the matter that waited for it."""
    return matters.lapses(t)


@hookimpl
def person_erase(person: UUID, facts: Facts) -> Iterable[Write]:
    """Who may vote for what goes with the person; the roll, with its areas and heads, stays."""
    return erasing.forgotten(person, facts)


@hookimpl
def person_holds(person: UUID, facts: Facts) -> Iterable[Hold]:
    """Whoever is a party to an open vote is erased after it."""
    return erasing.holds(person, facts)
