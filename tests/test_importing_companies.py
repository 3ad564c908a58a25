"""Lists of property companies: each serves its compound, and none displaces another unasked."""

from collections.abc import Callable
from pathlib import Path

import pytest

from linli._district.district import District
from linli._importing.report import Report

HEAD = "街道,小区,物业公司,统一社会信用代码,服务起始日期"
CODE = "91110000600037341L"


@pytest.fixture
def district(new_district: Callable[..., District]) -> District:
    made = new_district(enabled=("tabular",))
    for name in ("锦绣花园", "幸福里"):
        made.register.place("compound", name)
    return made


def taken(district: District, folder: Path, *rows: str) -> Report:
    path = folder / "物业.csv"
    path.write_text("\n".join((HEAD, *rows)) + "\n", encoding="utf-8")
    return district.importing.run([path])


def test_a_list_of_property_companies_is_known_by_its_headings_and_comes_in_once(
    district: District, tmp_path: Path
) -> None:
    rows = (f",锦绣花园,好物业,{CODE},2020-01-01", ",幸福里,好物业,,")
    report = taken(district, tmp_path, *rows)
    assert [sheet.kind for sheet in report.sheets] == ["property_companies"]
    assert report.total("registered") == 2
    [garden] = district.register.organisations(place=district.register.find_place("锦绣花园"))
    assert (garden.kind, garden.name, garden.code, str(garden.since)) == (
        "property_company", "好物业", CODE, "2020-01-01",
    )  # fmt: skip
    again = taken(district, tmp_path, *rows)
    assert (again.total("unchanged"), again.acts) == (2, [])
    assert taken(district, tmp_path, f",幸福里,好物业,{CODE},").total("updated") == 1


def test_a_second_company_of_a_compound_is_refused_until_the_first_has_ended(
    district: District, tmp_path: Path
) -> None:
    taken(district, tmp_path, ",锦绣花园,好物业,,")
    report = taken(
        district,
        tmp_path,
        ",锦绣花园,新物业,,",
        ",没有的小区,新物业,,",
        ",幸福里,新物业,91110000600037341X,2097-01-01",
    )
    assert {(one.row, one.name) for one in report.problems} == {(2, "company"), (3, "compound")}
    assert {(one.row, one.name) for one in report.left_out} == {(4, "code"), (4, "since")}
    [first] = district.register.organisations(name="好物业")
    district.register.end_organisation(first.id)
    assert taken(district, tmp_path, ",锦绣花园,新物业,,").total("registered") == 1
