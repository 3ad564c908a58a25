"""Erasing somebody leaves no readable byte; what holds it is locked; an old list or a backup does not bring them back."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from linli._base.errors import Refused, VaultError
from linli._base.i18n import say
from linli._district.district import District, open_district
from linli._hooks.hookspecs import hookimpl
from linli._hooks.plugin import Plugin
from linli._model.acts import Act
from linli._model.effects import Hold
from linli._model.facts import Facts
from linli._proof.retiring import Retired
from linli._store import tables as t
from linli._testing.fixtures import Printed
from linli._vault.crypto import Keyring, age_of
from linli.testing import a_place, make_district

Command = Callable[..., Printed]
NAME, PHONE = "诸葛特别名", "13912345678"
_NO_GRACE = timedelta(0)


def _wrapped(district: District, owner: UUID) -> bytes:
    with district.store.reading() as connection:
        found = connection.scalar(
            select(t.vault_key.c.wrapped).where(
                t.vault_key.c.district == district.code, t.vault_key.c.owner == owner
            )
        )
    assert found is not None
    return bytes(found)


def _sealed(district: District, owner: UUID) -> list[bytes]:
    with district.store.reading() as connection:
        query = select(t.vault_item.c.sealed).where(
            t.vault_item.c.district == district.code, t.vault_item.c.owner == owner
        )
        return [bytes(one) for one in connection.execute(query).scalars()]


def _bytes_of(district: District) -> bytes:
    """Every byte that a database has of itself on the disk: its file, its log; a server's whole folder."""
    if district.store.file is not None:
        files: Iterator[Path] = district.store.file.parent.glob(f"{district.store.file.name}*")
        return b"".join(file.read_bytes() for file in files)
    with district.store.reading() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        connection.exec_driver_sql("SELECT pg_switch_wal()")
        folder = Path(str(connection.exec_driver_sql("SHOW data_directory").scalar()))
    return b"".join(
        file.read_bytes() for file in folder.rglob("*") if file.is_file() and "base/1/" not in str(file)
    )


def _unwrapped(district: District, raw: bytes, owner: UUID) -> list[bytes]:
    """Every data key of `owner` that the keys which are left can make of any bytes anywhere."""
    folder = district.configuration.folder
    keyring = Keyring.from_secret((folder / "vault.key").read_text(encoding="utf-8"), folder / "vault.ages")
    found = []
    for head in (
        b"\x01",
        *(b"\x02" + age.number.to_bytes(4) for age in (keyring.ages.all() if keyring.ages else ())),
    ):
        length, at = (61 if head == b"\x01" else 65), raw.find(head)
        while at >= 0:
            with suppress(VaultError):
                found.append(keyring.unwrap(raw[at : at + length], district.code, owner).raw)
            at = raw.find(head, at + 1)
    return found


def _crowd(district: District) -> UUID:
    one = district.register.person(name=NAME, phone=PHONE)
    for number in range(20):
        district.register.person(name="人甲", phone=f"1380000{number:04d}")
    return one


def test_no_byte_of_somebody_erased_can_be_read_with_the_keys_that_are_left(district: District) -> None:
    one = _crowd(district)
    wrapped, sealed = _wrapped(district, one), _sealed(district, one)
    assert age_of(wrapped) == 1
    assert len(_unwrapped(district, _bytes_of(district), one)) >= 1, "so that this can fail"
    told = district.register.erase(one)
    done = district.retiring.rotate(grace=_NO_GRACE)
    assert (told.done, done.destroyed, done.waits) == (True, (1,), False)
    raw = _bytes_of(district)
    assert _unwrapped(district, raw, one) == []
    assert NAME.encode() not in raw
    assert PHONE.encode() not in raw
    if district.store.name == "sqlite":
        assert not any(part in raw for part in (wrapped, *sealed))
    assert district.register.masked(district.register.find_one("13800000001"))["name"] == "人*"


def test_a_worker_that_is_open_leaves_nothing_in_an_embedded_database(tmp_path: Path) -> None:
    make_district(tmp_path).close()
    with open_district(tmp_path) as first, open_district(tmp_path) as worker:
        one = _crowd(first)
        wrapped, sealed = _wrapped(first, one), _sealed(first, one)
        worker.register.root()
        assert first.register.erase(one).cleaned
        raw = _bytes_of(first)
        assert not any(part in raw for part in (wrapped, *sealed))


def test_a_reader_that_keeps_the_log_is_said_and_it_is_emptied_later(
    tmp_path: Path, command: Command
) -> None:
    make_district(tmp_path).close()
    with open_district(tmp_path) as district:
        one = _crowd(district)
        reader = sqlite3.connect(tmp_path / "linli.db", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM person").fetchone()
        assert not district.register.erase(one).cleaned
        reader.close()
        assert command("vault", "clean", folder=tmp_path).code == 0
        assert (tmp_path / "linli.db-wal").stat().st_size == 0


# --- keys of limited age ------------------------------------------------------------------------------


def _ages(district: District) -> list[int]:
    found = district.rules.vault.keyring.ages
    assert found is not None
    return [age.number for age in found.all()]


def test_the_worker_replaces_the_key_within_the_districts_days(district: District) -> None:
    one, now = _crowd(district), datetime.now(UTC)
    assert district.retiring.work(now + timedelta(days=400)) == Retired()
    told = district.register.erase(one)
    assert told.unreadable_by - now < timedelta(days=7, minutes=1)
    assert district.retiring.work(now + timedelta(days=3)) == Retired()
    begun = district.retiring.work(now + timedelta(days=5))
    assert (begun.rewrapped, begun.waits, _ages(district)) == (20, True, [1, 2])
    assert district.retiring.work(now + timedelta(days=5, minutes=5)).waits
    assert district.retiring.work(now + timedelta(days=5, hours=1)).destroyed == (1,)
    assert district.retiring.work(now + timedelta(days=6)) == Retired()
    assert _ages(district) == [2]


def test_a_process_that_was_open_meanwhile_reads_and_writes_under_the_new_key(district: District) -> None:
    with open_district(district.configuration.folder) as other:
        one = _crowd(district)
        other.register.erase(one)
        other.retiring.rotate(grace=_NO_GRACE)
        found = district.register.find_one("13800000002")
        assert district.register.masked(found)["name"] == "人*"
        fresh = district.register.person(name="张三", phone="13700000000")
        assert age_of(_wrapped(district, fresh)) == 2
        assert other.register.masked(fresh)["name"] == "张*"


def test_what_was_wrapped_before_there_were_ages_is_wrapped_anew(district: District) -> None:
    one, folder = _crowd(district), district.configuration.folder
    keyring = Keyring.from_secret((folder / "vault.key").read_text(encoding="utf-8"))
    old = keyring.wrap(
        district.rules.vault.keyring.unwrap(_wrapped(district, one), district.code, one), district.code, one
    )
    with district.store.reading() as connection:
        connection.execute(t.vault_key.update().where(t.vault_key.c.owner == one).values(wrapped=old))
    assert district.register.masked(one)["name"] == "诸葛***"
    assert district.retiring.rotate(grace=_NO_GRACE).rewrapped == 21
    assert age_of(_wrapped(district, one)) == 2


def test_a_replacing_that_was_killed_is_finished_by_the_next(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli._proof import retiring

    monkeypatch.setattr(retiring, "PAGE", 7)
    _crowd(district)
    commit, calls = retiring.Retiring._commit, []

    def killed(self: Any, writes: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        commit(self, writes)

    monkeypatch.setattr(retiring.Retiring, "_commit", killed)
    with pytest.raises(KeyboardInterrupt):
        district.retiring.rotate(grace=_NO_GRACE)
    assert _ages(district) == [1, 2]
    people = [district.register.find_one(f"1380000{number:04d}") for number in range(20)]
    assert all(district.register.masked(one)["name"] == "人*" for one in people)
    district.retiring.work(datetime.now(UTC) + timedelta(hours=2))
    assert _ages(district) == [2]
    assert all(district.register.masked(one)["name"] == "人*" for one in people)


@pytest.mark.parametrize("damage", ["lost", "old", "damaged"])
def test_a_file_of_keys_that_is_not_the_one_of_the_database_is_a_line(
    district: District, command: Command, damage: str
) -> None:
    _crowd(district)
    file = district.configuration.folder / "vault.ages"
    before = file.read_bytes()
    district.retiring.rotate(grace=_NO_GRACE)
    if damage == "lost":
        file.unlink()
    else:
        file.write_bytes(before if damage == "old" else b"{]")
    done = command("person", "find", PHONE, folder=district.configuration.folder)
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert "vault.ages" in done.err


def test_the_keys_are_for_their_owner_alone_and_the_old_file_is_written_over(district: District) -> None:
    folder = district.configuration.folder
    file = folder / "vault.ages"
    with file.open("rb") as old:
        district.retiring.rotate(grace=_NO_GRACE)
        assert set(old.read()) == {0}
    assert [os.stat(folder / name).st_mode & 0o777 for name in ("vault.ages", "vault.key")] == [0o600, 0o600]
    assert "key=" not in repr(district.rules.vault.keyring.ages.all())  # type: ignore[union-attr]


def test_vault_rotate_and_status_say_what_is(district: District, command: Command) -> None:
    folder = district.configuration.folder
    district.register.erase(_crowd(district))
    assert "unreadable by" in command("vault", "status", folder=folder).out
    done = command("vault", "rotate", "--at-once", folder=folder)
    assert "20 keys were wrapped anew" in done.out
    assert "unreadable by" not in command("vault", "status", folder=folder).out


# --- holds --------------------------------------------------------------------------------------------


class Loans:
    """A plugin that knows of a loan until a moment."""

    def __init__(self) -> None:
        self.until: datetime | None = None

    PLUGIN = Plugin(name="loans")

    @hookimpl
    def person_holds(self, person: UUID, facts: Facts) -> Iterator[Hold]:
        if self.until and facts.at < self.until:
            yield Hold(what=say("a loan"), until=self.until)


def test_somebody_with_an_open_request_is_locked_and_erased_when_it_has_ended(district: District) -> None:
    place, register = a_place(district, "锦绣花园"), district.register
    person = register.person(name="张三", phone="13900000001", home=place)
    register.consent(person, "publish_contact")
    asked: Act = district.dispatch.submit(place, "general", "灯坏了", reporter=person)
    told = register.erase(person)
    assert (told.done, len(told.holds)) == (False, 1)
    assert str(asked.subject) in str(told.holds[0].what)
    with pytest.raises(Refused, match="to be erased"):
        register.reveal(person, ["phone"], "call back")
    for attempt in (
        lambda: register.tie(person, "volunteer", place),
        lambda: register.post(person, "steward", place),
        lambda: register.consent(person, "anything"),
        lambda: register.correct(person, name="李四"),
    ):
        with pytest.raises(Refused, match="to be erased"):
            attempt()
    assert register.consents(person)["publish_contact"][1] is not None
    assert district.read(asked.subject, "to answer")[0].text == "灯坏了"
    assert register.erase_due() == []
    assert register.erase(person).done is False
    district.make(asked.subject, "withdraw", {"reason": "done"})
    assert register.erase_due() == [person]
    assert register.find("13900000001") is None
    assert all(one.text != "灯坏了" for one in district.read(asked.subject, "to see"))
    assert register.erase_due() == []


def test_open_matters_in_which_others_wait_for_somebody_or_they_for_an_answer_hold_them(
    new_district: Callable[..., District],
) -> None:
    """Not a wish, a claim, a report or a place at a session: they end with the person, and nobody's right with them."""
    plugins = ("bank", "centres", "decisions", "meetings", "owners_vote", "party", "reporting", "volunteers")
    flows = new_district(enabled=plugins).rules.workflows.values()
    assert {flow.name for flow in flows if flow.holds_person} == {
        "breach", "hall_booking", "objection", "redemption", "request", "vote_contest", "waiver",
    }  # fmt: skip


def test_a_plugin_holds_somebody_until_a_day(new_district: Callable[..., District]) -> None:
    loans, now = Loans(), datetime(2026, 3, 1, tzinfo=UTC)
    clock = [now]
    district = new_district(plugins={"loans": loans}, enabled=("loans",), clock=lambda: clock[0])
    person = district.register.person(name="张三", phone="13900000001")
    loans.until = now + timedelta(days=3)
    told = district.register.erase(person)
    assert (told.done, told.holds[0].until) == (False, loans.until)
    for days, erased in ((1, []), (2, []), (4, [person])):
        clock[0] = now + timedelta(days=days)
        assert district.register.erase_due() == erased


def test_an_erasure_says_what_waits_what_is_left_and_where(district: District, command: Command) -> None:
    place, folder = a_place(district, "锦绣花园"), district.configuration.folder
    person = district.register.person(name="张三", phone="13900000001")
    about = district.dispatch.submit(place, "general", "x", anonymous=True, about=person).subject
    asked = district.dispatch.submit(place, "general", "x", reporter=person).subject
    held = command("person", "erase", "13900000001", "--yes", folder=folder)
    assert (held.code, "locked, and not erased yet" in held.out, str(asked) in held.out) == (0, True, True)
    district.make(asked, "withdraw", {"reason": "done"})
    done = command("person", "erase", "13900000001", "--yes", folder=folder)
    by = (datetime.now(UTC) + timedelta(days=7)).astimezone(district.rules.zone).date()
    for word in ("unreadable in the database", str(by), "backups", "-errors", str(about)):
        assert word in done.out, word


# --- marks and backups --------------------------------------------------------------------------------


def test_an_old_list_does_not_bring_somebody_back_unnoticed(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    district = new_district(enabled=("tabular",))
    register, home = district.register, a_place(district, "锦绣花园")
    file = tmp_path / "people.csv"
    file.write_text(
        "姓名,手机号,小区\n张三,13900000001,锦绣花园\n李四,13900000001,锦绣花园\n王五,13900000003,锦绣花园\n",
        encoding="utf-8",
    )
    assert district.importing.run([file]).problems == []
    zhang = register.find("13900000001")
    assert zhang
    register.erase(zhang)
    report = district.importing.run([file], error_files=False)
    assert [(problem.row, "was erased" in str(problem.what)) for problem in report.problems] == [(2, True)]
    assert register.find("13900000001") is None, "nobody has the phone alone"
    again = register.person(name="张三", phone="13900000001", home=home)
    assert district.history(again)[-1].body["erased_before"] is True
    other = register.person(name="赵六", phone="13900000009")
    assert "erased_before" not in district.history(other)[-1].body


def test_a_mark_ends_with_the_districts_term(new_district: Callable[..., District]) -> None:
    clock = [datetime(2026, 3, 1, tzinfo=UTC)]
    district = new_district(clock=lambda: clock[0])
    one = district.register.person(name="张三", phone="13900000001")
    district.register.erase(one)
    clock[0] += timedelta(days=1096)
    district.register.erase_due()
    with district.store.reading() as connection:
        assert not connection.execute(select(t.erased).where(t.erased.c.district == district.code)).all()


def test_a_mark_says_nothing_to_who_has_the_blind_index(district: District) -> None:
    one = district.register.person(name="张三", phone="13900000001")
    with district.store.reading() as connection:
        blinds = {bytes(b) for b in connection.execute(select(t.vault_index.c.blind)).scalars()}
    district.register.erase(one)
    with district.store.reading() as connection:
        marks = {bytes(b) for b in connection.execute(select(t.erased.c.blind)).scalars()}
    assert marks
    assert not marks & blinds


def test_a_restored_backup_has_them_erased_again(tmp_path: Path, command: Command) -> None:
    make_district(tmp_path).close()
    with open_district(tmp_path) as district:
        one = _crowd(district)
    backup = (tmp_path / "linli.db").read_bytes()
    with open_district(tmp_path) as district:
        district.register.erase(one)
    for file in tmp_path.glob("linli.db-*"):
        file.unlink()
    (tmp_path / "linli.db").write_bytes(backup)
    done = command("doctor", folder=tmp_path)
    assert "were erased and are back" in done.out
    assert command("worker", "--once", folder=tmp_path).code == 0
    with open_district(tmp_path) as district:
        assert district.register.find(PHONE) is None
        assert district.register.brought_back() == []


# --- permissions --------------------------------------------------------------------------------------


def test_files_with_personal_data_are_for_their_owner_alone(tmp_path: Path, command: Command) -> None:
    before = os.umask(0o022)
    try:
        make_district(tmp_path).close()
        with open_district(tmp_path) as district:
            _crowd(district)
            modes = {
                file.name: file.stat().st_mode & 0o777
                for file in tmp_path.iterdir()
                if "vault" in file.name or ".db" in file.name
            }
    finally:
        os.umask(before)
    assert set(modes.values()) == {0o600}
    assert {"linli.db", "linli.db-wal", "linli.db-shm", "vault.key", "vault.ages"} <= set(modes)
    assert "others can read" not in command("doctor", folder=tmp_path).out
    for name in ("vault.key", "vault.ages", "linli.db"):
        (tmp_path / name).chmod(0o644)
        assert f"others can read {name}" in command("doctor", folder=tmp_path).out
        (tmp_path / name).chmod(0o600)
    (tmp_path / "linli-2026.db").touch()
    assert "linli-2026.db lies beside the key" in command("doctor", folder=tmp_path).out


def test_the_doctor_says_that_a_key_should_have_been_replaced(
    district: District, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli._operations import safety

    district.register.erase(_crowd(district))
    assert "should be unreadable by now" not in command("doctor", folder=district.configuration.folder).out

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(time.time(), tz) + timedelta(days=9)

    monkeypatch.setattr(safety, "datetime", Later)
    assert "should be unreadable by now" in command("doctor", folder=district.configuration.folder).out
