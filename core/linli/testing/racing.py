"""Races of processes: each opens the district for itself, and all make their moves at one word.

printed = race(district, [(clerk, request, "close", {"feedback": "…"})], [(other, request, "withdraw", …)])
assert sorted(printed) == [["made"], ["closed already, …"]]
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from linli import codec
from linli.access import Actor
from linli.district import District, open_district
from linli.errors import Refused

Order = tuple[Actor, UUID, str, Mapping[str, Any]]
MADE = "made"


def race(district: District, *racers: Sequence[Order]) -> list[list[str]]:
    """What each process came to, all of them let go at once: for each of its moves "made", or why not.

    Args:
        racers: for each process, its moves: who, of what, which, with which values.
    """
    processes = [_process(district, orders) for orders in racers]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready", process.communicate()[1]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [_printed(process) for process in processes]


def _process(district: District, orders: Sequence[Order]) -> "subprocess.Popen[str]":
    told = [(actor.person, subject, move, values) for actor, subject, move, values in orders]
    return subprocess.Popen(  # noqa: S603 - this very Python, with what the test says
        [sys.executable, "-m", __name__, str(district.configuration.folder), codec.encode(told)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LINLI_LANG": "en"},
    )


def _printed(process: "subprocess.Popen[str]") -> list[str]:
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return out.splitlines()


def _run(folder: str, orders: str) -> None:
    with open_district(folder) as district:
        print("ready", flush=True)
        sys.stdin.readline()
        for person, subject, move, values in codec.decode(orders):
            actor = Actor(person=UUID(person)) if person else district.console
            try:
                district.make(UUID(subject), move, values, actor=actor)
            except Refused as refusal:
                print(str(refusal).replace("\n", " "), flush=True)
            else:
                print(MADE, flush=True)


if __name__ == "__main__":
    _run(*sys.argv[1:])
