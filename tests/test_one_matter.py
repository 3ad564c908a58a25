"""Who acted in a matter does not check it in its gate, nor the other way; and values that nothing keeps."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from uuid import UUID

import attrs
import pytest
from sqlalchemy import inspect, text

from linli import (
    ANYONE,
    Act,
    Actor,
    Ask,
    District,
    Facts,
    Manifest,
    Move,
    Part,
    PartKey,
    State,
    Subject,
    Workflow,
    hookimpl,
)
from linli.errors import LinliError, NotAllowed, Refused
from linli.i18n import Text, say
from linli.testing import a_place, somebody

WORD = "不可留存的话"


@attrs.frozen(kw_only=True)
class Gated:
    """What is kept of a gate, and of what waits for it."""

    matter: UUID | None = None
    gate: UUID | None = None
    length: int | None = None


def _one(subject: Subject, facts: Facts) -> tuple[PartKey, ...]:
    return (PartKey(key="one"),)


def _hears(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    said = str(values.get("word", ""))
    facts.hear(subject.id, "word", said)
    return {"length": len(said)}


def _not_empty(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if facts.said(subject.id, "word") else say("say a word")


OPINION = Workflow(
    name="view",
    label="view",
    record=Gated,
    states=(State("asked"), State("given", ends=("given",))),
    moves=(
        Move(name="ask", sources=(), to="asked"),
        Move(name="give", sources=("asked",), to="given", by=ANYONE),
    ),
)
MATTER = Workflow(
    name="plan",
    label="plan",
    record=Gated,
    one_with=("gate",),
    states=(State("proposed"), State("reviewed"), State("filed", ends=("filed",))),
    moves=(
        Move(name="propose", sources=(), to="proposed", by=ANYONE),
        Move(name="review", sources=("proposed",), to="reviewed", by=ANYONE),
        Move(name="pass", sources=("reviewed",), to=None, by=ANYONE, asks=(Ask(name="gate", type=UUID),)),
        Move(name="file", sources=("reviewed",), to="filed", by=ANYONE, apart_from=("tally.count",)),
    ),
    parts=(Part(name="view", workflow="view", start="ask", opens_in="reviewed", one_per=_one),),
)
APART = ("plan.propose", "view.give")
GATE = Workflow(
    name="tally",
    label="tally",
    record=Gated,
    one_with=("matter",),
    states=(State("open"), State("counted", ends=("counted",))),
    moves=(
        Move(
            name="begin",
            sources=(),
            to="open",
            by=ANYONE,
            asks=(Ask(name="matter", type=UUID, required=False),),
            apart_from=APART,
        ),
        Move(name="count", sources=("open",), to="counted", by=ANYONE, apart_from=APART),
    ),
)
SLIP = Workflow(
    name="slip",
    label="slip",
    record=Gated,
    one_with=("gate",),
    states=(State("in", ends=("in",)),),
    moves=(
        Move(
            name="put",
            sources=(),
            to="in",
            by=ANYONE,
            fills=(_hears,),
            asks=(
                Ask(name="gate", type=UUID, required=False),
                Ask(name="word", kept=False, longest=20),
                Ask(name="length", type=int, computed=True),
            ),
            checks=(_not_empty,),
            apart_from=APART,
        ),
    ),
)


def _plugin() -> SimpleNamespace:
    @hookimpl
    def describe() -> Manifest:
        return Manifest(name="toy", workflows=(MATTER, OPINION, GATE, SLIP))

    return SimpleNamespace(describe=describe)


@pytest.fixture
def toy(new_district: Callable[..., District]) -> District:
    return new_district(enabled=("toy",), plugins={"toy": _plugin()})


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
    with pytest.raises(LinliError, match="one_with names owner, which its record has not"):
        attrs.evolve(GATE, one_with=("owner",))
