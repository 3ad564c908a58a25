"""Figures of the bank, under the brief's names."""

from collections.abc import Iterable

from linli import Act, Count, Figure, Subject
from linli.figures import back, once
from linli_bank.settings import BankSettings


def _pieces(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    assert after is not None, "a redemption's act has a redemption"
    yield Count(n=after.record.pieces)


def _own_session(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    """A session of the volunteers' plugin, by its names: the bank knows no more of it."""
    record = after.record if after else None
    kind = getattr(record, "kind", None)
    if getattr(record, "run_by_bank", False):
        yield Count(when=lambda facts: kind in facts.settings(BankSettings).session_kinds)


FIGURES = (
    Figure(
        name="bank.compounds",
        help="compounds whose organisation runs the bank",
        stock=True,
        on={"bank.open": once, "bank.reopen": once, "bank.close": back},
    ),
    Figure(
        name="bank.accounts",
        help="accounts that are open",
        stock=True,
        on={"bank_account.join": once, "bank_account.rejoin": once, "bank_account.close": back},
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
        on={"redemption.hand_over": _pieces},
    ),
)
