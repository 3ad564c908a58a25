"""Where places are: said, put right, imported, asked for; from which map, and by whom."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from linli import Point, query
from linli._base.coordinates import gcj02_from_wgs84
from linli._base.errors import NotAllowed, Refused
from linli._district.district import District
from linli._importing.report import Report
from linli._testing.fixtures import Printed
from linli.testing import somebody

HERE = Point(latitude=Decimal("27.2389"), longitude=Decimal("111.4672"))
RING = [[111.466, 27.238], [111.469, 27.238], [111.469, 27.240], [111.466, 27.240], [111.466, 27.238]]
OUTLINE = {"type": "Polygon", "coordinates": [RING]}
IN_GCJ02 = gcj02_from_wgs84((111.4672, 27.2389))


@pytest.fixture
def compound(district: District) -> UUID:
    return district.register.place("compound", "锦绣花园", record={"kind": "老旧小区"})


def located(district: District, place: UUID) -> Any:
    return district.ask_unchecked(query.location(place))


def test_a_place_has_the_point_that_a_map_shows_in_the_system_of_satellites(
    district: District, compound: UUID
) -> None:
    x, y = IN_GCJ02
    assert district.register.locate_place(compound, (y, x), system="GCJ-02", source="高德") == []
    found = located(district, compound)
    assert (found.point, found.outline, found.system, found.source) == (HERE, (), "gcj02", "高德")
    assert district.ask_unchecked(query.place(compound)).point == HERE
    assert district.register.node(compound).location == found


def test_what_is_put_right_leaves_what_is_not_said_again_and_the_journal_has_both(
    district: District, compound: UUID
) -> None:
    locate = district.register.locate_place
    locate(compound, ("27.2389", "111.4672"), source="GPS")
    assert locate(compound, outline=OUTLINE, source="测绘") == []
    locate(compound, ("27.239", "111.467"), source="走访")
    found = located(district, compound)
    assert str(found.point) == "27.239000, 111.467000"
    assert (len(found.outline), found.source) == (5, "走访")
    acts = [one for one in district.history(compound) if one.verb == "place.locate"]
    assert [one.body["from"] and one.body["from"]["coordinate_source"] for one in acts] == [
        None,
        "GPS",
        "测绘",
    ]
    assert acts[1].body["to"]["outline"] == OUTLINE
    locate(compound, ("27.239", "111.467"), source="走访")
    assert len([one for one in district.history(compound) if one.verb == "place.locate"]) == 3, "nothing new"


def test_a_place_keeps_where_it_is_when_it_is_renamed_and_registered_again(
    district: District, compound: UUID
) -> None:
    district.register.locate_place(compound, ("27.2389", "111.4672"), source="GPS")
    district.register.rename_place(compound, "锦绣家园")
    district.register.place("compound", "锦绣家园", record={"kind": "commercial"})
    assert located(district, compound).point == HERE


def test_a_point_outside_its_outline_is_told(district: District, compound: UUID) -> None:
    district.register.locate_place(compound, ("27.30", "111.4672"), source="GPS")
    doubts = district.register.locate_place(compound, outline=OUTLINE, source="测绘")
    assert ["outside the outline" in str(one) for one in doubts] == [True]


BAD: Mapping[str, tuple[Mapping[str, Any], str, str]] = {
    "nothing": ({}, "point", "a point, or an outline"),
    "longitude first": ({"point": ("111.4672", "27.2389")}, "point", "is no position in China"),
    "a point elsewhere": ({"point": ("52.37", "4.89")}, "point", "is no position in China"),
    "no number": ({"point": ("here", "there")}, "point", "is no position in China"),
    "not a number": ({"point": ("NaN", "111.4672")}, "point", "is no position in China"),
    "another system": ({"point": ("27.2", "111.4"), "system": "Beijing54"}, "system", "no coordinate system"),
    "no source": ({"point": ("27.2", "111.4"), "source": " "}, "source", "where the coordinates are from"),
    "an outline that is open": (
        {"outline": {"type": "Polygon", "coordinates": [RING[:-1]]}}, "outline", "is not closed",
    ),
    "one that crosses itself": (
        {"outline": {"type": "Polygon", "coordinates": [[RING[0], RING[2], RING[1], RING[3], RING[0]]]}},
        "outline", "crosses or touches itself",
    ),
    "one of two corners": (
        {"outline": {"type": "Polygon", "coordinates": [[RING[0], RING[1], RING[0]]]}}, "outline", "3 to 1000 corners",
    ),
    "one with a hole": ({"outline": {"type": "Polygon", "coordinates": [RING, RING]}}, "outline", "has holes"),
    "a line": ({"outline": {"type": "LineString", "coordinates": RING}}, "outline", "no polygon of GeoJSON"),
    "one of texts": ({"outline": {"type": "Polygon", "coordinates": [["x"] * 5]}}, "outline", "no polygon"),
    "one with latitude first": (
        {"outline": {"type": "Polygon", "coordinates": [[[y, x] for x, y in RING]]}}, "outline", "not in China",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_where_a_compound_is_is_refused(district: District, compound: UUID, what: str) -> None:
    given, field, why = BAD[what]
    with pytest.raises(Refused, match=why) as refusal:
        district.register.locate_place(compound, **{"source": "GPS", **given})
    assert refusal.value.reasons[0].values["field"] == field
    assert located(district, compound) is None


def test_only_compounds_have_outlines_and_nothing_of_a_person_is_their_source(
    district: District, compound: UUID
) -> None:
    building = district.register.place("building", "3", compound)
    with pytest.raises(Refused, match="only a compound has an outline"):
        district.register.locate_place(building, outline=OUTLINE, source="测绘")
    with pytest.raises(Refused, match="looks like a mobile number"):
        district.register.locate_place(compound, ("27.2", "111.4"), source="张三 13807391234")


def test_whoever_keeps_the_register_there_says_where_a_place_is(district: District, compound: UUID) -> None:
    steward, clerk = somebody(district, "steward", compound), somebody(district, "clerk", compound)
    with pytest.raises(NotAllowed):
        district.register.locate_place(compound, ("27.2", "111.4"), source="GPS", actor=steward)
    district.register.locate_place(compound, ("27.2", "111.4"), source="GPS", actor=clerk)


def test_a_feature_of_a_map_program_is_its_polygon(district: District, compound: UUID) -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": OUTLINE}
    district.register.locate_place(
        compound, outline={"type": "FeatureCollection", "features": [feature]}, source="QGIS"
    )
    assert located(district, compound).geojson == OUTLINE


# --- commands ---------------------------------------------------------------------------------------------


def test_a_place_is_located_and_shown_by_command(
    district: District, compound: UUID, tmp_path: Path, command: Callable[..., Printed]
) -> None:
    folder = district.configuration.folder
    outline = tmp_path / "outline.geojson"
    outline.write_text(json.dumps(OUTLINE), encoding="utf-8")
    x, y = IN_GCJ02
    done = command(
        "place",
        "locate",
        "锦绣花园",
        f"{y:.6f}, {x:.6f}",
        "--system",
        "gcj02",
        "--source",
        "高德",
        folder=folder,
    )
    assert done.code == 0, done.err
    done = command(
        "place", "locate", "锦绣花园", "--outline", str(outline), "--source", "测绘", folder=folder
    )
    assert done.code == 0, done.err
    shown = command("place", "show", "锦绣花园", folder=folder)
    assert "27.2389" in shown.out
    assert "4 corners" in shown.out
    assert "测绘" in shown.out
    told = json.loads(command("place", "show", "锦绣花园", "--json", folder=folder).out)
    assert (told["outline"], told["coordinate_source"]) == (OUTLINE, "测绘")
    wrong = command("place", "locate", "锦绣花园", "111.4, 27.2", "--source", "x", folder=folder)
    assert (wrong.code, "latitude and longitude" in wrong.err) == (1, True)


# --- import ---------------------------------------------------------------------------------------------------


@pytest.fixture
def readable(new_district: Callable[..., District]) -> District:
    return new_district(enabled=("tabular",))


def taken(district: District, folder: Path, *rows: str) -> Report:
    path = folder / "小区.csv"
    path.write_text("\n".join(("街道,小区,楼栋,纬度,经度,坐标系", *rows)) + "\n", encoding="utf-8")
    return district.importing.run([path], kind="homes")


def test_coordinates_come_with_a_list_of_homes_and_are_converted(readable: District, tmp_path: Path) -> None:
    x, y = IN_GCJ02
    report = taken(
        readable,
        tmp_path,
        f"红旗街道,锦绣花园,,{y:.6f},{x:.6f},高德",
        "红旗街道,锦绣花园,3栋,27.2391,111.4675,WGS84",
    )
    assert report.total("registered") == 2
    compound = readable.register.find_place("锦绣花园")
    found = located(readable, compound)
    assert abs(found.point.latitude - HERE.latitude) <= Decimal("0.000001")
    assert (found.system, bool(found.source)) == ("gcj02", True)
    building = located(readable, readable.register.find_place("锦绣花园/3栋"))
    assert (str(building.point), building.system) == ("27.239100, 111.467500", "wgs84")
    again = taken(readable, tmp_path, "红旗街道,锦绣花园,3栋,27.2391,111.4675,WGS84")
    assert (again.total("unchanged"), again.acts) == (1, [])
    assert taken(readable, tmp_path, "红旗街道,锦绣花园,3栋,27.2392,111.4675,WGS84").total("updated") == 1


def test_coordinates_that_nobody_can_mean_are_left_out_of_their_rows(
    readable: District, tmp_path: Path
) -> None:
    report = taken(
        readable,
        tmp_path,
        "红旗街道,一号院,,111.4672,27.2389,高德",
        "红旗街道,二号院,,27.2389,111.4672,",
        "红旗街道,三号院,,27.2389,,高德",
        "红旗街道,四号院,,27.2389,111.4672,北京54",
    )
    assert report.total("registered") == 4
    assert {one.row for one in report.left_out} == {2, 3, 4, 5}
    for name in ("一号院", "二号院", "三号院", "四号院"):
        assert located(readable, readable.register.find_place(name)) is None
