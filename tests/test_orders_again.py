"""Orders that come twice, and orders of whoever saw their matter as it is no more."""

import json
import os
import sys
from collections.abc import Callable, Iterable
from itertools import count
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import UUID

import attrs
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from linli import (
    ANYONE,
    OWN,
    Actor,
    DirectAct,
    DirectOrder,
    District,
    Input,
    Moves,
    NoInputs,
    Part,
    PersonId,
    PlaceId,
    Plugin,
    Private,
    State,
    Workflow,
    has_post,
)
from linli._base.errors import Conflict, NotAllowed, Refused
from linli._district.district import open_district
from linli._engine.moves import ActedMeanwhile
from linli._engine.orders import NothingSeenOfIt, OpenOrder, Order, constant
from linli._engine.repeating import KeyUsedOtherwise
from linli._model.acts import Act, new_id
from linli._seeing.changes import ChangedSince
from linli._testing.racing import at_once, wait
from linli.testing import a_place, phone, somebody, who

KEEPER = has_post("steward", "clerk")


@attrs.frozen(kw_only=True)
class Sheet:
    title: str = ""


@attrs.frozen(kw_only=True)
class Written:
    title: Annotated[str, Input("what it is about")]
    words: Annotated[Private | None, Input("what it says")] = None


class NoteFlow(Workflow[Sheet], name="note"):
    move = Moves(Sheet)
    kept = State("kept", visible_to=KEEPER)
    gone = State("gone", ends=True, visible_to=KEEPER)
    keep = move.opening(kept, by=KEEPER)
    drop = move(kept.to(gone), by=KEEPER)


class SheetFlow(Workflow[Sheet], name="sheet"):
    move = Moves(Sheet)
    drafted = State("drafted", visible_to=KEEPER | OWN)
    judged = State("judged", visible_to=KEEPER)
    shown = State("shown", visible_to=ANYONE)
    over = State("over", ends=True, visible_to=ANYONE)
    write = move.opening(drafted, Written, by=ANYONE | KEEPER)
    reword = move(drafted.stay(), Written, by=OWN | KEEPER)
    judge = move(drafted.to(judged), by=KEEPER)
    show = move((drafted | judged).to(shown), by=KEEPER)
    end = move(shown.to(over), by=ANYONE)
    notes = Part(NoteFlow.keep)


SORT = DirectAct("sheet.sort", label="sheet sorted", by=KEEPER)
TAKE = DirectAct("import.sheets", label="sheets taken from a file", by=KEEPER)
PLUGIN = SimpleNamespace(
    PLUGIN=Plugin(name="sheets", workflows=(SheetFlow, NoteFlow), direct_acts=(SORT, TAKE))
)


_NUMBERS = count(1)


@attrs.frozen
class Here:
    district: District
    place: PlaceId
    keeper: Actor
    writer: Actor
    other: Actor

    def write(self, title: str = "x", **more: Any) -> UUID:
        """A sheet of the writer's."""
        order = SheetFlow.write.at(self.place, Written(title=title), person=who(self.writer))
        return self.district.perform(order, actor=self.writer, **more).subject


def _here(district: District) -> Here:
    place = a_place(district, "garden")
    keeper = somebody(district, "steward", place)
    return Here(
        district,
        place,
        keeper,
        *(Actor(person=district.register.person(phone=phone(next(_NUMBERS)), home=place)) for _ in range(2)),
    )


@pytest.fixture
def here(new_district: Callable[..., District]) -> Here:
    return _here(new_district(plugins={"sheets": PLUGIN}))


# --- keys -----------------------------------------------------------------------------------------------


def _write(here: Here, title: str = "x", words: str = "", **more: Any) -> OpenOrder:
    who: Any = more.pop("person", here.writer.person)
    return SheetFlow.write.at(
        here.place, Written(title=title, words=Private(words) if words else None), person=who, **more
    )


def _orders(here: Here, sheet: UUID) -> dict[str, tuple[Order, Actor]]:
    """An order, and others that differ from it in one thing alone."""
    number: Any = sheet
    elsewhere = a_place(here.district, "1", kind="building", parent=here.place)
    second: Any = here.write()
    return {
        "the order": (_write(here), here.keeper),
        "somebody else": (_write(here), here.writer),
        "the console": (_write(here), here.district.console),
        "another input": (_write(here, "y"), here.keeper),
        "other private words": (_write(here, words="z"), here.keeper),
        "another person": (_write(here, person=here.other.person), here.keeper),
        "another place": (attrs.evolve(_write(here), place=elsewhere), here.keeper),
        "a number of its own": (_write(here, id=new_id()), here.keeper),
        "another move": (SheetFlow.reword(number, Written(title="x")), here.keeper),
        "another subject": (SheetFlow.reword(second, Written(title="x")), here.keeper),
        "no move": (DirectOrder(act=SORT, subject=sheet, work=constant()), here.keeper),
        "of something else": (DirectOrder(act=SORT, subject=second, work=constant()), here.keeper),
    }  # fmt: skip


def test_a_key_belongs_to_its_actor_and_its_order(here: Here) -> None:
    orders = _orders(here, here.write())
    used: dict[str, UUID] = {}
    for name, (order, actor) in orders.items():
        if name not in ("no move", "of something else"):  # which nobody may order here
            used[name] = here.district.perform(order, actor=actor, key=new_id()).id
    before = {root: len(here.district.history(root)) for root in _roots(here)}
    for name, key in used.items():
        for other, (order, actor) in orders.items():
            if other == name:
                assert here.district.perform(order, actor=actor, key=key).id == key
            else:
                with pytest.raises(Refused) as refused:
                    here.district.perform(order, actor=actor, key=key)
                assert refused.value.code == "core.key_used", (name, other)
    assert {root: len(here.district.history(root)) for root in _roots(here)} == before


def _roots(here: Here) -> Iterable[UUID]:
    from linli.query import subjects

    return [one.id for one in here.district.ask_unchecked(subjects(SheetFlow))]


def test_two_accounts_of_the_machine_are_two_actors(here: Here) -> None:
    key, order = new_id(), _write(here)
    mine = attrs.evolve(here.district.console, account="ann")
    here.district.perform(order, actor=mine, key=key)
    assert here.district.perform(order, actor=mine, key=key).id == key
    with pytest.raises(Refused) as refused:
        here.district.perform(order, actor=attrs.evolve(mine, account="bob"), key=key)
    assert isinstance(refused.value.reasons[0], KeyUsedOtherwise)


def test_the_number_of_an_act_without_a_key_is_nobodys_key(here: Here) -> None:
    act = here.district.perform(_write(here), actor=here.writer)
    with pytest.raises(Refused) as refused:
        here.district.perform(_write(here), actor=here.writer, key=act.id)
    assert refused.value.code == "core.key_used"


def test_a_key_outlives_the_merging_of_who_used_it(here: Here) -> None:
    assert here.writer.person
    assert here.other.person
    key, order = new_id(), _write(here)
    act = here.district.perform(order, actor=here.writer, key=key)
    judged = here.district.perform(_write(here, person=here.other.person), actor=here.other, key=new_id())
    here.district.register.merge(here.writer.person, here.other.person)
    later = attrs.evolve(order, person=here.other.person)
    for actor in (here.writer, here.other):
        for one in (order, later):
            assert here.district.perform(one, actor=actor, key=key).id == act.id
    # What the other had ordered is theirs by each of their numbers as well.
    assert here.district.perform(order, actor=here.writer, key=judged.id).id == judged.id
    for one, actor in ((_write(here, "y"), here.other), (order, here.keeper)):
        with pytest.raises(Refused) as refused:
            here.district.perform(one, actor=actor, key=key)
        assert refused.value.code == "core.key_used"


def test_a_repeated_order_is_answered_though_it_could_not_be_carried_out_any_more(here: Here) -> None:
    number: Any = here.write()
    key = new_id()
    first = here.district.perform(SheetFlow.judge(number), actor=here.keeper, key=key, version=1)
    here.district.perform(SheetFlow.show(number), actor=here.keeper)
    here.district.perform(SheetFlow.end(number), actor=here.keeper)
    for version in (1, 2, None):
        again = here.district.perform(SheetFlow.judge(number), actor=here.keeper, key=key, version=version)
        assert (again.id, again.version) == (first.id, first.version)


def test_a_chunk_of_an_import_is_the_same_by_its_rows(here: Here) -> None:
    def chunk(first: int, last: int, run: UUID) -> DirectOrder:
        return DirectOrder(
            act=TAKE,
            subject=run,
            work=constant({"rows": last - first + 1}),
            place=here.place,
            says={"rows": [first, last]},
        )

    key, run = new_id(), new_id()
    first = here.district.perform(chunk(1, 500, run), key=key)
    assert here.district.perform(chunk(1, 500, run), key=key).id == first.id
    for other in (chunk(501, 900, run), chunk(1, 500, new_id())):
        with pytest.raises(Refused) as refused:
            here.district.perform(other, key=key)
        assert refused.value.code == "core.key_used"
    assert len(here.district.history(run)) == 1


def _race(folder: str, place: str, person: str, key: str) -> None:
    with open_district(folder, plugins={"sheets": PLUGIN}) as district:
        writer = PersonId(UUID(person))
        order = SheetFlow.write.at(PlaceId(UUID(place)), Written(title="x"), person=writer)
        wait()
        for _ in range(3):
            print(
                district.perform(order, actor=Actor(person=UUID(person)), key=UUID(key)).subject, flush=True
            )


def test_processes_that_use_a_key_at_once_get_one_answer(here: Here) -> None:
    command = [
        __file__,
        here.district.configuration.folder,
        here.place,
        here.writer.person,
        new_id(),
    ]
    printed = at_once(command, command, command)
    answers = {line for lines in printed for line in lines}
    assert len(answers) == 1
    assert [str(one) for one in _roots(here)] == list(answers)


# --- versions --------------------------------------------------------------------------------------------


def _late(here: Here, order: Order, actor: Actor, version: int) -> Any:
    with pytest.raises(Conflict) as refused:
        here.district.perform(order, actor=actor, version=version)
    assert refused.value.code == "core.changed_meanwhile"
    return refused.value.reasons[0]


def test_who_saw_the_newest_version_may_act_and_gets_the_next_one(here: Here) -> None:
    number: Any = here.write()
    act = here.district.perform(SheetFlow.judge(number), actor=here.keeper, version=1)
    assert act.version == here.district.version(number) == 2


def test_an_older_version_is_refused_with_what_changed(here: Here) -> None:
    number: Any = here.write()
    here.district.perform(SheetFlow.reword(number, Written(title="y")), actor=here.writer)
    here.district.perform(SheetFlow.judge(number), actor=here.keeper)
    reason = _late(here, SheetFlow.show(number), here.keeper, 1)
    assert isinstance(reason, ChangedSince)
    assert (
        str(reason) == "since you saw it: sheet · reword, sheet · judge (drafted → judged); look at it again"
    )
    assert (reason.seen, reason.version, reason.matter) == (1, 3, number)
    assert reason.acts == (
        {"version": 2, "verb": "sheet.reword", "from": "drafted", "to": "drafted"},
        {"version": 3, "verb": "sheet.judge", "from": "drafted", "to": "judged"},
    )
    assert "'y'" not in repr(reason)


def test_what_somebody_may_not_see_is_not_told(here: Here) -> None:
    """Others may not see a sheet while it is judged, nor the notes of it at any time."""
    number: Any = here.write()
    here.district.perform(SheetFlow.judge(number), actor=here.keeper)
    here.district.perform(SheetFlow.show(number), actor=here.keeper)
    note = NoteFlow.keep.at(here.place, NoInputs(), parent=number, key="1")
    here.district.perform(note, actor=here.keeper)
    theirs = _late(here, SheetFlow.end(number), here.other, 1)
    assert type(theirs) is ActedMeanwhile
    assert (theirs.seen, theirs.version) == (1, 4)
    here.district.perform(SheetFlow.end(number), actor=here.other)
    assert _late(here, SheetFlow.end(number), here.other, 1).acts == (
        {"version": 5, "verb": "sheet.end", "from": "shown", "to": "over"},
    )
    seen = _late(here, SheetFlow.end(number), here.keeper, 1)
    assert [one["verb"] for one in seen.acts] == ["sheet.judge", "sheet.show", "note.keep", "sheet.end"]


def test_a_stranger_is_not_told_that_somebody_acted(here: Here) -> None:
    number: Any = here.write()
    here.district.perform(SheetFlow.judge(number), actor=here.keeper)
    for version in (1, 2):
        with pytest.raises(NotAllowed):
            here.district.perform(SheetFlow.show(number), actor=here.other, version=version)


def test_a_part_is_opened_in_the_matter_that_somebody_saw(here: Here) -> None:
    number: Any = here.write()
    note = NoteFlow.keep.at(here.place, NoInputs(), parent=number, key="1")
    here.district.perform(SheetFlow.judge(number), actor=here.keeper)
    assert _late(here, note, here.keeper, 1).acts[0]["verb"] == "sheet.judge"
    act = here.district.perform(note, actor=here.keeper, version=2)
    part: Any = act.subject
    assert here.district.version(act.subject) == here.district.version(number) == 3
    assert _late(here, NoteFlow.drop(part), here.keeper, 2).version == 3


def test_what_begins_has_no_version_to_see(here: Here) -> None:
    plain = DirectOrder(act=SORT, subject=new_id(), work=constant(), fresh=True)
    for order in (_write(here), plain):
        with pytest.raises(Refused) as refused:
            here.district.perform(order, actor=here.keeper, version=1)
        assert isinstance(refused.value.reasons[0], NothingSeenOfIt)


def test_what_is_no_workflow_has_versions_too(here: Here) -> None:
    run = new_id()

    def order() -> DirectOrder:
        return DirectOrder(act=TAKE, subject=run, work=constant(), place=here.place)

    here.district.perform(order())
    here.district.perform(order(), version=1)
    late = _late(here, order(), here.district.console, 1)
    assert (late.matter, late.seen, late.version) == (run, 1, 2)


def test_commands_tell_the_version_and_take_it_back(
    new_district: Callable[..., District], command: Any
) -> None:
    district = new_district()
    folder = district.configuration.folder
    place = str(a_place(district, "garden"))

    def run(*words: str) -> Any:
        return command(*words, "--json", folder=folder)

    opened = json.loads(
        run("request", "submit", "--place", place, "--category", "general", "--text", "灯坏了").out
    )
    assert opened["version"] == 1
    number, key = opened["id"], str(new_id())
    accept = ("request", "accept", number, "--version", "1", "--key", key)
    first = json.loads(run(*accept).out)
    assert json.loads(run(*accept).out)["act"] == first["act"] == key
    shown = json.loads(run("request", "show", number).out)
    assert shown["version"] == first["version"] == len(shown["history"])
    late = run("request", "withdraw", number, "--reason", "x", "--version", "1")
    refused = json.loads(late.err)["refused"]
    assert (late.code, refused["code"]) == (1, "core.changed_meanwhile")
    (reason,) = refused["reasons"]
    assert reason["values"]["version"] == shown["version"]
    assert reason["values"]["acts"][0] == {
        "version": 2,
        "verb": "request.accept",
        "from": "submitted",
        "to": "accepted",
    }
    used = run("request", "accept", number, "--key", opened["act"])
    assert json.loads(used.err)["refused"]["code"] == "core.key_used"


# --- all of it in any order ---------------------------------------------------------------------------------

KEYS = 3


@attrs.frozen
class Used:
    """What a key was used for."""

    who: str
    what: str
    sheet: UUID
    act: Act | None = None


class Machine(RuleBasedStateMachine):
    """Three people who reword two sheets by three keys, of whatever version; two of them are one later."""

    district: District

    @initialize()
    def begin(self) -> None:
        self.here = _here(self.district)
        self.sheets: list[Any] = [self.here.write(), self.here.write()]
        self.keys = [new_id() for _ in range(KEYS)]
        self.used: dict[UUID, Used] = {}
        self.merged = False

    def _expected(self, order: Used, key: UUID, late: bool) -> str:
        """The code of the refusal; "" where it is carried out, or was."""
        used = self.used.get(key)
        if used:
            people = {"writer", "other"} if self.merged else set()
            same = used.who == order.who or {used.who, order.who} <= people
            return "" if same and (used.what, used.sheet) == (order.what, order.sheet) else "core.key_used"
        if order.who == "other" and not self.merged:
            return "core.not_permitted"
        return "core.changed_meanwhile" if late else ""

    @rule(
        who=st.sampled_from(["writer", "other", "keeper"]),
        what=st.sampled_from(["a", "b"]),
        sheet=st.integers(0, 1),
        key=st.integers(0, KEYS - 1),
        behind=st.sampled_from([0, 0, 1, None]),
    )
    def order(self, who: str, what: str, sheet: int, key: int, behind: int | None) -> None:
        ident, number = self.keys[key], self.sheets[sheet]
        now = self.district.version(number)
        made = Used(who, what, number)
        expected = self._expected(made, ident, late=behind == 1)
        order, actor = SheetFlow.reword(number, Written(title=what)), getattr(self.here, who)
        version = None if behind is None else now - behind
        code, act = _tried(lambda: self.district.perform(order, actor=actor, key=ident, version=version))
        assert code == expected
        new = not code and ident not in self.used
        assert self.district.version(number) == now + new
        if act:
            known = self.used.setdefault(ident, attrs.evolve(made, act=act))
            assert known.act
            assert known.act.id == act.id

    @precondition(lambda self: not self.merged and len(self.used) > 1)
    @rule()
    def merge(self) -> None:
        assert self.here.writer.person
        assert self.here.other.person
        self.district.register.merge(self.here.writer.person, self.here.other.person)
        self.merged = True

    @invariant()
    def each_key_is_one_act(self) -> None:
        for ident, used in getattr(self, "used", {}).items():
            assert [one.id for one in self.district.history(used.sheet)].count(ident) == 1


def _tried(perform: Callable[[], Act]) -> tuple[str, Act | None]:
    try:
        return "", perform()
    except Refused as refused:
        return refused.code, None


def test_keys_and_versions_hold_in_whatever_order_they_are_used(
    new_district: Callable[..., District],
) -> None:
    Machine.district = new_district(plugins={"sheets": PLUGIN})
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=60 if os.environ.get("LINLI_SLOW") else 12,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


if __name__ == "__main__":
    _race(*sys.argv[1:])
