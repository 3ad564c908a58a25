"""Figures of the bank, under the brief's names."""

from collections.abc import Iterable

from linli import Act, Count, Figure, StoredSubject, Transition, in_states
from linli_bank.banks import BankFlow
from linli_bank.members import AccountFlow, Carry, Member
from linli_bank.redemptions import Redemption, RedemptionFlow
from linli_bank.settings import BankSettings


def _pieces(t: Transition[Redemption, object]) -> Iterable[Count]:
    yield Count(n=t.record.pieces)


def _own_session(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    """A session of the volunteers' plugin, by its names: the bank knows no more of it."""
    record = after.record if after else None
    kind = getattr(record, "kind", None)
    if getattr(record, "run_by_bank", False):
        yield Count(when=lambda facts: kind in facts.settings(BankSettings).session_kinds)


def _elsewhere(t: Transition[Member, Carry]) -> Iterable[Count]:
    yield Count(n=-1)
    yield Count(place=t.given.carried_to)


FIGURES = (
    Figure(
        name="bank.compounds",
        help="compounds whose organisation runs the bank",
        stock=True,
        on=in_states(BankFlow.runs | BankFlow.closing),
    ),
    Figure(
        name="bank.accounts",
        help="accounts that are open",
        stock=True,
        on=(
            AccountFlow.join,
            AccountFlow.rejoin,
            AccountFlow.close.minus(),
            AccountFlow.carry.count(_elsewhere),
        ),
    ),
    Figure(
        name="bank.wish_and_civility_sessions",
        help="sessions of the bank's own kinds that its organisations held",
        unit="sessions",
        on={"session.hold": _own_session},
    ),
    Figure(
        name="bank.gifts_handed_over",
        help="pieces that were handed over in the period",
        unit="pieces",
        on=(RedemptionFlow.hand_over.count(_pieces),),
    ),
)
