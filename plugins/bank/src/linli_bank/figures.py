"""Figures of the bank, under the brief's names."""

from collections.abc import Iterable
from uuid import UUID

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


def _if_it_was_shut(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    """Where only its closing was announced, it is counted still."""
    if act.body["from"] != "closing":
        yield Count()


def _if_it_ran(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    if act.body["from"] != "closed":
        yield Count(n=-1)


def _elsewhere(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    yield Count(n=-1)
    yield Count(place=UUID(str(act.value("carried_to"))))


FIGURES = (
    Figure(
        name="bank.compounds",
        help="compounds whose organisation runs the bank",
        stock=True,
        on={"bank.open": once, "bank.reopen": _if_it_was_shut, "bank.shut": back, "bank.carry": _if_it_ran},
    ),
    Figure(
        name="bank.accounts",
        help="accounts that are open",
        stock=True,
        on={
            "bank_account.join": once,
            "bank_account.rejoin": once,
            "bank_account.close": back,
            "bank_account.carry": _elsewhere,
        },
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
