"""What commands, pages of workflows and drawn values make of inputs that are classes."""

from types import SimpleNamespace
from typing import Annotated, Any

import attrs
from hypothesis import given
from hypothesis import strategies as st
from tools_to_borrow import Inspection, LoanFlow, ToolFlow

from linli._model.compiling import compiled
from linli.cli.moves import _type
from linli.cli.workflow import _rows
from linli.contract import BodyId, Choice, Input, Moves, PlaceId, State, Workflow
from linli.testing.exploring import _value


class Colour(Choice):
    RED = "red", "as a brick"
    BLUE = "blue"


@attrs.frozen(kw_only=True)
class Paint:
    colours: tuple[Colour, ...] = ()
    pieces: Annotated[int, Input("how many", least=1, most=3)]
    place: PlaceId
    body: BodyId | None = None


class PaintFlow(Workflow[Paint], name="paint"):
    move = Moves(Paint)
    done = State("done", ends=True)
    ask = move.opening(done, Paint)


ASKS = {ask.name: ask for ask in compiled(PaintFlow).by_move["ask"].asks}


def test_a_choice_is_typed_by_its_label_and_by_its_code() -> None:
    flow = compiled(Inspection)
    ask = next(one for one in flow.by_move["inspect"].asks if one.name == "condition")
    kind = _type(flow, ask)
    assert [kind.convert(word, None, None) for word in ("as it was", "good", "broken")] == [
        "good",
        "good",
        "broken",
    ]


def test_places_and_organisations_can_be_named() -> None:
    assert (ASKS["place"].of, ASKS["body"].of, ASKS["pieces"].of) == ("seat", "seat", "")


def test_a_workflow_is_shown_with_what_is_asked_and_not_with_what_linli_works_out() -> None:
    shown = {row[0].partition(" ")[0]: row for row in _rows(compiled(LoanFlow))}
    assert "name" not in shown["borrow"][4]
    assert "tool" in shown["borrow"][4]
    inspect = next(row for row in _rows(compiled(Inspection)) if row[0].startswith("inspect"))
    assert "not for oneself" in inspect[3]
    assert len(list(_rows(compiled(ToolFlow)))) == 2


@given(st.data())
def test_values_that_are_drawn_are_of_the_kind_and_within_the_limits(data: st.DataObject) -> None:
    drawn: Any = {name: data.draw(_value(ask, [])) for name, ask in ASKS.items()}
    paint = SimpleNamespace(**drawn)
    assert set(paint.colours) <= {"red", "blue"}
    assert 1 <= paint.pieces <= 3
