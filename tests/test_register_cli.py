"""The register and importing from the command line: what is printed, and how a refusal looks."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl  # type: ignore[import-untyped]
import pytest
from click.testing import CliRunner, Result

from linli._base.errors import LinliError, NotFound, Refused
from linli._cli.top import cli
from linli._district.district import District
from linli.testing import a_place, phone, resident_id

Run = Callable[..., Any]
CATALOGUE = """
[[dispatch.services]]
code = "leak"
name = "漏水"
"""


@pytest.fixture
def run(new_district: Callable[..., District]) -> Run:
    """Run a command in a district; JSON where it prints it."""
    folder = str(new_district(enabled=("tabular",), more=CATALOGUE).configuration.folder)

    def call(*words: str) -> Any:
        result: Result = CliRunner().invoke(cli, ["--district", folder, *words], catch_exceptions=True)
        if isinstance(result.exception, LinliError):
            raise result.exception
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return json.loads(result.output) if "--json" in words else result.output

    return call


def test_a_compound_and_its_people_are_registered_and_found(run: Run) -> None:
    run("place", "add", "小区", "锦绣花园", "--set", "kind=老旧小区")
    run("place", "add", "building", "3", "--in", "锦绣花园")
    home = run(
        "place", "add", "exclusive_part", "501", "--in", "锦绣花园/3栋", "--set", "area=89.5", "--json"
    )
    assert home["path"] == "锦绣花园/3栋/501"
    person = run("person", "add", "--name", "张三", "--phone", phone(1), "--home", home["id"], "--json")["id"]
    run("organisation", "add", "owners_committee", "业委会", "--at", "锦绣花园")
    post = run("post", "add", phone(1), "chair", "业委会", "--since", "2024-05-01", "--new-role", "--json")[
        "id"
    ]
    found = run("person", "find", phone(1), "--json")
    assert (found["id"], found["name"], [tie["kind"] for tie in found["ties"]]) == (
        person,
        "张*",
        ["resident"],
    )
    assert [one["role"] for one in found["posts"]] == ["chair"]
    assert "张三" not in run("person", "find", person)
    assert run("person", "reveal", person, "name", "--reason", "check", "--json") == {"name": "张三"}
    assert [row["role"] for row in run("post", "list", "--at", "业委会", "--json")] == ["chair"]
    run("post", "end", post, "--reason", "resigned")
    assert run("post", "list", "--json") == []
    assert "501" in run("place", "list", "锦绣花园")
    assert run("place", "show", "锦绣花园/3/501", "--json")["area"] == "89.5"
    assert "业委会" in run("place", "show", "锦绣花园")


def test_a_role_that_nothing_knows_is_refused_with_the_nearest_that_is_known(run: Run) -> None:
    run("place", "add", "compound", "锦绣花园", "--set", "kind=old")
    run("person", "add", "--phone", phone(1))
    with pytest.raises(Refused, match="role 'cleark'; did you mean clerk"):
        run("post", "add", phone(1), "cleark", "锦绣花园")
    with pytest.raises(Refused, match="linli post roles"):
        run("post", "add", phone(1), "王", "锦绣花园")
    for role in ("clerk", "duty"):  # a rule's and a setting's
        run("post", "add", phone(1), role, "锦绣花园")
    known = {one["name"]: one for one in run("post", "roles", "--json")}
    assert "request" in known["clerk"]["acts on"]
    assert (known["clerk"]["posts"], known["officer"]["posts"]) == (1, 0)


def test_a_task_is_given_to_a_seat_by_its_name(run: Run) -> None:
    run("place", "add", "compound", "锦绣花园", "--set", "kind=old")
    company = run("organisation", "add", "property_company", "锦绣物业", "--at", "锦绣花园", "--json")["id"]
    request = run(
        "request", "submit", "--place", "锦绣花园", "--category", "漏水", "--text", "厨房漏水", "--json"
    )
    run("request", "accept", request["id"], "--service", "leak")
    run("request", "dispatch", request["id"], "--at", "锦绣物业")
    (task,) = run("task", "list", "--json")
    assert task["holder"] == f"*@{company}"
    assert run("task", "read", task["id"], "--reason", "上门前了解", "--json")[0]["text"] == "厨房漏水"


def test_in_a_district_for_trials_it_is_the_moment_that_one_says(
    new_district: Callable[..., District],
) -> None:
    def told(folder: Path, at: str) -> list[dict[str, Any]]:
        words = ["--district", str(folder), "--at", at, "person", "add", "--phone", phone(1), "--json"]
        result = CliRunner().invoke(cli, words, catch_exceptions=True)
        if isinstance(result.exception, LinliError):
            raise result.exception
        return [json.loads(result.output)]

    district = new_district(more=CATALOGUE, trial=False)
    folder = district.configuration.folder
    with pytest.raises(Refused, match="this district is no trial"):
        told(folder, "2030-01-01T09:00")
    file = folder / "district.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[district]", "[district]\ntrial = true", 1))
    with pytest.raises(Refused, match="write the moment as"):
        told(folder, "morgen")
    (made,) = told(folder, "2030-01-01T09:00")
    (act,) = [one for one in district.history(UUID(made["id"])) if one.verb == "person.register"]
    assert act.at.astimezone(district.rules.zone).isoformat() == "2030-01-01T09:00:00+08:00"
    place = a_place(district, "锦绣花园")
    request = district.dispatch.submit(place, "漏水", "漏水").subject
    district.make(request, "accept", {"service": "leak"})

    def work(*words: str) -> Result:
        at = ["--district", str(folder), "--at", "2031-01-01T09:00", "worker", *words]
        return CliRunner().invoke(cli, at, catch_exceptions=True)

    assert "--once" in str(work().exception)
    assert work("--once").exception is None
    assert "request.late" in {one.verb for one in district.history(request)}


def test_people_are_merged_moved_and_ended(run: Run) -> None:
    run("place", "add", "compound", "锦绣花园")
    one = run("person", "add", "--name", "张三", "--phone", phone(1), "--json")["id"]
    two = run("person", "add", "--name", "张三", "--id", resident_id(2), "--json")["id"]
    run("person", "merge", two, one)
    assert run("person", "find", resident_id(2), "--json")["id"] == one
    run("person", "move", one, "锦绣花园", "--on", "2024-05-01")
    run("person", "tie", one, "volunteer", "锦绣花园")
    run("person", "consent", one, "publish_contact")
    run("person", "correct", one, "--phone", phone(3))
    assert run("person", "find", phone(3), "--json")["id"] == one
    run("person", "end", one, "moved_away")
    assert run("person", "find", one, "--json")["ended_by"] == "moved_away"
    run("person", "back", one)
    run("person", "erase", one, "--yes")
    assert run("person", "find", one, "--json")["ended_by"] == "erased"


def test_places_are_renamed_moved_merged_split_and_ended(run: Run) -> None:
    for name in ("甲苑", "乙苑", "丙苑"):
        run("place", "add", "compound", name)
    run("place", "add", "building", "1", "--in", "甲苑")
    run("place", "rename", "甲苑/1栋", "2栋")
    run("place", "move", "甲苑/2栋", "乙苑")
    run("place", "split", "乙苑", "2栋=丙苑")
    run("place", "merge", "甲苑", "丙苑")
    assert [row["name"] for row in run("place", "list", "丙苑", "--json")] == ["丙苑", "2栋"]
    run("place", "end", "丙苑", "--below")
    assert [row["kind"] for row in run("place", "list", "--json")] == ["district"]


@pytest.mark.parametrize(
    "words",
    [
        ("place", "show", "没有的小区"),
        ("place", "add", "castle", "x"),
        ("place", "add", "compound", "x", "--set", "kind"),
        ("person", "find", "13800138000"),
        ("person", "add", "--name", "张三", "--phone", "123"),
        ("post", "list", "--at", "nowhere"),
        ("organisation", "show", "nobody"),
        ("post", "end", "12"),
    ],
)
def test_a_refusal_is_one_line(run: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(LinliError) as refusal:
        run(*words)
    assert "\n" not in str(refusal.value)
    assert refusal.value.exit_code == 1


def test_an_organisation_is_named_with_its_place_where_several_have_the_name(run: Run) -> None:
    for street in ("城北街道", "城南街道"):
        run("place", "add", "street", street)
        run("organisation", "add", "department", "住建局", "--at", street)
    with pytest.raises(Refused, match=r"name one: 城.街道/住建局, 城.街道/住建局"):
        run("organisation", "show", "住建局")
    shown = run("organisation", "show", "城南街道/住建局", "--json")
    listed = run("organisation", "list", "--place", "城南街道", "--json")
    assert [one["id"] for one in listed] == [shown["id"]]
    assert "城南街道" in run("organisation", "list")
    with pytest.raises(NotFound):
        run("organisation", "show", "城南街道/水务站")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in (
        ["姓名（户主）", "身份证号", "手机号", "不相干"],
        ["张三", resident_id(1), phone(1), "x"],
        ["李四", "1", None, "y"],
        ["王五", "1", phone(3), "z"],
    ):
        book.active.append(row)
    book.save(tmp_path / "people.xlsx")
    return tmp_path / "people.xlsx"


def test_an_import_tells_guesses_bad_rows_and_where_to_put_them_right(run: Run, file: Path) -> None:
    told = run("import", str(file))
    assert "2 registered, 0 updated, 0 unchanged, 1 skipped" in told
    assert "'姓名（户主）' is taken for name" in told
    assert "not read: D 不相干" in told
    assert "people.xlsx-errors.xlsx" in told
    assert file.with_name("people.xlsx-errors.xlsx").exists()
    again = run("import", str(file), "--json")
    assert (again["registered"], again["unchanged"], again["skipped"], again["acts"]) == (0, 2, 1, [])
    assert again["sheets"][0]["guessed"] == ["姓名（户主）"]
    assert again["problems"][0]["name"] == "resident_id"
    assert [one["row"] for one in again["left_out"]] == [4]


def test_an_import_fails_only_where_nothing_could_be_imported(
    new_district: Callable[..., District], file: Path, tmp_path: Path
) -> None:
    folder = str(new_district(enabled=("tabular",)).configuration.folder)
    (tmp_path / "bad.xlsx").write_bytes(b"")

    def code(*files: Path) -> int:
        return CliRunner().invoke(cli, ["--district", folder, "import", *map(str, files)]).exit_code

    assert code(tmp_path / "bad.xlsx") == 1
    assert code(tmp_path / "bad.xlsx", file) == 3


def test_a_district_without_the_reader_says_what_is_missing(
    new_district: Callable[..., District], file: Path
) -> None:
    report = new_district().importing.run([file])
    assert "tabular" in str(report.failures[0][1])


def test_a_merge_shows_what_moves_and_what_has_to_be_decided_and_asks_before_it_is_recorded(run: Run) -> None:
    for name in ("东风小区", "锦绣花园"):
        run("place", "add", "compound", name)
        run("organisation", "add", "owners_committee", f"{name}业委会", "--at", name)
    run("organisation", "add", "property_company", "好物业", "--at", "东风小区")
    run("person", "add", "--name", "张三", "--phone", phone(1))
    run("post", "add", phone(1), "clerk", "东风小区")
    run("request", "submit", "--place", "东风小区", "--category", "漏水", "--text", "厨房漏水")
    asked = run("place", "merge", "东风小区", "锦绣花园")
    for words in ("request 1", "好物业", "东风小区业委会", "organisation move", "post add", "clerk 张*"):
        assert words in asked
    assert len(run("place", "list", "--kind", "compound", "--json")) == 2, "nobody said yes"
    run("place", "merge", "东风小区", "锦绣花园", "--yes")
    assert [one["name"] for one in run("place", "list", "--kind", "compound", "--json")] == ["锦绣花园"]
    at = run("organisation", "list", "--place", "锦绣花园", "--json")
    assert {one["name"] for one in at} == {"东风小区业委会", "锦绣花园业委会", "好物业"}
    run("organisation", "move", "东风小区业委会", "锦绣花园")
    assert "东风小区业委会" in run("place", "show", "锦绣花园")


def test_the_part_of_a_split_place_is_chosen_for_what_is_about_none_of_them(run: Run) -> None:
    for name in ("大区", "九区", "十区"):
        run("place", "add", "compound", name)
    for building in ("21", "22"):
        run("place", "add", "building", building, "--in", "大区")
    run("request", "submit", "--place", "大区", "--category", "漏水", "--text", "漏水")
    run("place", "split", "大区", "21栋=九区", "22栋=十区", "--yes")
    [waiting] = run("place", "undecided", "--json")
    assert waiting["kind"] == "request"
    run("place", "choose", waiting["id"], "十区")
    assert run("place", "undecided", "--json") == []


def test_a_phone_that_two_people_have_is_said_and_shown_and_asked_for(run: Run) -> None:
    first = run("person", "add", "--name", "张三", "--phone", phone(1), "--json")
    second = run("person", "add", "--name", "李四", "--phone", phone(1), "--json")
    assert "shares_phone_with" not in first
    assert second["shares_phone_with"] == first["id"]
    assert {one["id"] for one in run("person", "find", phone(1), "--json")} == {first["id"], second["id"]}
    shown = run("person", "find", phone(1))
    assert first["id"] in shown
    assert second["id"] in shown
    with pytest.raises(Refused, match="2"):
        run("place", "add", "compound", "东风小区", "--as", phone(1))
