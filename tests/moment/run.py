"""Runs the suite as if it were another moment: `make test MOMENT=2028-02-29T12:00`, `make test MOMENT=any SHARE=10`.

The wall clock of every process of the run is shifted: of the tests, the commands and workers that they start, and
PostgreSQL. `any` takes one of the moments that are hard, by a seed that is printed; SHARE runs that many of a hundred
files of tests, chosen by the same seed. SEED=… runs what another run did.
"""

import os
import random
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from time import time
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parent.parent.parent
ZONE = ZoneInfo("Asia/Shanghai")
HARD = {
    "2027-06-14T23:58:00+08:00": "two minutes before midnight in the district's zone",
    "2027-06-15T00:00:30+08:00": "just after midnight in the district's zone, still yesterday by UTC",
    "2027-06-15T07:58:00+08:00": "two minutes before midnight by UTC",
    "2027-06-15T08:00:30+08:00": "just after midnight by UTC",
    "2026-11-29T11:00:00+08:00": "a Sunday",
    "2026-12-31T23:57:00+08:00": "the last minutes of a year",
    "2027-01-01T00:10:00+08:00": "the first minutes of a year, still the old one by UTC",
    "2028-02-29T12:00:00+08:00": "29 February",
    "2026-10-10T10:00:00+08:00": "a make-up Saturday",
    "2026-10-02T10:00:00+08:00": "within a public holiday",
    "2027-01-31T22:00:00+08:00": "the last day of a month that the next one does not have",
    "2032-06-16T10:00:00+08:00": "a year whose holidays no library knows yet",
}


def main(moment: str, share: str, seed: str) -> int:
    """Run pytest at `moment`; its exit status."""
    seed = seed or str(random.SystemRandom().randrange(10**6))
    chance = random.Random(seed)
    chosen = chance.choice(sorted(HARD)) if moment == "any" else moment
    at = datetime.fromisoformat(chosen)
    at = at if at.tzinfo else at.replace(tzinfo=ZONE)
    print(f"the suite at {at.isoformat()} ({HARD.get(chosen, 'as asked')}), seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as somebody else, who must be able to read it
        library = _library(Path(folder))
        shift = {"LD_PRELOAD": str(library), "LINLI_SHIFT": str(int(at.timestamp() - time()))}
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", *_files(share, chance)]
        return subprocess.run(command, cwd=ROOT, env=os.environ | shift, check=False).returncode


def _library(folder: Path) -> Path:
    out = folder / "shift.so"
    source = Path(__file__).with_name("shift.c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(out), str(source), "-ldl"], check=True)
    return out


def _files(share: str, chance: random.Random) -> list[str]:
    """That many of a hundred files of tests; none named is all."""
    if not share:
        return []
    folders = ("tests", "plugins", "adapters")
    found = sorted(path for name in folders for path in (ROOT / name).rglob("test_*.py"))
    count = max(1, len(found) * int(share) // 100)
    return [str(path.relative_to(ROOT)) for path in sorted(chance.sample(found, count))]


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
