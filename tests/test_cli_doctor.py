"""`linli doctor`: what is wrong, whatever is broken."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from linli._base.calendar import known_until
from linli._district.district import open_district
from linli._operations import doctor
from linli._operations.doctor import Level, examine
from linli._testing.fixtures import Printed
from linli._vault.crypto import Keyring
from linli.testing import a_place, make_district, write_district

Command = Callable[..., Printed]
EVERYTHING = {
    "Python", "packages", "holidays and make-up days", "the district's file", "plugins", "disk space",
    "database", "tables", "vault key", "set-up", "deliveries", "sealing", "kept heads", "ledger",
    "database file", "permissions", "erasing",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A district's folder, its database made."""
    make_district(tmp_path).close()
    return tmp_path


def _of(folder: Path, about: str, now: datetime | None = None) -> list[tuple[Level, str, str]]:
    found = examine(folder, now or datetime(2026, 3, 1, tzinfo=UTC))
    return [(one.level, str(one.found), str(one.todo or "")) for one in found if str(one.about) == about]


def _corrupt(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / "linli.db") as connection:
        connection.execute(statement)


def test_a_sound_installation_has_a_line_for_everything_and_exit_code_0(
    command: Command, folder: Path
) -> None:
    done = command("doctor", "--json", folder=folder)
    found = json.loads(done.out)
    assert done.code == 0
    assert {one["about"] for one in found} == EVERYTHING
    assert [one for one in found if one["level"] == "error"] == []


def test_a_folder_without_a_district_is_one_error_and_the_rest_is_still_looked_at(
    command: Command, tmp_path: Path
) -> None:
    done = command("doctor", folder=tmp_path)
    assert done.code == 1
    assert done.out.count("error") == 1
    assert "there is no such file" in done.out
    assert "disk space" in done.out


def test_every_problem_of_the_file_is_an_error(folder: Path) -> None:
    with (folder / "district.toml").open("a", encoding="utf-8") as file:
        file.write("[dispatch]\nreopen_days = -1\nanonymus = 1\n")
    found = _of(folder, "the district's file")
    assert [level for level, _, _ in found] == [Level.ERROR, Level.ERROR]
    assert "linli config check" in found[0][2]


def test_a_plugin_that_is_enabled_but_not_installed_is_an_error(tmp_path: Path) -> None:
    write_district(tmp_path, enabled=("gone",))
    ((level, found, _),) = _of(tmp_path, "the district's file")
    assert level is Level.ERROR
    assert "'gone' is enabled but not installed" in found


def test_a_database_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    write_district(tmp_path)
    ((level, found, _),) = _of(tmp_path, "database")
    assert (level, "not there yet" in found) == (Level.WARNING, True)
    assert not (tmp_path / "linli.db").exists()
    assert _of(tmp_path, "vault key")[0][0] is Level.OK


def test_a_server_that_is_away_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    write_district(tmp_path, url="postgresql://linli@127.0.0.1:1/none")
    ((level, found, _),) = _of(tmp_path, "database")
    assert level is Level.ERROR
    assert "cannot be reached" in found
    assert "start it or correct [store] url" in found


def test_on_postgresql_the_version_is_known(postgres_url: str, tmp_path: Path) -> None:
    make_district(tmp_path, url=postgres_url).close()
    ((level, found, _),) = _of(tmp_path, "database")
    assert level is Level.OK
    assert found.startswith("postgresql 1")


def test_a_postgresql_that_is_too_old_is_an_error(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_district(tmp_path, url=postgres_url).close()
    monkeypatch.setattr(doctor, "OLDEST_POSTGRESQL", 99)
    ((level, _, todo),) = _of(tmp_path, "database")
    assert level is Level.ERROR
    assert "needs PostgreSQL 99 or newer" in todo


def test_tables_that_are_old_are_an_error_and_what_stands_on_them_is_left_out(folder: Path) -> None:
    _corrupt(folder, "DELETE FROM alembic_version")
    ((level, found, _),) = _of(folder, "tables")
    assert (level, "linli db upgrade" in found) == (Level.ERROR, True)
    assert _of(folder, "sealing") == []


def test_a_wrong_key_and_a_missing_one_are_errors(folder: Path) -> None:
    (folder / "vault.key").write_text(Keyring.generate(), encoding="utf-8")
    ((level, found, _),) = _of(folder, "vault key")
    assert (level, found) == (Level.ERROR, "it is not the one that this database was made with")
    (folder / "vault.key").unlink()
    ((level, found, _),) = _of(folder, "vault key")
    assert level is Level.ERROR
    assert "vault.key cannot be read" in found


def test_a_disk_that_is_nearly_full_is_a_warning_and_a_full_one_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_LITTLE", 1 << 60)
    assert _of(folder, "disk space")[0][0] is Level.WARNING
    monkeypatch.setattr(doctor, "_TOO_LITTLE", 1 << 60)
    assert _of(folder, "disk space")[0][0] is Level.ERROR


def test_holidays_that_soon_are_unknown_are_a_warning() -> None:
    assert isinstance(known_until(), date)
    for year, level in ((known_until().year, Level.OK), (known_until().year + 1, Level.WARNING)):
        ((found, _, todo),) = _of(
            Path("nowhere"), "holidays and make-up days", datetime(year, 1, 1, tzinfo=UTC)
        )
        assert found is level
        assert ("holidays" in todo) is (level is Level.WARNING)


def test_what_is_overdue_dead_or_not_sealed_is_a_warning(folder: Path) -> None:
    with open_district(folder) as district:
        for _ in range(3):
            district.dispatch.submit(a_place(district, "锦绣花园"), "漏水", "厨房")
    assert _of(folder, "sealing")[0][:2] == (Level.WARNING, "3 acts are not sealed yet")
    assert _of(folder, "deliveries")[0][0] is Level.OK
    _corrupt(folder, "UPDATE delivery SET due_at = '2026-01-01T00:00:00.000000+00:00'")
    assert _of(folder, "deliveries") == [(Level.WARNING, "3 wait to be carried out", "start: linli worker")]
    _corrupt(
        folder, "UPDATE delivery SET attempts = 3, error = '没有这个地点' WHERE recipient LIKE 'clock:%'"
    )
    told = [found for _, found, *_ in _of(folder, "deliveries")]
    assert any("3 times" in found and "没有这个地点" in found for found in told), told
    _corrupt(folder, "UPDATE delivery SET state = 'dead'")
    assert _of(folder, "deliveries")[0][:2] == (Level.WARNING, "3 failed for good")
