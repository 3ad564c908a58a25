"""Mistakes of a plugin's author: each is told, with the plugin, the thing and the line; none does nothing in silence."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any
from urllib.error import HTTPError

import attrs
import click
import pytest
from click.testing import CliRunner
from sqlalchemy import Column, Integer, MetaData, String, Table

import linli
from linli import (
    ANYONE,
    AnyTransition,
    Choice,
    Clock,
    District,
    Figure,
    Input,
    Moves,
    NoInputs,
    Part,
    Plugin,
    Quota,
    State,
    Workflow,
    all_parts,
    any_part,
    has_post,
    parent_in,
    setting,
)
from linli._base.errors import PluginError, Refused, StoreError
from linli._cli.guarding import guarded_command
from linli._cli.options import option
from linli._config import Secret
from linli._district import checking
from linli._district.opening import configured
from linli._hooks.guarding import guarded, type_and_place
from linli._hooks.plugins import BUILT_IN, Plugins, installed
from linli._model.compiling import compiled
from linli._model.direct import DirectAct
from linli._model.figures import once
from linli._model.running import Typed
from linli._store.columns import district as district_column
from linli._store.columns import key
from linli._store.failures import ours
from linli.testing import a_place, check_revisions, make_district, somebody

SECRET = "张三 13800000000"


def broken(*_: object, **__: object) -> Any:
    raise ValueError(SECRET)


def broken_later(*_: object) -> Iterator[object]:
    raise ValueError(SECRET)
    yield


@attrs.frozen(kw_only=True)
class Thing:
    """What is kept of a thing."""

    note: str = ""


class Begun(Workflow[Thing], abstract=True):
    """A thing that is opened; what it has beside, each test says."""

    move = Moves(Thing)
    a = State()
    open = move.opening(a, by=ANYONE | has_post("clerk"))


class Base(Begun, abstract=True):
    b = State(ends=True)


class ThingFlow(Base, name="thing"):
    end = Base.move(Base.a.to(Base.b), by=has_post("clerk"))


class Child(Base, name="child"):
    end = Base.move(Base.a.to(Base.b), by=has_post("clerk"))


def _ended(inputs: Any = NoInputs, **more: Any) -> Any:
    """A thing whose move `end` asks for `inputs` and has `more` beside."""

    class Flow(Base, name="thing"):
        end: Any = Base.move(Base.a.to(Base.b), inputs, by=has_post("clerk"), **more)

    return Flow


def _plugin(name: str = "mistake", **declaration: Any) -> Any:
    return SimpleNamespace(PLUGIN=Plugin(name=name, **declaration))


def _loaded(**declaration: Any) -> Plugins:
    return Plugins((), {"mistake": _plugin(**declaration)})


# --- every callable is guarded -----------------------------------------------------------------------


class Result(Choice):
    """How a thing ends."""

    GOOD = "good"
    BAD = "bad"


@attrs.frozen(kw_only=True)
class Noted:
    """What a thing may be ended with."""

    note: Annotated[str | None, Input("a note", else_from=broken)] = None


class LateFlow(ThingFlow, name="thing"):
    late = Clock[Thing](ThingFlow.a, broken)


class LapsingFlow(ThingFlow, name="thing"):
    lapse = ThingFlow.move(ThingFlow.a.to(ThingFlow.b), when=broken)


class HoldingFlow(Base, name="thing"):
    piece = Quota[Thing](broken)
    end = Base.move(Base.a.to(Base.b), by=has_post("clerk"), holds=[piece])


class ResultFlow(Begun, name="thing"):
    ended = State(ends=Result)
    end = Begun.move(Begun.a.to(ended, broken), by=has_post("clerk"))


class WholeFlow(ThingFlow, name="thing"):
    part: Any = Part(Child.open, in_=ThingFlow.a, one_per=broken)


@pytest.mark.parametrize(
    ("flow", "where"),
    [
        (_ended(needs=[broken]), "thing.end"),
        (_ended(then=[broken_later]), "thing.end"),
        (_ended(record=broken), "thing.end"),
        (_ended(Noted), "thing.end"),
        (ResultFlow, "thing.end"),
        (LapsingFlow, "thing.lapse"),
        (LateFlow, "thing.late (limit)"),
        (HoldingFlow, "thing.piece (source)"),
        (WholeFlow, "thing.part (one_per)"),
    ],
)
def test_a_failure_of_a_move_names_plugin_move_and_line_and_stores_nothing(
    new_district: Callable[..., District], flow: Any, where: str
) -> None:
    plugin = _plugin(workflows=(flow, Child))

    def opened_and_ended() -> None:
        district = new_district(plugins={"mistake": plugin})
        place = a_place(district, "x")
        clerk = somebody(district, "clerk", place)
        district.make(district.start("thing", "open", place).subject, "end", actor=clerk)

    with pytest.raises(PluginError) as error:
        opened_and_ended()
    text = str(error.value)
    assert f"plugin 'mistake' failed in {where}: ValueError (test_plugin_authors.py:" in text
    assert text.endswith("nothing was stored")
    assert SECRET not in text


def test_a_refusal_of_a_move_keeps_its_words(new_district: Callable[..., District]) -> None:
    def refuses(t: AnyTransition) -> None:
        raise Refused("the gate is shut")  # type: ignore[arg-type]

    district = new_district(plugins={"mistake": _plugin(workflows=(_ended(needs=[refuses]),))})
    place = a_place(district, "x")
    clerk = somebody(district, "clerk", place)
    with pytest.raises(Refused, match="the gate is shut"):
        district.make(district.start("thing", "open", place).subject, "end", actor=clerk)


def _callables(value: Any, path: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Everything callable in a declaration that is no class, however deep."""
    if isinstance(value, tuple):
        for one in value:
            yield from _callables(one, path)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _callables(one, f"{path}.{name}")
    elif fields := _fields(value):
        for field in fields:
            yield from _callables(getattr(value, field), f"{path}.{field}")
    elif callable(value) and not isinstance(value, type):
        yield path, value


def _fields(value: Any) -> Sequence[str]:
    if isinstance(value, Typed):
        return ("needs", "then", "computes", "when", "outcome", "_else")
    if isinstance(value, DirectAct):
        return ("does", "also_at", "reads")
    return [] if isinstance(value, type) else [one.name for one in getattr(value, "__attrs_attrs__", ())]


def test_every_callable_of_every_plugin_is_guarded() -> None:
    """Found by walking the declarations: a field that is added tomorrow is found too."""
    everything = Plugins([name for name in installed() if name not in BUILT_IN])
    found = [
        (f"{name}{path}", one) for name, m in everything.declarations.items() for path, one in _callables(m)
    ]
    assert len(found) > 500
    bare = [
        path
        for path, one in found
        if getattr(one, "__code__", None) is None or one.__code__.co_name != "call"
    ]
    assert bare == []


def test_what_is_made_from_a_class_is_guarded_too(tmp_path: Path) -> None:
    maker: Any = object
    declaration = guarded(
        Plugin(name="mistake", channels={"m": maker}, periodic=(broken,), table_readers={".x": broken})
    )
    for where, made in (
        ("channels m", lambda: declaration.channels["m"](None)),
        ("periodic", lambda: declaration.periodic[0](None)),
        ("table_readers .x", lambda: declaration.table_readers[".x"](tmp_path)),
    ):
        with pytest.raises(PluginError, match=rf"plugin 'mistake' failed in {where}: (Type|Value)Error"):
            made()


def test_what_the_database_does_is_not_the_plugins_fault() -> None:
    def away(*_: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    declaration = guarded(Plugin(name="mistake", periodic=(away,)))
    with pytest.raises(sqlite3.OperationalError):
        declaration.periodic[0](None)


@pytest.mark.parametrize(
    ("fails", "told"),
    [
        (lambda: _raised(HTTPError("http://x", 503, SECRET, None, None)), "HTTPError 503"),  # type: ignore[arg-type]
        (lambda: json.loads("{"), "JSONDecodeError"),
    ],
)
def test_an_error_names_the_plugins_line_and_the_status_of_an_answer(
    fails: Callable[[], object], told: str
) -> None:
    """Not the line of the library that it was raised in."""
    with pytest.raises(Exception) as error:  # noqa: PT011  # what it is called is what is looked at
        fails()
    assert isinstance(error.value, Exception)
    assert type_and_place(error.value).startswith(f"{told} (test_plugin_authors.py:")


def _raised(error: Exception) -> None:
    raise error


def test_a_command_that_fails_is_one_line_and_no_traceback() -> None:
    @click.group()
    def thing() -> None:
        """A noun."""

    thing.command("fail")(broken)
    thing.command("refuse")(lambda: _raised(click.UsageError("no such thing")))
    guarded_command(guarded_command(thing, "linli_mistake", "linli thing"), "linli_mistake", "linli thing")
    with pytest.raises(
        PluginError, match=r"plugin 'linli_mistake' failed in linli thing fail: ValueError"
    ) as told:
        thing.main(["fail"], standalone_mode=False)
    assert SECRET not in str(told.value)
    with pytest.raises(click.UsageError):
        thing.main(["refuse"], standalone_mode=False)


# --- every name is the name of something ----------------------------------------------------------------


class WithPart(ThingFlow, name="thing"):
    p = Part(Child.open)


class WithPartThatEnds(ThingFlow, name="thing"):
    p = Part(Child.end)  # type: ignore[call-overload]


class Other(Begun, name="other"):
    c = State(ends=True)
    end = Begun.move(Begun.a.to(c), by=has_post("clerk"))


class WithPartOfAnother(WithPart, name="thing"):
    go = WithPart.move(WithPart.a.to(WithPart.b), when=all_parts(Child.b, or_else=(Other.c,)))


class WithoutPart(ThingFlow, name="thing"):
    go = ThingFlow.move(ThingFlow.a.to(ThingFlow.b), when=any_part(Child.b))


class ChildOfAnother(Base, name="child"):
    go = Base.move(Base.a.to(Base.b), when=parent_in(Other.c))


class WithPartOfIts(ThingFlow, name="thing"):
    p = Part(ChildOfAnother.open)


class Unreached(ThingFlow, name="thing"):
    c = State()


class Endless(ThingFlow, name="thing"):
    c = State()
    go = ThingFlow.move(ThingFlow.a.to(c), by=ANYONE)


@pytest.mark.parametrize(
    ("declaration", "told"),
    [
        ({"workflows": (_ended(not_by=["opne"]),)}, "thing.end: 'opne' is no move"),
        (
            {
                "workflows": (ThingFlow,),
                "figures": (Figure(name="mistake.x", help="x", on={"thing.ened": once}),),
            },
            "figure mistake.x, on: there is no verb 'thing.ened'; did you mean 'thing.end'",
        ),
        (
            {
                "workflows": (ThingFlow,),
                "figures": (Figure(name="mistake.x", help="x", on={"thng.end": once}),),
            },
            "there is no verb 'thng.end'; did you mean 'thing.end'",
        ),
        (
            {"figures": (Figure(name="mistake.x", help="x", uses=("requests.clsed",)),)},
            "uses: there is no figure 'requests.clsed'; did you mean 'requests.closed'",
        ),
        (
            {"figures": (Figure(name="mistake.x", help="x", shown_with=("mistake.y",)),)},
            "shown_with: there is no figure 'mistake.y'",
        ),
        (
            {"subscribes": ("request.acept",)},
            "subscribes: there is no verb 'request.acept'; did you mean 'request.accept'",
        ),
        ({"subscribes": ("requst.*",)}, "subscribes: there is no verb 'requst.*'"),
        ({"public_pages": {"thign": broken}}, "public_pages: there is no workflow 'thign'"),
        ({"workflows": (WithPart,)}, "workflow thing, part p: there is no workflow 'child'"),
        (
            {"workflows": (WithPartThatEnds, Child)},
            "workflow thing, part p: there is no move 'end'; did you mean 'open'",
        ),
        ({"workflows": (WithPartOfAnother, Child, Other)}, "move go, when: there is no state 'c'"),
        ({"workflows": (WithoutPart, Child)}, "move go, when: there is no workflow 'child'"),
        ({"workflows": (WithPartOfIts, ChildOfAnother)}, "move go, when: there is no state 'c'"),
        ({"workflows": (Unreached,)}, "thing.c: no move leads to this state"),
        ({"workflows": (Endless,)}, "thing.c: no move leads out of this state, and it does not end"),
        ({"figures": (Figure(name="x", help="x"),)}, "its figure x needs a prefix: mistake.x"),
        (
            {"tables": MetaData(), "figures": (Figure(name="requests.mine", help="x"),)},
            "'mistake' and 'dispatch' both bring the prefix of figures 'requests'",
        ),
    ],
)
def test_a_name_of_nothing_is_refused_when_the_plugin_is_loaded(
    declaration: dict[str, Any], told: str
) -> None:
    with pytest.raises(PluginError) as error:
        _loaded(**declaration)
    text = str(error.value)
    assert "mistake" in text
    assert told in text


def test_what_other_plugins_may_lack_is_named_all_the_same() -> None:
    on = {"session.hold": once}
    figure = Figure(name="mistake.x", help="x", on=on)
    _loaded(figures=(figure,), peers=("session",), subscribes=("noise.*",))
    with pytest.raises(PluginError, match=r"there is no verb 'session\.hold'"):
        _loaded(figures=(figure,))


def test_a_table_of_another_prefix_is_refused() -> None:
    tables = MetaData()
    Table("people_x", tables, district_column(), key("id", primary_key=True))
    with pytest.raises(PluginError, match="its table people_x must begin with mistake_"):
        _loaded(tables=tables)


class RequestAgain(ThingFlow, name="request"):
    """A workflow with the name of one of linli's."""


@pytest.mark.parametrize("what", ["workflow", "figure", "channel"])
def test_of_two_plugins_that_bring_one_thing_both_are_named(what: str) -> None:
    brought: dict[str, dict[str, Any]] = {
        "workflow": {"workflows": (RequestAgain,)},
        "figure": {"figures": (Figure(name="requests.closed", help="x"),)},
        "channel": {"channels": {"m": broken}},
    }
    other = {"other": _plugin("other", channels={"m": broken})} if what == "channel" else {}
    with pytest.raises(
        PluginError, match=f"plugins 'mistake' and '{'other' if other else 'dispatch'}' both bring the {what}"
    ):
        Plugins((), {"mistake": _plugin(**brought[what]), **other})


# --- a missing column is no lost race ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    ["no such table: x", "no such column: y", "table x has no column named y", 'near "x": syntax error'],
)
def test_a_table_that_is_not_as_declared_is_told_from_an_outage(message: str) -> None:
    told = ours(sqlite3.OperationalError(message))
    assert type(told) is StoreError
    assert message in str(told)


def _tables(*more: Column[Any]) -> MetaData:
    tables = MetaData()
    Table("mistake_x", tables, district_column(), key("id", primary_key=True), *more)
    return tables


_FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0001", None
def upgrade():
    op.create_table("mistake_x", sa.Column("district", sa.String(64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False), sa.PrimaryKeyConstraint("district", "id"))
"""


def test_revisions_that_are_behind_the_tables_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mistake_revisions"
    folder.mkdir()
    (folder / "0001_x.py").write_text(_FIRST, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    check_revisions({"mistake": _plugin(tables=_tables(), migrations="mistake_revisions")})
    added = _tables(Column("n", Integer))
    with pytest.raises(AssertionError, match="do not make its tables as they are declared"):
        check_revisions({"mistake": _plugin(tables=added, migrations="mistake_revisions")})
    with pytest.raises(AssertionError, match="its tables have no revisions"):
        check_revisions({"mistake": _plugin(tables=_tables())})


def test_a_column_that_no_revision_adds_is_told_when_the_district_is_opened(tmp_path: Path) -> None:
    make_district(tmp_path, plugins={"mistake": _plugin(tables=_tables())}).close()
    plugins = {"mistake": _plugin(tables=_tables(Column("n", String(4))))}
    with pytest.raises(StoreError, match="table mistake_x of mistake lacks n"):
        linli.open(tmp_path, plugins=plugins)


# --- a question of yes or no ------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Kept:
    """What a thing is ended with."""

    cold_chain: bool


@pytest.mark.parametrize(("given", "value"), [(["--cold-chain"], True), (["--no-cold-chain"], False)])
def test_a_required_yes_or_no_can_be_answered_with_no(given: list[str], value: bool) -> None:
    seen: list[object] = []
    flow = compiled(_ended(Kept))
    cold = option(flow, flow.by_move["end"].fields[0])
    command = click.command()(cold(lambda cold_chain: seen.append(cold_chain)))
    assert CliRunner().invoke(command, given).exit_code == 0
    assert seen == [value]
    missing = CliRunner().invoke(command, [])
    assert missing.exit_code == 2
    assert "--cold-chain" in missing.output


def test_a_place_stands_below_its_parent(new_district: Callable[..., District]) -> None:
    district = new_district()
    street = a_place(district, "城南街道", kind="street")
    compound = a_place(district, "锦绣花园", parent=street)
    building = a_place(district, "3栋", kind="building", parent=compound)
    assert district.register.name_path(building) == "锦绣花园/3栋"
    clerk = somebody(district, "clerk", street)
    assert district.dispatch.submit(building, "路灯", "不亮", reporter=None, actor=clerk).place == building


def test_a_secret_that_is_not_there_is_told_by_config_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @attrs.frozen(kw_only=True)
    class Bell:
        token: Secret = setting(Secret(env="NO_SUCH_TOKEN"), "the bell's token")

    monkeypatch.delenv("NO_SUCH_TOKEN", raising=False)
    make_district(tmp_path).close()
    plugins = {"bell": _plugin("bell", settings=Bell)}
    (problem,) = checking.absent_secrets(configured(tmp_path, plugins))
    assert problem.where == "bell.token"
    assert "NO_SUCH_TOKEN" in str(problem.what)
    monkeypatch.setenv("NO_SUCH_TOKEN", "x")
    assert list(checking.absent_secrets(configured(tmp_path, plugins))) == []
