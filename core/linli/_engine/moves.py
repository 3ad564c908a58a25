"""Moves of a turn: the one that was asked for, and those that follow from it."""

from uuid import UUID

from linli._base import numbers
from linli._base.errors import Conflict, Refused
from linli._base.i18n import Several, Text, Word, listed, say
from linli._base.refusals import ChangedMeanwhile, Invalid, NotFoundHere, Refusal, WrongState
from linli._engine.asking import scene_of
from linli._engine.possible import possible
from linli._engine.step import TransitionRun
from linli._engine.turn import UnitOfWork
from linli._model.access import ENGINE_ACTOR, Actor, may_see
from linli._model.acts import Act, new_id
from linli._model.compiled import Move, Workflow
from linli._model.effects import MoveOrder, OpenOrder
from linli._model.subjects import StoredSubject


def carry_out(turn: UnitOfWork, order: OpenOrder | MoveOrder, actor: Actor, ident: UUID) -> Act:
    """Open a subject, or make a move of one."""
    return (
        start(turn, order, actor, ident) if isinstance(order, OpenOrder) else make(turn, order, actor, ident)
    )


class OpensNothing(Invalid, says="{kind} is not opened by {move}"):
    kind: str
    move: str
    field: str = "move"


class HolderGiven(Invalid, says="who holds it is worked out by linli; leave it out"):
    field: str = "holder"


def start(turn: UnitOfWork, order: OpenOrder, actor: Actor, ident: UUID) -> Act:
    """Open a subject and make its first move."""
    flow = turn.rules.workflow(order.workflow)
    move = _move(flow, order.move)
    if move.sources:
        raise Refused(OpensNothing(kind=flow.name, move=move.name))
    parent = turn.subject(order.parent) if order.parent else None
    if order.holder and actor.person and not actor.engine and not _has_a_part(turn, move, order, parent):
        raise Refused(HolderGiven())
    subject_id = order.id or new_id()
    place = _where(turn, order, parent, actor)
    subject = StoredSubject(
        id=subject_id,
        root=parent.root if parent else subject_id,
        parent=order.parent,
        key=order.key,
        kind=flow.name,
        state="",
        place=place,
        compound=turn.spot(place).reporting_place,
        holder=order.holder,
        person=order.person,
        opened_at=turn.facts.at,
        record=None,
        number=numbers.draw(turn.tried),
    )
    step = TransitionRun(turn, flow, move, subject, actor, ident, new=True)
    if order.version is not None and parent:
        refuse_old(order.version, turn.tree_of(parent.id).version, parent.root)
    turn.write(*order.writes)
    return step.made(order.values)


def _has_a_part(turn: UnitOfWork, move: Move, order: OpenOrder, parent: StoredSubject | None) -> bool:
    """Whether the record says that this seat has a part of the same matter, and may add to it as who has one."""
    if parent is None or not move.by.holder:
        return False
    return order.holder in {one.holder for one in turn.tree_of(parent.id).subjects.values()}


def _where(turn: UnitOfWork, order: OpenOrder, parent: StoredSubject | None, actor: Actor) -> UUID:
    """Where it is opened: what follows from a matter whose place has ended is opened where the matter goes on.

    What people open anew they open at a place that stands; see `linli._engine.beginning`.
    """
    if parent is not None:
        known = order.place == parent.place or not turn.facts.place(order.place).closed
        return order.place if known else parent.place
    return turn.facts.goes_on(order.place) if actor.engine else order.place


class ActedMeanwhile(ChangedMeanwhile, says="somebody has acted on this since you saw it; look at it again"):
    """Values: the number of the matter, its version when it was seen, and its version now."""

    matter: UUID | None = None
    seen: int = 0
    version: int = 0


def refuse_old(seen: int, version: int, matter: UUID) -> None:
    """Refuse an order of whoever saw its matter as it is no more."""
    if seen != version:
        raise Conflict(ActedMeanwhile(matter=matter, seen=seen, version=version))


def make(turn: UnitOfWork, order: MoveOrder, actor: Actor, ident: UUID) -> Act:
    """Make a move of a subject that there is."""
    tree = turn.tree_of(order.subject)
    subject = tree.subjects[order.subject]
    flow = turn.rules.workflow(subject.kind)
    move = _move(flow, order.move)
    if order.version not in (None, tree.version):
        if not _seen_by(turn, flow, subject, actor):
            # Judged first: a stranger is not even told that somebody acted.
            TransitionRun(turn, flow, move, subject, actor, ident, new=False)
        refuse_old(order.version or 0, tree.version, tree.root)
    state = flow.by_state[subject.state].name
    if state not in move.sources:
        if not _seen_by(turn, flow, subject, actor):
            # Judged first: a stranger is told that it is not for them, and not where the matter stands.
            TransitionRun(turn, flow, move, subject, actor, ident, new=False)
        raise Refused(_not_from_here(flow, move, subject, possible(turn, flow, subject, actor)))
    turn.write(*order.writes)
    if move.first and state in flow.by_move[move.first].sources:
        make(turn, MoveOrder(subject=order.subject, move=move.first), actor, new_id())
        subject = turn.subject(order.subject)
    return TransitionRun(turn, flow, move, subject, actor, ident, new=False).made(order.values)


def _seen_by(turn: UnitOfWork, flow: Workflow, subject: StoredSubject, actor: Actor) -> bool:
    posts = turn.facts.posts(actor.person) if actor.person else ()
    return may_see(
        flow.by_state[subject.state].visible_to, actor, posts, scene_of(subject, turn.facts, actor)
    )


class NoSuchMove(NotFoundHere, says="{kind} has no move {name}; it has: {known}"):
    kind: str
    name: str
    known: Several


def _move(flow: Workflow, name: str) -> Move:
    move = flow.by_move.get(name)
    if move is None:
        raise Refused(NoSuchMove(kind=flow.name, name=name, known=listed(flow.by_move)))
    return move


class NothingMoreDone(
    WrongState, says="{kind} is {state}, so it cannot be done: {move}; nothing more is done with it"
):
    kind: Text
    state: Word
    move: Text


class NotFromHere(
    WrongState, says="{kind} is {state}, so it cannot be done: {move}; possible now: {possible}"
):
    kind: Text
    state: Word
    move: Text
    possible: Several


def _not_from_here(flow: Workflow, move: Move, subject: StoredSubject, known: list[Text]) -> Refusal:
    state = flow.by_state[subject.state]
    if not known:
        return NothingMoreDone(
            kind=say(flow.label),
            state=Word(flow.name, state.label or state.name),
            move=say(move.label or move.name),
        )
    return NotFromHere(
        kind=say(flow.label),
        state=Word(flow.name, state.label or state.name),
        move=say(move.label or move.name),
        possible=listed(known),
    )


class RulesWithoutEnd(
    Refusal, says="the rules of this district lead on and on; nothing was stored; check its workflows"
): ...


def settle(turn: UnitOfWork) -> None:
    """Carry out what follows, and the engine's own moves, until nothing is left to do."""
    for _ in range(_MOST_OWN_MOVES):
        order = turn.next_order() or _ready(turn)
        if order is None:
            turn.set_timers()
            return
        carry_out(turn, order, ENGINE_ACTOR, new_id())
    raise Refused(RulesWithoutEnd())


_MOST_OWN_MOVES = 1000


def _ready(turn: UnitOfWork) -> MoveOrder | None:
    for tree in turn.trees.values():
        for subject in tree.subjects.values():
            flow = turn.rules.workflows[subject.kind]
            for move in flow.own_moves:
                if subject.state in move.sources and move.typed.is_time(subject, turn.facts):
                    return MoveOrder(subject=subject.id, move=move.name)
    return None
