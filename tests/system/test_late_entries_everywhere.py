"""When it was so, held over all that is loaded: every day and moment that is asked, every mean and share, random entries."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli import PlaceId
from linli._base.errors import LinliError
from linli._district.district import District
from linli._figures.afterwards import AFTERWARDS
from linli._model.access import Actor
from linli._model.figures import Cells, Figure
from linli._model.subjects import StoredSubject
from linli.testing import Moment, a_place, somebody

PLUGINS = (
    "party", "three_lists", "volunteers", "bank", "decisions", "meetings", "owners_vote", "reporting", "board",
    "stewards", "centres", "brief",
)  # fmt: skip
MORE = '[board]\nbase_url = "https://b.example/"\n'
# Days and moments that people give and that are no telling of what was: plans, deadlines, ends to come, days of a calendar.
TO_COME = {
    "request.pause.until",
    "centre.close_day.day", "centre.open_day.day",
    "hall_booking.ask.starts_at", "hall_booking.ask.ends_at",
    "meeting.call.starts_at", "meeting.postpone.starts_at",
    "bank.close.last_day",
    "bank_account.suspend.until",
    "branch_term.postpone.due_on",
    "redemption_window.propose.first", "redemption_window.propose.last",
    "owners_vote.extend.until",
    "session.plan.starts_at", "session.plan.ends_at", "session.postpone.new_starts_at", "session.postpone.new_ends_at",
    "wish.propose.wanted_by",
    "guardian_consent.give.until",
    "certificate.issue.since", "certificate.issue.until",
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    from linli.testing import make_district

    with make_district(tmp_path_factory.mktemp("whole"), enabled=PLUGINS, more=MORE) as made:
        yield made


def test_every_day_or_moment_that_people_give_is_one_to_come_or_says_when_it_was_so(whole: District) -> None:
    said = {
        f"{flow.name}.{move.name}.{field.name}": field
        for flow in whole.rules.workflows.values()
        for move in flow.by_move.values()
        if move.by.posts or move.by.holder or move.by.own or move.by.anyone
        for field in move.fields
        if issubclass(field.type, date) and field.asked
    }
    plain = {name for name, field in said.items() if field.input.occurred is None}
    assert plain - TO_COME == set(), "say `occurred=Occurred()`, or write what is to come into the list"
    assert TO_COME - plain == set()


# --- means and shares ------------------------------------------------------------------------------


def _ratio(figure: Figure) -> bool:
    """Whether it stays as it is where all that it is worked out from doubles: a mean or a share."""
    assert figure.derived

    def worked_out(times: int) -> Any:
        cells = {
            name: Cells(
                n=k * times, total=(k + 5) * times, n_so_far=(k + 9) * times, total_so_far=(k + 20) * times
            )
            for k, name in enumerate(figure.uses, start=3)
        }
        return figure.derived(cells)  # type: ignore[misc]

    return bool(figure.uses) and worked_out(1) == worked_out(2) != 0


def test_beside_every_mean_and_share_of_every_plugin_stands_how_many_were_entered_afterwards(
    whole: District,
) -> None:
    figures = whole.rules.figures
    found = [one for one in figures.values() if one.shown and (one.share or one.mean)]
    assert len(found) > 5
    undeclared = [one.name for one in figures.values() if one.derived and _ratio(one) and one not in found]
    assert undeclared == [], "say that it is a share, or a mean"
    for figure in found:
        beside = f"{figure.name}.{AFTERWARDS}"
        assert beside in figure.shown_with
        assert figures[beside].on, f"{figure.name} says nothing of what it is counted from"
        assert whole.brief().figures[beside] == 0


# --- random entries --------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Twins:
    """Two compounds to which the same happens; at the first it is said of some of it that it was earlier."""

    district: District
    clock: Moment
    told: PlaceId
    plain: PlaceId
    clerk: Actor
    stewards: Mapping[PlaceId, Actor]
    officer: Actor
    others: tuple[Actor, ...]
    requests: list[UUID] = attrs.field(factory=list)

    def live(self, steps: list[tuple[int, int | None]]) -> list[StoredSubject]:
        """One request from end to end at both, each step after so many hours; the one told of, and the plain one."""
        pair = []
        hours = iter(steps)
        gap, back = next(hours)
        self.clock.now += timedelta(hours=gap)
        for place in (self.told, self.plain):
            values: dict[str, Any] = {"category": "general", "description": "漏", "anonymous": True}
            pair.append(self._start(place, values | self._said(place, "received_at", back)))
        for move, name, actor in (
            ("accept", "accepted_at", None), ("dispatch", "", None), ("finish", "finished_at", "steward"),
            ("confirm", "", None), ("close", "closed_at", None),
        ):  # fmt: skip
            gap, back = next(hours, (1, None))
            self.clock.now += timedelta(hours=gap)
            for place, request in zip((self.told, self.plain), pair, strict=True):
                said = self._said(place, name, back) if name else {}
                self._make(request, place, move, said, self.stewards[place] if actor else self.clerk)
        self.requests.extend(pair)
        return [one for request in pair for one in self.district.tree(request)]

    def _said(self, place: UUID, name: str, back: int | None) -> dict[str, Any]:
        return (
            {name: self.clock.now - timedelta(hours=back)} if back is not None and place == self.told else {}
        )

    def _start(self, place: UUID, values: dict[str, Any]) -> UUID:
        return self.district.start("request", "submit", place, values, actor=self.clerk).subject

    def _make(self, request: UUID, place: UUID, move: str, said: dict[str, Any], actor: Actor) -> None:
        needed: dict[str, dict[str, Any]] = {
            "accept": {"service": "general"}, "dispatch": {"role": "steward", "at": place}, "finish": {"result": "好"}, "close": {"feedback": "好"},
        }  # fmt: skip
        values, subject = needed.get(move, {}), request
        if move in ("finish", "confirm"):
            subject = next(one.id for one in self.district.tree(request) if one.kind == "task")
        if said:
            try:
                self.district.make(subject, move, values | said, actor=actor)
                return
            except LinliError:
                pass  # before it began: it is done without
        self.district.make(subject, move, values, actor=actor)

    def confirmed(self, by: Actor) -> int:
        """How many late entries somebody can confirm."""
        waiting = [
            one
            for request in self.requests
            for one in self.district.tree(request)
            if (one.kind, one.state) == ("late_entry", "told")
        ]
        return sum(self._confirmed(one, by) for one in waiting)

    def _confirmed(self, late: StoredSubject, by: Actor) -> bool:
        try:
            self.district.make(late.id, "confirm", actor=by)
        except LinliError:
            return False
        return True

    def figures(self, place: UUID) -> dict[str, Any]:
        return dict(self.district.brief(place, date(2026, 1, 1), date(2026, 12, 31)).figures)


@pytest.fixture
def twins(new_district: Callable[..., District]) -> Callable[[], Twins]:
    clock = Moment()
    district = new_district(clock=clock, enabled=("three_lists",))
    root = district.register.root()
    street = a_place(district, "街道", kind="street", parent=root)

    def fresh() -> Twins:
        community = a_place(district, "社区", kind="community", parent=street)
        told, plain = (a_place(district, name, parent=community) for name in ("甲园", "乙园"))
        clerk = somebody(district, "clerk", community)
        stewards = {place: somebody(district, "steward", place) for place in (told, plain)}
        below = somebody(district, "officer", told)
        resident = somebody(district, None, told)
        return Twins(
            district=district, clock=clock, told=told, plain=plain, clerk=clerk, stewards=stewards,
            officer=somebody(district, "officer", street), others=(clerk, *stewards.values(), below, resident),
        )  # fmt: skip

    return fresh


_STEPS = st.lists(
    st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers(0, 60)), min_size=6, max_size=6),
    min_size=1,
    max_size=3,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(lives=_STEPS)
def test_nobodys_figure_or_clock_is_better_for_what_is_entered_afterwards_unless_somebody_above_confirms_it(
    twins: Callable[[], Twins], lives: list[list[tuple[int, int | None]]]
) -> None:
    here = twins()
    for steps in lives:
        trees = here.live(steps)
        half = [one for one in trees if one.kind != "late_entry"]
        for one, other in zip(half[: len(half) // 2], half[len(half) // 2 :], strict=True):
            assert one.kind == other.kind
            for name, clock in other.clocks.items():
                assert one.clocks[name].spent >= clock.spent, f"{one.kind}: {name}"
    for somebody_else in here.others:
        assert here.confirmed(somebody_else) == 0
    told, plain = here.figures(here.told), here.figures(here.plain)
    assert told["requests.mean_hours_to_close"] >= plain["requests.mean_hours_to_close"]
    for name in ("three_lists.response_rate", "requests.closing_rate", "three_lists.resolution_rate"):
        assert told[name] <= plain[name], name
    assert told["requests.closed"] == plain["requests.closed"] == len(lives)
    if here.confirmed(here.officer):
        assert here.figures(here.told)["requests.mean_hours_to_close"] <= told["requests.mean_hours_to_close"]
