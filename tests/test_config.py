"""Settings: declared once, loaded strictly, explained to people and to editors."""

import json
import string
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from typing import Any, Literal

import attrs
import jsonschema
import pytest
import tomli_w
from hypothesis import example, given
from hypothesis import strategies as st

from linli._base.errors import ConfigError, LinliError, PluginError
from linli._base.i18n import Text, say, speaking
from linli._config import (
    Secret,
    digest,
    document_schema,
    duration,
    explain,
    load,
    load_document,
    read_toml,
    schema,
    setting,
    write_duration,
    written,
)


class Kind(Enum):
    OLD = "old"
    COMMERCIAL = "commercial"


@attrs.frozen(kw_only=True)
class Service:
    name: str = setting(help="What residents call it")
    hours: int = setting(8, "Open each day", unit="hours", least=0, most=24)


def after_opening(record: Any, _: object, value: time) -> None:
    if value <= record.opens:
        raise ValueError("must be later than opens")


@attrs.frozen(kw_only=True)
class Everything:
    title: str = setting(help="Name")
    days: int = setting(3, "Time for an answer", unit="days", least=1, most=30)
    strict: bool = setting(False, "Whether it is strict")
    rate: Decimal = setting(Decimal("1.5"), "Points", unit="points", least=Decimal("0.5"))
    share: float = setting(0.5, "Share of the area")
    since: date | None = setting(None, "First day")
    opens: time = setting(time(8), "Opening")
    closes: time = setting(time(18), "Closing", validator=after_opening)
    moment: datetime | None = setting(None, "Moment")
    wait: timedelta = setting(timedelta(hours=8), "Wait", least=timedelta(minutes=1))
    mode: Literal["open", "closed"] = setting("open", "Mode")
    kind: Kind = setting(Kind.OLD, "Kind of compound")
    tags: tuple[str, ...] = setting((), "Tags")
    marks: tuple[int, ...] = setting((), "Marks", least=0)
    rates: Mapping[str, Decimal] = setting(attrs.Factory(dict), "Rates")
    services: tuple[Service, ...] = setting((), "Services")
    main: Service = setting(Service(name="main"), "The main one")
    by_name: Mapping[str, Service] = setting(attrs.Factory(dict), "Services by name")
    token: Secret | None = setting(None, "Token")


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with speaking("en"):
        yield


def load_toml(text: str, folder: Path, cls: type[Any] = Everything) -> Any:
    file = folder / "district.toml"
    file.write_text(text, encoding="utf-8")
    record, problems = load(cls, read_toml(file), "")
    assert problems == [], [str(problem) for problem in problems]
    return record


def refusals(table: Mapping[str, object], cls: type[Any] = Everything, where: str = "") -> dict[str, str]:
    record, problems = load(cls, table, where)
    assert (record is None) == bool(problems)
    assert len({problem.where for problem in problems}) == len(problems)
    return {problem.where: str(problem.what) for problem in problems}


def refusal(**values: object) -> str:
    (only,) = refusals({"title": "x", **values}).items()
    return ": ".join(only)


# Loading


def test_a_document_with_every_type_becomes_a_record(tmp_path: Path) -> None:
    record = load_toml(
        """
        title = "大祥"
        days = 5
        strict = true
        rate = 0.70
        share = 1
        since = 2026-01-31
        opens = 07:30:00
        closes = 19:00:00
        moment = 2026-01-31T08:30:00+08:00
        wait = "1d12h"
        mode = "closed"
        kind = "commercial"
        tags = ["a", "b"]
        marks = [0, 2]
        rates = { old = 2, "商住小区" = "2.50" }
        token = { env = "TOKEN" }
        [[services]]
        name = "repair"
        hours = 24
        [main]
        name = "desk"
        [by_name.night]
        name = "night"
        """,
        tmp_path,
    )
    assert record == Everything(
        title="大祥",
        days=5,
        strict=True,
        rate=Decimal("0.70"),
        share=1.0,
        since=date(2026, 1, 31),
        opens=time(7, 30),
        closes=time(19),
        moment=datetime.fromisoformat("2026-01-31T08:30:00+08:00"),
        wait=timedelta(days=1, hours=12),
        mode="closed",
        kind=Kind.COMMERCIAL,
        tags=("a", "b"),
        marks=(0, 2),
        rates={"old": Decimal(2), "商住小区": Decimal("2.50")},
        services=(Service(name="repair", hours=24),),
        main=Service(name="desk"),
        by_name={"night": Service(name="night")},
        token=Secret(env="TOKEN"),
    )
    assert type(record.share) is float
    assert str(record.rate) == "0.70"


def test_five_mistakes_are_all_named_by_path(tmp_path: Path) -> None:
    file = tmp_path / "district.toml"
    file.write_text(
        """
        [dispatch]
        day = 4
        mode = "opened"
        rates = { old = true }
        services = [{ name = "a" }, { name = "b", hours = 25 }]
        """
    )
    with pytest.raises(ConfigError) as caught:
        load_document({"dispatch": Everything}, read_toml(file), "district.toml")
    assert str(caught.value).splitlines() == [
        "district.toml: 5 problems",
        "  dispatch.day: is unknown; did you mean days?",
        "  dispatch.title: is missing; write text in quotes: Name",
        '  dispatch.mode: must be one of "open", "closed"; did you mean "open"?',
        "  dispatch.rates.old: expected a number, found true or false",
        "  dispatch.services[1].hours: must be at most 24 hours",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", 3),
        ("title", None),
        ("title", ["a"]),
        ("days", "3"),
        ("days", 1.9),
        ("days", 2.0),
        ("days", Decimal(3)),
        ("days", True),
        ("days", None),
        ("strict", 1),
        ("strict", "true"),
        ("rate", True),
        ("rate", "1,5"),
        ("rate", "1e3"),
        ("rate", "NaN"),
        ("rate", float("nan")),
        ("rate", float("inf")),
        ("share", "0.5"),
        ("share", True),
        ("share", float("inf")),
        ("share", Decimal("1e999")),
        ("share", 10**400),
        ("since", "2026-01-31"),
        ("since", datetime(2026, 1, 31, tzinfo=UTC)),
        ("since", None),
        ("opens", "08:00"),
        ("opens", 8),
        ("moment", date(2026, 1, 31)),
        ("wait", 8),
        ("wait", "8"),
        ("wait", "8 h"),
        ("wait", "h"),
        ("wait", ""),
        ("wait", "-8h"),
        ("wait", "30min1h"),
        ("wait", "٣h"),
        ("wait", "8h\n"),
        ("mode", "Open"),
        ("mode", 0),
        ("mode", ["open"]),
        ("kind", "OLD"),
        ("kind", Kind.OLD),
        ("tags", "ab"),
        ("tags", {"a": 1}),
        ("rates", [1]),
        ("services", {"name": "a"}),
        ("main", "a"),
        ("main", None),
        ("token", "abc"),
        ("token", {}),
        ("token", {"env": "A", "file": "b"}),
        ("token", {"env": "A", "else": "b"}),
        ("token", {"env": 1}),
        ("token", {"env": "sk-12.3"}),
        ("token", {"file": ""}),
    ],
)
def test_nothing_is_coerced(name: str, value: object) -> None:
    assert refusal(**{name: value}).startswith(f"{name}: ")


def test_problems_in_lists_and_tables_carry_their_place() -> None:
    assert set(
        refusals(
            {
                "title": "x",
                "tags": ["a", 1, "b", 2],
                "rates": {"a.b": "x", "商住": True, "fine": 1},
                "services": [{"name": "a"}, {}, 3, {"name": "d", "hour": 1}],
                "by_name": {"night shift": {"name": 1}},
                "main": {"hours": "8"},
            },
            where="dispatch",
        )
    ) == {
        "dispatch.tags[1]",
        "dispatch.tags[3]",
        'dispatch.rates."a.b"',
        'dispatch.rates."商住"',
        "dispatch.services[1].name",
        "dispatch.services[2]",
        "dispatch.services[3].hour",
        'dispatch.by_name."night shift".name',
        "dispatch.main.name",
        "dispatch.main.hours",
    }


def test_bounds_hold_for_every_item_and_say_their_unit() -> None:
    found = refusals({"title": "x", "days": 0, "rate": Decimal("0.4"), "wait": "59s", "marks": [1, -1, -2]})
    assert found == {
        "days": "must be at least 1 days",
        "rate": "must be at least 0.5 points",
        "wait": 'must be at least "1min"',
        "marks[1]": "must be at least 0",
        "marks[2]": "must be at least 0",
    }
    assert refusals({"title": "x", "days": 1, "rate": "0.5", "wait": "60s", "marks": [0]}) == {}


def test_bounds_hold_for_records_made_in_python_too() -> None:
    with pytest.raises(LinliError, match="days: must be at most 30 days"):
        Everything(title="x", days=31)
    with pytest.raises(LinliError, match=r"marks\[1\]: must be at least 0"):
        Everything(title="x", marks=(1, -1))


@attrs.frozen(kw_only=True)
class Named:
    name: str = setting(help="Name", longest=4)


@attrs.frozen(kw_only=True)
class Limited:
    few: tuple[str, ...] = setting(("a",), "Some", filled=True, each_once=True, longest=3)
    named: tuple[Named, ...] = setting((), "Some", each_once="name")
    least: int = setting(1, "Least")
    most: int = setting(2, "Most")

    def problems(self) -> Iterator[tuple[str, Text]]:
        if self.least > self.most:
            yield "least", say("is more than most")


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"few": []}, "x.few: is empty; give at least one"),
        ({"few": ["a", "b", "a"]}, 'x.few: "a" is there twice; keep one'),
        ({"few": ["a", "long"]}, "x.few[1]: must have 1 to 3 characters"),
        ({"few": [" "]}, "x.few[0]: must have 1 to 3 characters"),
        ({"named": [{"name": "b"}, {"name": "b"}]}, 'x.named[1].name: "b" is there twice; keep one'),
        ({"named": [{"name": "b"}, {"name": ""}]}, "x.named[1].name: must have 1 to 4 characters"),
        ({"least": 3}, "x.least: is more than most"),
    ],
)
def test_lists_and_texts_have_limits_too_and_a_class_says_what_contradicts_itself(
    table: dict[str, object], problem: str
) -> None:
    assert load(Limited, {}, "x")[1] == []
    record, problems = load(Limited, table, "x")
    assert record is None
    assert [str(one) for one in problems] == [problem]


def test_limits_of_lists_are_in_the_schema() -> None:
    described = schema(Limited)["properties"]
    assert described["few"] | {"description": ""} == {
        "type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 3}, "minItems": 1, "uniqueItems": True,
        "default": ["a"], "description": "",
    }  # fmt: skip


@attrs.frozen(kw_only=True)
class LongNumber:
    n: int = setting(1, "A number", longest=3)


@attrs.frozen(kw_only=True)
class FilledText:
    text: str = setting("a", "A text", filled=True)


@attrs.frozen(kw_only=True)
class TextOfEach:
    text: str = setting("a", "A text", each_once=True)


@pytest.mark.parametrize("kind", [LongNumber, FilledText, TextOfEach])
def test_a_limit_of_what_cannot_have_it_is_its_authors_mistake(kind: type) -> None:
    with pytest.raises(PluginError, match="only"):
        load(kind, {}, "x")


def test_an_unknown_key_without_a_near_one_lists_what_is_known() -> None:
    assert refusals({"name": "a", "zzz": 1}, Service)["zzz"] == "is unknown; known here: name, hours"


def test_a_whole_number_beyond_64_bits_is_refused() -> None:
    assert refusals({"marks": [2**63 - 1, 2**63], "title": "x"}).keys() == {"marks[1]"}


def test_a_table_that_is_no_table_is_one_problem_at_its_place() -> None:
    assert refusals([1], where="points") == {  # type: ignore[arg-type]
        "points": "expected a table, found a list"
    }


# The class's own checks


@attrs.frozen(kw_only=True)
class Checked:
    a: int = setting(help="a", validator=attrs.validators.in_((1, 2)))
    b: int = setting(help="b", validator=attrs.validators.gt(0))
    c: str = setting("", "c")

    def __attrs_post_init__(self) -> None:
        if self.a > self.b:
            raise LinliError(say("a must not be above b"))


def test_every_validator_is_heard_even_where_another_setting_cannot_be_read() -> None:
    found = refusals({"a": 3, "b": 0, "c": 1}, Checked)
    assert found.keys() == {"a", "b", "c"}
    assert "must be > 0" in found["b"]


def test_a_class_that_refuses_as_a_whole_is_a_problem_at_its_path() -> None:
    assert refusals({"a": 2, "b": 1}, Checked, "points") == {"points": "a must not be above b"}
    assert refusals({"a": 1, "b": 1}, Checked) == {}


def test_a_validator_that_looks_at_a_neighbour_is_heard_at_its_own_path() -> None:
    assert refusal(closes=time(7)) == "closes: must be later than opens"
    assert refusals({"title": 3, "closes": time(7)}).keys() == {"title", "closes"}


def test_a_validator_whose_neighbour_cannot_be_read_adds_no_problem() -> None:
    assert refusals({"title": "x", "opens": "8", "closes": time(9)}).keys() == {"opens"}


def test_a_validator_with_a_defect_is_not_taken_for_a_bad_setting() -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    @attrs.frozen(kw_only=True)
    class Broken:
        a: int = setting(1, "a", validator=broken)

    with pytest.raises(ZeroDivisionError):
        load(Broken, {"a": 2}, "")


def test_a_badly_declared_class_is_its_authors_mistake_not_the_districts() -> None:
    @attrs.frozen(kw_only=True)
    class Plain:
        a: int = 1

    @attrs.frozen(kw_only=True)
    class Unsupported:
        a: set[int] = setting(help="a")

    @attrs.frozen(kw_only=True)
    class Bounded:
        a: str = setting("", "a", least=3)

    @attrs.frozen(kw_only=True)
    class Outer:
        items: tuple[Plain, ...] = setting((), "a")

    for cls, words in (
        (Plain, "Plain.a is not a setting"),
        (Unsupported, "Unsupported.a: a setting cannot be of type"),
        (Bounded, "Bounded.a: only numbers"),
        (Outer, "Plain.a is not a setting"),
    ):
        with pytest.raises(PluginError, match=words):
            load(cls, {"items": [{}]}, "")


# Junk

TOML_LIKE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text()
    | st.sampled_from(["8h", "open", "old", "1.5"])
    | st.dates()
    | st.times()
    | st.datetimes()
)
JUNK = st.recursive(
    TOML_LIKE,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "hours", "env", "file"]) | st.text(), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = [field.name for field in attrs.fields(Everything)]


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(), JUNK, max_size=8))
@example({"share": Decimal("sNaN")})
def test_junk_gives_problems_and_never_an_exception(table: dict[str, object]) -> None:
    record, problems = load(Everything, table, "dispatch")
    assert (record is None) == bool(problems)
    assert all(str(problem).startswith("dispatch") for problem in problems)


@given(JUNK)
def test_junk_in_place_of_a_table_gives_problems_and_never_an_exception(junk: Any) -> None:
    record, problems = load(Everything, junk, "dispatch")
    assert record is None
    assert problems


# Lengths of time


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=999_999)))
def test_a_length_of_time_is_read_as_it_was_written(length: timedelta) -> None:
    whole = timedelta(days=length.days, seconds=length.seconds)
    assert duration(write_duration(whole)) == whole


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("8h", timedelta(hours=8)),
        ("30min", timedelta(minutes=30)),
        ("3d", timedelta(days=3)),
        ("2w", timedelta(days=14)),
        ("90s", timedelta(seconds=90)),
        ("1w2d3h4min5s", timedelta(days=9, hours=3, minutes=4, seconds=5)),
        ("0s", timedelta(0)),
    ],
)
def test_lengths_of_time_are_written_with_units(text: str, length: timedelta) -> None:
    assert duration(text) == length


@given(st.text(alphabet=string.digits + "wdhmins -.", max_size=8))
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    try:
        length = duration(text)
    except LinliError:
        return
    assert write_duration(length) == write_duration(duration(write_duration(length)))
    assert text[0] in string.digits
    assert text[-1] in "wdhns"


# Secrets


def test_a_secret_comes_from_the_environment_or_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_TEST_TOKEN", "from-env")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "token").write_text(" from file \n")
    assert Secret(env="LINLI_TEST_TOKEN").reveal(tmp_path) == "from-env"
    assert Secret(file="keys/token").reveal(tmp_path) == " from file "
    assert Secret(file=str(tmp_path / "keys" / "token")).reveal(Path("elsewhere")) == " from file "


def test_a_secret_that_is_not_there_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LINLI_TEST_TOKEN", raising=False)
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"hunter2\xff")
    for secret, words in (
        (Secret(env="LINLI_TEST_TOKEN"), "LINLI_TEST_TOKEN is not set; set it"),
        (Secret(file="absent"), "absent cannot be read .*; create it"),
        (Secret(file="empty"), "empty is empty; put"),
        (Secret(file="binary"), "binary is not text in UTF-8; write it again"),
    ):
        with pytest.raises(LinliError, match=words) as caught:
            secret.reveal(tmp_path)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_secret_names_exactly_one_place() -> None:
    for places in ({}, {"env": "A", "file": "b"}):
        with pytest.raises(LinliError, match="one of the two"):
            Secret(**places)


@attrs.frozen(kw_only=True)
class Peer:
    url: str = setting(
        "https://hunter2", "URL", secret=True, validator=attrs.validators.matches_re("https:.*")
    )


@attrs.frozen(kw_only=True)
class Sending:
    token: Secret = setting(help="Token")
    peer: Peer = setting(Peer(), "Peer")
    peers: tuple[Peer, ...] = setting((Peer(),), "Peers")


def test_secrets_are_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")
    table = {"token": {"env": "TOKEN"}, "peer": {"url": "https://hunter2"}, "peers": [{}]}
    record, _ = load(Sending, table, "")
    assert record is not None
    assert record.token.reveal(tmp_path) == "hunter2"
    rows = {row.path: row.value for row in explain(Sending, "", record)}
    assert rows["token"] == '{ env = "TOKEN" }'
    assert rows["peer.url"] == "(not shown)"
    _, refused = load(Sending, {"token": "hunter2", "peer": {"url": "http://hunter2"}}, "sending")
    assert [str(problem) for problem in refused] == [
        'sending.token: a secret does not belong in this file; write { env = "NAME" } or { file = "path" }',
        "sending.peer.url: is not accepted",
    ]
    everything = (record, record.token, explain(Sending, "", record), refused, schema(Sending), schema(Peer))
    for shown in (*everything, ConfigError("x", refused)):
        assert "hunter2" not in f"{shown!r} {shown}"
    assert written(record) == {**table, "peers": [{"url": "https://hunter2"}]}


# Schema


def in_json(value: Any) -> Any:
    """TOML data as an editor hands it to its JSON Schema checker."""
    return json.loads(
        json.dumps(value, default=lambda odd: float(odd) if isinstance(odd, Decimal) else str(odd))
    )


def accepts(document: Mapping[str, object], cls: type[Any] = Everything) -> bool:
    return jsonschema.Draft202012Validator(schema(cls)).is_valid(in_json(document))


def test_the_schema_is_a_valid_one_with_help_units_bounds_and_defaults() -> None:
    made = schema(Everything, title="Dispatch")
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["title"] == "Dispatch"
    assert made["required"] == ["title"]
    assert made["additionalProperties"] is False
    assert made["properties"]["days"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 30,
        "default": 3,
        "description": "Time for an answer; unit: days; at least 1 days; at most 30 days",
    }
    assert made["properties"]["rate"]["default"] == 1.5
    assert made["properties"]["wait"]["default"] == "8h"
    assert made["properties"]["main"]["default"] == {"name": "main", "hours": 8}
    assert made["properties"]["kind"]["enum"] == ["old", "commercial"]
    assert "default" not in made["properties"]["since"]
    (service,) = made["$defs"].values()
    assert service["required"] == ["name"]


GOOD: list[dict[str, object]] = [
    {"title": "x"},
    {"title": "x", "days": 30, "rate": 2, "share": 1, "wait": "1d12h", "mode": "closed", "kind": "old"},
    {"title": "x", "rate": "0.75", "tags": ["a"], "marks": [0], "rates": {"a": 1.5, "b": "2"}},
    {"title": "x", "services": [{"name": "a", "hours": 0}], "by_name": {"n": {"name": "a"}}},
    {"title": "x", "since": date(2026, 1, 31), "opens": time(8), "closes": time(9, 30, 1)},
    {"title": "x", "moment": datetime(2026, 1, 31, 8, 30, tzinfo=UTC), "token": {"file": "keys/token"}},
]
BAD: list[dict[str, object]] = [
    {},
    {"title": 1},
    {"title": "x", "tittle": "x"},
    {"title": "x", "days": 31},
    {"title": "x", "days": "3"},
    {"title": "x", "days": 1.5},
    {"title": "x", "days": True},
    {"title": "x", "rate": 0.4},
    {"title": "x", "rate": "a lot"},
    {"title": "x", "share": "0.5"},
    {"title": "x", "wait": "8 hours"},
    {"title": "x", "wait": ""},
    {"title": "x", "wait": 8},
    {"title": "x", "mode": "opened"},
    {"title": "x", "kind": "new"},
    {"title": "x", "tags": "a"},
    {"title": "x", "tags": [1]},
    {"title": "x", "marks": [-1]},
    {"title": "x", "rates": {"a": True}},
    {"title": "x", "services": [{"hours": 1}]},
    {"title": "x", "services": [{"name": "a", "hours": 25}]},
    {"title": "x", "by_name": {"n": {}}},
    {"title": "x", "main": {"name": "a", "more": 1}},
    {"title": "x", "since": 3},
    {"title": "x", "token": "abc"},
    {"title": "x", "token": {"env": "A", "file": "b"}},
    {"title": "x", "token": {"env": "sk-12"}},
    {"title": "x", "token": {}},
]


@pytest.mark.parametrize("document", GOOD)
def test_the_schema_accepts_what_loads(document: dict[str, object]) -> None:
    assert refusals(document) == {}
    assert accepts(document)


@pytest.mark.parametrize("document", BAD)
def test_the_schema_refuses_what_does_not_load(document: dict[str, object]) -> None:
    assert refusals(document) != {}
    assert not accepts(document)


@given(
    st.fixed_dictionaries(
        {"title": st.text()},
        optional={
            "days": st.integers(-2, 33),
            "rate": st.decimals(0, 2, places=1) | st.sampled_from(["1.5", "1.", ".5", "+1", "x"]),
            "mode": st.sampled_from(["open", "closed", "ajar", 1]),
            "tags": st.lists(st.text() | st.booleans(), max_size=2),
            "main": st.fixed_dictionaries({}, optional={"name": st.text(), "hours": st.integers(-1, 25)}),
        },
    )
)
def test_the_schema_and_loading_agree(document: dict[str, object]) -> None:
    assert accepts(document) == (refusals(document) == {})


@attrs.frozen(kw_only=True)
class Waiting:
    wait: timedelta = setting(help="Wait")


@given(st.from_regex(r"[0-9]{0,7}(w|d|h|min| )?[0-9]{0,3}(h|s)?", fullmatch=True))
def test_the_schema_and_loading_agree_on_lengths_of_time(text: str) -> None:
    assert accepts({"wait": text}, Waiting) == (refusals({"wait": text}, Waiting) == {})


def test_the_schema_of_a_document_has_a_table_for_each_section() -> None:
    made = document_schema({"dispatch": Everything, "checked-in": Checked, "calm": Calm}, "district.toml")
    jsonschema.Draft202012Validator.check_schema(made)
    check = jsonschema.Draft202012Validator(made)
    assert made["required"] == ["dispatch", "checked-in"]
    good = {"dispatch": {"title": "x"}, "checked-in": {"a": 1, "b": 1}}
    assert check.is_valid(good)
    assert not check.is_valid({**good, "dispach": {}})
    assert not check.is_valid({**good, "dispatch": {"title": "x", "main": {"name": 3}}})


@attrs.frozen(kw_only=True)
class Mixed:
    grade: "Grade" = setting(help="Grade")
    level: "Level" = setting(help="Level")
    step: Literal[1, 2] | None = setting(None, "Step")


class Grade(StrEnum):
    FIRST = "first"


class Level(IntEnum):
    LOW = 1


def test_choices_are_told_from_values_that_only_look_equal() -> None:
    table = {"grade": "first", "level": 1, "step": 2}
    record, _ = load(Mixed, table, "")
    assert record == Mixed(grade=Grade.FIRST, level=Level.LOW, step=2)
    assert isinstance(record.level, Level)
    assert accepts(table, Mixed)
    for odd in (
        {"grade": "frist"},
        {"level": True},
        {"level": 1.0},
        {"level": "1"},
        {"step": True},
        {"step": 3},
    ):
        assert refusals({**table, **odd}, Mixed).keys() == odd.keys()


def test_help_and_units_reach_editors_and_people_in_their_language(monkeypatch: pytest.MonkeyPatch) -> None:
    class Chinese:
        def gettext(self, message: str) -> str:
            return {"Open each day": "每天开放", "hours": "小时"}.get(message, message)

    monkeypatch.setattr("linli._base.catalogues._catalogues", lambda tag: Chinese())
    with speaking("zh"):
        assert "每天开放; unit: 小时" in schema(Service)["properties"]["hours"]["description"]
        assert [(row.help, row.unit) for row in explain(Service, "")][1] == ("每天开放", "小时")
        assert refusals({"name": "a", "hours": 25}, Service) == {"hours": "must be at most 24 小时"}


# Documents of several sections


@attrs.frozen(kw_only=True)
class Calm:
    days: int = setting(1, "Days")


def test_sections_are_loaded_together_and_an_absent_one_has_its_defaults() -> None:
    records = load_document(
        {"dispatch": Everything, "snow-watch": Calm}, {"dispatch": {"title": "x"}}, "district.toml"
    )
    assert records == {"dispatch": Everything(title="x"), "snow-watch": Calm()}


def test_the_problems_of_all_sections_come_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        load_document(
            {"dispatch": Everything, "snow-watch": Calm},
            {"snow-wach": {}, "xyz": 1, "snow-watch": {"days": "1"}},
            "district.toml",
        )
    assert [str(problem) for problem in caught.value.problems] == [
        "snow-wach: is unknown; did you mean snow-watch?",
        "xyz: is unknown; known here: dispatch, snow-watch",
        "dispatch.title: is missing; write text in quotes: Name",
        "snow-watch.days: expected a whole number, found text in quotes",
    ]


# Explaining


def test_every_setting_has_a_row_with_what_holds_now() -> None:
    record = Everything(title="大祥", days=5, main=Service(name="desk", hours=9), since=date(2026, 1, 31))
    rows = {row.path: row for row in explain(Everything, "dispatch", record)}
    days = rows["dispatch.days"]
    assert (days.type, days.default, days.required) == ("a whole number", "3", False)
    assert (days.unit, days.help, days.value) == ("days", "Time for an answer", "5")
    assert rows["dispatch.title"].required
    assert rows["dispatch.title"].default == ""
    assert rows["dispatch.main.hours"].value == "9"
    assert rows["dispatch.main.name"].default == '"main"'
    assert rows["dispatch.since"].value == "2026-01-31"
    assert rows["dispatch.wait"].default == '"8h"'
    assert rows["dispatch.services"].default == "[]"
    assert "dispatch.main" not in rows
    assert {"dispatch.services[].hours", "dispatch.by_name.*.name"} <= rows.keys()
    assert rows["dispatch.mode"].type == 'one of "open", "closed"'


@attrs.frozen(kw_only=True)
class Tree:
    name: str = setting("", "Name")
    below: "tuple[Tree, ...]" = setting((), "Below")


def test_a_class_may_contain_itself() -> None:
    table = {"name": "a", "below": [{"name": "b", "below": [{}]}]}
    record, problems = load(Tree, table, "")
    assert (record, problems) == (Tree(name="a", below=(Tree(name="b", below=(Tree(),)),)), [])
    assert [row.path for row in explain(Tree, "")] == ["name", "below"]
    assert accepts(table, Tree)
    assert not accepts({"below": [{"below": [{"name": 1}]}]}, Tree)


def test_a_record_written_as_toml_loads_again(tmp_path: Path) -> None:
    record = Everything(
        title="x",
        since=date(2026, 1, 31),
        kind=Kind.COMMERCIAL,
        rates={"a": Decimal("1.50")},
        services=(Service(name="a"),),
        token=Secret(file="token"),
    )
    assert load_toml(tomli_w.dumps(written(record)), tmp_path) == record


# Files


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'a = 1\nb = "x', "line 2, column 7: this is not TOML: Unterminated string"),
        (b"a = [1,\n", "line 2, column 1: this is not TOML: Invalid value"),
        (b"a", "line 1, column 2: this is not TOML: Expected '='"),
        (b"a = 1\nb == 2\n", "line 2, column 4: this is not TOML: Invalid value"),
        (b"a = 1\na = 2\n", "line 2, column 6: this is not TOML: Cannot overwrite a value"),
        ("a = 1\n b ＝ 2\n".encode(), "line 2, column 4: ＝ is a full-width sign; write ="),
        ("a = “x”\n".encode(), 'line 1, column 5: “ is a full-width sign; write "'),
        ("a = 1\nb = '大祥'\n".encode("gb18030"), "line 2: this is not UTF-8; save the file in UTF-8"),
        ("a = 1".encode("utf-16"), "line 1: this is not UTF-8"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"a = " + b"1" * 5_000, "this is not TOML: Exceeds the limit"),
    ],
)
def test_a_file_that_is_not_toml_says_where(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "district.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_toml(file)
    (problem,) = caught.value.problems
    assert words in str(problem)
    assert str(file) in str(caught.value)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; `linli init DIR`"):
        read_toml(tmp_path / "district.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_toml(tmp_path)


def test_a_byte_order_mark_is_tolerated(tmp_path: Path) -> None:
    file = tmp_path / "district.toml"
    file.write_bytes("\ufeffa = '大祥'\r\n".encode())
    assert read_toml(file) == {"a": "大祥"}


def test_numbers_come_digit_for_digit_and_endless_ones_are_refused_at_their_path(tmp_path: Path) -> None:
    file = tmp_path / "district.toml"
    file.write_text("rate = 0.12345678901234567890\nshare = 1e99999999999999999999999\ntitle = 'x'")
    table = read_toml(file)
    assert str(table["rate"]) == "0.12345678901234567890"
    assert refusals({**table, "rate": 1}) == {"share": "must be a finite number"}


@given(st.binary(max_size=60) | st.text(alphabet="ab=[]{}\"'.,#\n 1-＝“", max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused_as_one_problem(tmp_path_factory: Any, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(content)
    try:
        outcome: object = read_toml(file)
    except ConfigError as refused:
        outcome = refused
    assert isinstance(outcome, dict) or len(getattr(outcome, "problems", ())) == 1


def test_the_digest_is_short_stable_and_blind_to_order() -> None:
    table = {"b": {"d": Decimal("1.5"), "w": date(2026, 1, 31)}, "a": [1, "x", time(8), True]}
    turned = {"a": [1, "x", time(8), True], "b": {"w": date(2026, 1, 31), "d": Decimal("1.5")}}
    assert digest(table) == digest(turned) == "489e9aeaf6e8"


def test_the_digest_changes_with_any_value() -> None:
    versions: list[dict[str, object]] = [
        {"a": 1},
        {"a": 2},
        {"a": "1"},
        {"a": True},
        {"b": 1},
        {"a": [1]},
        {},
    ]
    assert len({digest(version) for version in versions}) == len(versions)
