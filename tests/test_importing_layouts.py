"""Layouts of public ledgers of requests, with rows made up: the brief agrees with a dataframe over the same file.

The headings, spellings of moments and words of the status are those of the systems named; no row is theirs.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import attrs
import polars
import pytest

from linli._district.district import District

CLOSED, OPEN, DUPLICATE, WITHDRAWN = "closed", "open", "duplicate", "withdrawn"


@attrs.frozen(kw_only=True)
class Layout:
    """A system's table.

    Attributes:
        opened, closed, status, id: its headings; status may be empty.
        more: other headings, and what stands below them.
        pattern: how it writes moments.
        words: what stands in its status, and what that means.
        map: the lines of a map; empty: it is read without one.
    """

    name: str
    opened: str
    closed: str
    status: str = ""
    id: str = ""
    more: dict[str, str] = attrs.field(factory=dict)
    pattern: str = "%Y-%m-%d %H:%M:%S"
    words: tuple[tuple[str, str], ...] = ()
    map: str = ""
    zone: str = "Asia/Shanghai"


LAYOUTS = (
    Layout(
        name="boston", id="case_enquiry_id", opened="open_dt", closed="closed_dt", status="case_status",
        more={"sla_target_dt": "2024-06-01 17:00:00", "on_time": "ONTIME", "closure_reason": "Case Closed", "case_title": "Pothole", "subject": "Public Works", "reason": "Highway", "type": "Pothole", "submitted_photo": "https://example.org/1.jpg", "location": "1 Main St", "neighborhood": "Mission Hill"},
        words=(("Closed", CLOSED), ("Open", OPEN)),
    ),
    Layout(
        name="chicago", id="sr_number", opened="created_date", closed="closed_date", status="status",
        more={"sr_type": "Graffiti Removal", "sr_short_code": "GRAF", "owner_department": "Streets", "origin": "Phone", "street_address": "1 W Main St", "ward": "12", "community_area": "28", "duplicate": "false"},
        pattern="%Y-%m-%dT%H:%M:%S.000", words=(("Completed", CLOSED), ("Open", OPEN), ("Canceled", WITHDRAWN)),
    ),
    Layout(
        name="chicago_days", id="Service Request Number", opened="Creation Date", closed="Completion Date", status="Status",
        more={"Type of Service Request": "Pot Hole in Street", "Street Address": "1 W Main St", "Current Activity": "Dispatch Crew"},
        pattern="%m/%d/%Y", words=(("Completed", CLOSED), ("Completed - Dup", DUPLICATE), ("Open", OPEN), ("Open - Dup", DUPLICATE)),
        map='date_format = "%m/%d/%Y"\ncolumns = { "Type of Service Request" = "category" }',
    ),
    Layout(
        name="la", id="SRNumber", opened="CreatedDate", closed="ClosedDate", status="Status",
        more={"UpdatedDate": "01/02/2024 09:00:00 AM", "ActionTaken": "SR Created", "Owner": "BOS", "RequestType": "Bulky Items", "Anonymous": "N", "ServiceDate": "01/05/2024 12:00:00 AM", "Address": "1 Main St", "StreetName": "MAIN", "NCName": "WESTSIDE"},
        pattern="%m/%d/%Y %I:%M:%S %p", words=(("Closed", CLOSED), ("Pending", OPEN), ("Cancelled", WITHDRAWN), ("Open", OPEN)),
        map='date_format = "%m/%d/%Y %I:%M:%S %p"\ntimezone = "America/Los_Angeles"\ncolumns = { "RequestType" = "category", "Address" = "address" }',
        zone="America/Los_Angeles",
    ),
    Layout(
        name="san_francisco", id="service_request_id", opened="requested_datetime", closed="closed_date", status="status_description",
        more={"updated_datetime": "2024-06-01T10:00:00.000", "status_notes": "done", "agency_responsible": "DPW", "service_name": "Street and Sidewalk Cleaning", "address": "1 MARKET ST", "street": "MARKET", "source": "Mobile", "media_url": ""},
        pattern="%Y-%m-%dT%H:%M:%S.000", words=(("Closed", CLOSED), ("Open", OPEN)),
    ),
    Layout(
        name="washington", id="SERVICEREQUESTID", opened="ADDDATE", closed="RESOLUTIONDATE", status="SERVICEORDERSTATUS",
        more={"SERVICECODE": "S0000", "SERVICECODEDESCRIPTION": "Bulk Collection", "SERVICEDUEDATE": "2024/06/01 05:00:00+00", "WARD": "Ward 1", "STATUS_CODE": "CLOSED", "STREETADDRESS": "1 MAIN STREET NW"},
        pattern="%Y/%m/%d %H:%M:%S+00", words=(("Closed", CLOSED), ("Open", OPEN), ("Closed (Duplicate)", DUPLICATE), ("Voided", WITHDRAWN)),
        map='columns = { "SERVICEREQUESTID" = "id", "ADDDATE" = "opened", "RESOLUTIONDATE" = "closed", "SERVICEORDERSTATUS" = "status", "SERVICECODEDESCRIPTION" = "category" }',
        zone="UTC",
    ),
    Layout(
        name="austin", id="Service Request (SR) Number", opened="Created Date", closed="Close Date", status="SR Status",
        more={"SR Description": "Loose Dog", "Owning Department": "Animal Services", "Method Received": "Phone", "Status Change Date": "2024 Jun 01 09:00:00 AM", "Last Update Date": "2024 Jun 01 09:00:00 AM", "SR Location": "1 MAIN ST", "Zip Code": "78701"},
        pattern="%Y %b %d %I:%M:%S %p", words=(("Closed", CLOSED), ("Duplicate (closed)", DUPLICATE), ("Open", OPEN), ("Work In Progress", OPEN), ("Resolved", CLOSED)),
        map='date_format = "%Y %b %d %I:%M:%S %p"\ncolumns = { "Service Request (SR) Number" = "id", "SR Status" = "status", "SR Description" = "category" }',
    ),
    Layout(
        name="fixmystreet", id="Report ID", opened="Created", closed="Closed", status="Status",
        more={"Title": "Hole in the road", "Detail": "a hole", "Category": "Potholes", "Confirmed": "2024-06-01T10:00:00", "Acknowledged": "", "Fixed": "", "Latitude": "52.1", "Query": "1 Main St"},
        pattern="%Y-%m-%dT%H:%M:%S", words=(("Fixed - Council", CLOSED), ("Closed", CLOSED), ("Open", OPEN), ("Duplicate", DUPLICATE), ("Investigating", OPEN)),
        map='columns = { "Report ID" = "id", "Created" = "opened" }\nstatus = { "Investigating" = "open" }',
    ),
    Layout(
        name="hotline_12345", id="工单编号", opened="受理时间", closed="办结时间", status="办理状态",
        more={"工单标题": "路灯", "诉求类型": "市政设施", "诉求内容": "路灯不亮", "派单时间": "2024-06-01 09:00:00", "办结时限": "2024-06-05 17:00:00", "承办单位": "城管局", "满意度": "满意", "来电人": "某某"},
        words=(("已办结", CLOSED), ("办理中", OPEN), ("重复工单", DUPLICATE), ("已撤单", WITHDRAWN), ("不予受理", CLOSED), ("待派遣", OPEN), ("已归档", CLOSED)),
    ),
    Layout(
        name="property_repairs", id="报修单号", opened="报修时间", closed="完成时间", status="状态",
        more={"报修人": "某某", "报修内容": "水管漏水", "维修师傅": "某某", "费用": "20", "备注": ""},
        pattern="%Y年%m月%d日 %H时%M分", words=(("已完成", CLOSED), ("维修中", OPEN), ("未完成", OPEN), ("取消", WITHDRAWN)),
        map='columns = { "报修单号" = "id", "报修时间" = "opened", "报修内容" = "description" }\nstatus = { "维修中" = "open" }',
    ),
    Layout(
        name="street_letters", opened="登记时间", closed="办毕时间", status="",
        more={"诉求分类": "邻里纠纷", "诉求内容": "楼上漏水", "责任单位": "社区"}, pattern="%Y.%m.%d %H：%M",
    ),
    Layout(
        name="new_york", id="Unique Key", opened="Created Date", closed="Closed Date", status="Status",
        more={"Agency": "HPD", "Agency Name": "Housing", "Complaint Type": "HEAT/HOT WATER", "Descriptor": "no heat", "Incident Address": "1 MAIN STREET", "Street Name": "MAIN STREET", "Community Board": "01", "Due Date": "", "Resolution Action Updated Date": "06/01/2024 09:00:00 AM", "Borough": "BRONX"},
        pattern="%m/%d/%Y %I:%M:%S %p", words=(("Closed", CLOSED), ("Open", OPEN), ("In Progress", OPEN), ("Assigned", OPEN)),
        map='date_format = "%m/%d/%Y %I:%M:%S %p"\ntimezone = "America/New_York"', zone="America/New_York",
    ),
)  # fmt: skip
ROWS = 150


def written(layout: Layout, folder: Path) -> Path:
    """A file of that layout: closings in time, a few before the acceptance, a few missing."""
    random = Random(layout.name)
    rows = []
    for number in range(ROWS):
        opened = datetime(2024, 2, 1) + timedelta(minutes=random.randrange(100 * 24 * 60))  # noqa: DTZ001 - as in the file
        word, meaning = random.choice(layout.words) if layout.words else ("", random.choice((CLOSED, OPEN)))
        took = timedelta(minutes=random.randrange(1, 20_000) if random.random() > 0.04 else -3000)
        ended = meaning in (CLOSED, DUPLICATE, WITHDRAWN) and random.random() > 0.04
        row = {layout.id: f"R-{number}"} if layout.id else {}
        row |= layout.more
        row |= {
            layout.opened: opened.strftime(layout.pattern),
            layout.closed: (opened + took).strftime(layout.pattern) if ended else "",
        }
        row |= {layout.status: word} if layout.status else {}
        if not layout.id:
            row["诉求内容"] = f"第{number}件"
        rows.append(row)
    path = folder / f"{layout.name}-1.csv"
    polars.DataFrame(rows).write_csv(path)
    return path


def counted(layout: Layout, path: Path) -> polars.DataFrame:
    """What a dataframe counts as closed, with the hours that each took."""
    frame = polars.read_csv(path, infer_schema=False)
    pattern = layout.pattern.replace("%I:%M:%S %p", "%I:%M:%S %p")

    def moment(heading: str) -> polars.Expr:
        text = polars.col(heading).replace("", None)
        if pattern == "%m/%d/%Y":
            return text.str.to_date(pattern).cast(polars.Datetime)
        return text.str.to_datetime(
            pattern.removesuffix("+00").replace("：", ":").replace(".000", ""), strict=True
        )

    cleaned = frame.with_columns(
        polars.col(layout.opened, layout.closed)
        .str.replace("：", ":")
        .str.strip_suffix("+00")
        .str.strip_suffix(".000")
    ).with_columns(o=moment(layout.opened), c=moment(layout.closed))
    uncounted = [word for word, meaning in layout.words if meaning in (DUPLICATE, WITHDRAWN)]
    closed = cleaned.filter(polars.col("c") >= polars.col("o"))
    if layout.status and uncounted:
        closed = closed.filter(~polars.col(layout.status).is_in(uncounted))
    zoned = [
        polars.col(name).dt.replace_time_zone(layout.zone, ambiguous="earliest", non_existent="null")
        for name in "oc"
    ]
    return closed.with_columns(*zoned).with_columns(
        hours=(polars.col("c") - polars.col("o")).dt.total_seconds() / 3600
    )


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout.name for layout in LAYOUTS])
def test_a_public_layout_comes_in_whole_and_the_brief_agrees_with_a_dataframe(
    new_district: Callable[..., District], tmp_path: Path, layout: Layout
) -> None:
    maps = f'[import.maps.{layout.name}]\nkind = "requests"\nfiles = ["{layout.name}-*.csv"]\n{layout.map}\n'
    district = new_district(enabled=("tabular",), more=maps if layout.map else "")
    path = written(layout, tmp_path)
    report = district.importing.run([path])
    assert report.failures == []
    assert [sheet.kind for sheet in report.sheets] == ["requests"]
    assert (report.total("registered"), report.problems) == (ROWS, [])
    assert report.sheets[0].unknown == {}
    frame = counted(layout, path)
    figures = district.brief(start=date(2024, 1, 1), end=date(2024, 12, 31)).figures
    assert figures["requests.accepted"] == ROWS
    assert figures["requests.closed"] == frame.height
    assert figures["requests.closing_rate"] == pytest.approx(frame.height / ROWS)
    assert figures["requests.mean_hours_to_close"] == pytest.approx(frame["hours"].mean())
    told = report.sheets[0].told
    assert sum(told.values()) == ROWS
    assert sum(told[how] for how in ("settled", "closed", "declined", "handed_over")) == frame.height, (
        "what is not counted is told"
    )
    again = district.importing.run([path])
    assert (again.total("unchanged"), again.acts) == (ROWS, [])


ROSTERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("楼层,房号,业主姓名,联系电话,面积", "{n},1{n:02},某某,199000{n:05},85.5", {"compound": "锦绣花园"}),
    (
        "房号,业主姓名,在住成员数,联系电话,标签",
        "1-12{n:02},某某,3,199000{n:05},自住;已认证",
        {"compound": "锦绣花园"},
    ),
    (
        "类别,房号,业主姓名,面积㎡,联系电话,合同缴租期",
        "商户,B座9{n:02},某某,88.5,199000{n:05},2026.1.1-2026.12.31",
        {"compound": "锦绣花园"},
    ),
    (
        "小区,楼栋,单元,房号,业主姓名,业主电话,紧急联系人电话,登记时间",
        "锦绣花园,1栋,1单元,{n},某某,199000{n:05},19900099999,2024-01-01",
        {},
    ),
)


@pytest.mark.parametrize(
    ("headings", "row", "fixed"), ROSTERS, ids=["floors", "households", "tenants", "contacts"]
)
def test_a_roster_of_owners_comes_in_whole_by_the_owners_own_phones(
    new_district: Callable[..., District], tmp_path: Path, headings: str, row: str, fixed: dict[str, str]
) -> None:
    given = ", ".join(f'{name} = "{value}"' for name, value in fixed.items())
    more = (
        f'[import.maps.owners]\nkind = "people"\nfiles = ["owners*"]\nfixed = {{ {given} }}\n'
        if fixed
        else ""
    )
    district = new_district(enabled=("tabular",), more=f"{more}[import]\nnew_homes = true\n")
    district.register.place("compound", "锦绣花园")
    path = tmp_path / "owners.csv"
    path.write_text("\n".join((headings, *(row.format(n=n) for n in range(1, 30)))) + "\n", encoding="utf-8")
    report = district.importing.run([path])
    assert [sheet.kind for sheet in report.sheets] == ["people"]
    assert (report.total("registered"), report.problems, report.left_out) == (29, [], [])
    assert all(district.register.find(f"199000{n:05}") for n in range(1, 30))
    assert district.register.find("19900099999") is None
