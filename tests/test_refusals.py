"""Refusals: every one has a code that programs can rely on, and values beside its words."""

import ast
import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from linli import District
from linli._base.errors import Conflict, NotFound, Refused
from linli._base.i18n import say, speaking
from linli._base.refusals import ChangedMeanwhile, Invalid, NotFoundHere, Refusal
from linli._testing import refusals
from linli._testing.fixtures import Printed
from linli.testing import a_place

ROOT = Path(__file__).parent.parent
PACKAGES = [
    ROOT / "core" / "linli",
    *sorted(
        path.parent for kind in ("adapters", "plugins") for path in ROOT.glob(f"{kind}/*/src/*/__init__.py")
    ),
]


class NoSledgeLeft(Refusal, says="no sledge is left at {hill}; {count} are out"):
    hill: str
    count: int


class NoSuchSledge(NotFoundHere, says="there is no sledge {number}"):
    number: str


class TooShort(Invalid, says="{name} is too short"):
    name: str
    least: int = 2


def _made(code: str) -> Any:
    names: dict[str, Any] = {"Refusal": Refusal, "Invalid": Invalid, "NoSledgeLeft": NoSledgeLeft}
    exec(code, names | {"__name__": "linli_sledges.lending"}, names)  # noqa: S102 - classes that cannot be made
    return names["It"]


def test_a_refusal_is_a_sentence_with_a_code_and_values() -> None:
    refusal = NoSledgeLeft(hill="north", count=3)
    assert (str(refusal), refusal.hill, refusal.count) == (
        "no sledge is left at north; 3 are out",
        "north",
        3,
    )
    assert refusal.code.endswith(".no_sledge_left")
    assert dict(refusal.values) == {"hill": "north", "count": 3}


@pytest.mark.parametrize(
    ("module", "name", "code"),
    [
        ("linli._verbs.dispatch.routing", "NobodyThere", "core.nobody_there"),
        ("linli_sledges.lending", "NobodyThere", "sledges.nobody_there"),
        ("linli_sledges", "_NoICELeft", "sledges.no_ice_left"),
        ("winter.hills", "TooSteep", "winter.too_steep"),
    ],
)
def test_a_code_is_the_package_and_the_name(module: str, name: str, code: str) -> None:
    names: dict[str, Any] = {"__name__": module, "Refusal": Refusal}
    exec(f"class {name}(Refusal, says='so'): ...", names)  # noqa: S102
    assert names[name].code == code


def test_what_belongs_to_a_family_has_its_code_whatever_it_says() -> None:
    assert NoSuchSledge.code == NotFoundHere.code == "core.not_found"
    assert TooShort(field="length", name="the length").code == "core.invalid"


def test_a_value_may_be_told_beside_the_words() -> None:
    short = TooShort(field="length", name="the length")
    assert (str(short), short.field, short.least) == ("the length is too short", "length", 2)
    assert TooShort(field="length", name="the length", least=3).least == 3


@pytest.mark.parametrize(
    "values", [{}, {"hill": "north"}, {"hill": "north", "count": 3, "size": 2}, {"hil": "north", "count": 3}]
)
def test_values_that_are_not_declared_or_missing_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="has the values hill, count"):
        NoSledgeLeft(**values)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("class It(Refusal, says='no {size}'): ...", "differ in size"),
        ("class It(Refusal, says='no {size}'):\n    size: int\n    hill: str", "differ in hill"),
        ("class It(Refusal, says='{values}'):\n    values: int", "values means something else"),
        ("class It(NoSledgeLeft, says='no'): ...", "NoSledgeLeft is said itself"),
        ("class It(Invalid, says='no', code='other'): ...", "has the code of its family"),
        (
            "class Once(Refusal, says='no', code='it'): ...\nclass It(Refusal, says='so'): ...",
            "sledges.it, and so has",
        ),
    ],
)
def test_a_refusal_that_contradicts_itself_cannot_be_made(code: str, why: str) -> None:
    with pytest.raises(TypeError, match=why):
        _made(code)


def test_a_module_may_be_loaded_again() -> None:
    code = "class It(Refusal, says='loaded again', code='reloaded'): ..."
    assert _made(code)() == _made(code)()


def test_a_family_is_not_said() -> None:
    with pytest.raises(TypeError, match="Invalid is a family"):
        Invalid(field="length")


def test_refusals_are_equal_by_code_and_values() -> None:
    one = NoSledgeLeft(hill="north", count=3)
    assert one == NoSledgeLeft(count=3, hill="north") == copy.copy(one)
    assert one != NoSledgeLeft(hill="north", count=2)
    assert one != say(one.message, **one.values)
    assert {one: 1}[NoSledgeLeft(hill="north", count=3)] == 1


def test_what_is_raised_has_the_code_of_its_first_reason() -> None:
    one, other = NoSledgeLeft(hill="north", count=3), NoSuchSledge(number="7")
    refused = Refused(one, other)
    assert (refused.code, refused.reasons) == (one.code, (one, other))
    assert str(refused) == "no sledge is left at north; 3 are out; there is no sledge 7"
    assert NotFound(other).text is other


def test_what_was_tried_stands_before_the_reasons() -> None:
    refused = Refused(NoSuchSledge(number="7"), NoSuchSledge(number="8"), doing=say("lend"))
    assert str(refused) == "lend: there is no sledge 7; there is no sledge 8"
    with speaking("zh"):
        assert str(Conflict(_Moved(), doing=say("lend"))).startswith("lend：")


class _Moved(ChangedMeanwhile, says="it was lent meanwhile"): ...


_PROGRAM = """
import sys
from linli._cli import top
from linli import LinliError, Refused
from linli import listed, say
from linli import Refusal
class NoSledgeLeft(Refusal, says="nothing at {hill} for {who}: {sizes}"):
    hill: object
    who: str
    sizes: object
def failed(**options):
    if "--fault" in sys.argv:
        raise LinliError(say("the hill is gone"))
    raise Refused(NoSledgeLeft(hill=say("the hill"), who="13800138000", sizes=listed((1, say("two")))), doing=say("lend"))
top.cli.main = failed
sys.exit(top.run())
"""


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60, env={"LINLI_LANG": "en"},
    )  # fmt: skip


def test_a_command_that_is_refused_tells_programs_the_code_and_the_values() -> None:
    done = _run("sledge", "lend", "13800138000", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert json.loads(line) == {
        "refused": {
            "code": "__main__.no_sledge_left",
            "message": "lend: nothing at the hill for …: 1, two",
            "reasons": [
                {
                    "code": "__main__.no_sledge_left",
                    "message": "nothing at the hill for …: 1, two",
                    "values": {"hill": "the hill", "who": "…", "sizes": [1, "two"]},
                }
            ],
        }
    }


def test_identifiers_are_names_to_people_and_identifiers_to_programs(
    district: District, command: Callable[..., Printed]
) -> None:
    place = a_place(district, "锦绣花园")
    act = district.dispatch.submit(place, "漏水", "厨房漏水", reporter=None)
    words = ("request", "close", str(act.subject), "--feedback", "好了", "--json")
    done = command(*words, folder=district.configuration.folder)
    assert (done.code, done.out) == (1, "")
    told = json.loads(done.err)["refused"]
    (reason,) = told["reasons"]
    assert (told["code"], reason["code"]) == ("core.wrong_state", "core.wrong_state")
    assert told["message"] == reason["message"]
    assert reason["values"]["state"] == "submitted"

    unknown = "018f0000-0000-7000-8000-000000000000"
    done = command("request", "show", unknown, "--json", folder=district.configuration.folder)
    (reason,) = json.loads(done.err)["refused"]["reasons"]
    assert (reason["code"], reason["values"]) == ("core.not_found", {"id": unknown})


def test_what_is_missing_and_what_cannot_be_are_told_by_field(district: District) -> None:
    place = a_place(district, "锦绣花园")
    with pytest.raises(Refused) as refused:
        district.dispatch.submit(place, "漏水" * 100, "", reporter=None)
    found = {(reason.code, reason.values["field"]) for reason in refused.value.reasons}
    assert found == {("core.invalid", "category"), ("core.missing", "description")}


def test_a_command_that_is_refused_tells_people_a_sentence() -> None:
    assert _run("sledge", "lend", "13800138000").stderr == "lend: nothing at the hill for …: 1, two\n"


def test_what_is_no_refusal_is_told_as_always() -> None:
    done = _run("--fault", "--json")
    assert (done.returncode, done.stderr) == (1, "the hill is gone\n")


# --- all that there are --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def all_of_them() -> list[type[Refusal]]:
    return [one for package in PACKAGES for one in refusals.of_package(package)]


def _missing_and_gone(listed: str, found: Iterable[type[Refusal]]) -> tuple[set[str], set[str]]:
    """The codes that a list lacks, and those in it that nothing declares."""
    known, there = refusals.codes(listed), {one.code for one in found}
    return there - known, known - there


def test_every_code_is_in_the_list_and_none_of_it_is_gone(all_of_them: list[type[Refusal]]) -> None:
    listed = (ROOT / refusals.PAGE).read_text(encoding="utf-8")
    assert len(refusals.codes(listed)) > 250, "the list is read as it is written"
    missing, gone = _missing_and_gone(listed, all_of_them)
    assert not missing, "run: make refusals"
    assert not gone, (
        "programs rely on these; where they went on purpose say so in CHANGELOG.md and run: make refusals"
    )


def test_the_list_says_what_the_code_does() -> None:
    assert (ROOT / refusals.PAGE).read_text(encoding="utf-8") == refusals.page(PACKAGES), "run: make refusals"


def test_a_code_that_is_not_listed_or_went_is_found() -> None:
    row = (
        "| `core.not_found` | there is no sledge {number} | `number` |\n| `sledges.gone` | it is gone |  |\n"
    )
    assert _missing_and_gone(row, [NoSuchSledge, NoSledgeLeft]) == ({NoSledgeLeft.code}, {"sledges.gone"})


def test_who_writes_the_list_is_told_what_is_new_and_what_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "linli_sleighs"
    package.mkdir()
    (package / "__init__.py").touch()
    code = 'from linli import Refusal\nclass NoSleigh(Refusal, says="no {colour} sleigh | none"):\n    colour: str\n'
    (package / "lending.py").write_text(code, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "docs").mkdir()
    refusals.PAGE.write_text("| `sleighs.melted` | it melted |  |\n", encoding="utf-8")
    refusals.main([str(package)])
    assert capsys.readouterr().out.splitlines() == [
        "docs/refusals.md: 1 codes", "  new: sleighs.no_sleigh", "  gone: sleighs.melted"
    ]  # fmt: skip
    assert "| `sleighs.no_sleigh` | no {colour} sleigh \\| none | `colour` |" in refusals.PAGE.read_text()


def test_no_two_declarations_have_one_code_but_within_a_family(all_of_them: list[type[Refusal]]) -> None:
    assert _said_twice(all_of_them) == {}
    assert (
        _said_twice([NoSledgeLeft, NoSuchSledge, _made("class It(Refusal, says='no', code='lone'): ...")])
        == {}
    )


def _said_twice(found: Iterable[type[Refusal]]) -> dict[str, list[str]]:
    by_code: dict[str, list[str]] = {}
    for one in found:
        if one.__mro__[1] is Refusal:
            by_code.setdefault(one.code, []).append(f"{one.__module__}.{one.__qualname__}")
    return {code: names for code, names in by_code.items() if len(names) > 1}


def test_no_sentence_is_declared_twice(all_of_them: list[type[Refusal]]) -> None:
    """What two mechanisms refuse alike has one home: the core's, or that of the plugin on which the other builds."""
    by_words: dict[str, list[str]] = {}
    for one in all_of_them:
        if re.sub(r"\{\w+\}|\W", "", one.says):  # what only passes on another's words says nothing itself
            by_words.setdefault(one.says, []).append(f"{one.__module__}.{one.__qualname__}")
    assert {says: homes for says, homes in by_words.items() if len(homes) > 1} == {}


def test_a_code_that_is_used_twice_is_found() -> None:
    # Such a class cannot be made: what finds it is shown two of one code all the same.
    class Other(Refusal, says="no sledge is left"): ...

    Other.code = NoSledgeLeft.code
    assert list(_said_twice([NoSledgeLeft, Other])) == [NoSledgeLeft.code]


def test_a_family_tells_nothing_that_its_code_hides(all_of_them: list[type[Refusal]]) -> None:
    """What is not there and what is not for the asker look alike to a program."""
    of_it = [one for one in all_of_them if issubclass(one, NotFoundHere)]
    assert len(of_it) > 30
    assert {one.code for one in of_it} == {"core.not_found"}


def test_what_is_declared_is_said(all_of_them: list[type[Refusal]]) -> None:
    text = "\n".join(
        path.read_text(encoding="utf-8") for package in PACKAGES for path in package.rglob("*.py")
    )
    counts: dict[str, int] = {}
    for word in re.findall(r"\w+", text):
        counts[word] = counts.get(word, 0) + 1
    assert [one.__name__ for one in all_of_them if one.says and counts[one.__name__] < 2] == []


# --- none without a code -------------------------------------------------------------------------------


_RAISED = {"Refused", "NotAllowed", "NotFound", "Conflict"}


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _without_a_code(package: Path) -> Iterator[tuple[str, int]]:
    """Where a package refuses with a bare sentence: raises it, or gives it back from a need or from act_check."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in package.rglob("*.py")}
    nodes = [(path, node) for path, tree in trees.items() for node in ast.walk(tree)]
    raised = _RAISED | {
        node.name
        for _, node in nodes
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) in _RAISED for base in node.bases)
    } - {"BadLine"}
    needs = {"act_check", *(name for _, node in nodes for name in _needs(node))}
    for path, node in nodes:
        where = path.relative_to(package).as_posix()
        if _called(node) in raised and any(
            _called(one) in ("say", "Text") for one in getattr(node, "args", ())
        ):
            yield where, getattr(node, "lineno", 0)
        if isinstance(node, ast.FunctionDef) and node.name in needs:
            yield from ((where, line) for line in _bare(node))


def _needs(node: ast.AST) -> Iterator[str]:
    """The functions that moves need, wherever they are named."""
    if (isinstance(node, ast.keyword) and node.arg == "needs") or _called(node) == "in_turn":
        yield from (one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def _bare(function: ast.FunctionDef) -> Iterator[int]:
    """The lines on which a function gives back a bare sentence."""
    for node in ast.walk(function):
        value = node.value if isinstance(node, ast.Return | ast.Yield) else None
        ways = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
        yield from (one.lineno for one in ways if one is not None and _called(one) == "say")


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_no_refusal_is_without_a_code(package: Path) -> None:
    assert [*_without_a_code(package)] == []


@pytest.mark.parametrize(
    "code",
    [
        'raise Refused(say("no sledge is left"))',
        'raise errors.NotFound(say("no sledge is left"))',
        'raise Conflict(Text("no sledge is left"))',
        'class Gone(Refused): ...\nraise Gone(say("no sledge is left"))',
        'def left(t):\n    return say("none")\nlend = move(out.to(lent), needs=[left])',
        'def left(t):\n    return None if t.left else say("none")\nlend = move(out.to(lent), needs=[in_turn(other, left)])',
        '@hookimpl\ndef act_check(t):\n    yield say("no sledge is left")',
    ],
)
def test_a_refusal_without_a_code_is_found(tmp_path: Path, code: str) -> None:
    (tmp_path / "lending.py").write_text(code, encoding="utf-8")
    assert [where for where, _ in _without_a_code(tmp_path)] == ["lending.py"]


@pytest.mark.parametrize(
    "code",
    [
        'raise Refused(NothingLeft(what=say("sledge")))',
        'raise LinliError(say("the hill is away"))',
        'def left(t):\n    return NothingLeft(what=say("sledge"))\nlend = move(out.to(lent), needs=[left])',
        'def told(t):\n    return say("lent")',
    ],
)
def test_what_is_no_refusal_or_has_a_code_is_let_be(tmp_path: Path, code: str) -> None:
    (tmp_path / "lending.py").write_text(code, encoding="utf-8")
    assert [*_without_a_code(tmp_path)] == []
