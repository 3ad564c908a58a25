"""Requests and tasks: the closed loop, by everybody, in every order."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import strategies as st
from sqlalchemy import func, select

from linli._base.errors import Conflict, NotAllowed, NotFound, Refused
from linli._district.district import District
from linli._model.access import Actor
from linli._model.acts import new_id
from linli._model.compiled import Move
from linli._model.subjects import StoredSubject
from linli._store import tables as t
from linli.testing import Explorer, Tried, a_place, snapshot, somebody

CATALOGUE = """
[[dispatch.services]]
code = "leak"
name = "漏水"
categories = ["漏水"]
time = "8h"

[[dispatch.services]]
code = "lift"
name = "电梯困人"
categories = ["困人"]
urgent = true
time = "30min"
holder = "duty"
"""


@attrs.frozen(kw_only=True)
class Compound:
    """A compound with somebody of each kind."""

    district: District
    place: UUID
    other_place: UUID
    clerk: Actor
    steward: Actor
    second_steward: Actor
    resident: Actor
    stranger: Actor

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by name."""
        return {
            name: getattr(self, name)
            for name in ("clerk", "steward", "second_steward", "resident", "stranger")
        }

    def submit(self, category: str = "漏水") -> UUID:
        """A request of the resident, filed by the clerk."""
        assert self.resident.person
        act = self.district.dispatch.submit(
            self.place, category, "厨房水管漏水", reporter=self.resident.person, actor=self.clerk
        )
        return act.subject

    def dispatched(self) -> UUID:
        """A request that is dispatched to the steward."""
        request = self.submit()
        self.district.make(request, "accept", actor=self.clerk)
        self.district.make(request, "dispatch", actor=self.clerk)
        return request


@pytest.fixture
def compound(new_district: Callable[..., District]) -> Compound:
    district = new_district(more=CATALOGUE)
    place, other = a_place(district, "锦绣花园"), a_place(district, "幸福里")
    return Compound(
        district=district,
        place=place,
        other_place=other,
        clerk=somebody(district, "clerk", place),
        steward=somebody(district, "steward", place),
        second_steward=somebody(district, "steward", other),
        resident=somebody(district, None, place),
        stranger=somebody(district, None, place),
    )


def test_the_loop_closes_with_one_feedback_and_the_figures_say_so(compound: Compound) -> None:
    district, request = compound.district, compound.dispatched()
    task = district.dispatch.open_task(request)
    district.make(task.id, "finish", {"result": "换了接头", "minutes": 30}, actor=compound.steward)
    district.make(task.id, "confirm", actor=compound.resident)
    assert district.subject(request).state == "resolved"
    district.make(request, "close", {"feedback": "已修好"}, actor=compound.clerk)
    district.make(request, "rate", {"rating": 5}, actor=compound.resident)
    closed = district.subject(request)
    assert (closed.state, closed.outcome, closed.record.rating) == ("closed", "settled", 5)
    with pytest.raises(Refused, match="once"):
        district.make(request, "rate", {"rating": 1}, actor=compound.resident)
    with pytest.raises(Refused, match="closed"):
        district.make(request, "close", {"feedback": "又一次"}, actor=compound.clerk)
    assert _cells(district) == {
        "requests.accepted": 1,
        "requests.closed": 1,
        "requests.ended": 1,
        "requests.settled": 1,
        "requests.rated": 1,
    }


def _cells(district: District) -> dict[str, int]:
    query = (
        select(t.figure.c.name, func.sum(t.figure.c.n))
        .where(t.figure.c.district == district.code)
        .group_by(t.figure.c.name)
    )
    with district.store.reading() as connection:
        return {name: int(n) for name, n in connection.execute(query) if n}


def test_a_reopened_request_counts_by_its_last_closing(compound: Compound) -> None:
    district, request = compound.district, compound.dispatched()
    for _ in range(2):
        task = district.dispatch.open_task(request)
        district.make(task.id, "finish", {"result": "修了"}, actor=compound.steward)
        district.make(task.id, "confirm", actor=compound.clerk)
        district.make(request, "close", {"feedback": "好了"}, actor=compound.clerk)
        counted = {"requests.accepted", "requests.closed", "requests.ended", "requests.settled"}
        assert _cells(district) == dict.fromkeys(counted, 1)
        district.make(request, "reopen", {"reason": "又漏了"}, actor=compound.resident)
        assert _cells(district) == {"requests.accepted": 1}


def test_who_did_a_task_does_not_confirm_it(compound: Compound) -> None:
    district = compound.district
    clerk_and_steward = somebody(district, "clerk", compound.place)
    assert clerk_and_steward.person
    request = compound.dispatched()
    task = district.dispatch.open_task(request)
    district.make(task.id, "route", {"role": "clerk", "at": compound.place}, actor=compound.clerk)
    district.make(task.id, "finish", {"result": "好了"}, actor=clerk_and_steward)
    with pytest.raises(NotAllowed, match="already acted"):
        district.make(task.id, "confirm", actor=clerk_and_steward)
    district.make(task.id, "confirm", actor=compound.clerk)


def test_not_ours_is_handed_over_only_when_the_next_one_accepts(compound: Compound) -> None:
    district, request = compound.district, compound.dispatched()
    task = district.dispatch.open_task(request)
    seat = {"role": "steward", "at": compound.other_place, "reason": "不归我们管"}
    district.make(task.id, "offer", seat, actor=compound.steward)
    offer = next(one for one in district.tree(request) if one.kind == "offer")
    assert district.subject(task.id).holder == task.holder
    district.make(offer.id, "accept", actor=compound.second_steward)
    handed = district.subject(task.id)
    assert handed.state == "open"
    assert handed.holder
    assert handed.holder.at == compound.other_place
    with pytest.raises(NotAllowed):
        district.make(task.id, "take", actor=compound.steward)


def test_a_complaint_about_somebody_is_kept_from_them(compound: Compound) -> None:
    district, about = compound.district, compound.steward.person
    submitted = district.dispatch.submit(
        compound.place,
        "漏水",
        "楼栋长不管",
        reporter=compound.resident.person,
        about=about,
        actor=compound.clerk,
    )
    request = submitted.subject
    district.make(request, "accept", actor=compound.clerk)
    with pytest.raises(Refused, match="whom it is about"):
        district.make(request, "dispatch", actor=compound.clerk)
    elsewhere = {"role": "steward", "at": compound.other_place}
    district.make(request, "dispatch", elsewhere, actor=compound.clerk)
    task = district.dispatch.open_task(request)
    for move, actor in (("route", compound.clerk), ("offer", compound.second_steward)):
        values = {"role": "steward", "at": compound.place}
        values |= {"reason": "不归我们管"} if move == "offer" else {}
        with pytest.raises(Refused, match="whom it is about"):
            district.make(task.id, move, values, actor=actor)
    # Nor do they have it when they get that seat later on.
    assert about
    district.register.post(about, "steward", compound.other_place)
    for one in (request, task.id):
        with pytest.raises(NotAllowed, match="may not see"):
            district.see(one, compound.steward)
    for move in ("take", "read"):
        with pytest.raises(Refused, match="about you"):
            district.make(task.id, move, {"reason": "好奇"} if move == "read" else {}, actor=compound.steward)
    assert {one.id for one in district.see(request, compound.clerk)} == {request, task.id}


def test_urgent_requests_go_to_the_duty_rota_at_once(compound: Compound) -> None:
    district = compound.district
    request = compound.submit("电梯困人")
    ways = [(act.verb, act.acting_as) for act in district.history(request)]
    assert ways[1:] == [(verb, "engine") for verb in ("request.accept", "request.dispatch", "task.open")]
    task = district.dispatch.open_task(request)
    assert district.subject(request).state == "dispatched"
    assert task.holder
    assert task.holder.role == "duty"
    clock = district.subject(request).clocks["handling"]
    assert not clock.service
    assert clock.span == timedelta(minutes=30).total_seconds()


def test_withdrawing_calls_the_open_tasks_off(compound: Compound) -> None:
    district, request = compound.district, compound.dispatched()
    district.make(request, "withdraw", {"reason": "自己修好了"}, actor=compound.resident)
    assert [one.state for one in district.tree(request)] == ["withdrawn", "cancelled"]


def test_an_anonymous_request_is_refused_where_the_district_says_so(
    new_district: Callable[..., District],
) -> None:
    district = new_district(more=CATALOGUE + "\n[dispatch]\nanonymous = false\n")
    place = a_place(district, "锦绣花园")
    with pytest.raises(Refused, match="anonymous"):
        district.dispatch.submit(place, "漏水", "漏水了")


def test_an_unknown_place_changes_nothing(compound: Compound) -> None:
    before = snapshot(compound.district)
    with pytest.raises(NotFound, match="no place"):
        compound.district.dispatch.submit(new_id(), "漏水", "漏水了", actor=compound.clerk)
    assert snapshot(compound.district) == before


def test_every_wrong_value_is_named_at_once(compound: Compound) -> None:
    with pytest.raises(Refused) as refused:
        compound.district.start(
            "request",
            "submit",
            compound.place,
            {"channel": "pigeon", "anonymous": "perhaps", "colour": "red"},
        )
    for word in ("channel", "anonymous", "colour", "category", "description"):
        assert word in str(refused.value)


def test_a_caller_who_saw_an_older_version_is_told(compound: Compound) -> None:
    request = compound.submit()
    compound.district.make(request, "accept", actor=compound.clerk, version=1)
    with pytest.raises(Conflict, match="look at it again"):
        compound.district.make(request, "dispatch", actor=compound.clerk, version=1)


def test_an_act_repeated_with_its_key_happens_once(compound: Compound) -> None:
    request, key = compound.submit(), new_id()
    first = compound.district.make(request, "accept", actor=compound.clerk, key=key)
    again = compound.district.make(request, "accept", actor=compound.clerk, key=key)
    assert (again.id, again.verb) == (first.id, "request.accept")
    assert len(compound.district.history(request)) == 2


def test_what_residents_write_is_in_the_vault_alone(compound: Compound) -> None:
    request = compound.submit()
    with compound.district.store.reading() as connection:
        for table in t.metadata.sorted_tables:
            for row in connection.execute(select(table).where(table.c.district == compound.district.code)):
                assert "厨房" not in repr(tuple(row)), table.name
    [text] = [
        one
        for one in compound.district.read(request, "回访", actor=compound.clerk)
        if one.field == "description"
    ]
    assert text.text == "厨房水管漏水"
    assert "厨房" not in repr(text)
    assert compound.district.history(request)[-1].verb == "request.read"


def test_what_was_written_is_read_around_a_matter_by_whoever_may_and_that_it_was_is_kept(
    compound: Compound,
) -> None:
    district, request = compound.district, compound.dispatched()
    steward, second, clerk = compound.steward, compound.second_steward, compound.clerk
    district.make(request, "dispatch", {"role": "steward", "at": compound.other_place}, actor=clerk)
    first, other = district.dispatch.tasks(request)
    offered = {"role": "steward", "at": compound.other_place, "reason": "该由隔壁管"}
    district.make(first.id, "offer", offered, actor=steward)
    [offer] = [one for one in district.tree(request) if one.kind == "offer"]
    district.make(offer.id, "refuse", {"reason": "不归我们"}, actor=second)
    district.make(other.id, "finish", {"result": "这边修好了"}, actor=second)

    def read(what: UUID, actor: Actor) -> list[str]:
        return [text.text for text in district.read(what, "了解情况", actor=actor)]

    assert read(first.id, steward) == ["厨房水管漏水", "该由隔壁管", "不归我们"]
    assert read(offer.id, second) == ["厨房水管漏水", "该由隔壁管", "不归我们"]
    assert sorted(read(request, clerk)) == sorted([*read(first.id, steward), "这边修好了"])
    for what, actor in ((first.id, second), (offer.id, steward), (request, compound.stranger)):
        with pytest.raises(NotAllowed):
            read(what, actor)
    assert [act.verb for act in district.history(request)][-5:].count("request.read") == 1


def test_of_several_posts_the_nearest_is_the_one_that_somebody_acts_in(compound: Compound) -> None:
    district, clerk = compound.district, compound.clerk
    assert clerk.person
    street = a_place(district, "城北街道", kind="street")
    below = a_place(district, "梧桐里", parent=street, path=f"{street.hex}/")
    for at in (below, street):
        district.register.post(clerk.person, "clerk", at)
    act = district.dispatch.submit(
        below, "漏水", "厨房水管漏水", reporter=compound.resident.person, actor=clerk
    )
    assert act.acting_as == f"clerk@{below}"


def test_who_has_a_post_acts_for_themselves_where_they_say_so(compound: Compound) -> None:
    district, clerk = compound.district, compound.clerk
    assert clerk.person
    request = district.dispatch.submit(compound.place, "漏水", "漏水", reporter=clerk.person).subject
    own, steward = attrs.evolve(clerk, only="own"), attrs.evolve(clerk, only="steward")
    with pytest.raises(NotAllowed):
        district.make(request, "accept", actor=own)
    with pytest.raises(NotAllowed):
        district.make(request, "withdraw", {"reason": "x"}, actor=steward)
    assert district.make(request, "withdraw", {"reason": "x"}, actor=own).acting_as == "own"


class Requests(Explorer):
    """Every move of requests, tasks and offers."""

    examples = 20
    compound: Compound

    def opened(self) -> UUID:
        return self.compound.submit()

    def chosen(self, tree: list[StoredSubject], data: st.DataObject) -> tuple[StoredSubject, Move, str]:
        """Every other time what the desk does next, so that the sequences go somewhere."""
        subject, move, actor = super().chosen(tree, data)
        way = {"submitted": "accept", "accepted": "dispatch"}.get(tree[0].state)
        if way and data.draw(st.booleans(), label="go on"):
            return tree[0], self.district.rules.workflow("request").by_move[way], "clerk"
        return subject, move, actor

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        return {"service": st.just("leak"), "role": st.just("steward"), "rule": st.none()}

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        history = self.district.history(root)
        closings = [act for act in history if act.verb in ("request.close", "request.decline")]
        reopenings = [act for act in history if act.verb == "request.reopen"]
        assert 0 <= len(closings) - len(reopenings) <= 1 or any(a.verb == "request.merge" for a in history)
        by_task = {act.subject: act.actor for act in history if act.verb == "task.finish"}
        for act in history:
            if act.verb == "task.confirm":
                assert act.actor != by_task[act.subject], "confirmed by who did it"
            if act.actor == self.compound.stranger.person:
                pytest.fail(f"a stranger did {act.verb}")


def test_every_sequence_of_moves_keeps_the_rules(compound: Compound) -> None:
    explorer = Requests(compound.district, compound.actors, [compound.place, compound.other_place])
    explorer.compound = compound
    tried = explorer.explore()
    reached = {one.act.verb for one in tried if one.act}
    assert {"request.accept", "request.dispatch"} <= reached, "the exploration went nowhere"
    assert any(one.refusal for one in tried)
