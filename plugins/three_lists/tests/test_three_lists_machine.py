"""Every move of a request and all its parts, by everybody, in every order; and two who race."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import strategies as st

import linli
from linli import ENGINE_ACTOR, Actor, District, Refused, StoredSubject
from linli._engine.orders import Overdue
from linli._model.compiled import Move
from linli.testing import Explorer, Tried, all_of, an_organisation, race
from linli_three_lists.api import Needs
from linli_three_lists.evidence import file_of
from linli_three_lists.testing import SOON, Town, who
from linli_three_lists.testing import town as make_town
from linli_three_lists.testing.pictures import picture
from linli_three_lists.whistles import whistle_of

NewDistrict = Callable[..., District]


def _whistling(new_district: NewDistrict) -> Town:
    return make_town(new_district, SOON, enabled=("meetings",))


_WAY = (("finish", "manager"), ("confirm", "clerk"), ("close", "clerk"), ("reopen", "resident"))
_VALUES = {"finish": {"result": "x"}, "close": {"feedback": "x"}, "reopen": {"reason": "x"}}


class Loop(Explorer):
    """A late request about the steward, with a proposed whistle, a picture, and a task, somewhere on its way."""

    examples = 8
    steps = 12

    def __init__(self, town: Town, stage: int = 0) -> None:
        # Those alone who can do something or must not, so that the sequences go somewhere.
        names = ("clerk", "resident", "manager", "officer", "steward", "stranger")
        actors = {name: town.actors[name] for name in names}
        self.department = an_organisation(town.district, "department", town.street)
        places = [town.place, town.street, self.department]
        super().__init__(town.district, {**actors, "linli": ENGINE_ACTOR}, places)
        self.town = town
        self.stage = stage

    def chosen(self, tree: list[StoredSubject], data: st.DataObject) -> tuple[StoredSubject, Move, str]:
        """The request and its parts, and the whistle that is proposed for it with its own."""
        whistles = self._tree(whistle_of(tree[0].id, "handling"))
        subject, move, actor = super().chosen([*tree, *whistles], data)
        if whistles[0].state == "proposed" and data.draw(st.integers(0, 7), label="blow") == 0:
            return whistles[0], self.district.rules.workflow("whistle").by_move["take_up"], "officer"
        tasks = [one for one in tree if one.kind == "task" and one.state in ("open", "taken")]
        if tasks and data.draw(st.integers(0, 5), label="settle") == 0:
            return tasks[0], self.district.rules.workflow("task").by_move["finish"], "manager"
        return subject, move, actor

    def opened(self) -> UUID:
        town = self.town
        request = town.dispatched("水管漏水", "漏水", about=who(town.steward))
        town.needs.add_evidence(request, picture("png"), actor=town.resident)
        clock = town.district.subject(request).clocks["handling"]
        late = Overdue(subject=request, clock="handling", turn=clock.turn)
        town.district.perform(late, actor=ENGINE_ACTOR, at=clock.due)
        # What the journal says last of each subject must be where it stands; of being late it says no state.
        task = town.task(request).id
        town.make(task, "read", town.clerk, reason="核实")
        town.make(request, "read", town.clerk, reason="核实")
        assert {one.kind for one in town.district.tree(request)} == {"request", "task", "evidence"}
        assert town.district.subject(whistle_of(request, "handling")).state == "proposed"
        for move, actor in _WAY[: self.stage]:
            subject = task if move in ("finish", "confirm") else request
            town.make(subject, move, town.actors[actor], **_VALUES.get(move, {}))
        return request

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        at = {"dispatch": self.town.company, "route": self.town.company, "offer": self.town.place}
        role = {"offer": "steward"}.get(move.name, "property_manager")
        given: dict[str, st.SearchStrategy[Any]] = {
            "service": st.just("water"),
            "role": st.just(role),
            "rule": st.none(),
            "rating": st.integers(1, 5),
            "departments": st.sampled_from([(), (self.department,)]),
        }
        return given | ({"at": st.just(at[move.name])} if move.name in at else {})

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        acts = [one for one in tried if one.act]
        for one in acts:
            assert one.actor not in ("stranger", "steward"), f"{one.actor} did {one.move.name}"
            if one.move.name in ("confirm", "rate") and one.actor == "manager":
                pytest.fail(f"who did it did {one.move.name}")
        for subject in self.district.tree(root):
            self._held(subject)
        whistle = whistle_of(root, "handling")
        self._sound(whistle)
        for subject in self.district.tree(whistle):
            assert subject.record.about == who(self.town.steward)
        states = [one.state for one in all_of(self.district, "whistle") if one.record.request == root]
        assert len(states) == 1
        if self.district.subject(root).state in ("closed", "withdrawn", "resolved"):
            assert states != ["proposed"]
        history = [act.verb for act in self.district.history(root)]
        # Merging has no feedback of its own: the one that goes on has it.
        closings = [verb for verb in history if verb in ("request.close", "request.decline", "request.merge")]
        assert 0 <= len(closings) - history.count("request.reopen") <= 1
        assert history.count("request.rate") <= len(closings)
        assert history.count("request.urge") + history.count("task.urge") <= 2

    def _held(self, subject: StoredSubject) -> None:
        if subject.kind == "evidence":
            file = self.district.ask_unchecked(file_of(subject.id))
            assert bool(file) == (subject.state == "kept"), "a file is there as long as its evidence is"
        if subject.kind in ("task", "evidence"):
            assert subject.record.about == who(self.town.steward)
        if subject.kind == "task" and subject.holder:
            assert subject.holder.role != "steward", "it went to whom it is about"


def test_every_sequence_of_moves_by_everybody_keeps_the_rules(new_district: Callable[..., District]) -> None:
    # A town for each, since what the ones before it left behind is compared at every step.
    tried = [one for stage in range(len(_WAY) + 1) for one in Loop(_whistling(new_district), stage).explore()]
    reached = {one.act.verb for one in tried if one.act}
    assert {"task.finish", "evidence.read", "evidence.remove", "whistle.take_up"} <= reached
    assert len(reached) >= 8, "the exploration went somewhere"
    assert {one.actor for one in tried if one.refusal} >= {"stranger", "steward", "linli"}


MOVES = {"evidence": ("read", "remove"), "whistle": ("take_up", "dismiss", "lapse", "read")}
ALLOWED = {
    *(("evidence.read", name) for name in ("clerk", "colleague", "resident", "manager")),
    *(("evidence.remove", name) for name in ("clerk", "colleague", "resident")),
    *((f"whistle.{move}", "officer") for move in ("take_up", "dismiss", "read")),
    ("whistle.lapse", "linli"),
}


def test_each_move_of_our_own_and_of_the_whistle_is_made_by_whom_it_is_for(new_district: NewDistrict) -> None:
    town = _whistling(new_district)
    loop = Loop(town)
    for name, actor in {**town.actors, "linli": ENGINE_ACTOR}.items():
        parts: dict[str, UUID] = {}
        for kind, move in [(kind, move) for kind, moves in MOVES.items() for move in moves]:
            parts = parts or _evidence_and_whistle(loop)
            values = {"departments": (loop.department,)} if move == "take_up" else {"reason": "x"}
            try:
                town.district.make(parts[kind], move, {} if move == "lapse" else values, actor=actor)
            except Refused:
                happened = False
            else:
                happened, parts = True, {}
            assert happened == ((f"{kind}.{move}", name) in ALLOWED), (kind, move, name)


def _evidence_and_whistle(loop: Loop) -> dict[str, UUID]:
    root = loop.opened()
    (evidence,) = [one.id for one in loop.district.tree(root) if one.kind == "evidence"]
    return {"evidence": evidence, "whistle": whistle_of(root, "handling")}


# --- racing ------------------------------------------------------------------------------------------


@attrs.frozen
class Race:
    """Two districts of one folder, each in a thread of its own, let go at one moment."""

    town: Town

    def run(self, *works: Callable[[District], object]) -> list[str]:
        """What each came to: "" or why it was refused."""
        barrier = Barrier(len(works))

        def one(work: Callable[[District], object]) -> str:
            with linli.open(self.town.district.configuration.folder, clock=self.town.clock) as district:
                barrier.wait()
                try:
                    work(district)
                except Refused as refusal:
                    return str(refusal)
            return ""

        with ThreadPoolExecutor(len(works)) as pool:
            return list(pool.map(one, works))


def _adds(request: UUID, number: int, actor: Actor) -> Callable[[District], object]:
    data = picture("png", size=(8 + number, 8))
    return lambda district: Needs(district).add_evidence(request, data, actor=actor)


def _urges(request: UUID, actor: Actor) -> Callable[[District], object]:
    return lambda district: district.make(request, "urge", actor=actor)


def test_of_four_who_add_the_last_two_files_at_once_two_do(new_district: Callable[..., District]) -> None:
    town = make_town(new_district, "\n[three_lists]\nevidence_most = 2\n")
    for _ in range(3):
        request = town.submit()
        answers = Race(town).run(*(_adds(request, number, town.clerk) for number in range(4)))
        assert sorted(bool(answer) for answer in answers) == [False, False, True, True], answers
        assert len(town.needs.evidence(request)) == 2


def test_of_two_processes_that_merge_two_requests_into_each_other_one_does(town: Town) -> None:
    first, second = town.submit(), town.submit()
    came_to = race(
        town.district,
        [(town.clerk, first, "merge", {"duplicate_of": str(second)})],
        [(town.colleague, second, "merge", {"duplicate_of": str(first)})],
    )
    assert sorted(one == ["made"] for one in came_to) == [False, True], came_to
    ended = [town.district.subject(one).ended_at is not None for one in (first, second)]
    assert sorted(ended) == [False, True]


def test_of_two_who_urge_for_the_last_time_today_one_does(new_district: Callable[..., District]) -> None:
    town = make_town(new_district, "\n[three_lists]\nurges_a_day = 1\n")
    for _ in range(3):
        request = town.submit()
        answers = Race(town).run(_urges(request, town.resident), _urges(request, town.resident))
        assert sorted(bool(answer) for answer in answers) == [False, True], answers


def test_of_an_acceptance_and_a_refusal_of_not_ours_at_once_one_holds(
    new_district: Callable[..., District],
) -> None:
    town = make_town(new_district)
    for _ in range(3):
        request = town.dispatched()
        task = town.task(request).id
        town.make(task, "offer", town.manager, role="steward", at=town.place, reason="不归我们管")
        offer = next(one.id for one in town.district.tree(request) if one.kind == "offer")

        def answer(district: District, move: str, offer: UUID = offer) -> object:
            values = {"reason": "也不归我"} if move == "refuse" else {}
            return district.make(offer, move, values, actor=town.steward)

        answers = Race(town).run(partial(answer, move="accept"), partial(answer, move="refuse"))
        assert sorted(bool(one) for one in answers) == [False, True], answers
        holder = town.district.subject(task).holder
        assert holder
        assert holder.role == ("steward" if answers[0] == "" else "property_manager")
