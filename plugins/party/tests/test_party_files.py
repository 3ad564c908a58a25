"""Spreadsheets of branches and of members: what becomes of good rows and of bad ones, and coming again."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from linli import District, PersonId, PlaceId
from linli.importing import Report
from linli_party.branch import Propose
from linli_party.branches import BranchFlow
from linli_party.testing import FEW, Street, a_member, party_street, who

ROSTER = "党组织名称,街道,小区,党组织类型,成立时间,换届时间,书记姓名,书记电话\n"
MEMBERS = "姓名,手机号,小区,楼栋,房号,政治面貌,所在党组织,是否报到,是否活跃\n"


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    return party_street(new_district, enabled=("party", "tabular"))


def _imported(street: Street, folder: Path, text: str, kind: str | None = None) -> Report:
    path = folder / "表.csv"
    path.write_text(text, encoding="utf-8")
    return street.district.importing.run([path], kind=kind, actor=street.district.console)


def test_a_roster_of_branches_comes_in_and_coming_again_changes_nothing(
    street: Street, tmp_path: Path
) -> None:
    text = (
        ROSTER
        + "锦绣花园小区党支部,城南街道,锦绣花园,功能型党支部,2021年6月1日,2024-06-15,张三,13800000001\n"
        + "幸福里党支部,,幸福里,普通,2022/3/1,,,\n"
    )
    report = _imported(street, tmp_path, text)
    assert [sheet.kind for sheet in report.sheets] == ["branches"], "guessed by its headings"
    assert (report.total("registered"), report.problems, report.failures) == (2, [], [])
    old, commercial = street.party.branch_at(street.old), street.party.branch_at(street.commercial)
    assert (old.record.branch_kind, old.record.since) == ("functional", date(2021, 6, 1))
    committee = street.party.committee(old.id)
    assert (committee.elected_on, committee.due_on) == (date(2024, 6, 15), date(2027, 6, 15))
    assert committee.secretary == street.district.register.find_one("13800000001")
    assert street.party.committee(commercial.id).secretary is None, "a vacancy shows"
    figures = street.figures()
    assert (figures["branches.total"], figures["branches.ordinary"], figures["branches.functional"]) == (
        2,
        1,
        1,
    )
    again = _imported(street, tmp_path, text)
    assert (again.total("registered"), again.total("unchanged"), again.acts) == (0, 2, [])
    assert street.figures() == figures


def test_bad_rows_of_a_roster_are_told_and_cost_no_good_one(street: Street, tmp_path: Path) -> None:
    street.district.register.place("compound", "新小区", street.community)
    rows = (
        "好支部,,锦绣花园,普通,2021-06-01,,,",
        "第二支部,,锦绣花园,普通,2021-06-01,,,",
        "未来支部,,幸福里,普通,2031-06-01,,,",
        "倒挂支部,,幸福里,普通,2021-06-01,2020-01-01,,",
        "无类支部,,幸福里,别的,2021-06-01,,,",
        "新支部,,新小区,普通,2021-06-01,,,",
        "无处支部,,没有的小区,普通,2021-06-01,,,",
        "无电话支部,,幸福里,普通,2021-06-01,,李四,",
    )
    report = _imported(street, tmp_path, ROSTER + "\n".join(rows) + "\n")
    assert (report.total("registered"), report.total("skipped"), report.failures) == (1, 7, [])
    told = " ".join(str(problem) for problem in report.problems)
    for why in (
        "锦绣花园 has a branch already", "in the future", "was not elected before it was", "which kind of compound",
        "no compound of this name", "a name alone does not tell who it is",
    ):  # fmt: skip
        assert why in told
    assert street.figures()["branches.total"] == 1


def test_a_district_whose_committees_are_large_still_takes_a_roster_that_names_the_secretary_only(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    street = party_street(new_district, FEW + "committee_least = 3\n", enabled=("party", "tabular"))
    text = ROSTER + "锦绣花园小区党支部,,锦绣花园,普通,2025-06-01,,张三,13800000001\n"
    assert _imported(street, tmp_path, text).total("registered") == 1
    assert len(street.party.committee(street.party.branch_at(street.old).id).seats) == 1


def test_a_survey_file_becomes_members_with_their_homes_and_how_they_stand(
    street: Street, tmp_path: Path
) -> None:
    text = (
        MEMBERS
        + "张三,13800000001,锦绣花园,1栋,101,中共党员,某局机关党支部,是,正常\n"
        + "李四,13800000002,锦绣花园,1栋,102,预备党员,,未报到,不活跃\n"
        + "王五,13800000003,锦绣花园,1栋,103,群众,,否,\n"
        + "赵六,13800000004,锦绣花园,1栋,104,,,也许,\n"
    )
    report = _imported(street, tmp_path, text)
    assert [sheet.kind for sheet in report.sheets] == ["party_members"]
    assert (report.total("registered"), report.total("skipped")) == (2, 2)
    assert "not a party member" in str(report.problems[0])
    (old,) = [one for one in street.surveys.numbers() if one.name == "锦绣花园"]
    assert (old.members, old.reported, old.not_reported, old.not_noted, old.not_active) == (7, 1, 1, 5, 1)
    again = _imported(street, tmp_path, text)
    assert (again.total("registered"), again.total("updated"), again.total("unchanged")) == (0, 0, 2)
    changed = text.replace("未报到", "已报到")
    assert _imported(street, tmp_path, changed).total("updated") == 1
    (old,) = [one for one in street.surveys.numbers() if one.name == "锦绣花园"]
    assert (old.reported, old.not_reported) == (2, 0)


def test_a_list_of_residents_is_not_taken_for_a_survey(street: Street, tmp_path: Path) -> None:
    text = "姓名,手机号,小区,楼栋,房号,政治面貌,所在党组织\n张三,13800000001,锦绣花园,1栋,101,群众,\n"
    report = _imported(street, tmp_path, text)
    assert [sheet.kind for sheet in report.sheets] == ["people"]


def test_what_the_importer_of_people_knows_counts_as_a_member(street: Street, tmp_path: Path) -> None:
    text = "姓名,手机号,小区,楼栋,房号,所在党组织\n张三,13800000001,锦绣花园,1栋,103,某局机关党支部\n"
    _imported(street, tmp_path, text)
    (old,) = [one for one in street.surveys.numbers() if one.name == "锦绣花园"]
    assert (old.members, old.not_noted) == (6, 6)


def test_a_compound_with_more_members_becomes_possible(new_district: Callable[..., District]) -> None:
    street = party_street(new_district, "\n[party]\nordinary_members = 6\n")
    (old,) = [one for one in street.party.possible() if one.compound.id == street.old]
    assert old.lacks["ordinary"]
    a_member(street.district, street.old, "301", street.district.register.root())
    (old,) = [one for one in street.party.possible() if one.compound.id == street.old]
    assert old.lacks["ordinary"] == ()
    street.district.perform(
        BranchFlow.propose.at(
            PlaceId(street.old),
            Propose(
                name="党支部", branch_kind="ordinary", nominees=tuple(map(PersonId, [who(street.members[0])]))
            ),
        ),
        actor=street.clerk,
    )


@pytest.mark.parametrize("roster_first", [True, False])
def test_a_branch_is_one_organisation_whichever_list_comes_first(
    street: Street, tmp_path: Path, *, roster_first: bool
) -> None:
    roster = ROSTER + "锦绣花园党支部,,锦绣花园,普通,2021-06-01,,,\n"
    members = MEMBERS + "张三,13800000001,锦绣花园,1栋,101,中共党员,锦绣花园党支部,是,正常\n"
    for text in (roster, members, roster, members)[0 if roster_first else 1 :]:
        assert _imported(street, tmp_path, text).problems == []
    register = street.district.register
    [branch] = register.organisations(name="锦绣花园党支部")
    assert (branch.kind, branch.place) == ("branch", street.old)
    person = register.find_one("13800000001")
    assert [tie.at for tie in register.ties(person=person) if tie.kind == "party_member"] == [branch.id]
    (old,) = [one for one in street.surveys.numbers() if one.name == "锦绣花园"]
    assert old.reported == 1


def test_of_a_survey_that_says_who_is_a_member_who_is_not_said_to_be_one_is_none(
    street: Street, tmp_path: Path
) -> None:
    text = (
        MEMBERS
        + "张三,13800000001,锦绣花园,1栋,101,,,是,\n李四,13800000002,锦绣花园,1栋,102,,某局机关党支部,是,\n"
    )
    report = _imported(street, tmp_path, text)
    assert (report.total("registered"), report.total("skipped")) == (1, 1)
    assert "are they a party member" in str(report.problems[0])
