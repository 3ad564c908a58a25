"""Every kind of input on every surface: option, JSON, form, generator; and every input of every plugin."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

import attrs
import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from linli import (
    ANYONE,
    PHOTOS,
    BodyId,
    Choice,
    Fen,
    GivenFile,
    Input,
    KeptFile,
    Moves,
    PersonId,
    PlaceId,
    Point,
    Private,
    Ref,
    Seat,
    State,
    Workflow,
)
from linli._base.calendar import ServiceHours
from linli._base.errors import Refused
from linli._cli import options, refused
from linli._engine import asked
from linli._engine.afterwards import on_the_clock
from linli._engine.files import Wrong
from linli._hooks.plugins import Plugins
from linli._model.compiled import Move
from linli._model.compiled import Workflow as Run
from linli._model.compiling import all_as_run, compiled
from linli._model.inputs import Field
from linli._surfaces import documents, forms, html
from linli._surfaces.kinds import KINDS, plain
from linli._testing.values import GENERATORS
from linli._testing.values import values as some

# What HTML, JSON and a shell each have their own way with.
STRANGE = "\"a\" & <b>'c'</b> \\n 漏水；; =\n\n第二行"


class Way(Choice):
    PAPER = "paper", "on <paper>"
    PHONE = "phone", "by phone"


@attrs.frozen(kw_only=True)
class Chore:
    what: Annotated[str, Input("what is to be done", longest=20)]
    way: Way
    minutes: Annotated[int, Input(least=1)] = 30
    by: date | None = None
    at: datetime | None = None
    fee: Fen | None = None
    where: PlaceId | None = None


@attrs.frozen(kw_only=True)
class Sheet:
    text: str = ""


@attrs.frozen(kw_only=True)
class Everything:
    text: Annotated[str, Input("a <line> & more", longest=40)]
    words: Annotated[Private, Input(longest=80)]
    count: Annotated[int, Input(least=-3, most=9)] = 1
    urgent: bool = False
    sure: bool | None = None
    share: Annotated[Decimal | None, Input(least=0, most=5)] = None
    day: date | None = None
    moment: datetime | None = None
    way: Way = Way.PHONE
    ways: tuple[Way, ...] = ()
    sheet: Annotated[str | None, Input(only_if=("way", (Way.PAPER,)))] = None
    person: PersonId | None = None
    place: PlaceId | None = None
    body: BodyId | None = None
    there: PlaceId | BodyId | None = None
    matter: Ref[Sheet] | None = None
    matters: tuple[Ref[Sheet], ...] = ()
    lines: tuple[str, ...] = ()
    fee: Annotated[Fen | None, Input("what it costs", most=1_000_00)] = None
    seat: Annotated[Seat | None, Input("who has it")] = None
    spot: Annotated[Point | None, Input("where it is")] = None
    paper: KeptFile | None = None
    photos: Annotated[tuple[KeptFile, ...], Input("how it looks", most=3, kinds=PHOTOS, largest=1_000)] = ()
    chore: Chore | None = None
    chores: tuple[Chore, ...] = ()
    secret: Annotated[str | None, Input(kept=False, longest=12)] = None


@attrs.frozen(kw_only=True)
class Kept:
    """What the record has of it: all but private words and what is kept nowhere."""

    text: str
    count: int = 1
    fee: Fen | None = None
    seat: Seat | None = None
    spot: Point | None = None
    paper: KeptFile | None = None
    photos: tuple[KeptFile, ...] = ()
    chores: tuple[Chore, ...] = ()


class EverythingFlow(Workflow[Kept], name="everything"):
    move = Moves(Kept)
    made = State("made", ends=True)
    begin = move.opening(made, Everything, by=ANYONE)


ZONE = ZoneInfo("Asia/Shanghai")
CLOCK = SimpleNamespace(calendar=ServiceHours(timezone="Asia/Shanghai"))
MOVE: Move = compiled(EverythingFlow).by_move["begin"]
FIELDS: Mapping[str, Field] = {one.name: one for one in MOVE.fields}


def test_every_kind_stands_in_the_table_of_every_surface() -> None:
    kinds = {one.kind for one in MOVE.fields}
    assert kinds == set(KINDS) == set(options.OPTIONS) == set(GENERATORS)


# --- a value goes through each surface and comes back equal ----------------------------------------------------


class _Browser(HTMLParser):
    """What a browser posts of a form that is sent as it is."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.posted: dict[str, list[str | GivenFile]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._area: str | None = None
        self._select: tuple[str, list[str], list[str]] | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        name, value = given.get("name") or "", given.get("value") or ""
        if (tag == "input" and given.get("type") not in ("checkbox", "file")) or (
            tag == "input" and "checked" in given
        ):
            self._add(name, value)
        elif tag == "textarea":
            self._area = name
            self._add(name, "")
        elif tag == "select":
            self._select = (name, [], [])
        elif tag == "option" and self._select:
            _, plain, chosen = self._select
            (chosen if "selected" in given else plain).append(value)

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.posted[self._area][-1] = str(self.posted[self._area][-1]) + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            text = str(self.posted[self._area][-1]).removeprefix("\n")
            self.posted[self._area][-1] = text.replace("\n", "\r\n")
            self._area = None
        elif tag == "select" and self._select:
            name, plain, chosen = self._select
            self._add(name, *(chosen[-1:] or plain[:1]))
            self._select = None

    def _add(self, name: str, *values: str) -> None:
        self.posted.setdefault(name, []).extend(values)


def by_json(values: Mapping[str, Any], tmp_path: Path) -> dict[str, Any]:
    document = json.loads(json.dumps(documents.written(MOVE.fields, values)))
    Draft202012Validator(documents.schema(MOVE.fields)).validate(document)
    return documents.read(MOVE.fields, document)


def by_form(values: Mapping[str, Any], tmp_path: Path) -> dict[str, Any]:
    posted = forms.written(MOVE.fields, values, ZONE)
    browser = _Browser(html.form(MOVE.fields, posted))
    files = {name: [one for one in several if isinstance(one, GivenFile)] for name, several in posted.items()}
    return forms.read(MOVE.fields, {**browser.posted, **{name: one for name, one in files.items() if one}})


def by_option(values: Mapping[str, Any], tmp_path: Path) -> dict[str, Any]:
    return _typed([arg for name, value in values.items() for arg in _args(FIELDS[name], value, tmp_path)])


def _args(field: Field, value: Any, tmp_path: Path) -> list[str]:
    name = f"--{field.name.replace('_', '-')}"
    if field.kind == "yes or no":
        return [name if value else f"--no-{field.name}"]
    several = value if field.many else [value]
    return [arg for one in several for arg in (name, _arg(field, one, tmp_path))]


def _arg(field: Field, value: Any, tmp_path: Path) -> str:
    if isinstance(value, GivenFile):
        folder = tmp_path / uuid4().hex
        folder.mkdir()
        (folder / value.name).write_bytes(value.content)
        return str(folder / value.name)
    if isinstance(value, Seat):
        return f"{value.role or '*'}@{value.at}"
    if field.fields and not isinstance(value, Point):
        return json.dumps(plain(field, value))
    return KINDS[field.kind].written(value, ZONE)


def _typed(args: list[str]) -> dict[str, Any]:
    """What a command with an option for each input is given; Refused as programs are told it."""
    got: dict[str, Any] = {}
    command = options.with_options(
        lambda **values: got.update(values), compiled(EverythingFlow), options.asked(MOVE)
    )
    try:
        click.command()(command).main(args, standalone_mode=False)
    except click.UsageError as error:
        raise refused.unusable(error) or error from None
    return {name: _numbers(value) for name, value in got.items() if value not in (None, ())}


def _numbers(value: Any) -> Any:
    """Matters as `pass_district` looks them up."""
    if isinstance(value, tuple):
        return tuple(map(_numbers, value))
    return getattr(value, "text", value)


SURFACES: Mapping[str, Callable[[Mapping[str, Any], Path], dict[str, Any]]] = {
    "JSON": by_json,
    "form": by_form,
    "option": by_option,
}


def _everything() -> st.SearchStrategy[dict[str, Any]]:
    needed = {"text": st.sampled_from(["x", STRANGE[:40].strip(), "漏水"]), "words": st.just(STRANGE)}
    more = {name: some(one) for name, one in FIELDS.items() if name not in (*needed, "sheet")}
    return st.fixed_dictionaries(needed, optional=more).map(_with_sheet)


def _with_sheet(values: dict[str, Any]) -> dict[str, Any]:
    return values | ({"sheet": "7"} if values.get("way") == "paper" else {})


def _looked_at(values: Mapping[str, Any]) -> Any:
    """The inputs as the engine has them, moments on the district's clock."""
    return asked.given(MOVE, on_the_clock(MOVE, values, cast(Any, CLOCK)), values)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, ())}


@pytest.mark.parametrize("surface", SURFACES)
def test_what_a_generator_draws_comes_back_equal_from_every_surface(surface: str, tmp_path: Path) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(_everything())
    def run(values: dict[str, Any]) -> None:
        back = SURFACES[surface](values, tmp_path)
        assert _in_order(_looked_at(back)) == _in_order(_looked_at(_filled(values)))

    run()


def _in_order(inputs: Any) -> Any:
    """With its choices in one order: a form has them in that of the list."""
    return attrs.evolve(inputs, ways=tuple(sorted(inputs.ways)))


# --- a bad one is refused on each with the same code and field -----------------------------------------------


@attrs.frozen
class Bad:
    """A value that no surface takes: as JSON, as a form and an option write it; the code and the field of its refusal."""

    json: Any
    typed: Any
    code: str = "core.invalid"
    at: str = ""
    option: str | None = None


SMALL = {"what": "x", "way": "phone"}
BAD: Mapping[str, Mapping[str, Bad]] = {
    "text": {"text": Bad("x" * 41, "x" * 41), "secret": Bad("x" * 13, "x" * 13)},
    "private": {"words": Bad("x" * 81, "x" * 81)},
    "whole number": {"count": Bad("5", "five")},
    "yes or no": {"sure": Bad("yes", "perhaps", option="--sure=perhaps")},
    "number": {"share": Bad(6, "6"), "": Bad("much", "much")},
    "day": {"day": Bad("31.2.", "31.2."), "": Bad("2026-02-30", "2026-02-30")},
    "moment": {"moment": Bad("noon", "noon")},
    "choice": {"way": Bad("fax", "fax")},
    "person": {"person": Bad("nobody", "nobody")},
    "place": {"place": Bad("nowhere", "nowhere")},
    "organisation": {"body": Bad(1, "none")},
    "place or organisation": {"there": Bad("nowhere", "nowhere")},
    "subject": {"matter": Bad("none", "none")},
    "money": {"fee": Bad("12.50", "12.505"), "": Bad(-1, "-0.01")},
    "seat": {"seat": Bad({"role": "clerk"}, {"role": "clerk"}, "core.missing", "seat.at")},
    "point": {
        "spot": Bad(
            {"latitude": 111.4, "longitude": 111.4},
            {"latitude": "111.4", "longitude": "111.4"},
            at="spot.latitude",
            option="111.4, 111.4",
        )
    },
    "file": {"paper": Bad("x", "x")},
    "record": {
        "chore": Bad({"what": "x"}, {"what": "x"}, "core.missing", "chore.way"),
        "chores": Bad([SMALL, {**SMALL, "minutes": 0}], [SMALL, {**SMALL, "minutes": "0"}], at="chores.2.minutes"),
    },
}  # fmt: skip


def test_every_kind_has_a_value_that_is_refused() -> None:
    assert BAD.keys() == KINDS.keys()


def _bad() -> list[Any]:
    found = []
    for kind, several in BAD.items():
        first = next(iter(several))
        found += [
            pytest.param(name or first, bad, id=f"{kind}, {name or 'another'}")
            for name, bad in several.items()
        ]
    return found


def _refusal(call: Callable[[], object]) -> set[tuple[str, object]]:
    with pytest.raises(Refused) as refusal:
        call()
    return {(one.code, one.values.get("field")) for one in refusal.value.reasons}


def _posted(name: str, typed: Any) -> forms.Posted:
    if isinstance(typed, list):
        return {
            f"{name}.{number}.{part}": [text]
            for number, row in enumerate(typed)
            for part, text in row.items()
        }
    if isinstance(typed, dict):
        return {f"{name}.{part}": [text] for part, text in typed.items()}
    return {name: [typed]}


@pytest.mark.parametrize(("name", "bad"), _bad())
def test_a_bad_value_is_refused_everywhere_with_the_same_code_and_field(name: str, bad: Bad) -> None:
    wanted = {(bad.code, bad.at or name)}
    needed = {"text": "x", "words": "x"}
    document = documents.read(MOVE.fields, {**needed, name: bad.json})
    assert _refusal(lambda: _looked_at(document)) == wanted
    if FIELDS[name].kind == "file":
        return  # a form without a file has none, and no option of one leads nowhere: see the test of contents
    posted = forms.read(MOVE.fields, {"text": ["x"], "words": ["x"], **_posted(name, bad.typed)})
    assert _refusal(lambda: _looked_at(posted)) == wanted
    assert _refusal(lambda: _looked_at(_typed(_bad_args(name, bad)))) == wanted


def _bad_args(name: str, bad: Bad) -> list[str]:
    given = {"text": "x", "words": "x"}
    args = [arg for n, text in given.items() if n != name for arg in (f"--{n}", text)]
    typed = bad.typed if isinstance(bad.typed, list) else [bad.typed]
    if bad.option and bad.option.startswith("--"):
        return [*args, bad.option]
    texts = [bad.option or (one if isinstance(one, str) else json.dumps(one)) for one in typed]
    return [*args, *(arg for text in texts for arg in (f"--{name}", text))]


MISSING = {"words": "x"}


def test_what_is_missing_is_missing_everywhere() -> None:
    wanted = {("core.missing", "text")}
    assert _refusal(lambda: _looked_at(documents.read(MOVE.fields, MISSING))) == wanted
    assert _refusal(lambda: _looked_at(forms.read(MOVE.fields, {"words": ["x"], "text": [" "]}))) == wanted
    assert _refusal(lambda: _typed(["--words", "x"])) == wanted


@pytest.mark.parametrize(
    ("way", "sheet", "wanted"), [("paper", None, "core.missing"), ("phone", "7", "core.invalid")]
)
def test_what_is_asked_only_where_another_has_a_value(way: str, sheet: str | None, wanted: str) -> None:
    values = {"text": "x", "words": "x", "way": way} | ({"sheet": sheet} if sheet else {})
    assert _refusal(lambda: _looked_at(documents.read(MOVE.fields, values))) == {(wanted, "sheet")}
    assert not Draft202012Validator(documents.schema(MOVE.fields)).is_valid(values)
    assert _refusal(lambda: _looked_at(forms.read(MOVE.fields, {n: [v] for n, v in values.items()}))) == {
        (wanted, "sheet")
    }
    args = [arg for name, value in values.items() for arg in (f"--{name}", value)]
    assert _refusal(lambda: _looked_at(_typed(args))) == {(wanted, "sheet")}


def test_the_name_of_nothing_is_in_no_document() -> None:
    found = documents.read(
        MOVE.fields, {"text": "x", "words": "x", "txet": "x", "chore": {**SMALL, "wat": 1}}
    )
    assert _refusal(lambda: _looked_at(found)) == {("core.invalid", "txet"), ("core.invalid", "chore.wat")}


# --- forms ----------------------------------------------------------------------------------------------------


def test_a_form_says_what_was_wrong_beside_what_was_typed_and_escapes_both() -> None:
    posted = {"text": [2 * STRANGE], "chores.0.what": ["<script>"], "fee": ["12.505"]}
    with pytest.raises(Refused) as refusal:
        _looked_at(forms.read(MOVE.fields, posted))
    page = html.form(MOVE.fields, posted, refusal.value.reasons)
    browser = _Browser(page)
    assert not [tag for tag in ("<script>", "<b>", "<paper>", "<line>") if tag in page]
    assert [browser.posted[name] for name in ("text", "chores.0.what")] == [[2 * STRANGE], ["<script>"]]
    invalid = {given["name"] for _, given in browser.tags if given.get("aria-invalid")}
    assert invalid >= {"text", "words", "fee", "chores.0.way"}
    said = [given for tag, given in browser.tags if given.get("class") == "problem"]
    assert len(said) == len({one.values["field"] for one in refusal.value.reasons})


def test_a_form_has_the_limits_of_its_inputs() -> None:
    found = {
        str(given.get("name")): given
        for _, given in _Browser(html.form(MOVE.fields)).tags
        if given.get("name")
    }
    assert (found["count"]["type"], found["count"]["min"], found["count"]["max"]) == ("number", "-3", "9")
    assert (found["text"]["maxlength"], "required" in found["text"], "required" in found["fee"]) == (
        "40",
        True,
        False,
    )
    assert (found["photos"]["type"], "multiple" in found["photos"]) == ("file", True)
    assert found["photos"]["accept"] == ".png,.jpg,.jpeg,.webp,.heic"
    assert (found["day"]["type"], found["moment"]["type"]) == ("date", "datetime-local")
    assert found["words"]["autocomplete"] == found["secret"]["autocomplete"] == "off"
    assert not [name for name in ("sheet", "chores.0.what") if "required" in found[name]]


def test_a_list_gets_more_rows_by_its_button_and_keeps_what_was_typed() -> None:
    posted = {"chores.0.what": ["扫雪"], forms.MORE: ["chores"]}
    assert forms.wants_more(posted) == "chores"
    rows = {name for name in _Browser(html.form(MOVE.fields, posted)).posted if name.startswith("chores.")}
    assert "chores.6.what" in rows
    assert forms.read(MOVE.fields, posted)["chores"] == ({"what": "扫雪"},)


def test_a_moment_that_was_refused_can_be_typed_with_its_offset() -> None:
    posted = {"text": ["x"], "words": ["x"], "moment": ["1986-09-14T01:30"]}
    with pytest.raises(Refused, match="showed 1986-09-14 01:30 twice") as refusal:
        _looked_at(forms.read(MOVE.fields, posted))
    problem = refusal.value.reasons
    types = [
        given["type"]
        for _, given in _Browser(html.form(MOVE.fields, posted, problem)).tags
        if given.get("name") == "moment"
    ]
    assert types == ["text"]


# --- every input of every plugin -------------------------------------------------------------------------------


def _moves() -> list[tuple[Run, Move]]:
    names = sorted(one.name for one in entry_points(group="linli.plugins"))
    plugins = Plugins(names)
    flows = [flow for one in plugins.declarations.values() for flow in all_as_run(one.workflows)]
    return [(flow, move) for flow in flows for move in flow.moves if move.fields]


def test_every_input_of_every_plugin_has_its_option_schema_control_and_generator() -> None:
    moves = _moves()
    assert len(moves) > 200, "the plugins are there"
    for flow, move in moves:
        Draft202012Validator.check_schema(documents.schema(move.fields))
        page = _Browser(html.form(move.fields, context=flow.name))
        names = {str(given["name"]).split(".")[0] for _, given in page.tags if given.get("name")}
        wanted = {one.name for one in move.fields if one.asked}
        assert names - {forms.MORE} == wanted, f"{flow.name}.{move.name}"
        command = click.command()(options.with_options(lambda **_: None, flow, options.asked(move)))
        assert {one.name for one in command.params} == wanted


def test_what_generators_draw_is_taken_of_every_input_of_every_plugin(tmp_path: Path) -> None:
    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        for _, move in moves:
            fields = [one for one in move.fields if one.asked]
            drawn = {
                one.name: data.draw(some(one))
                for one in fields
                if not one.input.only_if and not one.has_moments
            }
            values = {name: value for name, value in drawn.items() if value not in (None, ())}
            document = json.loads(json.dumps(documents.written(move.fields, values)))
            for back in (
                documents.read(move.fields, document),
                forms.read(move.fields, forms.written(move.fields, values)),
            ):
                for one in fields:
                    if one.name in values and one.name in back:
                        assert _single(one, back) == _single(one, values), f"{move.name}.{one.name}"

    moves = _moves()
    run()


def _single(field: Field, values: Mapping[str, Any]) -> Any:
    """A value as its input has it, or why it is none."""
    try:
        return asked._taken((field,), field, values, by_somebody=False)
    except Wrong as wrong:
        return wrong.problem
