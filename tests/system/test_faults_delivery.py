"""Workers killed with kill -9 in the middle of a delivery, and several at once: nothing lost, nothing twice.

The receiver is idempotent as a real one is: it keeps what it gets under the key, once. Beside it a
list of every call shows that it was really called more than once.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from linli._district.district import District
from linli._engine.orders import constant
from linli._model.access import ENGINE_ACTOR
from linli._model.acts import new_id
from linli._model.direct import DirectAct, DirectOrder
from linli._model.effects import Tell
from linli._store import Write
from linli._store import tables as t
from linli._store.statements import insert_into
from linli._verbs.register.places import LOCATION

ROUNDS = 60 if os.environ.get("LINLI_SLOW") == "1" else 8
DELIVERIES = max(500, 40 * ROUNDS)  # more than all rounds together get done
SETTINGS = "\n[deliveries]\nlease = '{lease}'\ntries = 100\nfirst_wait = '1s'\n"

# The worker's own process: an open district with a channel that writes files.
WORKER = """
import os, random, sys, time
from pathlib import Path
from threading import Event

from linli import Plugin, open as open_district
from linli._district.worker import Worker

folder, received, slow = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
calls = os.open(received / "calls", os.O_WRONLY | os.O_CREAT | os.O_APPEND)


class Files:
    @property
    def PLUGIN(self):
        return Plugin(name="files", channels={"files": lambda district: self})

    def carry(self, publication, event, key):
        os.write(calls, f"{key}\\n".encode())
        time.sleep(random.uniform(0, slow))
        try:
            os.close(os.open(received / str(key), os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            pass
        time.sleep(random.uniform(0, slow))


with open_district(folder, plugins={"files": Files()}) as district:
    print("ready", flush=True)
    worker = Worker(district)
    while district.deliveries.counts()["overdue"] or district.deliveries.counts()["later"]:
        if not worker.run_once():
            time.sleep(0.05)
"""


class Receiver:
    """What arrived in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "calls").touch()

    def keys(self) -> set[UUID]:
        return {UUID(file.name) for file in self.folder.iterdir() if file.name != "calls"}

    def calls(self) -> Counter[str]:
        return Counter((self.folder / "calls").read_text().split())


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    return Receiver(tmp_path / "received")


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a worker's process, ready to work; every one is gone at the end."""
    script = tmp_path / "worker_process.py"
    script.write_text(WORKER, encoding="utf-8")
    running: list[subprocess.Popen[str]] = []

    def start(district: District, receiver: Receiver, slow: float) -> subprocess.Popen[str]:
        command = [
            sys.executable,
            str(script),
            str(district.configuration.folder),
            str(receiver.folder),
            str(slow),
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _fill(district: District, count: int) -> set[UUID]:
    """Make so many deliveries due to the channel in one act; their keys."""
    place = new_id()
    row = {
        "district": district.code, "id": place, "kind": "compound", "parent": None, "name": "幸福里", "code": None,
        "path": f"{place.hex}/", "reporting_place": place, "record": "{}", "since": None, "until": None, **dict.fromkeys(LOCATION),
    }  # fmt: skip
    with district.store.transaction() as transaction:
        transaction.commit([Write(insert_into(t.place), row)])
    draft = district.start("publication", "draft", place, {"title": "停水", "body": "明天停水"}).subject
    payload = {"publication": draft, "event": "publication.publish"}
    tells = [
        Tell(recipient="channel:files", kind="channel", payload=payload | {"n": n}) for n in range(count)
    ]
    order = DirectOrder(
        act=DirectAct("noise.made", label="noise"), subject=new_id(), fresh=True, work=constant(effects=tells)
    )
    district.perform(order, actor=ENGINE_ACTOR)
    return {one.id for one in district.deliveries.listed(kind="channel", most=count)}


def _states(district: District) -> Counter[str]:
    return Counter(one.state for one in district.deliveries.listed(kind="channel", most=DELIVERIES))


def test_a_worker_killed_in_the_middle_of_deliveries_loses_none_and_doubles_none(
    new_district: Callable[..., District],
    receiver: Receiver,
    started: Callable[..., subprocess.Popen[str]],
) -> None:
    district = new_district(more=SETTINGS.format(lease="1s"))
    keys = _fill(district, DELIVERIES)
    slow, kills = 0.01, 0
    for _ in range(ROUNDS):
        before = len(receiver.keys())
        process = started(district, receiver, slow)
        # Not before it has begun, and not always at the same point of its work.
        deadline = time.monotonic() + 30
        while len(receiver.keys()) == before and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(random.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
    last = started(district, receiver, 0.0)
    assert last.wait(timeout=120) == 0
    calls = receiver.calls()
    again = sum(count - 1 for count in calls.values())
    print(f"{DELIVERIES} deliveries, {kills} kills, {len(receiver.keys())} received, {again} carried again")
    assert kills == ROUNDS
    assert receiver.keys() == keys
    assert _states(district) == {"done": DELIVERIES}
    assert again <= kills, "a kill costs at most the one delivery that was being carried"


def test_three_workers_at_once_share_the_work_and_repeat_none_of_it(
    new_district: Callable[..., District],
    receiver: Receiver,
    started: Callable[..., subprocess.Popen[str]],
) -> None:
    district = new_district(more=SETTINGS.format(lease="1min"))
    keys = _fill(district, DELIVERIES)
    workers = [started(district, receiver, 0.002) for _ in range(3)]
    assert [worker.wait(timeout=120) for worker in workers] == [0, 0, 0]
    calls = receiver.calls()
    print(f"{DELIVERIES} deliveries, 3 workers, {len(receiver.keys())} received, {calls.total()} calls")
    assert receiver.keys() == keys
    assert calls.total() == len(calls) == DELIVERIES
    assert _states(district) == {"done": DELIVERIES}
    assert {one.attempts for one in district.deliveries.listed(kind="channel", most=DELIVERIES)} == {1}
