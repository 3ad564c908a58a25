"""Carrying: however often, in whatever order and by how many workers, the folder is what the record says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli import ConfigError, Refused, StoreError
from linli._verbs.publish.reading import Wanted
from linli.testing import make_district
from linli_board.board import Board
from linli_board.command import board as command

if TYPE_CHECKING:
    from plugins.board.tests.conftest import Published, Town


def test_what_workers_carry_is_what_a_build_from_the_record_writes(town: Town) -> None:
    """Any sequence of publications, corrections and withdrawals, carried in any order."""
    publish = town.district.publish

    @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(st.tuples(st.sampled_from(["out", "correct", "withdraw"]), st.integers(0, 40)), min_size=1)
    )
    def run(steps: list[tuple[str, int]]) -> None:
        known: list[UUID] = [one.id for one in publish.listed()]
        for what, number in steps:
            if what == "out" or not known:
                known.append(town.out(town.places[number % 6], f"停水通知{number}", days=number * 40))
            else:
                _change(town, what, known[number % len(known)])
            if number % 3 == 0:
                town.work()
        town.work()
        assert town.board.build() == 0, "the workers left something to be done"
        ever = {f"publications/{one.id}.html" for one in publish.listed()}
        assert ever <= set(town.contents()), "what once went out has its page"

    run()


def _change(town: Town, what: str, ident: UUID) -> None:
    try:
        if what == "correct":
            town.district.publish.correct(ident, "停水通知（更正）", town.water)
        else:
            town.district.publish.withdraw(ident, "停水取消")
    except Refused:
        pass  # corrected or withdrawn before


def test_the_same_delivery_again_changes_nothing(town: Town) -> None:
    ident = town.out(town.compound, "停水通知")
    town.work()
    before = town.contents()
    one, key = town.district.publish.get(ident), uuid4()
    for _ in range(3):
        town.board.carry(one, "publication.publish", key)
        town.board.settle()
    assert town.contents() == before


def _listing(town: Town, title: str) -> list[str]:
    """The pages of places that have a title on them."""
    return [
        name
        for name, (data, _) in town.contents().items()
        if name.endswith("index.html") and title.encode() in data
    ]


def test_what_a_killed_worker_put_off_is_done_by_the_next_one(town: Town) -> None:
    town.out(town.compound, "停水通知")
    town.work()
    second = town.out(town.compound, "停电通知")
    town.board.carry(town.district.publish.get(second), "publication.publish", uuid4())  # and is killed
    assert not _listing(town, "停电通知")
    Board(town.district).settle()
    assert _listing(town, "停电通知") == _listing(town, "停水通知") != []
    assert Board(town.district).folder.work() == []


def test_a_late_delivery_does_not_bring_back_what_was_withdrawn(town: Town) -> None:
    ident = town.out(town.compound, "停水通知")
    stale = town.district.publish.get(ident)
    town.district.publish.withdraw(ident, "停水取消")
    town.work()
    town.board.carry(stale, "publication.publish", uuid4())
    assert town.water.splitlines()[-1] not in town.everything()


def test_nothing_of_a_draft_is_on_the_board(town: Town) -> None:
    ident = town.district.publish.draft(town.compound, "停水通知", "尚未定稿").subject
    town.work()
    assert town.district.publish.listed(Wanted(states=("draft",)))[0].id == ident
    town.board.carry(town.district.publish.get(ident), "publication.publish", uuid4())
    town.board.build()
    assert "尚未定稿" not in town.everything()
    assert str(ident) not in town.everything()


@pytest.mark.parametrize("how", ["erase", "withdraw_consent", "end"])
def test_somebody_s_data_leaves_every_page_when_they_take_their_consent_back(town: Town, how: str) -> None:
    ident, person = town.contact()
    town.work()
    assert town.everything().count(town.phone) == 2, "on its page and in its receipt, and in no feed"
    register: Any = town.district.register
    {
        "erase": lambda: register.erase(person),
        "withdraw_consent": lambda: register.withdraw_consent(person, "publish_contact"),
        "end": lambda: register.end(person, "moved_away"),
    }[how]()
    town.work()
    assert town.phone not in town.everything()
    assert "no longer shown" in town.page(f"publications/{ident}.html").text


_WORKER = """
import sys, linli
from linli._verbs.publish.api import Publishing
with linli.open(sys.argv[1]) as district:
    for number in range(int(sys.argv[3])):
        place = district.register.find_place(sys.argv[2])
        district.publish.announce(place, f"停水通知{sys.argv[2]}{number}", "请提前储水。")
        while district.worker.run_once(1): pass
"""


def test_workers_at_the_same_time_lose_no_entry(town: Town) -> None:
    folder = town.district.configuration.folder
    arguments = [sys.executable, "-c", _WORKER, str(folder)]
    workers = [
        subprocess.Popen([*arguments, place, "6"], stderr=subprocess.PIPE)
        for place in ("锦绣花园", "幸福里", "红旗路街道")
    ]
    for worker in workers:
        _, errors = worker.communicate(timeout=120)
        assert worker.returncode == 0, errors.decode()
    town.work()
    assert len(town.district.publish.listed()) == 18
    assert town.page("index.html").text.count("停水通知") == 18
    assert town.board.build() == 0


def test_a_worker_killed_while_it_writes_leaves_whole_pages(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.out(town.compound, "停水通知")
    town.work()
    before = town.contents()
    town.out(town.compound, "来水通知")

    class KilledError(BaseException):
        pass

    def killed(path: Path, target: Path) -> Path:
        path.write_bytes(path.read_bytes()[:100])
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KilledError):
            town.board.build()
    pages = {
        name: data for name, data in town.contents().items() if not name.rpartition("/")[2].startswith(".")
    }
    assert pages == before
    town.work()
    town.board.build()
    assert town.page("index.html").text.count("来水通知") == 1
    assert not [name for name in town.contents() if name.endswith(".new")]


def test_a_folder_that_cannot_be_written_is_one_clear_line(town: Town) -> None:
    (town.board.folder.root).write_text("a file where the folder should be")
    with pytest.raises(StoreError, match=r"cannot be written at .*correct \[board\] folder"):
        town.board.build()


def test_an_address_that_is_none_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"board\.base_url.*https"):
        make_district(tmp_path, enabled=("board",), more='\n[board]\nbase_url = "example.org"\n')


def test_the_whole_folder_is_built_from_the_record_by_a_command(published: Published) -> None:
    from click.testing import CliRunner

    before = {name: data for name, (data, _) in published.town.contents().items()}
    for name in before:
        (published.folder / name).unlink()
    path = published.town.district.configuration.folder
    result = CliRunner().invoke(command, ["build", "--json"], obj={"path": path})
    assert result.exception is None
    assert f'"pages changed":{len(before)}' in result.output
    assert {name: data for name, (data, _) in published.town.contents().items()} == before


def test_where_the_board_is_not_switched_on_the_command_says_so(tmp_path: Path) -> None:
    from click.testing import CliRunner

    make_district(tmp_path).close()
    result = CliRunner().invoke(command, ["build"], obj={"path": tmp_path})
    assert isinstance(result.exception, Refused)
    assert "add" in str(result.exception)


def test_places_without_a_district_above_them_are_all_below_the_front_page(tmp_path: Path) -> None:
    with make_district(tmp_path, enabled=("board",)) as district:
        board = Board(district)
        assert board.build() == 3
        assert "Test district" in (board.folder.root / "index.html").read_text("utf-8")
