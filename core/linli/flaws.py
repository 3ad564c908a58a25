"""What can be wrong with a workflow as it is declared: found when it is made."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from linli.i18n import Text, say

if TYPE_CHECKING:
    from linli.workflow import Move, Workflow


def flaws(flow: "Workflow") -> Iterable[Text]:
    """What is wrong with a workflow as it is declared, each in a sentence for its author."""
    yield from _unknown_names(flow)
    for of in ("told_by", "not_told", "one_with"):
        for name in set(getattr(flow, of)) - flow.fields:
            yield say("{of} names {field}, which its record has not", of=of, field=name)
    names = [move.name for move in flow.moves]
    if len(set(names)) != len(names):
        yield say("two moves have one name")
    if not any(not move.sources for move in flow.moves):
        yield say("no move opens it: one needs sources=()")
    yield from _unexplained_pauses(flow)
    yield from _impossible_then(flow)
    if _has_cycle({(source, move.to) for move in flow.own_moves for source in move.sources if move.to}):
        own = ", ".join(move.name for move in flow.own_moves)
        yield say("the engine's own moves lead in a circle: {moves}", moves=own)


def _unknown_names(flow: "Workflow") -> Iterable[Text]:
    states = {state.name for state in flow.states}
    named: list[tuple[str, str | None]] = [
        *((clock.name, state) for clock in flow.clocks for state in (*clock.runs_in, *clock.pauses_in)),
        *(("renamed", state) for state in flow.renamed.values()),
        ("accepted_in", flow.accepted_in),
    ]
    for move in flow.moves:
        named += [(move.name, state) for state in (*move.sources, move.to, move.when_empty)]
        yield from _unknown_in(flow, move)
    yield from (
        say("state {state} is named by {by} but not declared", state=state, by=by)
        for by, state in named
        if state is not None and state not in states
    )


def _unknown_in(flow: "Workflow", move: "Move") -> Iterable[Text]:
    moves, clocks = {one.name for one in flow.moves}, {clock.name for clock in flow.clocks}
    for name in ({move.first} - {""} - moves) | (set(move.resets) - clocks):
        yield say("move {move} names {name}, which is not declared", move=move.name, name=name)
    for quota in {*move.takes, *move.spends, *move.releases} - {known.name for known in flow.quotas}:
        yield say("move {move} names quota {quota}, which is not declared", move=move.name, quota=quota)


def _unexplained_pauses(flow: "Workflow") -> Iterable[Text]:
    pausing = {state for clock in flow.clocks for state in clock.pauses_in}
    for move in flow.moves:
        if move.to in pausing and "reason" not in {ask.name for ask in move.asks}:
            yield say("move {move} stops a clock, so it must ask for a reason", move=move.name)


def _impossible_then(flow: "Workflow") -> Iterable[Text]:
    moves = {move.name: move for move in flow.moves}
    for clock in flow.clocks:
        move = moves.get(clock.then) if clock.then else None
        if clock.then and (move is None or not move.by.engine or not set(clock.runs_in) <= set(move.sources)):
            yield say(
                "clock {clock} leads to {move}, which linli itself must be able to make wherever the clock runs",
                clock=clock.name,
                move=clock.then,
            )


def _has_cycle(edges: Iterable[tuple[str, str | None]]) -> bool:
    following: dict[str, set[str]] = {}
    for source, target in edges:
        following.setdefault(source, set()).add(target or source)

    def reaches(start: str, node: str, seen: set[str]) -> bool:
        for successor in following.get(node, ()):
            if successor == start:
                return True
            if successor not in seen and reaches(start, successor, seen | {successor}):
                return True
        return False

    return any(reaches(node, node, set()) for node in following)
