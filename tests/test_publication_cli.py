"""`linli publication`: a notice from the draft to the withdrawal, for people and for programs."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from linli._base.errors import Refused
from linli._cli.publication import publication
from linli.testing import make_district

Run = Callable[..., Result]
NOTICE = "各位居民：\n\n11月25日8:30至17:00停水，请提前储水。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A district with a compound and a steward who consented."""
    with make_district(tmp_path, more="\n[publish]\napproval = false\n") as district:
        district.register.place("compound", "锦绣花园")
        steward = district.register.person(name="李四", phone="13807391234")
        district.register.consent(steward, "publish_contact")
        consented = [
            {"name": "phone", "person": str(steward), "purpose": "publish_contact", "text": "13807391234"}
        ]
    (tmp_path / "consented.json").write_text(json.dumps(consented), encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def invoke(*arguments: str, text: str = NOTICE, refused: bool = False) -> Result:
        result = CliRunner().invoke(publication, arguments, input=text, obj={"path": folder})
        assert (result.exception is not None) == refused, result.output
        return result

    return invoke


def _draft(run: Run, *more: str, title: str = "停水通知", text: str = NOTICE) -> str:
    result = run("draft", "--place", "锦绣花园", "--title", title, "--text", "-", "--json", *more, text=text)
    return str(json.loads(result.output)["id"])


def test_a_notice_from_the_draft_to_the_withdrawal(run: Run) -> None:
    number = _draft(run)
    assert run("list").output.count("停水通知") == 0
    assert str(json.loads(run("show", number, "--json").output)["number"]) in run("list", "--drafts").output
    run("publish", number)
    shown = run("show", number).output
    assert "请提前储水" in shown
    assert "停水通知" in shown
    run("withdraw", number, "--reason", "停水取消")
    [listed] = json.loads(run("list", "--place", "锦绣花园", "--json").output)
    assert (listed["id"], listed["state"], listed["reason"]) == (number, "withdrawn", "停水取消")
    assert json.loads(run("show", number, "--json").output)["body"] == ""


def test_a_correction_shows_in_the_list(run: Run) -> None:
    old = _draft(run, "--publish")
    run("correct", old, "--title", "停水通知（更正）", "--text", "-")
    newest, marked = json.loads(run("list", "--json").output)
    assert (newest["corrects"], marked["corrected_by"]) == (old, newest["id"])
    assert run("list").output.count("corrected") == 1
    assert f"corrected_by  {newest['number']}" in run("show", old).output


def test_the_period_of_a_list_has_both_its_days(run: Run) -> None:
    number = _draft(run, "--publish")
    day = json.loads(run("show", number, "--json").output)["published_at"][:10]
    around = ("--from", "2026-01-01", "--to", "2199-01-01")
    assert len(json.loads(run("list", "--json", *around).output)) == 1
    assert json.loads(run("list", "--json", "--to", "2026-01-01").output) == [], day


def test_a_receipt_is_written_and_verified(run: Run, folder: Path) -> None:
    number = _draft(run, "--publish", "--personal", str(folder / "consented.json"), text="电话：{phone}")
    receipt = folder / "receipt.json"
    receipt.write_text(run("show", number, "--receipt").output, encoding="utf-8")
    assert json.loads(run("verify", str(receipt), "--json").output)["state"] == "published"
    receipt.write_text(receipt.read_text("utf-8").replace("电话", "传真"), encoding="utf-8")
    refused = run("verify", str(receipt), refused=True)
    assert isinstance(refused.exception, Refused)
    assert "not the one that the digest is of" in str(refused.exception)


def test_a_list_of_consented_data_that_is_none_is_refused_with_an_example(run: Run, folder: Path) -> None:
    (folder / "consented.json").write_text('{"phone": "13807391234"}', encoding="utf-8")
    arguments = ("draft", "--place", "锦绣花园", "--title", "联系方式", "--text", "-")
    refused = run(*arguments, "--personal", str(folder / "consented.json"), refused=True)
    assert "write [{" in str(refused.exception)
    assert "13807391234" not in str(refused.exception)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[{]", "line 1, column 3: this is no JSON"),
        ('{"name": "phone"}', "it begins with no"),
        ('["13807391234"]', "entry 1: is no object"),
        ('[{"name": "phone", "person": "x", "text": "y"}]', "entry 1: purpose is missing"),
        ('[{"name": "phone", "person": "x", "purpose": "p", "text": "y", "z": 1}]', "entry 1: has more than"),
        ('[{"name": "phone", "person": "x", "purpose": 7, "text": "y"}]', "entry 1: purpose must be a text"),
        (
            '[{"name": "phone", "person": "13807391234", "purpose": "p", "text": "y"}]',
            "person must be a record number",
        ),
    ],
)
def test_each_mistake_in_a_list_of_consented_data_is_told_by_itself(
    run: Run, folder: Path, text: str, why: str
) -> None:
    (folder / "consented.json").write_text(text, encoding="utf-8")
    arguments = ("draft", "--place", "锦绣花园", "--title", "联系方式", "--text", "-")
    refused = run(*arguments, "--personal", str(folder / "consented.json"), refused=True)
    assert why in str(refused.exception)
    assert "13807391234" not in str(refused.exception)


def test_a_draft_is_discarded_with_a_reason_like_everything_else(run: Run) -> None:
    number = _draft(run)
    run("discard", number, "--reason", "写错了")
    assert json.loads(run("show", number, "--json").output)["state"] == "discarded"


def test_every_command_explains_itself(run: Run) -> None:
    for name in publication.commands:
        assert run(name, "--help").output.strip()
