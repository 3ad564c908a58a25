"""Quotas of moves: units of the ledger that a move takes, spends or gives back."""

from uuid import UUID

from linli._base.i18n import say
from linli._base.refusals import Refusal
from linli._engine.shortage import TooLittle
from linli._engine.turn import UnitOfWork
from linli._model.acts import Act
from linli._model.compiled import Amount, Move, Workflow
from linli._model.effects import Transfer
from linli._model.subjects import StoredSubject


def taken(
    turn: UnitOfWork, flow: Workflow, move: Move, subject: StoredSubject
) -> tuple[str | None, Refusal | None]:
    """Where the move leads, and what it lacks: to `when_empty` where a quota has nothing left, if it has that."""
    for name in move.takes:
        quota = flow.by_quota[name]
        taking = quota.source(subject, turn.facts)
        have = turn.balance(taking.owner, taking.unit)
        if have < taking.amount:
            if move.when_empty is None:
                return move.to, quota.empty or _too_little(taking, have)
            return move.when_empty, None
    return move.to, None


def _too_little(taking: Amount, have: int) -> Refusal:
    return TooLittle(needed=taking.amount, unit=say(taking.unit.partition(":")[0]), have=have)


def posted(
    turn: UnitOfWork, flow: Workflow, move: Move, subject: StoredSubject, act: Act, *, emptied: bool
) -> None:
    """Post what the move takes, spends and gives back."""
    if move.takes and not (emptied and move.when_empty):
        _post(turn, flow, move.takes, subject, act, "hold")
    _post(turn, flow, move.spends, subject, act, "spend")
    _post(turn, flow, move.releases, subject, act, "release")


def _post(
    turn: UnitOfWork, flow: Workflow, names: tuple[str, ...], subject: StoredSubject, act: Act, what: str
) -> None:
    for name in names:
        taking = flow.by_quota[name].source(subject, turn.facts)
        if taking.amount:
            turn.transfer(_transfer(what, name, taking, subject.id), act.id)


def _transfer(what: str, quota: str, taking: Amount, subject: UUID) -> Transfer:
    """Held units stand in an account of the subject's own, so that giving back cannot give too much."""
    held, free = (subject, "held"), (taking.owner, "free")
    source, target = {
        "hold": (free, held),
        "spend": (held, (taking.owner, "spent")),
        "release": (held, free),
    }[what]
    return Transfer(
        unit=taking.unit, amount=taking.amount, source=source, target=target, rule=f"{what} {quota}"
    )
