"""How long `linli --help` takes, against an empty Python program."""

import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import Result, in_turn, speed_ratio


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
