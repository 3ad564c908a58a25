"""`python -m golden`: live a year and keep what it left; tell what two of them differ in.

In a clone of the commit that the text is to be of, set up as its Makefile says, with this folder's parent on the path:

    PYTHONPATH=…/tests/system .venv/bin/python -m golden make 5683a6f.xz --commit 5683a6f --scale 0.05
    PYTHONPATH=tests/system .venv/bin/python -m golden compare 5683a6f.xz today.xz
"""

import sys
import tempfile
from argparse import ArgumentParser, Namespace
from datetime import date
from pathlib import Path

from golden.declared import undeclared
from golden.demo import exported, live
from golden.keeping import keep, kept


def main() -> int:
    """Do what was asked; 1 where something differs that is not declared."""
    parser = ArgumentParser(prog="golden", description=__doc__)
    parts = parser.add_subparsers(required=True)
    make = parts.add_parser("make")
    make.add_argument("file", type=Path)
    make.add_argument("--commit", required=True)
    make.add_argument("--scale", type=float, default=0.05)
    make.add_argument("--seed", type=int, default=9)
    make.add_argument("--last", type=date.fromisoformat, default=date(2026, 6, 30))
    make.set_defaults(run=_make)
    compare = parts.add_parser("compare")
    compare.add_argument("old", type=Path)
    compare.add_argument("new", type=Path)
    compare.set_defaults(run=_compare)
    asked = parser.parse_args()
    return int(asked.run(asked))


def _make(asked: Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        tale = live(Path(folder) / "district", seed=asked.seed, scale=asked.scale, last=asked.last)
        made = {
            "commit": asked.commit,
            "scale": asked.scale,
            "seed": asked.seed,
            "last": asked.last.isoformat(),
        }
        keep(asked.file, made, exported(tale))
    return 0


def _compare(asked: Namespace) -> int:
    found = undeclared(kept(asked.old), kept(asked.new))
    for one in found:
        sys.stdout.write(f"{one}\n")
    sys.stdout.write(f"{len(found)} differences that are not declared\n")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
