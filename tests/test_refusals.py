"""Refusals: every one has a code that programs can rely on, and values beside its words."""

import copy
import json
import subprocess
import sys
from typing import Any

import pytest

from linli.errors import Conflict, NotFound, Refused
from linli.i18n import say, speaking
from linli.refusals import ChangedMeanwhile, Invalid, NotFoundHere, Refusal


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
        ("linli.dispatch.routing", "NobodyThere", "core.nobody_there"),
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
from linli.cli import top
from linli.errors import LinliError, Refused
from linli.i18n import listed, say
from linli.refusals import Refusal
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


def test_a_command_that_is_refused_tells_people_a_sentence() -> None:
    assert _run("sledge", "lend", "13800138000").stderr == "lend: nothing at the hill for …: 1, two\n"


def test_what_is_no_refusal_is_told_as_always() -> None:
    done = _run("--fault", "--json")
    assert (done.returncode, done.stderr) == (1, "the hill is gone\n")
