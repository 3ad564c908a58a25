"""Commands for the moves of a workflow: one per move, its asks as options."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import attrs
import click

from linli._base.i18n import Text, say, translate
from linli._base.numbers import written
from linli._cli import options
from linli._cli.answering import capacity_of
from linli._cli.choices import Choice
from linli._cli.meaning import meant, part_for, part_of
from linli._cli.reading import reading
from linli._cli.shared import (
    actor_of,
    again_options,
    as_option,
    identifier,
    json_option,
    minute,
    most_option,
    pass_district,
    print_json,
    show,
    table,
    tell,
    tell_how_many,
)
from linli._cli.telling import (
    about_holidays,
    ending,
    facts_of,
    masked_name,
    print_history,
    provisional,
    told,
    which,
    whose_turn,
    without_people,
)
from linli._district.district import District
from linli._engine.listing import how_many, name_paths
from linli._model.access import ENGINE, Actor
from linli._model.acts import Act
from linli._model.compiled import Move, Workflow
from linli._model.compiling import AnyFlow, as_declared, as_run
from linli._model.states import States
from linli._model.subjects import StoredSubject
from linli._model.wording import state_of
from linli._query.subjects import subjects

Find = Callable[[District, str], UUID]


def add_moves(
    group: click.Group,
    flow: AnyFlow,
    *,
    only: tuple[str, ...] = (),
    leave_out: tuple[str, ...] = (),
    held_by: str = "",
    suffix: str = "",
    called: Mapping[str, str] | None = None,
    spelled: Mapping[str, str] | None = None,
    whose: bool = False,
    find: Find | None = None,
    typed: str = "NUMBER",
) -> None:
    """Add a command to `group` for every move that a person can make of a subject.

    Args:
        only: for these moves; none: for all that are not left out.
        called: what commands are called that are not called as their move; `spelled`: what options are called that
            are not called as their input.
        held_by: for parts: an option that names the organisation that holds the part; with it, the
            command takes the number of the whole.
        suffix: what the commands end in, where the moves of another workflow have these names: `reject-proxy`.
        whose: for parts that people have: the command takes the number of the whole, and --for names
            whose part is meant; without it, it is that of whoever acts.
        find: the subject by what is typed in place of NUMBER, where that is something else; `typed`: what that is.
    """
    flow = as_run(flow)
    named = _Named(flow, held_by, whose, find, typed, spelled or {})
    for move in flow.moves:
        if move.sources and move.label and move.by != ENGINE and is_wanted(move, only, ("read", *leave_out)):
            name = (called or {}).get(move.name) or options.command_name(move, suffix)
            group.add_command(_command(f"{group.name} {name}", flow, move, named))
    if not only and "read" in flow.by_move and "read" not in (*group.commands, *leave_out):
        group.add_command(reading())


def is_wanted(move: Move, only: tuple[str, ...], leave_out: tuple[str, ...]) -> bool:
    """Whether a command is to be made of a move."""
    return move.name in only if only else move.name not in leave_out


@attrs.frozen
class Columns:
    """What a list says of each, beside its number, its state and its deadline.

    Attributes:
        cells: from the district and a subject, a cell for each of the headings.
        place: whether the place comes last.
    """

    headings: tuple[str, ...]
    cells: Callable[[District, StoredSubject], tuple[object, ...]]
    place: bool = False


@attrs.frozen
class _Shown:
    """What lists of a workflow's subjects show, and `show` of one.

    Attributes:
        person: whether it is said whose each is, masked; programs get the number.
    """

    flow: Workflow
    columns: Columns | None
    person: bool

    def facts(self, subject: StoredSubject) -> dict[str, object]:
        return facts_of(subject) | ({"person": subject.person} if self.person else {})

    def told(self, district: District, subject: StoredSubject) -> dict[str, object]:
        whose = {"person": masked_name(district, subject.person)} if self.person else {}
        return told(district, subject) | (whose if subject.kind == self.flow.name else {})


def add_lists(
    group: click.Group, flow: AnyFlow, columns: Columns | None = None, *, person: bool = False
) -> None:
    """Add `list` and `show`.

    Args:
        columns: of the list; None: where it is, what it is told by, when it was opened, how it ended.
        person: whether whoever decides must see whose it is: the masked name stands in both.
    """
    shown = _Shown(as_run(flow), columns, person)
    group.add_command(_list(str(group.name), shown))
    group.add_command(_show(shown))


@attrs.frozen
class _Named:
    """How the subject of a command is named: see `add_moves`."""

    flow: Workflow
    held_by: str
    whose: bool
    find: Find | None
    typed: str
    spelled: Mapping[str, str]

    @property
    def option(self) -> str:
        return "for" if self.whose else self.held_by

    def with_option(self, command: Callable[..., Any]) -> Callable[..., Any]:
        if not self.option:
            return command
        text = (
            translate("whose it is, where NUMBER is that of the whole; else of whoever acts")
            if self.whose
            else translate("the organisation whose part of it is meant, where NUMBER is that of the whole")
        )
        return click.option(f"--{self.option}", _PART, default=None, help=text)(command)

    def subject(self, district: District, number: str, part: str | None, actor: Actor) -> UUID:
        if self.find:
            return self.find(district, number)
        if self.whose:
            return part_for(district, self.flow, identifier(number), part, actor)
        if part:
            return part_of(district, self.flow, identifier(number), part)
        return meant(district, self.flow, number)


_PART = "part_of_whole"


def _command(path: str, flow: Workflow, move: Move, named: _Named) -> click.Command:
    def run(
        district: District,
        /,
        number: str,
        key: UUID | None,
        version_seen: int | None,
        who: str | None,
        as_json: bool,
        **values: Any,
    ) -> None:
        actor = actor_of(district, who)
        subject = named.subject(district, number, values.pop(_PART, None), actor)
        near = district.subject(subject).place if options.are_named(move) else None
        found = options.given(district, move, values, near)
        act = district.make(subject, move.name, found, actor=actor, key=key, version=version_seen)
        print_act(district, act, as_json)

    asks = options.asked(move)
    command = named.with_option(options.with_options(pass_district(run), flow, asks, named.spelled))
    command = again_options(as_option(json_option(command)))
    command = click.argument("number", metavar=named.typed)(command)
    example = f"linli {path} {named.typed}"
    example += f' --{named.option} "…"' if named.option else ""
    text = f"{translate(move.label)}\n\n\b\n{example} {options.example(asks)}"
    return click.command(name=path.rpartition(" ")[2], help=text)(command)


def print_act(district: District, act: Act, as_json: bool) -> None:
    """Say what an act came to: what the subject is now, in which capacity it was done, and what it opened."""
    tree = district.tree(act.subject)
    subject = next(one for one in tree if one.id == act.subject)
    if as_json:
        show({"act": act.id, "version": district.version(act.subject), **facts_of(subject)}, True)
        return
    tell(say("{done} (as {capacity})", done=_standing(district, subject), capacity=capacity_of(act)))
    opened = [one for one in tree if one.opened_at == act.at and one.id != subject.id]
    for one in opened[:_MOST_OPENED]:
        click.echo(f"  {_standing(district, one)}")
    _say_what_is_provisional([subject])


_MOST_OPENED = 10


def _standing(district: District, subject: StoredSubject) -> Text:
    flow = district.rules.workflow(subject.kind)
    state, number = state_of(flow, subject, district.now()), written(subject.number)
    return say("{kind} {number}: {state}", kind=say(flow.label), number=number, state=state)


def _print_others(district: District, others: list[StoredSubject]) -> None:
    """What belongs to the same matter, a line each."""
    if not others:
        return
    rows = [
        (
            one.id,
            say((flow := district.rules.workflow(one.kind)).label),
            state_of(flow, one, district.now()),
            which(district, flow, one),
            whose_turn(flow, one),
            minute(district, one.opened_at),
            ending(district.rules.workflow(one.kind), one),
        )
        for one in others
    ]
    headings = ["number", "kind", "state", "what", "whose turn", "opened_at", "outcome"]
    table(headings, rows, False, only_filled=True)
    click.echo()


def _say_what_is_provisional(subjects: Iterable[StoredSubject]) -> None:
    """A deadline that is given without the holidays of its year may move: so it is said beside it."""
    days = [subject.due_at for subject in subjects if provisional(subject) and subject.due_at]
    if days:
        click.echo(str(about_holidays(max(days))))


def _states(flow: Workflow) -> Choice:
    called = {one.name: one.label for one in flow.states if one.label}
    return Choice((one.name for one in flow.states), called, context=flow.name)


def _list(noun: str, shown: _Shown) -> click.Command:
    @click.command(
        name="list",
        help=f"{translate('list them, the newest first; what is open or late by its deadline')}\n\n\b\n"
        f"linli {noun} list --open --late",
    )
    @click.option("--state", multiple=True, type=_states(shown.flow), help=translate("only these states"))
    @click.option("--open", "is_open", is_flag=True, help=translate("only what has not ended"))
    @click.option("--late", is_flag=True, help=translate("only what is past its deadline"))
    @click.option("--place", default=None, help=translate("a number or a path of names: 锦绣花园/3栋"))
    @most_option
    @json_option
    @pass_district
    def command(
        district: District,
        state: tuple[str, ...],
        is_open: bool,
        late: bool,
        place: str | None,
        most: int,
        as_json: bool,
    ) -> None:
        flow = as_declared(shown.flow)
        query = subjects(
            flow,
            states=States(flow.states[name] for name in state),
            within=district.register.find_place(place) if place else None,
            ended=False if is_open else None,
            late_at=district.now() if late else None,
            most=most,
            order="pressing" if is_open or late else "newest",
        )
        found = [one.kept for one in district.ask_unchecked(query)]
        _print_list(district, shown, found, as_json)
        if not as_json:
            tell_how_many(len(found), most, lambda: how_many(district, query))

    return command


def _print_list(district: District, shown: _Shown, found: list[StoredSubject], as_json: bool) -> None:
    if as_json:
        print_json([shown.facts(one) for one in found])
        return
    headings, rows = (_chosen if shown.columns else _plain)(district, shown, found)
    if shown.person:
        headings = [*headings[:1], "person", *headings[1:]]
        rows = [
            (row[0], masked_name(district, one.person), *row[1:])
            for row, one in zip(rows, found, strict=True)
        ]
    table(headings, rows, False, only_filled=True)
    _say_what_is_provisional(found)


_Rows = tuple[list[str], list[tuple[object, ...]]]


def _chosen(district: District, shown: _Shown, found: list[StoredSubject]) -> _Rows:
    columns = shown.columns
    assert columns is not None, "the list has columns of its own"
    where = name_paths(district, (one.place for one in found)) if columns.place else {}
    rows: list[tuple[object, ...]] = [
        (
            one.id,
            state_of(shown.flow, one, district.now()),
            whose_turn(shown.flow, one),
            minute(district, one.due_at),
            *columns.cells(district, one),
            *([where[one.place]] if columns.place else []),
        )
        for one in found
    ]
    last = ["place"] if columns.place else []
    return ["number", "state", "whose turn", "due at", *columns.headings, *last], rows


def _plain(district: District, shown: _Shown, found: list[StoredSubject]) -> _Rows:
    where = name_paths(district, (one.place for one in found))
    rows: list[tuple[object, ...]] = [
        (
            one.id,
            state_of(shown.flow, one, district.now()),
            where[one.place],
            which(district, shown.flow, one),
            whose_turn(shown.flow, one),
            minute(district, one.opened_at),
            minute(district, one.due_at),
            ending(shown.flow, one),
        )
        for one in found
    ]
    headings = ["number", "state", "place", "what", "whose turn", "opened_at", "due at", "outcome"]
    return headings, rows


def _show(shown: _Shown) -> click.Command:
    @click.command(name="show", help=translate("show one, with its parts and its history"))
    @click.argument("number")
    @json_option
    @pass_district
    def command(district: District, number: str, as_json: bool) -> None:
        ident = meant(district, shown.flow, number)
        tree = district.tree(ident)
        if getattr(tree[0].record, "confidential", False):
            tree = [one.without_people() for one in tree]
        history = district.history(tree[0].root)
        if as_json:
            acts = [
                {
                    "version": a.version,
                    "verb": a.verb,
                    "at": a.at,
                    "as": a.acting_as,
                    "body": without_people(a),
                }
                for a in history
            ]
            version = history[-1].version if history else 0
            parts = [facts_of(one) for one in tree[1:]]
            show({"version": version, **shown.facts(tree[0]), "parts": parts, "history": acts}, True)
            return
        asked = next(one for one in tree if one.id == ident)
        show(shown.told(district, asked), False)
        click.echo()
        _print_others(district, [one for one in tree if one.id != ident])
        _say_what_is_provisional(tree)
        print_history(district, history)

    return command
