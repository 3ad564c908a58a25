"""A database that is damaged, lost or another one is said in a line, by every command; nothing is made by looking."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest

import linli
from linli._base.errors import LinliError, Refused, StoreError
from linli._district.district import open_district
from linli._district.profiles import new_folder
from linli._district.worker import Worker
from linli._operations.doctor import Level, examine
from linli._store.failures import StoreDamaged
from linli._store.made import MARK
from linli._store.store import Gone
from linli._testing.fixtures import Printed
from linli.testing import a_place, make_district, write_district

Command = Callable[..., Printed]

# Whatever reads the record, and what repairs it.
READING = (
    ("brief",), ("brief", "--json"), ("request", "list"), ("person", "find", "13900000001"), ("place", "list"),
    ("organisation", "list"), ("post", "list"), ("publication", "list"), ("delivery", "list"), ("points", "audit"),
    ("worker", "--once"), ("verify",), ("db", "status"), ("import", "nothing.csv"), ("task", "list"),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A district's folder with something in its database."""
    with make_district(tmp_path) as district:
        place = a_place(district, "锦绣花园")
        for number in range(30):
            district.register.person(name="张三", phone=f"139000000{number:02}")
            district.dispatch.submit(place, "general", "text" * 20, anonymous=True)
    return tmp_path


def _write_over(file: Path, at: int, length: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(os.urandom(length))


def _half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "the header written over": lambda file: _write_over(file, 0, 100),
    "the first page written over": lambda file: _write_over(file, 0, 4096),
    "all but the header written over": lambda file: _write_over(file, 100, file.stat().st_size - 100),
    "half of it": _half,
    "text": lambda file: file.write_text("it was here\n" * 500, encoding="utf-8"),
    "an archive": lambda file: file.write_bytes(b"PK\x03\x04" + os.urandom(20_000)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database_is_a_line_in_every_command(folder: Path, command: Command, damage: str) -> None:
    DAMAGES[damage](folder / "linli.db")
    for words in READING:
        done = command(*words, folder=folder)
        assert done.code == 1, (words, done)
        assert len(done.err.splitlines()) < 5, (words, done.err)
        assert "fault of its own" not in done.err, (words, done.err)
        assert "restore the last backup" in done.err, (words, done.err)


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_doctor_says_that_it_is_damaged_and_goes_on(folder: Path, damage: str) -> None:
    DAMAGES[damage](folder / "linli.db")
    found = list(examine(folder))
    assert any(one.level is Level.ERROR and "damaged" in str(one.found) for one in found)
    assert [one.level for one in found if str(one.about) == "vault key"] == [Level.OK]


def test_pages_written_over_in_the_middle_are_found_by_the_doctor(folder: Path, command: Command) -> None:
    file = folder / "linli.db"
    for page in range(3, file.stat().st_size // 4096, 4):
        _write_over(file, page * 4096, 4096)
    done = command("doctor", folder=folder)
    assert done.code == 1
    assert "damaged" in done.out
    for words in READING:
        assert "fault of its own" not in command(*words, folder=folder).err


@pytest.mark.parametrize("column", ["id", "opened_at", "record", "hands"])
def test_a_row_that_linli_did_not_write_is_a_line(folder: Path, command: Command, column: str) -> None:
    with sqlite3.connect(folder / "linli.db") as connection:
        ident = connection.execute("SELECT id FROM subject LIMIT 1").fetchone()[0]
        row = {"id": ident, "opened_at": None, "record": None, "hands": None} | {column: "no such thing"}
        connection.execute(
            "UPDATE subject SET id = :id, opened_at = coalesce(:opened_at, opened_at),"
            " record = coalesce(:record, record), hands = coalesce(:hands, hands) WHERE id = :was",
            {**row, "was": ident},
        )
    with open_district(folder) as district, pytest.raises(LinliError, match=r"damaged|nothing with"):
        district.tree(UUID(ident))


# --- lost ---------------------------------------------------------------------------------------------


def _lose(folder: Path) -> None:
    for file in folder.glob("linli.db*"):
        file.unlink()


@pytest.mark.parametrize("empty", [False, True])
def test_a_lost_database_is_not_made_anew_by_looking(folder: Path, command: Command, empty: bool) -> None:
    _lose(folder)
    if empty:
        (folder / "linli.db").touch()
    for words in (
        *READING,
        ("worker", "--once"),
        ("person", "add", "--name", "张三", "--phone", "13900000001"),
    ):
        done = command(*words, folder=folder)
        assert (done.code, done.out) == (1, ""), words
        assert "is not there, though one was begun on" in done.err, words
        assert (folder / "linli.db").exists() is empty
    done = command("doctor", folder=folder)
    assert (done.code, "is not there, though one was begun on" in done.out) == (1, True)
    with pytest.raises(StoreError, match="is not there"):
        linli.open(folder)


def test_one_that_was_never_made_is_made_by_db_upgrade_alone(tmp_path: Path, command: Command) -> None:
    folder = write_district(tmp_path)
    assert "make one with: linli db upgrade" in command("brief", folder=folder).err
    assert command("db", "upgrade", folder=folder).err == ""
    assert command("brief", folder=folder).code == 0
    assert (folder / MARK).exists()


def test_db_upgrade_says_that_it_began_an_empty_one(folder: Path, command: Command) -> None:
    assert command("db", "upgrade", folder=folder).err == ""
    _lose(folder)
    assert "an empty one was made" in command("db", "upgrade", folder=folder).err
    assert command("brief", folder=folder).code == 0


def test_an_empty_database_in_the_place_of_a_lost_one_is_refused(
    folder: Path, command: Command, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    make_district(other).close()
    _lose(folder)
    (folder / "linli.db").write_bytes((other / "linli.db").read_bytes())
    assert "it is another, or an empty one" in command("brief", folder=folder).err
    (folder / MARK).unlink()
    assert command("brief", folder=folder).code == 0


def test_a_profiles_folder_comes_with_its_database(tmp_path: Path, command: Command) -> None:
    new_folder(tmp_path / "district", "plain")
    assert command("brief", folder=tmp_path / "district").code == 0


@pytest.mark.parametrize("again", [False, True])
def test_a_worker_ends_when_its_database_is_taken_away_or_replaced(folder: Path, again: bool) -> None:
    with open_district(folder) as district:
        worker = Worker(district)
        worker.keep_house()
        copy = (folder / "linli.db").read_bytes()
        _lose(folder)
        if again:
            (folder / "linli.db").write_bytes(copy)
        with pytest.raises(Gone, match="taken away or replaced"):
            worker.run(Event())


# --- texts that are none ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["x\0y", "\0", "half \ud800", "\udfff"])
def test_no_database_keeps_what_another_would_cut(
    new_district: Callable[..., linli.District], text: str
) -> None:
    district = new_district()
    compound = a_place(district, "锦绣花园")
    for attempt in (
        lambda: district.register.place("building", text, compound),
        lambda: district.register.organisation("association", text, compound),
        lambda: district.dispatch.submit(compound, text, "words", anonymous=True),
        lambda: district.dispatch.submit(compound, "general", text, anonymous=True),
        lambda: district.publish.announce(compound, text, "words"),
        lambda: district.publish.announce(compound, "title", text),
        lambda: district.register.person(name="张三", phone="13900000001", fields={"address": text}),
        lambda: district.register.find_organisation(text),
    ):
        with pytest.raises(Refused):
            attempt()


@pytest.mark.parametrize("argument", ["x\x1b]0;owned\x07", "x\ty\x00"[:4] + "\x07", "\udcff\udcfe", "a\x9bb"])
def test_an_argument_that_no_terminal_can_show_is_refused_and_not_repeated(
    folder: Path, command: Command, argument: str
) -> None:
    done = command("place", "add", "compound", argument, folder=folder)
    assert (done.code, done.out) == (1, "")
    assert "argument 6 has control characters" in done.err
    assert argument not in done.err


def test_a_file_that_is_no_utf_8_is_a_line(folder: Path, command: Command) -> None:
    text = folder / "notice.txt"
    text.write_bytes("关于停水的通知".encode("gb18030") + b"\xff")
    done = command(
        "publication", "draft", "--place", "锦绣花园", "--title", "通知", "--text", str(text), folder=folder
    )
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert "UTF-8" in done.err


def test_a_fault_of_linli_is_a_line_without_what_it_says(
    folder: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("张三 13900000001")

    monkeypatch.setattr("linli._figures.brief.brief", fails)
    done = command("brief", folder=folder)
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert "RuntimeError" in done.err
    assert "13900000001" not in done.err
    monkeypatch.setenv("LINLI_TRACE", "1")
    with pytest.raises(RuntimeError):
        command("brief", folder=folder)


def test_what_a_server_says_of_damage_is_damage() -> None:
    from linli._store.failures import postgres_failure

    assert isinstance(postgres_failure("XX001", "", "invalid page in block 3"), StoreDamaged)
