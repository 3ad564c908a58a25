"""Acts of earlier versions are read by the inputs of today: whatever has changed since, nothing raises."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

import attrs
import pytest

from linli import ANYONE, Act, Choice, Input, Moves, NoInputs, NoRecord, Private, State, Workflow
from linli._base.errors import PluginError
from linli._model.compiling import compiled
from linli._model.inputs import MISSING, Sealed


class Kind(Choice):
    PAPER = "paper"
    SCREEN = "screen"


@attrs.frozen(kw_only=True)
class Sheet:
    name: str
    pages: int


@attrs.frozen(kw_only=True)
class Given:
    """What is asked today: some of it was called otherwise, had another type, or was not asked for."""

    name: Annotated[str, Input("a name", was=("title", "heading"))]
    pages: Annotated[int, Input("how many", from_old=lambda value: int(str(value).removesuffix(" pages")))]
    words: Private
    on: date
    kind: Kind
    sheets: tuple[Sheet, ...] = ()
    by_name: Mapping[str, Sheet] | None = None
    code: Annotated[str | None, Input("a code", from_old=lambda value: value.code)] = None
    note: str | None = None
    copies: int = 1
    secret: Annotated[str, Input("kept nowhere", kept=False)]


@attrs.frozen(kw_only=True)
class Refusing:
    """What would not be taken today."""

    pages: int = attrs.field(validator=attrs.validators.ge(10))


class Flow(Workflow[NoRecord], name="flow"):
    move = Moves(NoRecord)
    there = State("there")
    gone = State("gone", ends=True)
    begin = move.opening(there, by=ANYONE)
    end = move(there.to(gone), Given, by=ANYONE)
    leave = move(there.to(gone), Refusing, by=ANYONE)


def _read_back(move: str, **values: Any) -> Any:
    act = Act(
        id=UUID(int=1), verb=f"flow.{move}", kind="flow", root=UUID(int=2), subject=UUID(int=2), version=2, settings="",
        at=datetime(2026, 1, 1, tzinfo=UTC), recorded_at=datetime(2026, 1, 1, tzinfo=UTC), body={"values": values},
    )  # fmt: skip
    return compiled(Flow).by_move[move].typed.given_in(act)


def test_what_it_has_is_read_as_today_under_each_name_that_it_had() -> None:
    given = _read_back(
        "end", title="a", pages="3 pages", words={"sealed": "ab"}, on="2026-01-02", kind="paper", went=1,
        sheets=[{"name": "x", "pages": 2}],
    )  # fmt: skip
    assert (given.name, given.pages, given.on, given.kind) == ("a", 3, date(2026, 1, 2), Kind.PAPER)
    assert given.sheets == (Sheet(name="x", pages=2),)
    assert (given.note, given.copies, given.secret) == (None, 1, MISSING)


def test_what_was_private_is_sealed_and_shows_no_words() -> None:
    words = _read_back("end", words={"sealed": "ab"}).words
    assert isinstance(words, Sealed)
    assert words
    assert str(words) == ""


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"pages": "many", "on": "never", "kind": "stone", "sheets": [{"name": "x"}]},
        {"by_name": [1], "code": "x"},
        {"by_name": {"a": 1}, "code": {}},
        {"pages": [1], "on": 7, "kind": {"a": 1}, "sheets": 3, "name": [{}]},
    ],
)
def test_what_is_not_there_or_cannot_be_read_is_missing_and_nothing_raises(values: dict[str, Any]) -> None:
    given = _read_back("end", **values)
    assert {given.pages, given.on, given.kind, given.secret} == {MISSING}
    assert {given.by_name, given.code} <= {None, MISSING}
    assert not given.on


def test_what_would_not_be_taken_today_is_read_as_it_was_given() -> None:
    assert _read_back("leave", pages=3).pages == 3


def test_two_inputs_of_one_name_do_not_load() -> None:
    @attrs.frozen(kw_only=True)
    class Twice:
        name: str
        title: Annotated[str, Input("a title", was=("name",))]

    class Double(Workflow[NoRecord], name="double"):
        move = Moves(NoRecord)
        there = State("there")
        gone = State("gone", ends=True)
        begin = move.opening(there, NoInputs, by=ANYONE)
        end = move(there.to(gone), Twice, by=ANYONE)

    with pytest.raises(PluginError, match="two of its inputs are, or were, called name"):
        compiled(Double)
