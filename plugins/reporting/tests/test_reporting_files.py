"""The party-building system's file: what becomes of its rows, coming again, and compared with the record."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import monotonic

import attrs
import pytest
from sqlalchemy import func, select
from stdnum.cn import ric

from linli import Actor, District, NotAllowed, Refused
from linli._store import tables as t
from linli.importing import Report
from linli.testing import somebody, who
from linli_reporting.testing import Compounds, compounds

HEAD = "姓名,身份证号,手机号,所在党组织,报到小区,报到时间,状态\n"
MANY = 4600


@attrs.define
class Files:
    """A district with files beside it."""

    place: Compounds
    folder: Path

    def write(self, *rows: str, encoding: str = "utf-8") -> Path:
        path = self.folder / "双报到名册.csv"
        path.write_text(HEAD + "\n".join(rows) + "\n", encoding=encoding)
        return path

    def taken(self, *rows: str, actor: Actor | None = None) -> Report:
        return self.place.desk.import_files([self.write(*rows)], actor=actor)

    def phone(self, member: Actor) -> str:
        found = self.place.district.register.reveal(who(member), ["phone"], "测试用")
        return found["phone"]

    def row(
        self, member: Actor, compound: str = "锦绣花园", since: str = "2026-02-01", status: str = "已报到"
    ) -> str:
        return f"张三,,{self.phone(member)},,{compound},{since},{status}"


@pytest.fixture
def files(new_district: Callable[..., District], tmp_path: Path) -> Files:
    return Files(compounds(new_district, enabled=("reporting", "tabular")), tmp_path)


def _came_to(report: Report) -> tuple[int, ...]:
    return tuple(report.total(what) for what in ("registered", "updated", "unchanged", "skipped"))


def test_the_file_confirms_with_itself_as_the_source_and_coming_again_changes_nothing(files: Files) -> None:
    place = files.place
    rows = (files.row(place.member), files.row(place.other, "平安院", "2026/1/15", "在册"))
    report = place.district.importing.run([files.write(*rows, encoding="gb18030")])
    assert [sheet.kind for sheet in report.sheets] == ["membership_reports"], "guessed by its headings"
    assert _came_to(report) == (2, 0, 0, 0)
    found = place.desk.current(who(place.member))
    assert found is not None
    assert (found.state, found.place, found.record.reported_on) == (
        "confirmed",
        place.garden,
        date(2026, 2, 1),
    )
    (act,) = place.district.history(found.record.filed)
    assert (act.verb, act.id) == ("import.membership_reports", report.acts[0])
    stood_in = place.desk.current(who(place.other))
    assert stood_in is not None
    assert (stood_in.record.branch, stood_in.record.stood_in) == (place.branches["community"], True)
    before = place.figures()
    assert (before["members.reported"], before["reporting.confirmed"]) == (2, 2)
    january = place.district.brief(end=date(2026, 1, 20)).figures
    assert january["members.reported"] == 1, "they count from the day on which they reported"
    again = files.taken(*rows)
    assert (_came_to(again), again.acts, place.figures()) == ((0, 0, 2, 0), [], before)


def test_what_was_announced_here_is_confirmed_and_what_moved_or_ended_there_moves_and_ends_here(
    files: Files,
) -> None:
    place = files.place
    waiting, moving, ending = (place.new_member() for _ in range(3))
    announced, moved = place.announced(waiting), place.confirmed(moving)
    ended = place.confirmed(ending)
    report = files.taken(
        files.row(waiting), files.row(moving, "幸福里", "2026-03-02"), files.row(ending, "", "", "转出")
    )
    assert _came_to(report) == (0, 3, 0, 0)
    found = place.district.subject(announced)
    assert (found.state, found.record.filed is not None) == ("confirmed", True)
    (settled,) = [act for act in place.district.history(found.record.filed) if act.verb == "reporting.file"]
    assert settled.body["reports"] == 3
    new = place.desk.current(who(moving))
    assert new is not None
    assert (place.state(moved), new.state, new.place) == ("moved", "confirmed", place.lane)
    assert (new.record.moved_from, new.record.reported_on) == (moved, date(2026, 3, 2))
    assert place.district.subject(ended).outcome == "moved_away"
    assert place.figures()["members.reported"] == 2
    assert _came_to(files.taken(files.row(waiting), files.row(moving, "幸福里", "2026-03-02"))) == (
        0,
        0,
        2,
        0,
    )


def test_an_old_file_does_not_undo_what_the_record_learned_since(files: Files) -> None:
    place = files.place
    rows = [files.row(one) for one in (place.member, place.other)]
    files.taken(*rows)
    place.district.register.move(who(place.member), place.home(place.lane))
    gone = place.desk.current(who(place.other))
    assert gone is not None
    place.district.make(gone.id, "end", {"outcome": "membership_ended"}, actor=place.secretary)
    report = files.taken(*rows)
    assert (_came_to(report), report.acts) == ((0, 0, 2, 0), [])
    assert len(report.notices) == 2
    assert "later news of them" in str(report.notices[0])
    new = place.desk.current(who(place.member))
    assert new is not None
    assert (new.place, place.desk.current(who(place.other))) == (place.lane, None)


def test_rows_that_fit_nobody_or_nowhere_are_masked_and_skipped_into_a_file(files: Files) -> None:
    place, known = files.place, files.row(files.place.member)
    phone = files.phone(place.other)
    report = files.taken(
        known,
        f"李四,{_number(1)},13900000001,,锦绣花园,2026-02-01,已报到",
        f"张三,,{phone},,没有的小区,2026-02-01,已报到",
        f"张三,,{phone},,新小区,2026-02-01,已报到",
        f"张三,,{phone},,锦绣花园,,已报到",
        f"张三,,{phone},,,2026-02-01,已报到",
        f"张三,,{phone},,锦绣花园,2031-02-01,已报到",
        f"张三,,{phone},,锦绣花园,2026-02-01,也许",
        known,
    )
    assert _came_to(report) == (1, 0, 0, 8)
    told = "\n".join(map(str, report.problems))
    for why in (
        "finds nobody who is registered", "no compound of this name", "there is no branch here", "when have they reported",
        "to which compound", "in the future", "none of the choices", "in row 2 already",
    ):  # fmt: skip
        assert why in told, why
    assert _number(1) not in told
    assert "13900000001" not in told
    assert phone not in told
    assert report.error_files[0].exists()


def _number(n: int) -> str:
    """An identity number that could be one."""
    digits = f"43050319800101{n:03}"
    return digits + ric.calc_check_digit(digits + "0")


def test_nobody_dead_reports_and_who_has_not_reported_stays_so(files: Files) -> None:
    place = files.place
    rows = (files.row(place.member), files.row(place.other, status="未报到"))
    place.district.register.end(who(place.member), "died")
    report = files.taken(*rows)
    assert _came_to(report) == (0, 0, 1, 1)
    assert "has died" in str(report.problems[0])
    assert place.figures()["members.reported"] == 0


def test_the_organisation_at_work_is_noted_once(files: Files) -> None:
    place, person = files.place, files.place.district.register.person(name="王五", phone="13700000000")
    row = "王五,,13700000000,某公司党支部,锦绣花园,2026-02-01,已报到"
    assert _came_to(files.taken(row)) == (1, 0, 0, 0)
    assert _came_to(files.taken(row)) == (0, 0, 1, 0)
    (tie,) = place.district.register.ties(person=person, kind="party_member")
    assert place.district.register.organisation_record(tie.at).name == "某公司党支部"


def test_only_who_may_import_imports_and_compares(files: Files) -> None:
    row = files.row(files.place.member)
    with pytest.raises(NotAllowed):
        files.taken(row, actor=files.place.secretary)
    with pytest.raises(NotAllowed):
        files.place.desk.check(files.write(row), actor=files.place.secretary)
    clerk = somebody(files.place.district, "clerk", files.place.district.register.root())
    assert _came_to(files.taken(row, actor=clerk)) == (1, 0, 0, 0)


def test_comparing_finds_every_difference_and_changes_nothing(files: Files) -> None:
    place = files.place
    agrees, here_only, elsewhere, ended, waiting, new = (place.new_member() for _ in range(6))
    reports = {one: place.confirmed(one) for one in (agrees, here_only, elsewhere, ended)}
    announced = place.announced(waiting)
    file = files.write(
        files.row(agrees), files.row(elsewhere, "幸福里", "2026-03-02"), files.row(ended, status="去世"), files.row(waiting),
        files.row(new), "赵六,,13911111111,,锦绣花园,2026-02-01,已报到",
    )  # fmt: skip
    acts = _acts(place)
    found = place.desk.check(file)
    assert found.counts == {
        "agrees": 1, "not_here": 1, "waiting_here": 1, "elsewhere": 1, "ended_there": 1, "not_there": 1,
    }  # fmt: skip
    by_finding = {one.finding: one for one in found.differences}
    assert by_finding["not_there"].report == reports[here_only]
    assert by_finding["waiting_here"].report == announced
    other = by_finding["elsewhere"]
    assert (other.row, other.report, other.here, other.there) == (
        3,
        reports[elsewhere],
        place.garden,
        place.lane,
    )
    assert [one.row for one in found.unread] == [7]
    assert not found.agrees
    assert _acts(place) == acts
    assert not list(files.folder.glob("*-errors*"))
    files.taken(*file.read_text(encoding="utf-8").splitlines()[1:6])
    again = place.desk.check(file).counts
    assert (again["agrees"], again["not_there"]) == (5, 1), "what was imported agrees"


def _acts(place: Compounds) -> int:
    """How many acts the journal has."""
    query = select(func.count()).select_from(t.act).where(t.act.c.district == place.district.code)
    with place.district.store.reading() as connection:
        return int(connection.execute(query).scalar_one())


def test_a_file_without_such_headings_is_refused_by_name(files: Files) -> None:
    path = files.folder / "别的.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"别的\.csv"):
        files.place.desk.check(path)


def test_thousands_of_reports_come_in_within_seconds(files: Files) -> None:
    place = files.place
    people = ["姓名,手机号,所在党组织\n"] + [f"党员,{_phone(n)},某局机关党支部\n" for n in range(MANY)]
    list_of_people = files.folder / "people.csv"
    list_of_people.write_text("".join(people), encoding="utf-8")
    assert place.district.importing.run([list_of_people], kind="people").total("registered") == MANY
    names = ("锦绣花园", "幸福里", "平安院")
    rows = [f"党员,,{_phone(n)},,{names[n % 3]},2026-01-{1 + n % 28:02},已报到" for n in range(MANY)]
    began = monotonic()
    report = files.taken(*rows)
    took = monotonic() - began
    print(f"\n{MANY} reports: {took:.1f} s, {len(report.acts)} acts")
    assert _came_to(report) == (MANY, 0, 0, 0)
    assert took < 20
    assert place.figures()["members.reported"] == MANY
    assert place.figures(place.garden)["members.reported"] == len(range(0, MANY, 3))
    began = monotonic()
    assert place.desk.check(files.write(*rows)).counts["agrees"] == MANY
    print(f"compared: {monotonic() - began:.1f} s")


def _phone(n: int) -> str:
    return f"137{n:08}"


def test_a_file_that_confirms_many_that_were_announced_does_so_in_few_acts_of_its_own(files: Files) -> None:
    members = [files.place.new_member() for _ in range(320)]
    reports = [files.place.announced(one) for one in members]
    report = files.taken(*(files.row(one) for one in members))
    assert (_came_to(report), len(report.acts)) == ((0, 320, 0, 0), 2)
    assert {files.place.state(one) for one in reports} == {"confirmed"}


def test_a_row_about_the_end_of_an_earlier_report_does_not_end_the_next_one(files: Files) -> None:
    place = files.place
    first = place.confirmed()
    phone = files.phone(place.member)
    assert _came_to(files.taken(f"张三,,{phone},,锦绣花园,2026-02-01,转出")) == (0, 1, 0, 0)
    assert place.state(first) == "ended"
    place.pass_days(10)
    again = place.announced()
    report = files.taken(f"张三,,{phone},,锦绣花园,2026-02-01,转出")
    assert (_came_to(report), place.state(again)) == ((0, 0, 1, 0), "announced")


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("姓名,手机号", "people"),
        ("姓名,手机号,小区", "people"),
        ("姓名,身份证号,所在党组织,报到小区,报到时间,报到状态", "membership_reports"),
    ],
)
def test_no_other_list_of_people_is_taken_for_such_a_file(files: Files, headings: str, kind: str) -> None:
    path = files.folder / "名单.csv"
    path.write_text(
        f"{headings}\n{',' * headings.count(',')}\n张三{',' * headings.count(',')}\n", encoding="utf-8"
    )
    assert [sheet.kind for sheet in files.place.district.importing.run([path]).sheets] == [kind]


def test_a_map_says_what_a_file_leaves_out(new_district: Callable[..., District], tmp_path: Path) -> None:
    lists = '\n[import.maps.all_reported]\nkind = "membership_reports"\nfixed = { status = "已报到" }\n'
    place = compounds(new_district, lists, enabled=("reporting", "tabular"))
    person = place.district.register.person(name="王五", phone="13700000000")
    place.district.register.tie(person, "party_member", place.party)
    path = tmp_path / "名册.csv"
    path.write_text("姓名,手机号,报到小区,报到时间\n王五,13700000000,锦绣花园,2026-02-01\n", encoding="utf-8")
    assert _came_to(place.desk.import_files([path], map="all_reported")) == (1, 0, 0, 0)


def test_the_file_does_not_make_a_member_of_who_is_none_nor_move_anybody_without_a_remark(
    files: Files,
) -> None:
    place = files.place
    register = place.district.register
    none = register.person(name="张三", phone="13900000077", home=place.home(place.garden))
    report = files.taken(files.row(Actor(person=none)), files.row(place.member, "幸福里"))
    assert _came_to(report) == (1, 0, 0, 1)
    assert [(one.row, "party member" in str(one.what)) for one in report.problems] == [(2, True)]
    assert [(one.row, "do not live" in str(one.what)) for one in report.notices] == [(3, True)]
    assert place.desk.current(none) is None
    named = files.row(Actor(person=none)).replace(",,锦绣花园", ",某局机关党支部,锦绣花园")
    assert _came_to(files.taken(named)) == (1, 0, 0, 0), "the party-building system names the organisation"
