"""Requests with tasks in every state: whatever is done, in any order, by anybody, what the domain says of them holds."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs
from hypothesis import strategies as st
from sqlalchemy import func, select

from linli._base.errors import NotAllowed
from linli._district.district import District
from linli._model.access import Actor
from linli._model.compiled import Move
from linli._model.deadlines import spent_since
from linli._model.subjects import StoredSubject
from linli._store import Write
from linli._store import tables as t
from linli._store.statements import insert_into
from linli.testing import Explorer, Tried, a_place, an_organisation, somebody, who

CATALOGUE = """
[[dispatch.services]]
code = "leak"
name = "漏水"
categories = ["漏水"]

[[dispatch.services]]
code = "burst"
name = "爆管抢修"
categories = ["爆管"]
urgent = true
time = "30min"
holder = "duty"
"""
STATES = ("open", "taken", "offered", "returned", "done")
WAITING = ("task", "offer", "handover")


@attrs.define
class Clock:
    now: datetime = datetime(2026, 3, 2, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Requests(Explorer):
    """A complaint about a clerk with a task in each state, and everybody who may or must not do something with it."""

    examples = 20
    steps = 14

    def __init__(self, district: District, clock: Clock) -> None:
        street = a_place(district, "城北街道", kind="street")
        self.place = a_place(district, "锦绣花园", parent=street, path=f"{street.hex}/")
        self.other = a_place(district, "幸福里", parent=street, path=f"{street.hex}/")
        self.company = an_organisation(district, "property_company", self.place)
        self.street, self.clock = street, clock
        actors = {
            "clerk": somebody(district, "clerk", self.place),
            "steward": somebody(district, "steward", self.place),
            "second": somebody(district, "steward", self.other),
            "third": somebody(district, "steward", street),
            "duty": somebody(district, "duty", self.place),
            "resident": somebody(district, None, self.place),
            "accused": somebody(district, "clerk", self.place),
            "merged": somebody(district, "property_manager", self.place, at=self.company),
        }
        super().__init__(district, actors, [self.place, self.other, street, self.company])
        self.merged, self.small = False, False
        self.last: Mapping[UUID, tuple[Any, ...]] = {}
        self.paused: dict[UUID, Mapping[UUID, tuple[Any, ...]]] = {}

    def opened(self) -> UUID:
        district, clerk = self.district, self.actors["clerk"]
        request = district.dispatch.submit(
            self.place, "漏水", "厨房漏水", reporter=who(self.actors["resident"]), about=who(self.actors["accused"]),
            actor=clerk,
        ).subject  # fmt: skip

        def make(subject: UUID, move: str, by: str = "clerk", **values: Any) -> None:
            district.make(subject, move, values, actor=self.actors[by])

        make(request, "accept")
        make(request, "dispatch")
        if self.small:
            make(district.dispatch.open_task(request).id, "finish", "steward", result="好了")
            self.last = self._standing(district.tree(request))
            return request
        for at, role in (
            (self.other, "steward"),
            (self.street, "steward"),
            (self.place, "duty"),
            (self.other, "duty"),
        ):
            make(request, "dispatch", role=role, at=at)
        _, taken, offered, returned, done = district.dispatch.tasks(request)
        make(taken.id, "take", "second")
        make(offered.id, "offer", "third", role="steward", at=self.other, reason="归隔壁")
        make(returned.id, "give_back", "duty", reason="不归我")
        make(done.id, "finish", "duty", result="好了")
        assert [one.state for one in district.dispatch.tasks(request)] == list(STATES)
        self.last = self._standing(district.tree(request))
        return request

    def chosen(self, tree: list[StoredSubject], data: st.DataObject) -> tuple[StoredSubject, Move, str]:
        """What time and merging do in between; and every other time what comes next, so that sequences go somewhere."""
        self.clock.now += timedelta(minutes=data.draw(st.integers(0, 600), label="minutes"))
        if not self.merged and data.draw(st.integers(0, 9), label="merge") == 0:
            self._merge_the_accused()
        subject, move, actor = super().chosen(tree, data)
        if data.draw(st.booleans(), label="go on"):
            return self._next(tree, data) or (subject, move, actor)
        return subject, move, actor

    def _next(self, tree: list[StoredSubject], data: st.DataObject) -> tuple[StoredSubject, Move, str] | None:
        ways = {
            "accepted": ("dispatch", "pause", "decline", "withdraw"),
            "dispatched": (
                "pause",
                "pause",
                "make_urgent",
                "make_ordinary",
                "hand_over",
                "instruct",
                "withdraw",
            ),
            "waiting": ("resume",),
            "resolved": ("close",),
            "closed": ("reopen",),
        }
        moves = ways.get(tree[0].state)
        if moves is None:
            return None
        still = [one for one in tree[1:] if one.kind == "task" and one.ended_at is None]
        flow = self.district.rules.workflow("task")
        if still and tree[0].state == "dispatched" and data.draw(st.booleans(), label="a task"):
            one = data.draw(st.sampled_from(still), label="task")
            done = ("confirm", "confirm", "cancel") if one.state == "done" else ("cancel",)
            return one, flow.by_move[data.draw(st.sampled_from(done), label="so")], "clerk"
        move = data.draw(st.sampled_from(moves), label="next")
        return tree[0], self.district.rules.workflow("request").by_move[move], "clerk"

    def _merge_the_accused(self) -> None:
        self.merged = True
        gone, stays = who(self.actors["accused"]), who(self.actors["merged"])
        row = {"district": self.district.code, "id": gone, "now": stays, "kind": "person"}
        with self.district.store.transaction() as transaction:
            transaction.commit([Write(insert_into(t.alias), row)])
        self._before = None

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        return {
            "service": st.sampled_from(["leak", "burst"]),
            "role": st.sampled_from(["steward", "clerk", "duty"]),
            "until": st.just((self.clock.now + timedelta(days=2)).date()),
            "accepted_on": st.just(self.clock.now.astimezone(self.district.rules.zone).date()),
            "as_proposed": st.just(False),
        }

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        tree = self.district.tree(root)
        request, parts = tree[0], tree[1:]
        last = tried[-1]
        if request.state == "dispatched":
            now = [
                one
                for one in parts
                if one.kind == "task" and one.record.times_reopened == request.record.times_reopened
            ]
            assert [one for one in now if one.ended_at is None], "dispatched to nobody"
        still = [one for one in parts if one.kind in WAITING and one.ended_at is None]
        assert {one.state == "waiting" for one in still} <= {request.state == "waiting"}, "half of it waits"
        assert not (request.record.urgent and request.state == "waiting"), "what is urgent waits"
        assert request.state != "reopened", "nobody has it"
        self._pause(request, tree, last)
        self._kept_secret(tree, last)
        self._figures()

    def _pause(self, request: StoredSubject, tree: list[StoredSubject], last: Tried) -> None:
        """Going on puts back what stood still: the states, who has each, and what each clock had counted."""
        standing = self._standing(tree)
        if request.state != "waiting":
            before = self.paused.pop(request.id, None)
            if before and last.act and last.act.verb == "request.resume":
                for ident, how in before.items():
                    ended = self.district.subject(ident).ended_at is not None
                    assert ended or standing[ident] == how, "going on changed it"
        elif request.id not in self.paused:
            assert last.act is not None
            # The state is that of before it; what the clocks had counted is what they stopped at.
            self.paused[request.id] = {
                ident: (self.last[ident][0], *how[1:])
                for ident, how in standing.items()
                if ident in self.last
            }
        self.last = standing

    def _standing(self, tree: list[StoredSubject]) -> dict[UUID, tuple[Any, ...]]:
        calendar = self.district.rules.constants.calendar
        return {
            one.id: (
                one.state,
                one.holder,
                {
                    name: clock.spent + spent_since(clock, calendar, self.clock.now)
                    for name, clock in one.clocks.items()
                },
            )
            for one in tree
            if one.kind in WAITING
        }

    def _kept_secret(self, tree: list[StoredSubject], last: Tried) -> None:
        names = ("accused", "merged") if self.merged else ("accused",)
        if last.act and last.actor in names:
            assert getattr(last.subject.record, "own_words", False), f"{last.actor} did {last.act.verb}"
        for actor in (self.actors[name] for name in names):
            for one in tree:
                if not getattr(one.record, "own_words", False):
                    self._unseen(one, actor)

    def _unseen(self, one: StoredSubject, actor: Actor) -> None:
        try:
            self.district.see(one.id, actor)
        except NotAllowed:
            return
        raise AssertionError(f"they saw the {one.kind}")

    def _figures(self) -> None:
        figures = self.district.brief().figures
        s = t.subject.c
        counted = select(s.state, s.outcome, func.count()).where(
            s.district == self.district.code, s.kind == "request"
        )
        with self.district.store.reading() as connection:
            rows = connection.execute(counted.group_by(s.state, s.outcome)).all()
        outcomes = {outcome: n for state, outcome, n in rows if state == "closed"}
        for outcome in ("settled", "declined", "handed_over"):
            assert figures[f"requests.{outcome}"] == outcomes.get(outcome, 0), outcome
        assert figures["requests.closed"] == sum(
            n for outcome, n in outcomes.items() if outcome != "duplicate"
        )
        assert figures["requests.paused"] == sum(n for state, _, n in rows if state == "waiting")


def test_whatever_is_done_with_a_request_in_any_order_its_promises_hold(
    new_district: Callable[..., District],
) -> None:
    clock = Clock()
    explorer = Requests(new_district(more=CATALOGUE, clock=clock), clock)
    wanted = ("pause", "resume", "reopen", "close", "make_urgent", "hand_over", "withdraw")
    tried = explorer.explore()
    explorer.small = True
    made = {one.move.name for one in tried if one.act and one.subject.kind == "request"}
    tried += explorer.explore(*(f"request.{move}" for move in wanted if move not in made))
    assert explorer.merged
    assert {one.actor for one in tried if one.refusal} >= {"accused", "merged"}
