"""Every sequence of moves of a report by everybody; and two at once, who come to one outcome."""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from sqlalchemy import func, select

from linli import ENGINE_ACTOR, Actor, District, Refused, StoredSubject
from linli._model.compiled import Move
from linli._store import tables as t
from linli._testing.racing import Order
from linli.testing import MADE, Explorer, Tried, race, who
from linli_reporting.reading import DEPUTY, SECRETARY
from linli_reporting.records import IN_FORCE, KIND, REPORTED
from linli_reporting.testing import Compounds, compounds


@pytest.fixture
def place(new_district: Callable[..., District]) -> Compounds:
    return compounds(new_district)


class Reports(Explorer):
    """Every move of a report, and of those that it leads to, by everybody and by linli."""

    examples = 60
    steps = 7
    not_upset_by = frozenset({"home"})

    def __init__(self, place: Compounds, begins: str) -> None:
        self.begins = begins
        names = ("member", "clerk", "secretary", "deputy", "lane_secretary", "neighbour")
        actors = {name: place.actors[name] for name in names} | {"linli": ENGINE_ACTOR}
        super().__init__(place.district, actors, [place.garden, place.lane])
        self.place = place

    def opened(self) -> UUID:
        place = self.place
        place.clock.now += timedelta(hours=1)
        known = place.desk.current(who(place.member))
        if known:
            place.district.make(known.id, "withdraw", actor=place.member)
        # They have a home in both, so that they can move there and back.
        for compound in (place.garden, place.lane):
            place.district.register.tie(who(place.member), "resident", place.home(compound))
        place.clock.now += timedelta(hours=1)
        report = place.announced(place.member, place.garden)
        if self.begins == "confirmed":
            place.district.make(report, "confirm", actor=place.secretary)
        return report

    def chosen(self, tree: list[StoredSubject], data: st.DataObject) -> tuple[StoredSubject, Move, str]:
        """Two times in three what somebody may do there, so that more than refusals is reached."""
        (report,) = tree
        moves = self.district.rules.workflow(report.kind).moves_from(report.state)
        possible = [(move, name) for move in moves for name in self.actors if self._may(move, name)]
        if not possible or not data.draw(st.integers(0, 2), label="likely"):
            return super().chosen(tree, data)
        wanted = data.draw(st.sampled_from(sorted({move.name for move, _ in possible})), label="wanted")
        fitting = [one for one in possible if one[0].name == wanted]
        return report, *data.draw(st.sampled_from(fitting), label="who")

    def _may(self, move: Move, name: str) -> bool:
        actor, posts = self.actors[name], self.place.district.register.posts
        roles = {post.role for post in posts(person=actor.person)} if actor.person else set()
        own = move.by.own and name == "member"
        return bool(
            own
            or (move.by.engine and actor.engine)
            or move.by.posts & roles
            or (move.by.holder and name == "secretary")
        )

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        file = st.just(UUID(int=7))
        put = st.sampled_from([self.place.branches["garden"], self.place.branches["lane"]])
        given = {"file": st.none() | file, "filed": file, "branch": put, "stood_in": st.booleans()}
        return given | {"since": st.none(), "moved_from": file, "reported_on": st.none()}

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        person, place = who(self.place.member), self.place
        reports = place.desk.reports(person)
        in_force = [one for one in reports if one.state in IN_FORCE]
        assert len(in_force) <= 1, "one at a time"
        counted = sum(one.state in REPORTED for one in reports)
        figures = place.figures()
        assert figures["members.reported"] == counted
        assert figures["reporting.active"] == sum(one.state == "active" for one in reports)
        assert figures["reporting.waiting"] == sum(one.state == "announced" for one in reports)
        following = Counter(one.record.moved_from for one in reports if one.record.moved_from)
        for one in reports:
            assert following[one.id] == (one.state == "moved"), "another goes on from what has moved"
            self._rightly_made(one)

    def _rightly_made(self, report: StoredSubject) -> None:
        hands = report.hands.moves
        for move in ("confirm", "refuse", "activate", "end"):
            assert who(self.place.member) not in hands.get(move, ()), "nobody decides on their own"
        for act in self.district.history(report.id):
            name, role = act.verb.partition(".")[2], str(act.acting_as).partition("@")[0]
            if name in ("confirm", "refuse"):
                assert role in (SECRETARY, DEPUTY)
            if name in ("enter", "arrive", "confirm_by_file", "drop", "hand_on"):
                assert role == "engine"
            if name == "refuse":
                assert "sealed" in act.value("reason"), "a refusal has a reason"
        if report.state in REPORTED:
            assert report.accepted_at is not None, "what counts was confirmed"


REACHED = {
    "announced": {"confirm", "confirm_by_file", "refuse", "move", "end", "withdraw", "drop", "print"},
    "confirmed": {"activate", "move", "end", "withdraw", "drop", "print"},
}


@pytest.mark.parametrize("begins", sorted(REACHED))
def test_whatever_is_tried_there_is_one_report_at_a_time_and_the_figures_agree(
    place: Compounds, begins: str
) -> None:
    tried = Reports(place, begins).explore(*(f"{KIND}.{move}" for move in REACHED[begins]))
    assert any(one.act is None for one in tried)


# --- at once ----------------------------------------------------------------------------------------------------


def test_a_report_that_two_decide_on_at_once_is_confirmed_or_refused(place: Compounds) -> None:
    place.clock.now = datetime.now(UTC)
    reports = [place.announced(place.new_member()) for _ in range(5)]
    confirms: list[Order] = [(place.secretary, one, "confirm", {}) for one in reports]
    refuses: list[Order] = [(place.deputy, one, "refuse", {"reason": "x"}) for one in reports]
    answers = zip(*race(place.district, confirms, refuses), strict=True)
    for report, lines in zip(reports, answers, strict=True):
        assert lines.count(MADE) == 1, lines
        assert place.state(report) == ("confirmed" if lines[0] == MADE else "refused")
    counted = sum(place.state(one) == "confirmed" for one in reports)
    assert place.figures()["members.reported"] == counted


def test_a_member_who_is_announced_many_times_at_once_has_one_report(place: Compounds) -> None:
    def announce(actor: Actor) -> str:
        try:
            return str(place.desk.announce(who(place.member), actor=actor).subject)
        except Refused as refusal:
            return str(refusal)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(announce, [place.member, place.clerk] * 3))
    assert sum("they have reported already" in answer for answer in answers) == 5, answers
    s = t.subject.c
    query = select(func.count()).where(s.district == place.district.code, s.kind == "membership_report")
    with place.district.store.reading() as connection:
        assert connection.execute(query).scalar_one() == 1
