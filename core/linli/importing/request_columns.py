"""The columns of a table of requests: what districts and 311-style systems call them."""

from typing import Final

from linli.i18n import say
from linli.importing.homes import PLACE_COLUMNS
from linli.importing.people import PHONE
from linli.importing.shapes import Column, Kind

COLUMNS: Final = (
    Column(
        name="id",
        headings=(
            "编号",
            "诉求编号",
            "工单编号",
            "工单号",
            "受理编号",
            "单号",
            "case id",
            "unique key",
            "request id",
        ),
        help=say("its number where it comes from; with it, a later file can close it"),
    ),
    Column(
        name="opened",
        headings=(
            "受理时间",
            "受理日期",
            "登记时间",
            "创建时间",
            "created date",
            "opened",
            "open date",
            "requested datetime",
        ),
        kind=Kind.MOMENT,
        required=True,
    ),
    Column(name="submitted", headings=("诉求时间", "提交时间", "来电时间", "反映时间"), kind=Kind.MOMENT),
    Column(
        name="closed",
        headings=(
            "办结时间",
            "办结日期",
            "完成时间",
            "办理完成时间",
            "closed date",
            "closed",
            "close date",
        ),
        kind=Kind.MOMENT,
    ),
    Column(
        name="category",
        headings=(
            "类别",
            "诉求类别",
            "诉求类型",
            "事项类别",
            "问题类别",
            "诉求分类",
            "complaint type",
            "service name",
            "request type",
        ),
    ),
    Column(
        name="description",
        headings=(
            "诉求内容",
            "内容",
            "诉求事项",
            "问题描述",
            "诉求描述",
            "反映内容",
            "descriptor",
            "request details",
        ),
        sensitive=True,
    ),
    Column(
        name="address",
        headings=(
            "地址",
            "诉求地址",
            "事发地址",
            "地点",
            "发生地点",
            "incident address",
            "street address",
        ),
        sensitive=True,
    ),
    Column(
        name="department",
        headings=(
            "承办单位",
            "责任单位",
            "办理单位",
            "承办部门",
            "责任部门",
            "agency name",
            "agency",
            "responsible agency",
        ),
    ),
    Column(name="status", headings=("状态", "办理状态", "办结状态", "status description")),
    Column(name="name", headings=("诉求人", "反映人", "来电人", "报修人", "申请人", "姓名"), kind=Kind.NAME),
    PHONE,
    *PLACE_COLUMNS,
)
