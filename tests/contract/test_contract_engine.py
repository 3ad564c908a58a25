"""Workflows that are classes, run by linli's engine: a bookable thing, its bookings, what is looked at when it comes back."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import attrs
import pytest
from tools_to_borrow import Borrow, Condition, Found, Inspection, Loan, LoanFlow, Sight, Tool, ToolFlow

from linli import (
    ANYONE,
    Act,
    Actor,
    Count,
    District,
    Moves,
    PersonId,
    PlaceId,
    Plugin,
    Private,
    Ref,
    Seat,
    State,
    StoredSubject,
    Subject,
    Transition,
    Why,
    Workflow,
    has_post,
    in_states,
)
from linli._base.errors import NotAllowed, PluginError, Refused
from linli._base.refusals import Refusal
from linli._model.figures import Figure
from linli._model.running import counting_by
from linli.testing import Explorer, a_place, plugin_of, somebody, who


class Tools(SimpleNamespace):
    PLUGIN = Plugin(name="tools", workflows=(ToolFlow, LoanFlow, Inspection))


@attrs.frozen
class Shed:
    """A district with one tool."""

    district: District
    place: PlaceId
    keeper: Actor
    neighbour: Actor
    tool: Ref[Tool]

    def borrow(self, days: int = 7, person: Actor | None = None) -> Ref[Loan]:
        """The neighbour borrows it, or somebody else."""
        someone = person or self.neighbour
        given = Borrow(tool=self.tool, purpose=Private("to paint"), days=days)
        order = LoanFlow.borrow.at(self.place, given, person=PersonId(who(someone)))
        return LoanFlow.ref(self.district.perform(order, actor=someone).subject)

    def inspection(self, loan: Ref[Loan]) -> Ref[Sight]:
        """The inspection of a loan that was brought back."""
        return Inspection.ref(next(one.id for one in self.district.tree(loan) if one.kind == "inspection"))


@pytest.fixture
def shed(new_district: Callable[..., District]) -> Shed:
    district = new_district(plugins={"tools": Tools()})
    place = PlaceId(a_place(district, "锦绣花园"))
    keeper, neighbour = somebody(district, "steward", place), somebody(district, None, place)
    act = district.perform(ToolFlow.register.at(place, Tool(name="ladder")), actor=keeper)
    return Shed(district, place, keeper, neighbour, ToolFlow.ref(act.subject))


def test_what_linli_works_out_is_in_the_record_and_in_the_journal_and_what_is_private_in_neither(
    shed: Shed,
) -> None:
    loan = shed.borrow(days=3)
    assert shed.district.subject(loan).record == Loan(tool=shed.tool, days=3, name="for 3 days")
    (act,) = shed.district.history(loan)
    assert act.body["values"] == {
        "tool": str(shed.tool), "days": 3, "name": "for 3 days", "purpose": {"sealed": act.body["values"]["purpose"]["sealed"]},
    }  # fmt: skip


def test_what_linli_works_out_nobody_gives(shed: Shed) -> None:
    values = {"tool": shed.tool, "purpose": "x", "name": "for ever"}
    with pytest.raises(Refused, match="name is worked out by linli; leave it out"):
        shed.district.start("loan", "borrow", shed.place, values, actor=shed.neighbour)
    with pytest.raises(Refused, match="late is worked out by linli; leave it out"):
        shed.district.make(shed.borrow(), "bring_back", {"late": False}, actor=shed.neighbour)


def test_needs_see_what_was_given_private_texts_too_and_all_are_said(shed: Shed) -> None:
    with pytest.raises(Refused, match="31 days are too many"):
        shed.borrow(days=31)
    with pytest.raises(Refused, match="purpose is missing"):
        shed.district.start("loan", "borrow", shed.place, {"tool": shed.tool}, actor=shed.neighbour)


def test_a_record_may_lose_what_it_said_and_the_journal_says_that(shed: Shed) -> None:
    loan = shed.borrow()
    shed.district.perform(LoanFlow.bring_back(loan), actor=shed.neighbour)
    record = shed.district.subject(loan).record
    assert (record.name, record.late) == ("", False)
    back = shed.district.history(loan)[1]
    assert back.body["values"] == {"name": "", "late": False}
    assert shed.district.subject(loan).holder == Seat(role="steward", at=shed.place)


def test_a_part_is_opened_and_inspected_by_its_holder_whom_it_is_not_about_and_the_whole_ends(
    shed: Shed,
) -> None:
    loan = shed.borrow()
    shed.district.perform(LoanFlow.bring_back(loan), actor=shed.neighbour)
    part, found = shed.inspection(loan), Found(condition=Condition.BROKEN, outcome=Condition.BROKEN)
    with pytest.raises(NotAllowed):
        shed.district.perform(Inspection.inspect(part, found), actor=shed.neighbour)
    shed.district.perform(Inspection.inspect(part, found), actor=shed.keeper)
    one, whole = shed.district.subject(part), shed.district.subject(loan)
    assert (one.record.condition, one.outcome, whole.state) == (Condition.BROKEN, "broken", "over")
    shed.borrow()


def test_a_keeper_does_not_inspect_what_they_borrowed_themselves(shed: Shed) -> None:
    loan = shed.borrow(person=shed.keeper)
    shed.district.perform(LoanFlow.bring_back(loan), actor=shed.keeper)
    order = Inspection.inspect(shed.inspection(loan), Found(condition=Condition.GOOD))
    own = Actor(person=shed.keeper.person)
    subject = shed.district.subject(shed.inspection(loan))
    if subject.person == who(shed.keeper):
        with pytest.raises(NotAllowed, match="it is about you"):
            shed.district.perform(order, actor=own)


def test_what_a_move_of_the_whole_bars_its_maker_does_not_do_to_a_part(shed: Shed) -> None:
    loan = shed.borrow()
    shed.district.perform(LoanFlow.bring_back(loan), actor=shed.keeper)
    order = Inspection.inspect(shed.inspection(loan), Found(condition=Condition.GOOD))
    with pytest.raises(NotAllowed, match="already acted in this matter"):
        shed.district.perform(order, actor=shed.keeper)


def test_a_quota_is_held_and_given_back(shed: Shed) -> None:
    shed.borrow()
    with pytest.raises(Refused, match="somebody has it"):
        shed.borrow()


def test_what_is_found_again_goes_back_to_where_it_was_and_its_clock_stood_meanwhile(shed: Shed) -> None:
    loan = shed.borrow()
    shed.district.perform(LoanFlow.lose(loan, Why(reason=Private("gone"))), actor=shed.neighbour)
    assert shed.district.subject(loan).clocks["due"].since is None
    with pytest.raises(NotAllowed):
        shed.district.perform(LoanFlow.replace(loan), actor=shed.neighbour)
    shed.district.perform(LoanFlow.find(loan), actor=shed.neighbour)
    subject = shed.district.subject(loan)
    assert subject.state == "out"
    assert subject.clocks["due"].due is not None


def test_a_callback_knows_the_post_that_a_move_is_made_by(new_district: Callable[..., District]) -> None:
    seen = []

    def look(t: Transition[Tool, object]) -> Refusal | None:
        seen.append(t.seat)
        return None

    class Shelf(Workflow[Tool], name="shelf"):
        move = Moves(Tool)
        there = State("there", ends=True)
        open = move.opening(there, Tool, by=ANYONE | has_post("steward"), needs=[look])

    district = new_district(plugins={"shelves": plugin_of("shelves", Shelf)})
    place = PlaceId(a_place(district, "锦绣花园"))
    for actor in (somebody(district, "steward", place), somebody(district, None, place)):
        district.perform(Shelf.open.at(place, Tool(name="x")), actor=actor)
    assert seen == [Seat(role="steward", at=place), None]


def test_what_every_move_needs_is_said_once(new_district: Callable[..., District]) -> None:
    class NoSaws(Refusal, says="no saws"): ...

    def no_saw(t: Transition[Tool, object]) -> Refusal | None:
        return NoSaws() if t.record.name == "saw" else None

    class Shelf(Workflow[Tool], name="shelf", needs=[no_saw]):
        move = Moves(Tool)
        there = State("there")
        gone = State("gone", ends=True)
        open = move.opening(there, Tool, by=ANYONE)
        rename = move(there.stay(), Tool, by=ANYONE)
        clear = move(there.to(gone), by=ANYONE)

    district = new_district(plugins={"shelves": plugin_of("shelves", Shelf)})
    place = PlaceId(a_place(district, "锦绣花园"))
    actor = somebody(district, None, place)
    shelf = Shelf.ref(district.perform(Shelf.open.at(place, Tool(name="x")), actor=actor).subject)
    for order in (Shelf.open.at(place, Tool(name="saw")), Shelf.rename(shelf, Tool(name="saw"))):
        with pytest.raises(Refused, match="no saws"):
            district.perform(order, actor=actor)
    district.perform(Shelf.clear(shelf), actor=actor)


def test_how_a_subject_ends_can_be_worked_out(new_district: Callable[..., District]) -> None:
    class Shelf(Workflow[Tool], name="shelf"):
        move = Moves(Tool)
        there = State("there")
        gone = State("gone", ends=Condition)
        open = move.opening(there, Tool, by=ANYONE)
        clear = move(
            there.to(gone, lambda t: Condition.BROKEN if t.record.pieces > 1 else Condition.GOOD), by=ANYONE
        )

    district = new_district(plugins={"shelves": plugin_of("shelves", Shelf)})
    place = PlaceId(a_place(district, "锦绣花园"))
    who_acts, ended = somebody(district, None, place), []
    for pieces in (1, 2):
        shelf = district.perform(Shelf.open.at(place, Tool(name="x", pieces=pieces)), actor=who_acts).subject
        act = district.perform(Shelf.clear(Shelf.ref(shelf)), actor=who_acts)
        ended.append((district.subject(shelf).outcome, act.body["values"]["outcome"]))
    assert ended == [("good", "good"), ("broken", "broken")]


def test_a_callback_that_fails_names_the_plugin_and_its_line(new_district: Callable[..., District]) -> None:
    class Broken(Workflow[Tool], name="broken_thing"):
        move = Moves(Tool)
        there = State("there", ends=True)
        open = move.opening(there, Tool, by=ANYONE, needs=[lambda t: 1 / 0])  # type: ignore[list-item,return-value]

    district = new_district(plugins={"broken": plugin_of("broken", Broken)})
    place = PlaceId(a_place(district, "锦绣花园"))
    with pytest.raises(PluginError, match=r"plugin 'broken' failed in .*open.*ZeroDivisionError"):
        district.perform(Broken.open.at(place, Tool(name="x")), actor=somebody(district, None, place))


class Loans(Explorer):
    """Every move of a loan by everybody."""

    def __init__(self, shed: Shed) -> None:
        super().__init__(shed.district, {"keeper": shed.keeper, "neighbour": shed.neighbour})
        self.shed, self.pieces = shed, 0

    def opened(self) -> UUID:
        act = self.district.perform(
            ToolFlow.register.at(self.shed.place, Tool(name="saw", pieces=2)), actor=self.shed.keeper
        )
        given = Borrow(tool=ToolFlow.ref(act.subject), purpose=Private("x"))
        order = LoanFlow.borrow.at(self.shed.place, given, person=PersonId(who(self.shed.neighbour)))
        return self.district.perform(order, actor=self.shed.neighbour).subject


def test_every_sequence_of_moves_by_everybody_keeps_the_rules(shed: Shed) -> None:
    Loans(shed).explore("loan.bring_back", "inspection.inspect", "loan.lose", "loan.find", "loan.replace")


def test_a_callback_knows_where_its_subject_was_opened_when_that_place_is_part_of_another(shed: Shed) -> None:
    loan, garden = shed.borrow(), a_place(shed.district, "幸福里")
    shed.district.register.merge_places(shed.place, garden)
    subject = Subject[Loan](shed.district.subject(loan), LoanFlow)
    assert (subject.place, subject.opened_in) == (garden, shed.place)


def test_a_figure_counts_as_if_a_move_had_been_made_of_which_nothing_was_given() -> None:
    """A file's matter has no act of its own; a rule that asks for what was given reads it back from the act."""

    def pieces(t: Transition[Tool, Tool]) -> Iterable[Count]:
        yield Count(total=t.record.pieces)

    def given(t: Transition[Tool, Tool]) -> Iterable[Count]:
        yield Count(total=t.given.pieces)

    now, number = datetime.now(UTC), uuid4()
    shelf = StoredSubject(
        id=number, root=number, kind="tool", state="there", place=number, compound=number,
        opened_at=now, record=Tool(name="ladder", pieces=3),
    )  # fmt: skip
    act = Act(
        id=number, verb="tool.register", kind="tool", root=number, version=0, subject=number,
        at=now, recorded_at=now, settings="", body={},
    )  # fmt: skip
    told = {**act.body, "values": {"name": "ladder", "pieces": 2}}
    facts: Any = None
    counts = counting_by(ToolFlow.register.count(pieces))
    assert [one.total for one in counts(act, None, shelf, facts)] == [3]
    counts = counting_by(ToolFlow.register.count(given))
    assert [one.total for one in counts(attrs.evolve(act, body=told), None, shelf, facts)] == [2]


def test_a_stock_counts_who_comes_into_its_states_and_takes_back_who_leaves_them(shed: Shed) -> None:
    """By the moves that can do so, and no other; `find` leads back to where a loan came from."""
    not_here = Figure(name="tools.out", help="x", stock=True, on=in_states(LoanFlow.out | LoanFlow.lost))
    lost = Figure(name="tools.lost", help="x", stock=True, on=in_states(LoanFlow.lost))
    assert set(not_here.on) == {"loan.borrow", "loan.bring_back", "loan.find", "loan.replace"}
    assert set(lost.on) == {"loan.lose", "loan.find", "loan.replace"}
    loan, why = shed.borrow(), Why(reason=Private("x"))
    seen: list[StoredSubject | None] = [None, shed.district.subject(loan)]
    for order in (LoanFlow.lose(loan, why), LoanFlow.find(loan), LoanFlow.bring_back(loan)):
        shed.district.perform(order, actor=shed.neighbour)
        seen.append(shed.district.subject(loan))
    acts = [act for act in shed.district.history(loan) if act.kind == "loan"]
    for figure, wanted in ((not_here, [1, 0, 0, -1]), (lost, [0, 1, -1, 0])):
        counts = [
            sum(one.n for one in figure.on.get(act.verb, nothing)(act, before, after))
            for act, before, after in zip(acts, seen, seen[1:], strict=False)
        ]
        assert counts == wanted


def nothing(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    return ()
