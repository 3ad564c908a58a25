"""An import that is killed, wherever it stands, loses nothing and takes nothing twice once it is run again."""

import csv
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from linli._district.district import District
from linli._model.acts import ACT_COLUMNS, act_from
from linli._store import tables as t
from linli.testing import phone, resident_id

PEOPLE = 1500
CHUNK = 100
ROUNDS = 25 if os.environ.get("LINLI_SLOW") else 3
CHILD = """
import sys
import linli
with linli.open(sys.argv[1]) as district:
    print("open", flush=True)
    district.importing.run([sys.argv[2]], progress=lambda done: print(done, flush=True))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("姓名", "身份证号", "手机号", "小区"))
        writer.writerows(("张三", resident_id(n), phone(n), "锦绣花园") for n in range(PEOPLE))
    return path


def killed(district: District, file: Path, dice: random.Random) -> bool:
    """Start an import and kill it at a random point; False where it was done before."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(district.configuration.folder), str(file)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    for _ in range(dice.randrange(1, 7)):
        child.stdout.readline()
    time.sleep(dice.random() * 0.12)
    child.send_signal(signal.SIGKILL)
    child.stdout.close()
    return child.wait() == -signal.SIGKILL


def amounts(district: District) -> dict[str, int]:
    with district.store.reading() as connection:
        return {
            table.name: connection.execute(
                select(func.count()).select_from(table).where(table.c.district == district.code)
            ).scalar_one()
            for table in (t.person, t.vault_key, t.vault_item, t.vault_index, t.tie)
        }


def test_a_killed_import_run_again_has_everybody_once(
    new_district: Callable[..., District], file: Path
) -> None:
    dice = random.Random(20240301)
    told = []
    for _ in range(ROUNDS):
        district = new_district(enabled=("tabular",), more=f"[import]\nchunk = {CHUNK}\n")
        district.register.place("compound", "锦绣花园")
        kills = [killed(district, file, dice) for _ in range(2)]
        left = amounts(district)["person"]
        assert left % CHUNK == 0, "a chunk came in half"
        report = district.importing.run([file])
        assert report.total("registered") == PEOPLE - left
        assert report.total("unchanged") == left
        assert amounts(district) == {
            "person": PEOPLE, "vault_key": PEOPLE, "vault_item": 3 * PEOPLE, "vault_index": 2 * PEOPLE, "tie": PEOPLE,
        }  # fmt: skip
        with district.store.reading() as connection:
            query = select(*ACT_COLUMNS).where(
                t.act.c.district == district.code, t.act.c.verb == "import.people"
            )
            acts = [act_from(tuple(row)) for row in connection.execute(query)]
        assert sum(act.body["registered"] for act in acts) == PEOPLE
        assert sorted(act.version for act in acts) == list(range(1, PEOPLE // CHUNK + 1))
        assert district.importing.run([file]).acts == []
        told.append((sum(kills), left))
    print(
        f"killed {sum(k for k, _ in told)} times in {ROUNDS} rounds; found {[left for _, left in told]} of {PEOPLE}"
    )


def test_two_imports_of_one_file_at_once_take_everybody_once(
    new_district: Callable[..., District], file: Path
) -> None:
    district = new_district(enabled=("tabular",), more=f"[import]\nchunk = {CHUNK}\n")
    district.register.place("compound", "锦绣花园")
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(district.configuration.folder), str(file)],
            stdout=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    assert [child.wait(timeout=120) for child in children] == [0, 0]
    assert amounts(district)["person"] == PEOPLE
    assert amounts(district)["vault_index"] == 2 * PEOPLE
