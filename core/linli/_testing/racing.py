"""Races of processes: each opens the district for itself, and all go at one word.

    printed = race(district, [(clerk, request, "close", {"feedback": "…"})], [(other, request, "withdraw", …)])
    assert sorted(printed) == [["made"], ["closed already, …"]]

Where a race is of something else than moves, it is of a script of its own, which says `wait()` when it is
ready, and prints a line for each thing that it has tried:

    printed = at_once([SCRIPT, folder, person], [SCRIPT, folder, other])
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from linli._base import codec
from linli._base.errors import Refused
from linli._district.district import District, open_district
from linli._model.access import Actor

Order = tuple[Actor, UUID, str, Mapping[str, Any]]
MADE = "made"
_READY = "ready"


def race(district: District, *racers: Sequence[Order]) -> list[list[str]]:
    """What each process came to, all of them let go at once: for each of its moves "made", or why not.

    Args:
        racers: for each process, its moves: who, of what, which, with which values.
    """
    return at_once(*(_command(district, orders) for orders in racers))


def at_once(*commands: Sequence[object]) -> list[list[str]]:
    """The lines that each process printed, all of them let go at once.

    Args:
        commands: for each process, the arguments of Python: a script, and its own.
    """
    processes = [started(*command) for command in commands]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == _READY, process.communicate()[1]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [_printed(process) for process in processes]


def started(*command: object) -> "subprocess.Popen[str]":
    """A process of this Python's that speaks English, its input and output in our hands."""
    return subprocess.Popen(  # noqa: S603 - this very Python, with what the test says
        [sys.executable, *map(str, command)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LINLI_LANG": "en"},
    )


def wait() -> None:
    """Said by a racer that is ready: it goes on when all the others are."""
    print(_READY, flush=True)
    sys.stdin.readline()


def say_how(done: str, attempt: Callable[[], object]) -> None:
    """Try something, and print `done`, or why it was refused, on one line."""
    try:
        attempt()
    except Refused as refusal:
        print(str(refusal).replace("\n", " "), flush=True)
    else:
        print(done, flush=True)


def _command(district: District, orders: Sequence[Order]) -> list[object]:
    told = [(actor.person, subject, move, values) for actor, subject, move, values in orders]
    return ["-m", __name__, district.configuration.folder, codec.encode(told)]


def _printed(process: "subprocess.Popen[str]") -> list[str]:
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return out.splitlines()


def _run(folder: str, orders: str) -> None:
    with open_district(folder) as district:
        wait()
        for person, subject, move, values in codec.decode(orders):
            actor = Actor(person=UUID(person)) if person else district.console
            say_how(MADE, partial(district.make, UUID(subject), move, values, actor=actor))


if __name__ == "__main__":
    _run(*sys.argv[1:])
