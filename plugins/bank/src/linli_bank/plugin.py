"""The plugin: what it brings, and the hooks it answers."""

from collections.abc import Iterable

from linli import (
    Act,
    AnyAct,
    Award,
    District,
    Effect,
    Plugin,
    PostRule,
    Refusal,
    about,
    hookimpl,
    listed,
)
from linli.hooks import POINTS_AWARD
from linli_bank.banks import BankFlow, shut_due
from linli_bank.breaches import BreachFlow
from linli_bank.credits import CreditFlow, claimed, paid, voided
from linli_bank.earning import earned
from linli_bank.figures import FIGURES
from linli_bank.gifts import GiftFlow, NoSuchLedger
from linli_bank.lists import PURPOSES, announce, publish_due
from linli_bank.members import AccountFlow
from linli_bank.places import ENDING_PLACES, no_bank_for, undecided
from linli_bank.redemptions import RedemptionFlow
from linli_bank.settings import BankSettings
from linli_bank.taking_back import taken_back
from linli_bank.waivers import WaiverFlow
from linli_bank.windows import WindowFlow, decided

POSTS = (PostRule(role="bank_keeper", given_by=("volunteer_leader", "officer")),)


PLUGIN = Plugin(
    name="bank",
    post_rules=POSTS,
    settings=BankSettings,
    workflows=(
        BankFlow,
        AccountFlow,
        GiftFlow,
        RedemptionFlow,
        CreditFlow,
        BreachFlow,
        WindowFlow,
        WaiverFlow,
    ),
    figures=FIGURES,
    purposes=PURPOSES,
    periodic=(publish_due, shut_due),
    subscribes=(BankFlow.close,),
    peers=("session",),
    reports="linli_bank.reports",
)


@hookimpl
def act_done(act: Act, district: District) -> None:
    """A closing is announced to whoever has points to spend."""
    announce(district, act)


@hookimpl
@about(POINTS_AWARD, *ENDING_PLACES)
def act_check(t: AnyAct) -> Iterable[Refusal]:
    """What is given by hand is given by a bank, in something that it counts; no merge leaves accounts without one."""
    # Points are given or issued: two acts with one verb.
    if t.verb == POINTS_AWARD.verb:
        units = t.settings(BankSettings).units
        if t.act.value("unit") not in units:
            yield NoSuchLedger(unit=t.act.value("unit"), known=listed(units))
        yield from no_bank_for(t)
    if t.of(*ENDING_PLACES):
        yield from undecided(t)


@hookimpl
@about(CreditFlow.confirm, by=lambda of: of(BankSettings).by_act)
def points_for_act(t: AnyAct) -> Iterable[Award]:
    """What an act earns by the district's rules at once, and what a confirmation pays."""
    if credit := t.of(CreditFlow.confirm):
        yield paid(credit)
    yield from (one.award for one in earned(t, confirm=False))


@hookimpl
@about("agenda_item.resolve", by=lambda of: of(BankSettings).concerned)
def act_effects(t: AnyAct) -> Iterable[Effect]:
    """What an act has earned and somebody must confirm, what it takes back; what a meeting decided of a window."""
    if t.verb == "agenda_item.resolve":
        yield from decided(t)
    if t.verb in t.settings(BankSettings).concerned:
        yield from (claimed(t, one) for one in earned(t, confirm=True))
        yield from taken_back(t)
        yield from voided(t)
