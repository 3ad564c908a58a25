"""`pip install linli`, and nothing else of ours: the four verbs work from its own command."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ADMINISTRATOR, CLERK, OFFICER, RESIDENT = "13800000001", "13800000003", "13800000005", "13800000004"
Linli = Callable[..., Any]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that has linli, as pip installs it, and what it needs."""
    folder = tmp_path_factory.mktemp("alone")
    source, venv, uv = folder / "source", folder / "venv", Path(sys.executable).with_name("uv")
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
    shutil.copytree(ROOT / "core", source / "core", ignore=ignored)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    (folder / "locked").write_text(
        "".join(f"{line.split()[0]}\n" for line in lock.splitlines() if "==" in line), encoding="utf-8"
    )
    for arguments in (
        ("venv", "--quiet", "--python", sys.executable, venv),
        (
            "pip",
            "install",
            "--quiet",
            "--python",
            venv / "bin" / "python",
            "--constraint",
            folder / "locked",
            source,
        ),
    ):
        subprocess.run([uv, *arguments], check=True, cwd=folder)
    return venv / "bin"


@pytest.fixture
def linli(alone: Path, tmp_path: Path) -> Linli:
    """Its command, in a district of its own with two administrators; answers as JSON."""

    def run(*words: str, who: str | None = None) -> Any:
        done = subprocess.run(
            [
                alone / "linli",
                "--district",
                tmp_path / "district",
                *words,
                *(("--as", who) if who else ()),
                "--json",
            ],
            capture_output=True,
            text=True,
            env={"LANG": "C.UTF-8", "PATH": str(alone)},
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    people = (f"张一 {ADMINISTRATOR}", "李二 13800000002")
    folder = tmp_path / "district"
    subprocess.run(
        [alone / "linli", "init", folder, *(word for one in people for word in ("--administrator", one))],
        check=True,
        capture_output=True,
    )
    return run


def test_a_district_registers_dispatches_awards_and_publishes(linli: Linli, tmp_path: Path) -> None:
    for kind, name, above in (
        ("street", "长乐街道", ()),
        ("community", "和平社区", ("--in", "长乐街道")),
        ("compound", "锦绣花园", ("--in", "和平社区")),
    ):
        linli("place", "add", kind, name, *above, who=ADMINISTRATOR)
    for name, phone in (("王三", CLERK), ("孙五", OFFICER), ("赵四", RESIDENT)):
        linli("person", "add", "--name", name, "--phone", phone, "--home", "锦绣花园", who=ADMINISTRATOR)
    for phone, role, place in (
        (CLERK, "clerk", "锦绣花园"),
        (OFFICER, "officer", "长乐街道"),
        (OFFICER, "approver", "锦绣花园"),
        (OFFICER, "publisher", "锦绣花园"),
    ):
        linli("post", "add", phone, role, place, who=ADMINISTRATOR)

    asked = ("--place", "锦绣花园", "--category", "漏水", "--text", "厨房水管漏水", "--reporter", RESIDENT)
    request = linli("request", "submit", *asked, who=CLERK)["id"]
    linli("request", "accept", request, who=CLERK)
    linli("request", "dispatch", request, "--role", "officer", "--at", "长乐街道", who=CLERK)
    (task,) = linli("task", "list")
    linli("task", "take", task["id"], who=f"{OFFICER}/officer")
    linli("task", "finish", task["id"], "--result", "已换水管", who=f"{OFFICER}/officer")
    linli("task", "confirm", task["id"], who=CLERK)
    linli("request", "close", request, "--feedback", "已修好", who=CLERK)
    (closed,) = linli("request", "list")
    assert closed["state"] == "closed"

    linli(
        "points",
        "award",
        RESIDENT,
        "5",
        "--rule",
        "热心",
        "--reason",
        "帮忙",
        "--place",
        "锦绣花园",
        who=CLERK,
    )
    assert linli("points", "balance", RESIDENT)

    text = tmp_path / "notice.txt"
    text.write_text("明日停水检修。", encoding="utf-8")
    told = ("--place", "锦绣花园", "--title", "停水通知", "--text", str(text))
    draft = linli("publication", "draft", *told, who=CLERK)["id"]
    linli("publication", "approve", draft, who=f"{OFFICER}/approver")
    linli("publication", "publish", draft, who=f"{OFFICER}/publisher")
    figures = linli("brief")
    assert figures
