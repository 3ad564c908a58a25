"""What commands, pages of workflows and drawn values make of inputs that are classes."""

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import UUID, uuid4

import attrs
import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tools_to_borrow import Inspection, LoanFlow, ToolFlow

from linli import ANYONE, BodyId, Choice, District, Input, Moves, PersonId, PlaceId, State, Workflow
from linli._base.errors import NotFound, Refused
from linli._cli import options
from linli._cli.meaning import part_for
from linli._cli.moves import add_moves
from linli._cli.openings import add_openings
from linli._cli.options import _type
from linli._cli.workflow import _rows
from linli._model.access import Actor
from linli._model.compiling import compiled
from linli._testing.values import values as some
from linli.testing import a_place, an_organisation


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


ASKS = {one.name: one for one in compiled(PaintFlow).by_move["ask"].fields}


def test_a_choice_is_typed_by_its_label_and_by_its_code() -> None:
    flow = compiled(Inspection)
    ask = next(one for one in flow.by_move["inspect"].fields if one.name == "condition")
    kind = _type(flow, ask)
    assert [kind.convert(word, None, None) for word in ("as it was", "good", "broken")] == [
        "good",
        "good",
        "broken",
    ]


def test_places_and_organisations_can_be_named() -> None:
    assert [ASKS[name].kind for name in ("place", "body", "pieces")] == [
        "place",
        "organisation",
        "whole number",
    ]


def test_a_workflow_is_shown_with_what_is_asked_and_not_with_what_linli_works_out() -> None:
    shown = {row[0].partition(" ")[0]: row for row in _rows(compiled(LoanFlow))}
    assert "name" not in shown["borrow"][4]
    assert "tool" in shown["borrow"][4]
    inspect = next(row for row in _rows(compiled(Inspection)) if row[0].startswith("inspect"))
    assert "not for oneself" in inspect[3]
    assert len(list(_rows(compiled(ToolFlow)))) == 2


@given(st.data())
def test_values_that_are_drawn_are_of_the_kind_and_within_the_limits(data: st.DataObject) -> None:
    drawn: Any = {name: data.draw(some(ask)) for name, ask in ASKS.items()}
    paint = SimpleNamespace(**drawn)
    assert set(paint.colours) <= {"red", "blue"}
    assert 1 <= paint.pieces <= 3


# --- options ------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Chore:
    what: str
    by: date | None = None
    at: BodyId | None = None


@attrs.frozen(kw_only=True)
class Everything:
    text: str
    how_many: int = 1
    urgent: bool = False
    colour: Colour = Colour.RED
    colours: tuple[Colour, ...] = ()
    on: date | None = None
    at: datetime | None = None
    matters: tuple[UUID, ...] = ()
    chores: tuple[Chore, ...] = ()
    summary_fields: Annotated[str | None, Input(by_engine=True)] = None


@attrs.frozen(kw_only=True)
class Named:
    place: PlaceId
    bodies: tuple[BodyId, ...] = ()
    by: PersonId | None = None
    chores: tuple[Chore, ...] = ()
    code: Annotated[str, Input("the code on the paper", kept=False)]


class EverythingFlow(Workflow[Paint], name="everything"):
    move = Moves(Paint)
    made = State("made")
    done = State("done", ends=True)
    begin = move.opening(made, Paint)
    end = move(made.to(done), Everything)
    told = move(made.stay(), Named)


def _given(*args: str, move: str = "end", typed: str = "") -> tuple[int, dict[str, Any], str]:
    """What a command with an option for each kind of input gets: its exit code, what was given, what it printed."""
    flow = compiled(EverythingFlow)
    got: dict[str, Any] = {}
    command = options.with_options(
        lambda **values: got.update(values), flow, options.asked(flow.by_move[move])
    )
    done = CliRunner().invoke(click.command()(command), list(args), input=typed)
    return (
        done.exit_code,
        {name: value for name, value in got.items() if value not in (None, ())},
        done.output,
    )


@pytest.mark.parametrize(
    ("args", "name", "value"),
    [
        (("--how-many", "3"), "how_many", 3),
        (("--urgent",), "urgent", True),
        (("--no-urgent",), "urgent", False),
        (("--colour", "as a brick"), "colour", "red"),
        (("--colours", "red", "--colours", "blue"), "colours", ("red", "blue")),
        (("--on", "2026-03-05"), "on", "2026-03-05"),
        (("--at", "2026-03-05 14:30"), "at", "2026-03-05 14:30"),
        (("--chores", "what=扫雪; by=2026-12-01"), "chores", ({"what": "扫雪", "by": "2026-12-01"},)),
        (("--chores", "what=扫雪；by=2026-12-01", "--chores", '{"what": "a; b"}'), "chores",
         ({"what": "扫雪", "by": "2026-12-01"}, {"what": "a; b"})),
    ],
)  # fmt: skip
def test_every_kind_of_input_has_its_option(args: tuple[str, ...], name: str, value: object) -> None:
    code, given, printed = _given("--text", "x", *args)
    assert code == 0, printed
    assert given == {"text": "x", name: value}


def test_a_command_by_hand_has_the_options_of_a_move() -> None:
    given = options.of_move(EverythingFlow, "end", leave_out=("text",))
    names = {one.name for one in click.command()(given(lambda **values: None)).params}
    assert {"how_many", "chores"} <= names
    assert not {"text", "summary_fields"} & names


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "--text"),
        (("--text", "x", "--how-many", "many"), "--how-many"),
        (("--text", "x", "--colour", "green"), "red, blue"),
        (("--text", "x", "--chores", "扫雪"), "what=…; by=…; at=…"),
        (("--text", "x", "--chores", "[1]"), "what=…; by=…; at=…"),
        (("--text", "x", "--on", "5 March"), "YYYY-MM-DD"),
        (("--text", "x", "--at", "明天"), "YYYY-MM-DD HH:MM"),
        (("--text", "x", "--told-by", "me"), "--told-by"),
    ],
)
def test_what_is_no_value_of_an_option_is_said_with_what_is(args: tuple[str, ...], said: str) -> None:
    code, _, printed = _given(*args)
    assert code == 2
    assert said in printed


def test_what_the_record_does_not_have_is_asked_for_where_it_is_left_out() -> None:
    code, given, printed = _given("--place", "锦绣花园", move="told", typed="7Q2M\n")
    assert (code, given["code"]) == (0, "7Q2M")
    assert "the code on the paper" in printed


def test_places_bodies_and_people_are_named_one_by_one_in_lists_and_in_small_records(
    new_district: Callable[..., District],
) -> None:
    district = new_district()
    place = a_place(district, "锦绣花园")
    one, other = (an_organisation(district, "association", place, name) for name in ("合作社", "老年协会"))
    person = district.register.person(name="张三", phone="13800000001", home=place)
    typed = {
        "place": "锦绣花园",
        "bodies": ("合作社", "老年协会"),
        "by": "13800000001",
        "chores": ({"what": "扫雪", "at": "老年协会"},),
        "code": "7Q2M",
    }
    assert options.given(district, compiled(EverythingFlow).by_move["told"], typed, place) == {
        "place": place,
        "bodies": (one, other),
        "by": person,
        "chores": ({"what": "扫雪", "at": other},),
        "code": "7Q2M",
    }


def test_workflows_that_share_a_noun_have_commands_with_a_word_of_their_own() -> None:
    group = click.Group("paint")
    add_moves(group, ToolFlow)
    add_moves(group, LoanFlow, suffix="loan")
    add_openings(group, LoanFlow, suffix="loan")
    assert {"lose-loan", "bring-back-loan", "borrow-loan"} <= set(group.commands)
    assert "lose" not in group.commands
    assert "linli paint bring-back-loan NUMBER" in (group.commands["bring-back-loan"].help or "")


def test_a_part_is_opened_by_the_number_of_its_whole() -> None:
    group = click.Group("paint")
    add_openings(group, LoanFlow, part_of=ToolFlow)
    command = group.commands["borrow"]
    assert [one.name for one in command.params if isinstance(one, click.Argument)] == ["whole"]
    assert "linli paint borrow NUMBER" in (command.help or "")
    assert not {"place", "of"} & {one.name for one in command.params}


def test_an_opening_whose_input_has_the_name_of_an_option_of_every_command_is_refused() -> None:
    with pytest.raises(TypeError, match="place is an option of every such command"):
        add_openings(click.Group("paint"), OpenPaintFlow)


class OpenPaintFlow(Workflow[Paint], name="open_paint"):
    move = Moves(Paint)
    done = State("done", ends=True)
    ask = move.opening(done, Paint, by=ANYONE)


# --- whose, and where ---------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Team:
    leader: PersonId
    members: tuple[PersonId, ...] = ()
    rooms: tuple[PlaceId, ...] = ()


class TeamFlow(Workflow[Team], name="team", label="team"):
    move = Moves(Team)
    there = State("there")
    gone = State("gone", ends=True)
    found = move.opening(there, Team, by=ANYONE)
    end = move(there.to(gone), by=ANYONE)


ANN, BEN, HERE = uuid4(), uuid4(), uuid4()
_REGISTER = SimpleNamespace(find_one={"1": ANN, "2": BEN}.__getitem__, find_place={"here": HERE}.__getitem__)


def test_people_and_places_of_lists_can_be_named() -> None:
    move = compiled(TeamFlow).by_move["found"]
    district: Any = SimpleNamespace(register=_REGISTER)
    values = {"leader": "1", "members": ("1", "2"), "rooms": ("here",)}
    assert options.given(district, move, values, None) == {
        "leader": ANN,
        "members": (ANN, BEN),
        "rooms": (HERE,),
    }


def _part(of: str, person: UUID | None, ended_at: int | None = None) -> Any:
    return SimpleNamespace(id=uuid4(), kind=of, person=person, ended_at=ended_at)


def test_somebodys_part_is_named_by_whose_it_is_and_by_its_own_number() -> None:
    flow = compiled(TeamFlow)
    whole, hers, his = _part("tool", None), _part("team", ANN), _part("team", BEN, 1)
    district: Any = SimpleNamespace(register=_REGISTER, tree=lambda _: [whole, hers, his])
    assert part_for(district, flow, whole.id, "1", Actor()) == hers.id
    assert part_for(district, flow, whole.id, None, Actor(person=BEN)) == his.id
    assert part_for(district, flow, his.id, None, Actor(person=ANN)) == his.id
    with pytest.raises(Refused, match="say whose it is"):
        part_for(district, flow, whole.id, None, Actor())
    with pytest.raises(NotFound, match="has no team of theirs"):
        part_for(district, flow, whole.id, None, Actor(person=uuid4()))


def test_commands_of_parts_say_whose_and_openings_of_a_known_place_do_not_ask_where() -> None:
    group = click.Group("team")
    add_moves(group, TeamFlow, whose=True)
    add_openings(group, TeamFlow, where=lambda district, person, given: HERE)
    names = {name: {one.opts[0] for one in command.params} for name, command in group.commands.items()}
    assert "--for" in names["end"]
    assert "--members" in names["found"]
    assert not {"--place", "--of"} & names["found"]
