"""What happens after the commit: deliveries of every kind, carried out once or kept for an operator."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID

import pytest

from linli._district.district import District
from linli._district.worker import LONGEST_WAIT, Worker, wait_after
from linli._engine.orders import constant
from linli._hooks.hookspecs import hookimpl
from linli._hooks.plugin import Plugin
from linli._model.access import ENGINE_ACTOR
from linli._model.acts import Act, new_id
from linli._model.deliveries import Delivery
from linli._model.direct import DirectAct, DirectOrder
from linli._model.effects import Tell
from linli._model.subjects import StoredSubject
from linli._store import Write
from linli._store import tables as t
from linli._store.statements import insert_into
from linli._verbs.register.places import LOCATION

QUICK = "\n[deliveries]\ntries = 3\nlease = '10s'\nfirst_wait = '60s'\n"
FAR = timedelta(days=1)


class Neighbour:
    """A plugin that hears of acts and carries publications, and fails as often as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.heard: list[UUID] = []
        self.carried: list[tuple[str, str, UUID]] = []
        self.keys: list[UUID] = []

    @property
    def PLUGIN(self) -> Plugin:
        return Plugin(name="neighbour", subscribes=("noise.*",), channels={"gate": lambda district: self})

    @hookimpl
    def act_done(self, act: Act, district: Any) -> None:
        self._maybe_fail()
        self.heard.append(act.id)

    def carry(self, publication: StoredSubject, event: str, key: UUID) -> None:
        self.keys.append(key)
        self._maybe_fail()
        self.carried.append((publication.state, event, key))

    def _maybe_fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)


@pytest.fixture
def neighbour() -> Neighbour:
    return Neighbour()


@pytest.fixture
def district(new_district: Callable[..., District], neighbour: Neighbour) -> District:
    return new_district(plugins={"neighbour": neighbour}, more=QUICK)


def _noise(district: District, *tells: Tell, verb: str = "noise.made") -> Act:
    order = DirectOrder(
        act=DirectAct(verb, label="noise"), subject=new_id(), fresh=True, work=constant(effects=tells)
    )
    return district.perform(order, actor=ENGINE_ACTOR)


def _later(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def _only(district: District, **wanted: Any) -> Delivery:
    [one] = district.deliveries.listed(**wanted)
    return one


def test_a_plugin_hears_of_an_act_once_and_it_is_recorded_as_done(
    district: District, neighbour: Neighbour
) -> None:
    act = _noise(district)
    assert neighbour.heard == []
    assert district.worker.run_once() == 1
    assert neighbour.heard == [act.id]
    assert district.worker.run_once() == 0
    one = _only(district)
    assert (one.state, one.attempts, one.lease, one.error) == ("done", 1, None, None)
    assert one.ended_at is not None


def test_what_fails_is_tried_again_later_with_the_same_key(district: District, neighbour: Neighbour) -> None:
    neighbour.failures = [RuntimeError("张三 13800000000")]
    act = _noise(district)
    district.worker.run_once()
    one = _only(district)
    assert (one.state, one.attempts) == ("due", 1)
    assert one.error
    assert "RuntimeError (test_deliveries_worker.py:" in one.error
    assert "张三" not in one.error
    assert district.worker.run_once() == 0, "it waits"
    assert timedelta(seconds=40) < one.due_at - datetime.now(UTC) < timedelta(seconds=80)
    assert district.worker.run_once(now=_later(90)) == 1
    assert neighbour.heard == [act.id]
    assert (_only(district).state, _only(district).attempts) == ("done", 2)


def test_after_the_last_try_it_is_a_dead_letter_that_can_be_sent_again(
    district: District, neighbour: Neighbour
) -> None:
    neighbour.failures = [RuntimeError()] * 3
    _noise(district)
    for days in range(3):
        assert district.worker.run_once(now=_later(days * 86400)) == 1
    assert district.worker.run_once(now=_later(30 * 86400)) == 0
    dead = _only(district, state="dead")
    assert (dead.attempts, district.deliveries.counts()["dead"]) == (3, 1)
    assert district.worker.did.dead == 1
    assert district.deliveries.retry(new_id()) == 0
    assert district.deliveries.retry(dead.id) == 1
    assert district.worker.run_once() == 1
    assert (_only(district).state, _only(district).attempts, len(neighbour.heard)) == ("done", 1, 1)
    assert district.deliveries.retry() == 0


def test_every_dead_letter_can_be_sent_again_at_once(district: District, neighbour: Neighbour) -> None:
    neighbour.failures = [RuntimeError()] * 6
    for _ in range(2):
        _noise(district)
    for days in range(3):
        district.worker.run_once(now=_later(days * 86400))
    assert district.deliveries.counts() == {"overdue": 0, "later": 0, "done": 0, "dead": 2}
    assert district.deliveries.retry() == 2
    assert district.worker.run_once() == 2
    assert district.deliveries.counts() == {"overdue": 0, "later": 0, "done": 2, "dead": 0}


def test_what_kills_its_worker_each_time_is_given_up_too(district: District, neighbour: Neighbour) -> None:
    _noise(district)
    for minutes in range(3):  # claimed, and nobody ever said what became of it
        assert len(district.deliveries.claim(1, now=_later(minutes * 60))) == 1
    assert district.worker.run_once(now=_later(300)) == 1
    dead = _only(district, state="dead")
    assert "3 times" in str(dead.error)
    assert neighbour.heard == []


def test_two_workers_never_have_the_same_at_once(district: District) -> None:
    for _ in range(7):
        _noise(district)
    first, second = district.deliveries.claim(5), district.deliveries.claim(5)
    assert [len(first), len(second)] == [5, 2]
    assert not {one.id for one in first} & {one.id for one in second}
    assert district.deliveries.claim(5) == []
    assert len({one.lease for one in first}) == 1
    assert [one.act for one in first] == sorted(one.act for one in first if one.act)


def test_who_lost_the_lease_changes_nothing(district: District) -> None:
    _noise(district)
    [late] = district.deliveries.claim(1)
    [again] = district.deliveries.claim(1, now=_later(11))
    assert again.id == late.id
    assert again.lease != late.lease
    district.deliveries.done(late)
    district.deliveries.failed(late, "x", FAR)
    district.deliveries.dead(late, "x")
    assert late.lease
    district.deliveries.release(late.lease)
    one = _only(district)
    assert (one.state, one.attempts, one.lease) == ("due", 2, again.lease)
    district.deliveries.done(again)
    assert _only(district).state == "done"


def test_a_worker_that_is_told_to_stop_gives_back_what_it_has_not_begun(
    district: District, neighbour: Neighbour
) -> None:
    for _ in range(4):
        _noise(district)
    stop = Event()
    stop.set()
    assert district.worker.run_once(stop=stop) == 0
    assert {(one.state, one.attempts, one.lease) for one in district.deliveries.listed()} == {
        ("due", 0, None)
    }
    assert district.worker.run_once() == 4


def test_channels_get_the_publication_as_it_is_now(district: District, neighbour: Neighbour) -> None:
    place = _place(district)
    draft = district.start("publication", "draft", place, {"title": "停水", "body": "明天停水"}).subject
    for event in ("publication.publish", "publication.withdraw"):
        tell = Tell(recipient="channel:gate", kind="channel", payload={"publication": draft, "event": event})
        _noise(district, tell, verb="quiet.kept")
    neighbour.failures = [TimeoutError()]
    while district.worker.run_once():
        pass
    district.make(draft, "discard", {"reason": "又来水了"})
    district.worker.run_once(now=_later(100))
    assert sorted(event for _, event, _ in neighbour.carried) == [
        "publication.publish",
        "publication.withdraw",
    ]
    assert sorted(state for state, _, _ in neighbour.carried) == ["discarded", "draft"]
    assert len(neighbour.keys) == 3
    assert len(set(neighbour.keys)) == 2, "tried again with the same key"


def _place(district: District) -> UUID:
    ident = new_id()
    row = {
        "district": district.code, "id": ident, "kind": "compound", "parent": None, "name": "幸福里",
        "code": None, "path": f"{ident.hex}/", "reporting_place": ident, "record": "{}", "since": None, "until": None, **dict.fromkeys(LOCATION),
    }  # fmt: skip
    with district.store.transaction() as transaction:
        transaction.commit([Write(insert_into(t.place), row)])
    return ident


@pytest.mark.parametrize(
    ("kind", "recipient", "why"),
    [("channel", "channel:moon", "no channel 'moon'"), ("act", "plugin:moon", "'moon' is not enabled")],
)
def test_what_nobody_can_carry_waits_and_says_why(
    district: District, kind: str, recipient: str, why: str
) -> None:
    draft = district.start("publication", "draft", _place(district), {"title": "a", "body": "b"}).subject
    payload = {"publication": draft, "event": "publication.publish"}
    _noise(district, Tell(recipient=recipient, kind=kind, payload=payload))
    while district.worker.run_once():
        pass
    one = _only(district, state="due")
    assert why in str(one.error)


def test_a_word_to_a_seat_stays_in_its_inbox(district: District) -> None:
    seat = f"seat:clerk@{new_id()}"
    act = _noise(district, Tell(recipient=seat, payload={"what": "late"}))
    _noise(district, Tell(recipient=f"seat:clerk@{new_id()}"))
    while district.worker.run_once():
        pass
    one = _only(district, recipient=seat)
    assert (one.act, one.payload, one.state) == (act.id, {"what": "late"}, "done")


def test_a_fan_out_becomes_one_delivery_each_however_often_it_is_expanded(district: District) -> None:
    seats = [f"seat:steward@{new_id()}" for _ in range(50)]
    payload = {"kind": "tell", "recipients": [*seats, seats[0]], "payload": {"what": "meeting"}}
    _noise(district, Tell(recipient="all", kind="fan", payload=payload))
    [fan] = [one for one in district.deliveries.claim(10) if one.kind == "fan"]
    for _ in range(2):
        district.deliveries.expand(fan)
    assert len(district.deliveries.listed(kind="tell", state="due", most=100)) == 50
    assert _only(district, kind="fan").state == "done"
    while district.worker.run_once():
        pass
    found = district.deliveries.listed(kind="tell", state="done", most=100)
    assert sorted(one.recipient for one in found) == sorted(seats)
    assert all(one.payload == {"what": "meeting"} for one in found)


def test_what_is_done_is_purged_after_its_days_and_nothing_else(
    district: District, neighbour: Neighbour
) -> None:
    neighbour.failures = [RuntimeError()] * 3
    for _ in range(3):
        _noise(district)
    district.worker.run_once(now=_later(0))
    assert district.deliveries.purge(now=_later(29 * 86400)) == 0
    for days in (1, 2, 3):
        district.worker.run_once(now=_later(days * 86400))
    neighbour.failures = [RuntimeError()] * 9
    _noise(district)
    assert district.deliveries.purge(now=_later(60 * 86400)) == 3
    assert district.deliveries.counts() == {"overdue": 1, "later": 0, "done": 0, "dead": 0}


def test_nothing_of_another_district_is_carried_out(
    new_district: Callable[..., District], neighbour: Neighbour
) -> None:
    one, other = (new_district(plugins={"neighbour": neighbour}, more=QUICK) for _ in range(2))
    _noise(one)
    assert other.worker.run_once() == 0
    assert other.deliveries.listed() == []
    assert one.worker.run_once() == 1


def test_waits_grow_and_are_never_the_same_for_all() -> None:
    first = timedelta(seconds=10)
    for attempts in range(1, 60):
        waits = {wait_after(attempts, first) for _ in range(20)}
        middle = min(first * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
        assert len(waits) > 1
        assert all(middle * 0.74 < wait < middle * 1.26 for wait in waits)


def test_the_embedded_thread_works_seals_and_ends_with_the_district(
    district: District, neighbour: Neighbour
) -> None:
    acts = [_noise(district) for _ in range(3)]
    thread = district.worker.start_thread()
    assert district.worker.start_thread() is thread
    waited = Event()
    for _ in range(100):
        if district.sealing.head().number == 3 and len(neighbour.heard) == 3:
            break
        waited.wait(0.1)
    assert neighbour.heard == [act.id for act in acts]
    assert district.sealing.head().number == 3
    district.close()
    assert not thread.is_alive()


def test_a_database_that_is_gone_does_not_end_the_worker(
    district: District, neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli._store.failures import _away

    told: list[str] = []
    stop = Event()
    worker = Worker(district, report=lambda text: told.append(str(text)))
    real, failures = district.deliveries.claim, [_away("test")]

    def claim(*args: Any, **options: Any) -> list[Delivery]:
        if failures:
            raise failures.pop()
        stop.set()
        return real(*args, **options)

    monkeypatch.setattr(district.deliveries, "claim", claim)
    worker.run(stop)
    assert len(told) == 1
    assert "cannot be reached" in told[0]
