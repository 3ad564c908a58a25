"""The demo: a year that is lived, whose brief counts what is in the record."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise, product
from uuid import UUID

import click
import polars as pl
import pytest
from click.testing import CliRunner
from sqlalchemy import select

import linli
from linli import District
from linli._cli.main import NOUNS, plugin_nouns
from linli._cli.top import cli
from linli._store import tables as t
from linli_daxiang.demo import Tale, run
from linli_daxiang.profile import yesterday

SCALE = 0.1


def _silent(_label: str, _total: int) -> Callable[[int], object]:
    return lambda _done: None


@pytest.fixture(scope="module")
def tale(tmp_path_factory: pytest.TempPathFactory) -> Tale:
    """A year of a tenth of the district."""
    return run(tmp_path_factory.mktemp("demo") / "district", seed=3, scale=SCALE, progress=_silent)


@pytest.fixture
def lived(tale: Tale) -> Iterator[District]:
    """The district as it is when the year is over."""
    with linli.open(tale.folder) as district:
        yield district


def _acts(district: District) -> Counter[str]:
    """How often each act happened, by plain SQL."""
    with district.store.reading() as connection:
        rows = connection.execute(select(t.act.c.verb).where(t.act.c.district == district.code))
        return Counter(verb for (verb,) in rows)


def test_the_brief_counts_what_is_in_the_journal(tale: Tale, lived: District) -> None:
    figures, acts = lived.brief(None, tale.first, tale.last).figures, _acts(lived)
    history = tale.history.total("registered")
    assert figures["requests.accepted"] == acts["request.accept"] + history
    assert figures["decisions.decided"] == acts["decision.complete"] > 0
    assert figures["decisions.resolved"] == acts["decision.resolve"] > 0
    assert figures["meetings.mediations"] == acts["mediation.settle"] > 0
    assert acts["request.counted_from"] == acts["late_entry.confirm"] > 0
    assert figures["requests.mean_hours_to_close.entered_afterwards"] >= acts["late_entry.tell"]  # type: ignore[operator]
    assert figures["sessions.held"] == acts["session.hold"] > 0
    assert figures["sessions.attended"] == acts["seat.attend"] > 0
    assert figures["wishes.thanked"] == acts["wish.thank"] > 0
    assert figures["bank.accounts"] == acts["bank_account.join"] > 0
    assert figures["bank.gifts_handed_over"] >= acts["redemption.hand_over"] > 0  # type: ignore[operator]


def test_the_kinds_of_branches_and_of_compounds_each_add_up(tale: Tale, lived: District) -> None:
    figures = lived.brief(None, tale.first, tale.last).figures
    total = figures["branches.total"]
    assert total == figures["branches.ordinary"] + figures["branches.functional"] > 0  # type: ignore[operator]
    assert total == figures["branches.in_old_compounds"] + figures["branches.in_commercial_compounds"]  # type: ignore[operator]


def _subjects(district: District) -> pl.DataFrame:
    """Every matter as a table: its kind, its state, its record's fields, for a count that knows no figures."""
    s = t.subject.c
    query = select(s.kind, s.state, s.person, s.place, s.ended_at, s.record).where(
        s.district == district.code
    )
    with district.store.reading() as connection:
        rows = connection.execute(query).all()
    return pl.DataFrame(
        {
            "kind": [row.kind for row in rows],
            "state": [row.state for row in rows],
            "person": [str(row.person) for row in rows],
            "place": [str(row.place) for row in rows],
            "record": [row.record for row in rows],
        }
    )


def _behind(tale: Tale, district: District, figure: str) -> set[UUID]:
    """What `linli brief --explain` lists for a figure."""
    explained = district.explain(figure, None, tale.first, tale.last, most=10_000)
    return {one.subject for one in explained.counted}


def test_the_people_in_the_brief_are_those_in_the_record(tale: Tale, lived: District) -> None:
    """Stocks at the end of the year, counted again from what there is, by a dataframe."""
    figures, all_of = lived.brief(None, tale.first, tale.last).figures, _subjects(lived)
    reports = all_of.filter(
        (pl.col("kind") == "membership_report") & pl.col("state").is_in(["confirmed", "active"])
    )
    assert figures["members.reported"] == reports["person"].n_unique() == reports.height > 0
    assert len(_behind(tale, lived, "members.reported")) == reports.height
    sessions = all_of.filter((pl.col("kind") == "session") & (pl.col("state") == "held"))
    of_the_bank = sessions.filter(pl.col("record").str.json_path_match("$.kind").is_in(["wish", "civility"]))
    assert figures["sessions.held"] == sessions.height
    assert figures["bank.wish_and_civility_sessions"] == of_the_bank.height > 0
    handed_over = all_of.filter((pl.col("kind") == "redemption") & (pl.col("state") == "handed_over"))
    pieces = handed_over["record"].str.json_path_match("$.pieces").cast(pl.Int64).sum()
    assert figures["bank.gifts_handed_over"] == pieces > 0


def test_a_bank_was_carried_to_another_and_what_was_paid_for_too_many_hours_was_owed(
    tale: Tale, lived: District
) -> None:
    figures, all_of, acts = lived.brief(None, tale.first, tale.last).figures, _subjects(lived), _acts(lived)
    banks = Counter(all_of.filter(pl.col("kind") == "bank")["state"])
    assert (banks["open"], banks["carried"]) == (figures["bank.compounds"], 1)
    assert (acts["bank.close"], acts["seat.annul"], acts["seat.count_again"]) == (1, 1, 1)
    with lived.store.reading() as connection:
        p = t.posting.c
        owed = connection.execute(select(p.amount).where(p.district == lived.code, p.from_part == "owed"))
        assert sum(amount for (amount,) in owed) > 0
    assert lived.award.audit().problems == ()


def test_the_units_with_a_steward_are_those_that_somebody_is_appointed_for(
    tale: Tale, lived: District
) -> None:
    figures, all_of = lived.brief(None, tale.first, tale.last).figures, _subjects(lived)
    appointed = all_of.filter((pl.col("kind") == "stewardship") & (pl.col("state") == "appointed"))
    places = set(appointed["place"])
    units = lived.register.places(lived.register.root(), kind="unit")
    covered = [unit for unit in units if {str(unit.id), str(unit.parent)} & places]
    assert figures["stewards.units_total"] == len(units)
    assert figures["stewards.units_covered"] == len(covered) < len(units)
    assert _behind(tale, lived, "stewards.units_covered") == {unit.id for unit in covered}
    assert _behind(tale, lived, "stewards.units_total") == {unit.id for unit in units}


def test_what_stands_behind_each_figure_adds_up_to_it(tale: Tale, lived: District) -> None:
    """In every part of the year: what has changed since then is told as it was."""
    root = lived.register.root()
    places = [None, *(lived.register.places(root, kind=kind)[0].id for kind in ("street", "compound"))]
    days = [tale.first + timedelta(days=one) for one in (0, 80, 170, 260, 365)]
    parts = [(start, end - timedelta(days=1)) for start, end in pairwise(days)]
    for place, (start, end) in product(places, [*parts, (tale.first, tale.last)]):
        figures = lived.brief(place, start, end).figures
        counted = {name for name, amount in figures.items() if isinstance(amount, int)}
        assert len(counted) > 60
        for name in counted:
            lines = lived.explain(name, place, start, end, most=100_000).counted
            assert sum(line.n for line in lines) == figures[name], (name, place, start, end)


def test_everything_that_people_do_somebody_who_may_does(lived: District) -> None:
    with lived.store.reading() as connection:
        query = select(t.act.c.verb).where(t.act.c.district == lived.code, t.act.c.acting_as.like("console%"))
        by_nobody = {verb.partition(".")[0] for (verb,) in connection.execute(query)}
    set_up = {"import", "branch", "stewardship", "place", "organisation", "post", "person", "tie"}
    assert by_nobody <= set_up, "the register, from the rosters"


def test_the_year_has_requests_that_go_another_way_than_most(lived: District) -> None:
    acts = _acts(lived)
    for verb in (
        "pause",
        "resume",
        "reopen",
        "hand_over",
        "handed_over",
        "make_urgent",
        "make_ordinary",
        "instruct",
    ):
        assert acts[f"request.{verb}"] > 0, verb


def test_hardly_anything_that_people_want_to_do_is_refused(tale: Tale) -> None:
    assert len(tale.refused) <= 5, tale.refused


def test_the_journal_of_the_year_is_sealed_and_clean(lived: District) -> None:
    verdict = lived.sealing.verify()
    assert (verdict.misfit, verdict.unsealed) == (None, 0)
    assert verdict.sealed > 1000


# Not inside the hexadecimal numbers of acts and their seals, which may have eleven such digits in a row.
_MOBILE = re.compile(r"(?<![0-9a-f-])19[89]\d{8}(?![0-9a-f])")


def test_no_number_of_a_person_is_in_the_journal(lived: District) -> None:
    with lived.store.reading() as connection:
        bodies = connection.execute(select(t.act.c.body).where(t.act.c.district == lived.code))
        assert not any(_MOBILE.search(body) for (body,) in bodies)


def test_the_numbers_on_the_board_are_those_of_stewards_who_agreed_each_on_a_page_of_its_own(
    tale: Tale, lived: District
) -> None:
    all_of = _subjects(lived)
    agreed = all_of.filter((pl.col("kind") == "contact_consent") & (pl.col("state") == "posted"))["person"]
    shown: set[tuple[str, str]] = set()
    for path in (tale.folder / "board").rglob("*"):
        if path.is_file() and path.suffix in (".html", ".atom", ".json"):
            shown |= {(path.stem, number) for number in _MOBILE.findall(path.read_text("utf-8"))}
    assert {str(lived.register.find(number)) for _, number in shown} == set(agreed)
    assert len(shown) == agreed.len() > 0, "the page and its receipt; no list, feed or other page has them"


def test_a_year_of_the_example_ends_yesterday(tale: Tale) -> None:
    """What another seed and size come to: tests/system/test_golden.py."""
    now = yesterday().date()
    assert tale.last in (now, now - timedelta(days=1)), "midnight may have come since"


# Codes that the district itself gives, and names that programs and authors of plugins use: recipients, workflows.
_NO_WORDS = ("service", "delivery", "plugin", "workflow")
_WORD = re.compile(r"[A-Za-z]{3,}")
# Numbers, a command to type, the name of the machine's account, and the ending of a file's name.
_MACHINES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|--most|pip install --upgrade holidays|(?<=控制台 )\S+|(?<=\S)\.[a-z]{3,4}\b"
)


def _printed(district: District, *words: str) -> str | None:
    """What a command prints in Chinese; None where it asks for more than that."""
    result = CliRunner().invoke(cli, ["--district", str(district.configuration.folder), *words])
    return None if result.exception else _MACHINES.sub("", result.output)


def test_no_list_and_no_matter_is_shown_with_words_that_are_not_chinese(
    lived: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_LANG", "zh")
    found: dict[str, set[str]] = {}
    lists = 0
    for noun in (*NOUNS, *plugin_nouns()):
        group = cli.get_command(click.Context(cli), noun)
        if noun in _NO_WORDS or not isinstance(group, click.Group) or "list" not in group.commands:
            continue
        listed = _printed(lived, noun, "list")
        if listed is None:
            continue
        lists += 1
        numbers = re.findall(r"^(\d{9})\b", listed, re.M)[:2]
        shown = [_printed(lived, noun, "show", number) or "" for number in numbers]
        words = set(_WORD.findall(" ".join([listed, *shown])))
        found |= {noun: words} if words else {}
    assert lists > 15
    assert found == {}
