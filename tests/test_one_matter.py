"""Who acted in a matter does not check it in its gate, nor the other way; and values that nothing keeps."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

import attrs
import pytest
from sqlalchemy import inspect, text

from linli import (
    ANYONE,
    Actor,
    Context,
    District,
    Input,
    Moves,
    NoInputs,
    Part,
    PartKey,
    State,
    Transition,
    Workflow,
)
from linli._base.errors import LinliError, NotAllowed, Refused
from linli._base.refusals import Refusal
from linli._model.compiling import compiled
from linli.testing import a_place, plugin_of, somebody

WORD = "不可留存的话"


@attrs.frozen(kw_only=True)
class Gated:
    """What is kept of a gate, and of what waits for it."""

    matter: UUID | None = None
    gate: UUID | None = None
    length: int | None = None


@attrs.frozen(kw_only=True)
class Passed:
    """What lets a matter pass."""

    gate: UUID


@attrs.frozen(kw_only=True)
class About:
    """The matter that a gate is of."""

    matter: UUID | None = None


@attrs.frozen(kw_only=True)
class Word:
    """A slip for a gate, and a word that nobody keeps."""

    gate: UUID | None = None
    word: Annotated[str, Input(longest=20, kept=False)]


def _one(ctx: Context[Gated]) -> tuple[PartKey[NoInputs], ...]:
    return (PartKey(key="one", given=NoInputs()),)


def _hears(t: Transition[None, Word]) -> Gated:
    t.facts.hear(t.subject.id, "word", t.given.word)
    return Gated(gate=t.given.gate, length=len(t.given.word))


class WordNotSaid(Refusal, says="say a word"): ...


def _not_empty(t: Transition[Gated, Word]) -> Refusal | None:
    return None if t.facts.said(t.subject.id, "word") == t.given.word else WordNotSaid()


class OpinionFlow(Workflow[Gated], name="view"):
    move = Moves(Gated)
    asked = State()
    given = State(ends=True)
    ask = move.opening(asked)
    give = move(asked.to(given), by=ANYONE)


class MatterFlow(Workflow[Gated], name="plan", one_with=("gate",)):
    move = Moves(Gated)
    proposed = State()
    reviewed = State()
    filed = State(ends=True)
    view = Part(OpinionFlow.ask, in_=reviewed, one_per=_one)
    propose = move.opening(proposed, by=ANYONE)
    review = move(proposed.to(reviewed), by=ANYONE)
    pass_ = move(reviewed.stay(), Passed, by=ANYONE)
    file = move(reviewed.to(filed), by=ANYONE)


APART = (MatterFlow.propose, OpinionFlow.give)


class GateFlow(Workflow[Gated], name="tally", one_with=("matter",)):
    move = Moves(Gated)
    open = State()
    counted = State(ends=True)
    begin = move.opening(open, About, by=ANYONE, not_by=APART)
    count = move(open.to(counted), by=ANYONE, not_by=APART, bars=[MatterFlow.file])


class SlipFlow(Workflow[Gated], name="slip", one_with=("gate",)):
    move = Moves(Gated)
    in_ = State(ends=True)
    put = move.opening(in_, Word, by=ANYONE, record=_hears, needs=[_not_empty], not_by=APART)


@pytest.fixture
def toy(new_district: Callable[..., District]) -> District:
    return new_district(
        enabled=("toy",), plugins={"toy": plugin_of("toy", MatterFlow, OpinionFlow, GateFlow, SlipFlow)}
    )


def test_who_acted_in_a_matter_or_in_a_part_of_it_does_not_act_in_its_gate(toy: District) -> None:
    place = a_place(toy, "锦绣花园")
    proposer, viewer, other = (somebody(toy, None, place) for _ in range(3))
    matter = toy.start("plan", "propose", place, actor=proposer).subject
    toy.make(matter, "review", actor=other)
    view = next(one.id for one in toy.tree(matter) if one.kind == "view")
    toy.make(view, "give", actor=viewer)
    for actor in (proposer, viewer):
        with pytest.raises(NotAllowed, match="already acted in this matter"):
            toy.start("tally", "begin", place, {"matter": matter}, actor=actor)
        toy.start("tally", "begin", place, actor=actor)
    gate = toy.start("tally", "begin", place, {"matter": matter}, actor=other).subject
    for actor in (proposer, viewer):
        with pytest.raises(NotAllowed, match="already acted in this matter"):
            toy.make(gate, "count", actor=actor)
        with pytest.raises(NotAllowed, match="already acted in this matter"):
            toy.start("slip", "put", place, {"gate": gate, "word": WORD}, actor=actor)
    toy.make(gate, "count", actor=other)


def test_who_acted_in_the_gate_does_not_check_the_matter_that_it_let_pass(toy: District) -> None:
    place = a_place(toy, "锦绣花园")
    counter, other = somebody(toy, None, place), somebody(toy, None, place)
    matter = toy.start("plan", "propose", place, actor=other).subject
    toy.make(matter, "review", actor=other)
    gate = toy.start("tally", "begin", place, {"matter": matter}, actor=counter).subject
    toy.make(gate, "count", actor=counter)
    toy.make(matter, "pass", {"gate": gate}, actor=other)
    with pytest.raises(NotAllowed, match="already acted in this matter"):
        toy.make(matter, "file", actor=counter)
    toy.make(matter, "file", actor=other)


def test_a_record_that_was_merged_into_another_is_the_same_person_in_the_gate(toy: District) -> None:
    place, register = a_place(toy, "锦绣花园"), toy.register
    double, stays = (
        register.person(name=name, phone=phone)
        for name, phone in (("张三", "13800000001"), ("张三丰", "13800000002"))
    )
    matter = toy.start("plan", "propose", place, actor=Actor(person=double)).subject
    gate = toy.start("tally", "begin", place, {"matter": matter}, actor=somebody(toy, None, place)).subject
    register.merge(double, stays)
    with pytest.raises(NotAllowed, match="already acted in this matter"):
        toy.make(gate, "count", actor=Actor(person=stays))


def test_what_is_not_to_be_kept_is_heard_by_the_move_and_is_nowhere_afterwards(toy: District) -> None:
    place = a_place(toy, "锦绣花园")
    slip = toy.start("slip", "put", place, {"word": WORD}, actor=somebody(toy, None, place))
    assert toy.subject(slip.subject).record.length == len(WORD), "the move worked with it"
    assert "word" not in slip.body["values"], "nor a commitment to it"
    commit = toy.rules.vault.keyring.commit
    made = {commit(WORD, f"{slip.id} word"), commit(WORD, "word")}
    with toy.store.reading() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608
                assert not any(one in repr(row) for one in (WORD, *made)), table
    with pytest.raises(Refused, match="word is missing"):
        toy.start("slip", "put", place, actor=somebody(toy, None, place))
    with pytest.raises(Refused, match="longer than 20") as refusal:
        toy.start("slip", "put", place, {"word": WORD * 10}, actor=somebody(toy, None, place))
    assert WORD not in str(refusal.value)


def test_what_a_workflow_is_one_with_is_a_field_of_its_record() -> None:
    class Owned(Workflow[Gated], name="owned", one_with=("owner",)):
        move = Moves(Gated)
        open = State(ends=True)
        begin = move.opening(open, by=ANYONE)

    with pytest.raises(LinliError, match="one_with names owner, which Gated has not"):
        compiled(Owned)
