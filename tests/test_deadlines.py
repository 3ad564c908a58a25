"""Clocks and the ladder, with a moved clock: weekends, National Day, make-up Saturdays, pauses."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli import AnyAct, Clock, Context, Moves, State, Workflow
from linli._base.calendar import Hours, ServiceHours, limit
from linli._base.errors import NotAllowed
from linli._district.district import District
from linli._engine.orders import Overdue
from linli._hooks.hookspecs import hookimpl
from linli._hooks.plugin import Plugin
from linli._model import deadlines
from linli._model.access import ANYONE, ENGINE_ACTOR, Actor, has_post
from linli._model.acts import Act, new_id
from linli._model.compiled import Limit
from linli._model.deadlines import MovedOn
from linli._model.subjects import ClockState
from linli._store import Write
from linli._store import tables as t
from linli._store.statements import insert_into
from linli._verbs.register.places import LOCATION

SHANGHAI = ZoneInfo("Asia/Shanghai")
LADDER = '\n[dispatch]\nladder = ["steward", "branch_secretary", "officer"]\nladder_again = "4h"\n'
EVERYBODY = ANYONE | has_post("clerk")


@attrs.frozen(kw_only=True)
class Matter:
    """How long its clock runs."""

    hours: int
    elapsed: bool = False


@attrs.frozen(kw_only=True)
class Paused:
    """Why it waits."""

    reason: str


def _limit(ctx: Context[Matter]) -> Limit | None:
    matter = ctx.record
    hours = Hours.ELAPSED if matter.elapsed else Hours.SERVICE
    return Limit(span=timedelta(hours=matter.hours), hours=hours) if matter.hours else None


class MatterFlow(Workflow[Matter], name="matter"):
    move = Moves(Matter)
    open = State()
    elsewhere = State()
    waiting = State()
    closed = State(ends=True)
    open_again = State()
    raise_ = move.opening(open, Matter, by=EVERYBODY)
    route = move((open | elsewhere).to(elsewhere), by=EVERYBODY)
    pause = move((open | elsewhere | open_again).to(waiting), Paused, by=EVERYBODY)
    resume = move(waiting.to(elsewhere), by=EVERYBODY)
    close = move((open | elsewhere | waiting | open_again).to(closed), by=EVERYBODY)
    reopen = move(closed.to(open_again), by=EVERYBODY)
    note = move((open | elsewhere | waiting).stay(), by=EVERYBODY)
    handling = Clock(open | elsewhere | open_again, _limit, pauses_in=waiting)


class Matters:
    """The plugin of these tests; it also sees what the engine tells of late acts."""

    def __init__(self) -> None:
        self.late: list[Act] = []

    PLUGIN = Plugin(name="matters", workflows=(MatterFlow,))

    @hookimpl
    def act_check(self, t: AnyAct) -> Iterable[Any]:
        assert not t.verb.endswith(".late"), "lateness is a fact: nobody is asked whether it may be"
        return ()

    @hookimpl
    def act_effects(self, t: AnyAct) -> Iterable[Any]:
        if late := t.late(MatterFlow):
            assert late.clock == MatterFlow.handling.name
            assert t.of(MatterFlow) is None, "nobody made a move"
            self.late.append(t.act)
        return ()


def at(text: str) -> datetime:
    """A moment on the district's wall clock: "2025-09-30 16:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class Street:
    """A district whose clock is moved by hand, with a compound and its ladder of three."""

    def __init__(self, new_district: Callable[..., District], more: str = LADDER) -> None:
        self.now = at("2025-09-01 08:30")
        self.plugin = Matters()
        self.district = new_district(plugins={"matters": self.plugin}, more=more, clock=lambda: self.now)
        self.street, self.place = new_id(), new_id()
        self._place(self.street, "street", ())
        self._place(self.place, "compound", (self.street,))
        self.roles = {
            self._post("steward", self.place): "steward",
            self._post("branch_secretary", self.place): "branch",
            self._post("officer", self.street): "officer",
        }

    def _place(self, ident: UUID, kind: str, above: tuple[UUID, ...]) -> None:
        path = "".join(f"{one.hex}/" for one in (*above, ident))
        row = {
            "district": self.district.code, "id": ident, "kind": kind, "parent": above[-1] if above else None,
            "name": kind, "code": None, "path": path, "reporting_place": ident, "record": "{}", "since": None, "until": None, **dict.fromkeys(LOCATION),
        }  # fmt: skip
        self._insert(t.place, row)

    def _post(self, role: str, place: UUID) -> str:
        row = {
            "district": self.district.code, "id": new_id(), "person": new_id(), "role": role, "at": place,
            "place": place, "since": at("2020-01-01 00:00"), "until": None,
        }  # fmt: skip
        self._insert(t.post, row)
        return f"seat:{role}@{place}"

    def _insert(self, table: Any, row: dict[str, Any]) -> None:
        with self.district.store.transaction() as transaction:
            transaction.commit([Write(insert_into(table), row)])

    def raised(self, when: str, hours: int, *, elapsed: bool = False) -> UUID:
        """A matter raised at a moment, with this long to be handled."""
        self.now = at(when)
        values = {"hours": hours, "elapsed": elapsed}
        return self.district.start("matter", "raise", self.place, values).subject

    def make(self, when: str, matter: UUID, move: str, **values: object) -> None:
        """Make a move at a moment, after everything that was due before."""
        self.work_until(when)
        self.district.make(matter, move, values)

    def work_until(self, when: str) -> None:
        """Let the worker carry out what is due by a moment."""
        self.now = at(when)
        while self.district.worker.run_once(now=self.now):
            pass

    def clock(self, matter: UUID) -> ClockState:
        return self.district.subject(matter).clocks["handling"]

    def due(self, matter: UUID) -> str:
        moment = self.clock(matter).due
        assert moment is not None
        return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"

    def lateness(self, matter: UUID) -> list[tuple[str, int, str | None]]:
        """When it was recorded as late, with the step and the rung."""
        return [
            (f"{act.at.astimezone(SHANGHAI):%m-%d %H:%M}", act.body["step"], act.body["rung"])
            for act in self.district.history(matter)
            if act.verb == "matter.late"
        ]

    def told(self) -> list[str]:
        """The seats that were told, the first first."""
        words = self.district.deliveries.listed(kind="tell")
        assert {one.state for one in words} <= {"done", "due"}
        return [self.roles[one.recipient] for one in reversed(words)]


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    return Street(new_district)


@pytest.mark.parametrize(
    ("raised", "hours", "due"),
    [
        ("2025-09-05 16:30", 2, "2025-09-08 09:30"),  # a Friday afternoon: over the weekend
        ("2025-09-30 16:30", 2, "2025-10-09 09:30"),  # over National Day and Mid-Autumn, 1 to 8 October
        ("2025-10-10 16:30", 2, "2025-10-11 09:30"),  # the Saturday that is worked for it
        ("2025-09-27 10:00", 1, "2025-09-28 09:30"),  # a Saturday off, the Sunday after it worked
        ("2025-09-05 11:30", 1, "2025-09-05 15:00"),  # over noon
    ],
)
def test_service_hours_end_where_the_calendar_says(street: Street, raised: str, hours: int, due: str) -> None:
    matter = street.raised(raised, hours)
    assert street.due(matter) == due
    just_before = at(due) - timedelta(minutes=1)
    street.work_until(f"{just_before:%Y-%m-%d %H:%M}")
    assert street.lateness(matter) == []
    street.work_until(due)
    assert street.lateness(matter) == [(due[5:], 0, "steward")]
    assert street.told() == ["steward"]


def test_elapsed_hours_know_no_holidays(street: Street) -> None:
    matter = street.raised("2025-10-01 23:00", 2, elapsed=True)
    assert street.due(matter) == "2025-10-02 01:00"
    street.work_until("2025-10-02 01:00")
    assert street.lateness(matter) == [("10-02 01:00", 0, "steward")]


def test_the_ladder_is_climbed_to_its_end_and_silence_approves_nothing(street: Street) -> None:
    matter = street.raised("2025-09-30 09:30", 4)
    before = street.district.subject(matter)
    street.work_until("2025-09-30 16:00")
    assert street.told() == ["steward"]
    street.work_until("2025-10-09 10:59")
    assert street.told() == ["steward"], "4 service hours: 1.5 before the holidays, 2.5 after"
    for moment in ("2025-10-09 11:00", "2025-10-09 17:30", "2025-10-31 17:00"):
        street.work_until(moment)
    assert street.lateness(matter) == [
        ("09-30 16:00", 0, "steward"),
        ("10-09 11:00", 1, "branch_secretary"),
        ("10-09 17:30", 2, "officer"),
    ]
    assert street.told() == ["steward", "branch", "officer"]
    after = street.district.subject(matter)
    assert (after.state, after.holder, after.outcome) == (before.state, before.holder, None)
    assert street.due(matter) == "2025-09-30 16:00", "the deadline is still the deadline"
    assert street.clock(matter).rings_at is None
    assert [act.acting_as for act in street.plugin.late] == ["engine"] * 3
    assert street.district.deliveries.counts(now=street.now)["overdue"] == 0


def test_a_late_act_says_by_how_much_and_is_made_by_linli_alone(street: Street) -> None:
    matter = street.raised("2025-09-01 09:00", 1)
    with pytest.raises(NotAllowed, match="linli alone"):
        street.district.perform(Overdue(subject=matter, clock="handling", turn=1))
    street.work_until("2025-09-01 11:00")
    [act] = street.plugin.late
    assert act.body == {
        "clock": "handling",
        "step": 0,
        "rung": "steward",
        "seat": f"steward@{street.place}",
        "overdue_seconds": 3600,
    }
    assert act.actor is None
    with pytest.raises(NotAllowed):
        street.district.perform(
            Overdue(subject=matter, clock="handling", turn=2), actor=Actor(person=new_id())
        )


def test_a_pause_stops_the_clock_where_it_stood_and_shows_why(street: Street) -> None:
    matter = street.raised("2025-09-29 09:30", 6)
    street.make("2025-09-29 11:30", matter, "pause", reason="waiting_for_parts")
    clock = street.clock(matter)
    assert (clock.paused_for, clock.due, clock.since, clock.spent) == ("waiting_for_parts", None, None, 7200)
    assert street.district.subject(matter).due_at is None
    street.make("2025-10-09 08:30", matter, "resume")
    assert street.clock(matter).paused_for is None
    assert street.due(matter) == "2025-10-09 15:00", "4 of 6 hours are left"
    street.work_until("2025-10-09 14:59")
    assert street.lateness(matter) == [], "the timer from before the pause is void"
    street.work_until("2025-10-09 15:00")
    assert street.lateness(matter) == [("10-09 15:00", 0, "steward")]


def test_routing_and_reopening_never_restart_the_clock(street: Street) -> None:
    matter = street.raised("2025-09-01 09:00", 4)
    due = street.due(matter)
    for moment in ("2025-09-01 09:30", "2025-09-01 10:00"):
        street.make(moment, matter, "route")
        assert street.due(matter) == due
    street.make("2025-09-01 10:00", matter, "note")
    street.make("2025-09-01 11:00", matter, "close")
    assert (street.clock(matter).due, street.clock(matter).paused_for) == (None, None)
    street.make("2025-09-03 08:30", matter, "reopen")
    assert street.due(matter) == "2025-09-03 10:30", "2 of 4 hours were used before it was closed"
    street.make("2025-09-03 09:30", matter, "close")
    street.work_until("2025-09-20 09:00")
    assert street.lateness(matter) == []


def test_a_pause_stops_the_ladder_too_and_never_hastens_or_repeats_it(street: Street) -> None:
    matter = street.raised("2025-09-01 08:30", 1)
    street.work_until("2025-09-01 09:30")
    street.make("2025-09-01 11:30", matter, "pause", reason="waiting_for_weather")
    assert street.told() == ["steward"]
    street.work_until("2025-09-05 17:00")
    assert street.told() == ["steward"]
    street.make("2025-09-08 08:30", matter, "resume")
    street.work_until("2025-09-08 10:29")
    assert street.told() == ["steward"], "2 of the 4 hours to the next rung had passed before the pause"
    street.work_until("2025-09-08 10:30")
    assert street.told() == ["steward", "branch"]
    street.work_until("2025-09-30 10:30")
    assert street.told() == ["steward", "branch", "officer"]
    street.make("2025-09-30 11:00", matter, "pause", reason="waiting_for_weather")
    street.make("2025-09-30 14:30", matter, "resume")
    street.work_until("2025-10-30 10:30")
    assert len(street.lateness(matter)) == 3, "all have heard"


def test_what_was_done_in_time_is_not_late_however_late_the_worker_is(street: Street) -> None:
    matter = street.raised("2025-09-01 08:30", 2)
    street.now = at("2025-09-01 09:00")
    street.district.make(matter, "close")
    street.work_until("2025-12-01 09:00")
    assert street.lateness(matter) == []
    assert street.district.deliveries.counts(now=street.now) == {
        "overdue": 0,
        "later": 0,
        "done": 1,
        "dead": 0,
    }


def test_a_timer_that_is_carried_out_twice_climbs_once(street: Street) -> None:
    matter = street.raised("2025-09-01 08:30", 1)
    street.now = at("2025-09-01 10:00")
    order = Overdue(subject=matter, clock="handling", turn=1)
    street.district.perform(order, actor=ENGINE_ACTOR)
    with pytest.raises(MovedOn):
        street.district.perform(order, actor=ENGINE_ACTOR)
    street.work_until("2025-09-01 10:00")
    assert street.lateness(matter) == [("09-01 10:00", 0, "steward")]
    assert street.told() == ["steward"]


def test_a_matter_without_a_limit_is_never_late(street: Street) -> None:
    matter = street.raised("2025-09-01 08:30", 0)
    assert street.district.subject(matter).clocks == {}
    street.work_until("2026-09-01 08:30")
    assert street.lateness(matter) == []


def test_without_a_ladder_lateness_is_still_recorded(new_district: Callable[..., District]) -> None:
    street = Street(new_district, more="\n[dispatch]\nladder = []\n")
    matter = street.raised("2025-09-01 08:30", 1)
    street.work_until("2025-09-30 08:30")
    assert [(step, rung) for _, step, rung in street.lateness(matter)] == [(0, None)]
    assert street.told() == []


# --- working days ------------------------------------------------------------------------------------


@given(
    st.integers(0, 16_000).map(lambda hours: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
    st.integers(1, 20),
)
def test_a_limit_in_working_days_means_the_same_everywhere(at: datetime, days: int) -> None:
    """To the closing of the last day, whichever way it is counted; a ladder's step to the next rung too."""
    hours = ServiceHours()
    facts: Any = SimpleNamespace(at=at, calendar=hours, today=hours.day_of(at))
    closing = hours.after_working_days(at, days)
    for found in (deadlines.working_days(days, facts), deadlines.by_working_day(days, facts)):
        assert limit(found.hours, hours, at, found.span) == closing
    for service in (True, False):
        clock = ClockState(span=1.0, service=service)
        late: Any = SimpleNamespace(subject=SimpleNamespace(clocks={"x": clock}), clock="x")
        again = deadlines.again_in(days, late, facts)
        assert limit(Hours.SERVICE if service else Hours.ELAPSED, hours, at, again) == closing


def test_no_plugin_counts_working_days_in_its_own_way() -> None:
    root = Path(__file__).parent.parent
    found = [
        path.relative_to(root).as_posix()
        for folder in ("plugins", "adapters")
        for path in (root / folder).rglob("src/**/*.py")
        if "after_working_days" in path.read_text("utf-8") or "def working_days" in path.read_text("utf-8")
    ]
    assert not found, "use linli._model.deadlines.working_days, or by_working_day for a date"
