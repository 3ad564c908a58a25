"""Importing people, validated and into the vault, against a loader written by hand for just this file."""

import csv
import hmac
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from uuid_utils.compat import uuid7

from benchmarks.measuring import Result, in_turn, speed_ratio
from linli._base.errors import Refused
from linli._base.identity import normal_name, normal_phone, normal_resident_id
from linli._district.district import District, open_district
from linli._importing.cleaning import plain
from linli._store import tables as t
from linli.testing import make_district, phone, resident_id

HEADINGS = ("序号", "姓名", "身份证号", "手机号", "小区", "楼栋", "单元", "房号")
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "伟芳娜敏静强磊洋勇艳"
CHUNK = 4000


def written(path: Path, count: int) -> Path:
    """A file of that many people, four to a home, and one bad row in a hundred."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        for number in range(count):
            name = SURNAMES[number % 10] + GIVEN[number // 10 % 10] + GIVEN[number // 100 % 10]
            key = resident_id(number)
            bad = number % 100 == 99
            key = key[:-1] + ("1" if key[-1] != "1" else "2") if bad else key
            # With a good phone, the row would be taken without the number.
            out.writerow((number + 1, name, key, "" if bad else phone(number), *home_of(number // 4)))
    return path


def home_of(number: int) -> tuple[str, str, str, str]:
    """The names of the places that a home is in, and its own."""
    compound, rest = divmod(number, 1600)
    building, rest = divmod(rest, 80)
    unit, room = divmod(rest, 40)
    return f"锦绣花园{compound}期", f"{building + 1}栋", f"{unit + 1}单元", f"{room // 4 + 1}0{room % 4 + 1}"


def with_homes(folder: Path, url: str, count: int) -> District:
    """A district with a home for every four people."""
    folder.mkdir()
    district = make_district(folder, url=url, enabled=("tabular",))
    path = folder / "homes.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("小区", "楼栋", "单元", "房号", "面积"))
        out.writerows((*home_of(number), "89.5") for number in range((count + 3) // 4))
    district.importing.run([path])
    return district


class ByHand:
    """The loader by hand: its own SQL, keys and chunks; the same checks, cryptography and rows."""

    def __init__(self, connection: Any, district: District) -> None:
        self.connection, self.code = connection, district.code
        self.settings = district.rules.settings
        # The district's derived keys, as a hand-written loader would derive them once.
        self.wrapping: AESGCM = district.rules.vault.keyring._wrapping
        self.blinding: bytes = district.rules.vault.keyring._blinding
        code = self.code.encode()
        self.head = b"\x01" + len(code).to_bytes(2, "big") + code
        self.homes = dict(self._homes(district))

    def _homes(self, district: District) -> Iterator[tuple[tuple[str, ...], UUID]]:
        nodes = {node.id: node for node in district.register.places()}
        for node in nodes.values():
            if node.kind == "exclusive_part":
                above = [UUID(part) for part in node.path.split("/") if part][1:]
                yield tuple(nodes[ident].name for ident in above), node.id

    def load(self, path: Path) -> int:
        bad = 0
        people: list[Any] = []
        keys: list[Any] = []
        items: list[Any] = []
        index: list[Any] = []
        ties: list[Any] = []
        now = datetime.now(UTC)
        version, run = 0, uuid7()
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            for _, name, key_text, phone_text, *home in rows:
                try:
                    name = normal_name(plain(name))
                    key_text = normal_resident_id(plain(key_text))
                    phone_text = normal_phone(plain(phone_text))
                    place = self.homes[tuple(map(plain, home))]
                except (Refused, KeyError):
                    bad += 1
                    continue
                person = uuid7()
                raw = os.urandom(32)
                cipher = AESGCM(raw)
                where = self.head + person.bytes
                people.append((self.code, person, now, None, None))
                keys.append((self.code, person, self._sealed(self.wrapping, raw, where)))
                for field, text in (("name", name), ("phone", phone_text), ("resident_id", key_text)):
                    sealed = self._sealed(cipher, text.encode(), where + field.encode())
                    items.append((self.code, person, field, person, sealed))
                index.append((self.code, "phone", self._blind("phone", phone_text), person))
                index.append((self.code, "resident_id", self._blind("resident_id", key_text), person))
                ties.append((self.code, person, "resident", place, None, None, "{}"))
                if len(people) == CHUNK:
                    version += 1
                    self._store(run, version, now, people, keys, items, index, ties)
                    people, keys, items, index, ties = [], [], [], [], []
        if people:
            self._store(run, version + 1, now, people, keys, items, index, ties)
        return bad

    def _sealed(self, cipher: AESGCM, text: bytes, where: bytes) -> bytes:
        nonce = os.urandom(12)
        return b"\x01" + nonce + cipher.encrypt(nonce, text, where)

    def _blind(self, field: str, text: str) -> bytes:
        name = field.encode()
        return hmac.digest(self.blinding, len(name).to_bytes(4, "big") + name + text.encode(), "sha256")[:16]

    def _store(self, run: UUID, version: int, now: datetime, *rows: list[Any]) -> None:
        tables = (
            ("person", ("text", "uuid", "timestamptz", "timestamptz", "text")),
            ("vault_key", ("text", "uuid", "bytea")),
            ("vault_item", ("text", "uuid", "text", "uuid", "bytea")),
            ("vault_index", ("text", "text", "bytea", "uuid")),
            ("tie", ("text", "uuid", "text", "uuid", "date", "date", "text")),
        )
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO act (district, root, version, id, verb, kind, subject, at, recorded_at, settings, body)"
                " VALUES (%s, %s, %s, %s, 'import.people', 'import', %s, %s, %s, %s, '{}')",
                (self.code, run, version, uuid7(), run, now, now, self.settings),
            )
            for (table, types), some in zip(tables, rows, strict=True):
                with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
                    copy.set_types(types)
                    for row in some:
                        copy.write_row(row)


def _emptied(district: District) -> None:
    with district.store.reading() as connection:
        for table in (t.tie, t.vault_index, t.vault_item, t.vault_key, t.person):
            connection.execute(table.delete().where(table.c.district == district.code))
        connection.execute(
            t.act.delete().where(t.act.c.district == district.code, t.act.c.verb == "import.people")
        )
        connection.exec_driver_sql("VACUUM")


def people(url: str, count: int = 200_000, rounds: int = 3) -> Result:
    """How fast people come in, on PostgreSQL."""
    import psycopg

    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "people.csv", count)
        ours, theirs = (with_homes(Path(folder) / name, url, count) for name in ("ours", "theirs"))
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            by_hand = ByHand(connection, theirs)

            def mine() -> None:
                report = ours.importing.run([path], kind="people")
                assert report.total("registered") == count - count // 100, report

            def other() -> None:
                assert by_hand.load(path) == count // 100

            spent_mine: list[float] = []
            spent_other: list[float] = []
            for turn in range(rounds):
                pair = in_turn(mine, other, 1) if turn % 2 == 0 else in_turn(other, mine, 1)[::-1]
                spent_mine += pair[0]
                spent_other += pair[1]
                _emptied(ours)
                _emptied(theirs)
        for district in (ours, theirs):
            district.close()
    ratio = speed_ratio(spent_mine, spent_other)
    best = count / min(spent_mine)
    detail = f"{count} rows, {best:.0f} a second; by hand {count / min(spent_other):.0f}"
    return Result(
        name="import of people, PostgreSQL", ratio=ratio, target=0.5, higher_is_better=True, detail=detail
    )


def memory(url: str, small: int = 20_000, large: int = 200_000) -> Result:
    """The most memory that importing a large file takes, by that of a small one."""
    peaks = [_peak(url, count) for count in (small, large)]
    return Result(
        name="memory of an import",
        ratio=peaks[1] / peaks[0],
        target=1.05,
        higher_is_better=False,
        detail=f"{large} rows {peaks[1] / 1024:.0f} MiB; {small} rows {peaks[0] / 1024:.0f} MiB",
    )


def _peak(url: str, count: int) -> int:
    """Kibibytes, of a process of its own that imports only."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "people.csv", count)
        district = with_homes(Path(folder) / "district", url, count)
        district.close()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.importing", str(Path(folder) / "district"), str(path)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return int(done.stdout)


def _import_only(district: str, path: str) -> None:
    with open_district(district) as opened:
        opened.importing.run([path], kind="people")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    _import_only(*sys.argv[1:])
