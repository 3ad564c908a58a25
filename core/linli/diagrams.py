"""Workflows as diagrams."""

from collections.abc import Callable

from linli.workflow import Workflow


def mermaid(flow: Workflow, translate: Callable[[str], str] = str) -> str:
    """The workflow as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {state.name}: {translate(state.label or state.name)}" for state in flow.states]
    for move in flow.moves:
        who = translate(move.label or move.name) + ("" if move.when is None else " *")
        target = move.to
        for source in move.sources or ("[*]",):
            lines.append(f"    {source} --> {target or source}: {who}")
            if move.when_empty:
                lines.append(f"    {source} --> {move.when_empty}: {who} (0)")
    lines += [f"    {state.name} --> [*]" for state in flow.states if state.ends]
    return "\n".join(lines)
