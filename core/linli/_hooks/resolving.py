"""Every name that a plugin gives, of a move, a verb, a state, a workflow, a figure, is the name of something.

Nothing that looks a name up later would tell that there is none: a rule would be off, and a figure 0.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import attrs

from linli._base.i18n import Text, listed, say
from linli._hooks.plugin import Plugin
from linli._model.compiled import Move, Workflow

if TYPE_CHECKING:
    from linli._model.figures import Figure

Names = Mapping[str, str]


def resolve(declarations: Mapping[str, Plugin], about: Mapping[str, Iterable[str]]) -> Iterator[Text]:
    """Why plugins cannot be used: they bring one thing twice, or name what is not there.

    Args:
        about: by plugin, the verbs that its hooks say they are about.
    """
    yield from _twice(declarations)
    yield from _unresolved(declarations, about)


# --- brought twice ---------------------------------------------------------------------------------------


def _twice(declarations: Mapping[str, Plugin]) -> Iterator[Text]:
    brought: dict[tuple[str, str], str] = {}
    for plugin, declaration in declarations.items():
        for what, name in _brings(declaration):
            first = brought.setdefault((what, name), plugin)
            if first != plugin:
                yield say(
                    "plugins '{one}' and '{other}' both bring the {what} '{name}'; rename it in one of them",
                    one=first,
                    other=plugin,
                    what=say(what),
                    name=name,
                )


def _brings(declaration: Plugin) -> Iterator[tuple[str, str]]:
    yield from (("workflow", flow.name) for flow in declaration.flows)
    yield from (("figure", figure.name) for figure in declaration.figures)
    yield from (("prefix of figures", prefix) for prefix in {_prefix(f.name) for f in declaration.figures})
    yield from (("direct act", act.verb) for act in declaration.all_direct_acts)
    yield from (("channel", name) for name in declaration.channels)
    yield from (("importer", importer.kind) for importer in declaration.importers)


def _prefix(figure: str) -> str:
    return figure.partition(".")[0]


# --- names of nothing --------------------------------------------------------------------------------------


def _unresolved(declarations: Mapping[str, Plugin], about: Mapping[str, Iterable[str]]) -> Iterator[Text]:
    known = _Known.of(declarations)
    for plugin, declaration in declarations.items():
        found = (*known.of_workflows(declaration), *known.of_figures(declaration), *_of_prefixes(declaration))
        for slip in (*found, *known.of_the_rest(declaration, about.get(plugin, ()))):
            yield say("plugin '{plugin}': {slip}", plugin=plugin, slip=slip)


def _of_prefixes(declaration: Plugin) -> Iterator[Text]:
    """So that no two plugins ever make one table."""
    for table in declaration.tables.tables if declaration.tables is not None else ():
        if not f"{table}_".startswith(f"{declaration.name}_"):
            yield say("its table {table} must begin with {prefix}_", table=table, prefix=declaration.name)
    for figure in declaration.figures:
        if "." not in figure.name.strip("."):
            yield say(
                "its figure {figure} needs a prefix: {prefix}.{figure}",
                figure=figure.name,
                prefix=declaration.name,
            )


@attrs.frozen(kw_only=True)
class _Known:
    """What all the plugins bring, by its name."""

    flows: Mapping[str, Workflow]
    figures: frozenset[str]
    verbs: frozenset[str]

    @classmethod
    def of(cls, declarations: Mapping[str, Plugin]) -> "_Known":
        every = declarations.values()
        return cls(
            flows={flow.name: flow for one in every for flow in one.flows},
            figures=frozenset(figure.name for one in every for figure in one.figures),
            verbs=frozenset(_verbs(every)),
        )

    # --- workflows ---

    def of_workflows(self, declaration: Plugin) -> Iterator[Text]:
        for flow in declaration.flows:
            above = [*self._above(flow)]
            yield from (
                say("workflow {flow}: {problem}", flow=flow.name, problem=end) for end in _dead_ends(flow)
            )
            for part in flow.parts:
                yield from self._part(declaration, flow, part.name, part.workflow, part.start)
            for move in flow.moves:
                yield from self._apart(flow, move, above)
                yield from self._when(flow, move, above)

    def _part(self, declaration: Plugin, flow: Workflow, part: str, kind: str, start: str) -> Iterator[Text]:
        where = say("workflow {flow}, part {part}", flow=flow.name, part=part)
        other = self.flows.get(kind)
        if other is None:
            if kind not in declaration.peers:
                yield _none(where, "workflow", kind, self.flows)
        elif start not in {move.name for move in other.moves if not move.sources}:
            yield _none(where, "move", start, [move.name for move in other.moves if not move.sources])

    def _above(self, flow: Workflow) -> Iterator[Workflow]:
        """The workflows whose parts it may be, up to the root."""
        waiting, seen = [flow], {flow.name}
        while waiting:
            below = waiting.pop()
            for one in self.flows.values():
                if one.name not in seen and any(part.workflow == below.name for part in one.parts):
                    seen.add(one.name)
                    waiting.append(one)
                    yield one

    def _apart(self, flow: Workflow, move: Move, above: Iterable[Workflow]) -> Iterator[Text]:
        """Moves of the same matter: its own, those of what it is a part of, and "kind.move" of what it is one with."""
        names = [*flow.by_move, *(name for one in above for name in one.by_move)]
        for name in move.not_by:
            # "kind.move" may be another plugin's, which may be of another version, or not enabled.
            if "." not in name and name not in names:
                yield _none(_at(flow, move, "not_by"), "move", name, names)

    def _when(self, flow: Workflow, move: Move, above: Iterable[Workflow]) -> Iterator[Text]:
        """What `all_parts`, `any_part` and `parent_in` were given."""
        asked = getattr(move.typed.when, "asks_for", None)
        if asked is None:
            return
        kind, states = asked
        if kind is not None and kind not in {part.workflow for part in flow.parts}:
            yield _none(_at(flow, move, "when"), "workflow", kind, [part.workflow for part in flow.parts])
            return
        others = [self.flows[kind]] if kind in self.flows else list(above) if kind is None else []
        names = [name for one in others for name in one.by_state]
        yield from (
            _none(_at(flow, move, "when"), "state", s, names) for s in states if names and s not in names
        )

    # --- figures ---

    def of_figures(self, declaration: Plugin) -> Iterator[Text]:
        for figure in declaration.figures:
            for verb in figure.on:
                yield from self._verb(declaration, _field(figure, "on"), verb)
            for field in ("uses", "shown_with"):
                for name in getattr(figure, field):
                    if name not in self.figures:
                        yield _none(_field(figure, field), "figure", name, self.figures)

    # --- the rest ---

    def of_the_rest(self, declaration: Plugin, about: Iterable[str]) -> Iterator[Text]:
        for where, verbs in ((say("subscribes"), declaration.subscribes), (say("about"), about)):
            for verb in verbs:
                if verb != "*":
                    yield from self._heard(declaration, where, verb)
        for kind in declaration.public_pages:
            if kind not in self.flows and kind not in declaration.peers:
                yield _none(say("public_pages"), "workflow", kind, self.flows)

    def _heard(self, declaration: Plugin, where: Text, verb: str) -> Iterator[Text]:
        """A plugin may listen for what another one does, if that is there: only what is nearly a kind is a slip."""
        kind = verb.partition(".")[0]
        kinds = {*self.flows, *(one.partition(".")[0] for one in self.verbs)}
        if kind in kinds or get_close_matches(kind, kinds, n=1, cutoff=0.75):
            yield from self._verb(declaration, where, verb)

    def _verb(self, declaration: Plugin, where: Text, verb: str) -> Iterator[Text]:
        kind, _, name = verb.partition(".")
        flow = self.flows.get(kind)
        if flow is not None:
            if name not in (*flow.by_move, "late", "*"):
                yield _none(where, "verb", verb, [f"{kind}.{one}" for one in (*flow.by_move, "late")])
        elif name == "*":
            if not any(one.startswith(f"{kind}.") for one in self.verbs) and kind not in declaration.peers:
                yield _none(where, "verb", verb, self.verbs)
        elif verb not in self.verbs and kind not in declaration.peers:
            yield _none(where, "verb", verb, [*self.verbs, *self._moves()])

    def _moves(self) -> Iterator[str]:
        return (f"{flow.name}.{name}" for flow in self.flows.values() for name in flow.by_move)


def _verbs(declarations: Iterable[Plugin]) -> Iterator[str]:
    """Verbs that are no workflow's move."""
    return (act.verb for declaration in declarations for act in declaration.all_direct_acts)


def _dead_ends(flow: Workflow) -> Iterable[Text]:
    """States that nothing leads to, and states that nothing leads out of and that do not end."""
    leads_to = {move.name: {move.to, move.when_empty} - {None} for move in flow.moves}
    reached = {state for move in flow.moves if not move.sources for state in leads_to[move.name]}
    while more := {
        state for move in flow.moves if reached & set(move.sources) for state in leads_to[move.name] - reached
    }:
        reached |= more
    left = {source for move in flow.moves for source in move.sources if leads_to[move.name] - {source}}
    for state in flow.states:
        if state.name not in reached:
            yield say("no move leads to state {state}; take it out, or let one lead there", state=state.name)
        elif not state.ends and state.name not in left:
            yield say(
                "no move leads out of state {state}, and it does not end; write ends=(…), or a move",
                state=state.name,
            )


def _at(flow: Workflow, move: Move, field: str) -> Text:
    return say("workflow {flow}, move {move}, {field}", flow=flow.name, move=move.name, field=field)


def _field(figure: "Figure", field: str) -> Text:
    return say("figure {figure}, {field}", figure=figure.name, field=field)


def _none(where: Text, what: str, name: str, known: Iterable[Any]) -> Text:
    """That nothing has a name, with the nearest that something has."""
    names = sorted(set(map(str, known)))
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return say(
            "{where}: there is no {what} '{name}'; did you mean '{near}'?",
            where=where,
            what=say(what),
            name=name,
            near=near[0],
        )
    return say(
        "{where}: there is no {what} '{name}'; there are: {known}",
        where=where,
        what=say(what),
        name=name,
        known=listed(names[:20]) if names else "-",
    )


WORDS = (
    "workflow",
    "figure",
    "prefix of figures",
    "direct act",
    "channel",
    "importer",
    "move",
    "state",
    "verb",
)
