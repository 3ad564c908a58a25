"""What follows from an act, gathered in its turn; what it opens and moves waits for `settle`."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from linli._base.records import evolve
from linli._engine.afterwards import count_from
from linli._engine.turn import UnitOfWork, round_suffix
from linli._model.acts import Act
from linli._model.awards import Award
from linli._model.compiled import Move, Part, PartKey, Workflow
from linli._model.effects import Assign, Change, CountFrom, Effect, MoveOrder, OpenOrder, Tell, Transfer
from linli._model.subjects import StoredSubject

if TYPE_CHECKING:
    from linli._model.contexts import AnyAct, Transition


def follow_move(turn: UnitOfWork, act: Act, t: "Transition[Any, Any]", move: Move) -> None:
    """Carry out what follows from a move: its own effects, then as of every act."""
    for produces in move.typed.then:
        for effect in produces(t):
            carry_out(turn, act, effect)
    follow(turn, act, t)


def follow(turn: UnitOfWork, act: Act, t: "AnyAct") -> None:
    """Carry out what follows from an act: the plugins' effects, and the points it earns."""
    for answer in turn.rules.plugins.act_effects(t):
        carry_out(turn, act, answer.value)
    for award in turn.rules.plugins.points_for_act(t):
        pay(turn, act, award.value)


def carry_out(turn: UnitOfWork, act: Act, effect: Effect) -> None:
    """Carry out one effect of an act."""
    match effect:
        case OpenOrder() | MoveOrder():
            turn.later(effect)
        case Assign():
            turn.put(evolve(turn.subject(effect.subject or act.subject), holder=effect.holder))
        case Transfer():
            turn.transfer(effect, act.id)
        case Tell():
            turn.deliver(
                act.id, effect.at or act.recorded_at, effect.kind, effect.recipient, dict(effect.payload)
            )
        case Change():
            turn.write(effect.write)
        case CountFrom():
            count_from(turn, act, effect)


def pay(turn: UnitOfWork, act: Act, award: Award) -> None:
    """Post an award, cut to what its cap leaves; an earlier act that was paid by it is not paid again."""
    payee = turn.facts.survivor(award.person)
    if award.cause not in (None, act.id) and turn.facts.paid(award.cause, award.rule, payee):
        return
    points = award.points
    if award.cap:
        points = turn.within_cap(payee, award.rule, award.cap, points)
    if points > 0:
        turn.transfer(_payment(turn, act, award, payee, points), act.id)


def _payment(turn: UnitOfWork, act: Act, award: Award, payee: UUID, points: int) -> Transfer:
    issuer = award.issuer or _issuer(turn, act)
    return Transfer(
        unit=award.unit,
        amount=points,
        source=(issuer, "issued"),
        target=(payee, "free"),
        rule=award.rule,
        cause=award.cause,
        cap_period=award.cap.period if award.cap else None,
    )


def _issuer(turn: UnitOfWork, act: Act) -> UUID:
    assert act.place is not None, "an act without a place earns points only from a named issuer"
    return turn.spot(act.place).reporting_place


def open_parts(turn: UnitOfWork, flow: Workflow, before: StoredSubject, after: StoredSubject) -> None:
    for part in flow.parts:
        if part.opens_in == after.state and before.state != after.state and part.one_per:
            for key in part.one_per(after, turn.facts):
                _open_part(turn, part, after, key)


def _open_part(turn: UnitOfWork, part: Part, parent: StoredSubject, key: PartKey) -> None:
    order = OpenOrder(
        workflow=part.workflow,
        move=part.start,
        place=parent.place,
        parent=parent.id,
        key=key.key + round_suffix(parent),
        holder=key.holder,
        person=parent.person,
        values=key.values,
    )
    turn.later(order)
