"""`linli delivery` and `linli worker`."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import click
import pytest
from click.testing import CliRunner, Result

from linli._base.errors import LinliError, NotFound, Refused
from linli._cli.delivery import delivery
from linli._cli.worker import worker
from linli._district.district import District
from linli._engine.orders import constant
from linli._model.access import ENGINE_ACTOR
from linli._model.acts import new_id
from linli._model.direct import DirectAct, DirectOrder
from linli._model.effects import Tell

QUICK = "\n[deliveries]\ntries = 1\n"
SEAT = f"seat:clerk@{UUID(int=5)}"


@pytest.fixture
def district(new_district: Callable[..., District]) -> District:
    """A district with a word to a seat and one to a channel that nobody brings."""
    found = new_district(more=QUICK)
    _tell(
        found,
        Tell(recipient=SEAT),
        Tell(recipient="channel:moon", kind="channel", payload={"publication": "x"}),
    )
    return found


def _tell(district: District, *tells: Tell) -> None:
    order = DirectOrder(
        act=DirectAct("noise.made", label="noise"), subject=new_id(), fresh=True, work=constant(effects=tells)
    )
    district.perform(order, actor=ENGINE_ACTOR)


def _run(command: click.Command, district: District, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, obj={"path": str(district.configuration.folder)})


def _json(district: District, *arguments: str) -> Any:
    result = _run(delivery, district, *arguments, "--json")
    if isinstance(result.exception, LinliError):
        raise result.exception
    return json.loads(result.stdout)


def test_a_dead_letter_is_listed_with_its_reason_and_sent_again(district: District) -> None:
    assert _json(district, "count") == {"overdue": 2, "later": 0, "done": 0, "dead": 0}
    result = _run(worker, district, "--once")
    assert (result.exit_code, "given up 1" in result.stdout) == (0, True)
    assert "linli delivery retry" in result.stderr
    [dead] = _json(district, "list", "--dead")
    assert (dead["recipient"], dead["attempts"]) == ("channel:moon", 1)
    assert dead["error"]
    assert _json(district, "retry", dead["id"]) == {"sent again": 1}
    assert _json(district, "list", "--dead") == []
    with pytest.raises(NotFound, match="was not given up"):
        _json(district, "retry", dead["id"])
    _run(worker, district, "--once")
    assert _json(district, "retry", "--all") == {"sent again": 1}
    assert [one["id"] for one in _json(district, "list", "--due")] == [dead["id"]]


def test_the_inbox_of_a_seat_is_listed(district: District) -> None:
    _run(worker, district, "--once")
    [word] = _json(district, "list", "--to", SEAT)
    assert (word["kind"], word["state"]) == ("tell", "done")
    assert "clerk" in _run(delivery, district, "list", "--done").stdout


@pytest.mark.parametrize("arguments", [(), ("x", "--all")])
def test_retry_wants_one_number_or_all(district: District, arguments: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="--all"):
        _json(district, "retry", *arguments)
    with pytest.raises(Refused, match="no number"):
        _json(district, "retry", "x")


def _started(district: District, *arguments: str) -> subprocess.Popen[str]:
    code = "import sys; from linli._cli.worker import worker; worker(sys.argv[2:], obj={'path': sys.argv[1]})"
    command = [sys.executable, "-c", code, str(district.configuration.folder), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("arguments", [(), ("--processes", "2")])
def test_sigterm_lets_workers_finish_and_leave(district: District, arguments: tuple[str, ...]) -> None:
    process = _started(district, *arguments)
    deadline = time.monotonic() + 60
    while (
        district.deliveries.counts()["dead"] + district.deliveries.counts()["done"] < 2
        and time.monotonic() < deadline
    ):
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "carried out 1, failed 0, given up 1" in out
    assert len(out.splitlines()) <= 2, "a line each, of those that had begun"
    assert "Traceback" not in err


def test_processes_work_once_and_leave(district: District) -> None:
    process = _started(district, "--once", "--processes", "2")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, len(out.splitlines())) == (0, 2), err
    assert district.deliveries.counts() == {"overdue": 0, "later": 0, "done": 1, "dead": 1}
    assert district.sealing.unsealed() == 0
