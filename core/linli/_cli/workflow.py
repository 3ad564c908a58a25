"""`linli workflow`: a workflow as a table or a diagram."""

from collections.abc import Iterator
from pathlib import Path

import click

from linli._base.errors import NotFound
from linli._base.i18n import listed, translate
from linli._cli.shared import json_option, table
from linli._district.opening import configured, district_file
from linli._engine.rules import NoSuchWorkflow
from linli._hooks.plugins import Plugins
from linli._model.compiled import Move, Workflow
from linli._model.diagrams import came_from, mermaid
from linli._model.inputs import Field


@click.group(
    help=f"""{translate("show a workflow as a table or a diagram")}

\b
linli workflow list
linli workflow show request
linli workflow show request --mermaid > request.mmd
"""
)
def workflow() -> None:
    pass


def _workflows() -> dict[str, tuple[str, Workflow]]:
    """Every workflow, with the plugin that brings it; where there is no district, the built-in ones."""
    path = Path(click.get_current_context().find_root().obj["path"])
    plugins = configured(path).plugins if district_file(path).exists() else Plugins(())
    return {flow.name: (name, flow) for name, m in plugins.declarations.items() for flow in m.flows}


@workflow.command(name="list", help=translate("list the workflows of the enabled plugins"))
@json_option
def list_(as_json: bool) -> None:
    rows = [
        (flow.name, translate(flow.label), plugin, len(flow.states), len(flow.moves))
        for plugin, flow in _workflows().values()
    ]
    table(["name", "label", "plugin", "states", "moves"], rows, as_json)


@workflow.command(help=translate("show a workflow's moves: from, to, who makes them, what they ask for"))
@click.argument("name")
@click.option("--mermaid", "as_mermaid", is_flag=True, help=translate("print it as a Mermaid diagram"))
@json_option
def show(name: str, as_mermaid: bool, as_json: bool) -> None:
    flow = _found(name)
    if as_mermaid:
        click.echo(mermaid(flow, translate))
        return
    table(["move", "from", "to", "who", "asks"], _rows(flow), as_json)


def _found(name: str) -> Workflow:
    known = _workflows()
    if name not in known:
        raise NotFound(NoSuchWorkflow(name=name, known=listed(known)))
    return known[name][1]


def _rows(flow: Workflow) -> Iterator[tuple[str, str, str, str, str]]:
    for move in flow.moves:
        sources = str(listed(_state(flow, one) for one in move.sources))
        to = _state(flow, move.to) if move.to else translate("stays")
        if move.back:
            to = " / ".join(
                _state(flow, one) for source in move.sources for one in sorted(came_from(flow, source))
            )
        if move.when_empty:
            to += " / " + _state(flow, move.when_empty)
        yield (
            _move(move),
            sources,
            to,
            str(move.by),
            str(listed(_field(one) for one in move.fields if one.asked)),
        )


def _move(move: Move) -> str:
    label = translate(move.label or move.name)
    return f"{move.name} ({label})" if label != move.name else move.name


def _state(flow: Workflow, name: str) -> str:
    state = flow.by_state[name]
    return translate(state.label or state.name)


def _field(field: Field) -> str:
    optional = "" if field.required else "?"
    return field.name + optional + (translate(" (in the vault)") if field.private else "")
