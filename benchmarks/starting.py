"""How long `linli --help` takes, against an empty Python program; and a list, against loading what it stands on."""

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import Result, in_turn, speed_ratio
from linli.testing import make_district


def help_(rounds: int = 11) -> Result:
    """Whole processes, in turn."""
    linli = str(Path(sys.executable).with_name("linli"))

    def run(*command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    run(linli, "--help")
    mine, theirs = in_turn(lambda: run(linli, "--help"), lambda: run(sys.executable, "-c", "pass"), rounds)
    ratio = 1 / speed_ratio(mine, theirs)
    detail = f"{statistics.median(mine) * 1000:.0f} ms against {statistics.median(theirs) * 1000:.0f} ms"
    return Result(name="linli --help", ratio=ratio, target=8.0, higher_is_better=False, detail=detail)


# All that there are beside the example district, which is theirs together.
PLUGINS = (
    "party", "reporting", "centres", "stewards", "meetings", "decisions", "owners_vote", "three_lists", "volunteers",
    "bank", "board", "brief", "tabular",
)  # fmt: skip


def list_(rounds: int = 9) -> Result:
    """A list on SQLite with every plugin on: processor time of the whole process, user and system."""
    with tempfile.TemporaryDirectory() as folder:
        make_district(Path(folder), enabled=PLUGINS).close()
        ours = (str(Path(sys.executable).with_name("linli")), "--district", folder, "request", "list")
        theirs = (sys.executable, "-c", "import click, sqlalchemy")
        for command in (ours, theirs):
            _seconds(command)
        pairs = [(_seconds(ours), _seconds(theirs)) for _ in range(rounds)]
    mine, base = (statistics.median(side) for side in zip(*pairs, strict=True))
    detail = f"{mine * 1000:.0f} ms of processor time against {base * 1000:.0f} ms"
    return Result(name="a list", ratio=mine / base, target=2.0, higher_is_better=False, detail=detail)


def _seconds(command: tuple[str, ...]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
