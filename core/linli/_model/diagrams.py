"""Workflows as diagrams."""

from collections.abc import Callable

from linli._model.compiled import Workflow
from linli._model.compiling import AnyFlow, as_run


def mermaid(flow: AnyFlow, translate: Callable[[str], str] = str) -> str:
    """The workflow as a Mermaid state diagram."""
    flow = as_run(flow)
    lines = ["stateDiagram-v2"]
    lines += [f"    {state.name}: {translate(state.label or state.name)}" for state in flow.states]
    for move in flow.moves:
        who = translate(move.label or move.name) + (" *" if move.by_itself else "")
        for source in move.sources or ("[*]",):
            for target in sorted(came_from(flow, source)) if move.back else (move.to or source,):
                lines.append(f"    {source} --> {target}: {who}")
            if move.when_empty:
                lines.append(f"    {source} --> {move.when_empty}: {who} (0)")
    lines += [f"    {state.name} --> [*]" for state in flow.states if state.ends]
    return "\n".join(lines)


def came_from(flow: Workflow, state: str) -> set[str]:
    """The states from which moves lead into `state`."""
    return {source for move in flow.moves if move.to == state for source in move.sources}
