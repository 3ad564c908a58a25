"""The columns of a table of requests: what districts and 311-style systems call them."""

from typing import Final

import attrs

from linli._base.i18n import say
from linli._model.sheets import Column, Kind
from linli._verbs.register.import_homes import PLACE_COLUMNS
from linli._verbs.register.import_people import PHONE

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
            "service request id",
            "service request number",
            "sr number",
            "request number",
            "case number",
            "case enquiry id",
            "ticket id",
            "ticket number",
            "incident number",
            "工单流水号",
            "流水号",
            "事项编号",
            "案件编号",
        ),
        kind=Kind.CODE,
        essential=True,
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
            "创建日期",
            "登记日期",
            "立案时间",
            "建单时间",
            "creation date",
            "date opened",
            "opened date",
            "open dt",
            "date created",
        ),
        kind=Kind.DAY_OR_MOMENT,
        required=True,
    ),
    Column(
        name="submitted",
        headings=(
            "诉求时间",
            "提交时间",
            "来电时间",
            "反映时间",
            "投诉时间",
            "上报时间",
            "报修时间",
            "submitted",
        ),
        kind=Kind.DAY_OR_MOMENT,
    ),
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
            "结案时间",
            "完结时间",
            "办毕时间",
            "处理完成时间",
            "date closed",
            "closed dt",
            "completion date",
            "completed date",
        ),
        kind=Kind.DAY_OR_MOMENT,
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
            "事由",
            "诉求事由",
            "事项",
            "事项分类",
            "问题分类",
            "问题类型",
            "工单类型",
            "投诉类别",
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
    Column(
        name="status",
        headings=(
            "状态",
            "办理状态",
            "办结状态",
            "工单状态",
            "处理状态",
            "当前状态",
            "办理情况",
            "status description",
            "case status",
            "request status",
        ),
    ),
    Column(name="name", headings=("诉求人", "反映人", "来电人", "报修人", "申请人", "姓名"), kind=Kind.NAME),
    PHONE,
    # A request whose place cannot be read is still a request, of the place above.
    *(attrs.evolve(column, essential=False) for column in PLACE_COLUMNS),
)

SIGNS: Final = tuple(
    heading
    for column in COLUMNS
    if column.name in ("id", "opened", "submitted", "closed", "category", "description")
    for heading in column.headings
    # Lists of people have these too.
    if heading not in ("编号", "流水号", "登记时间", "登记日期", "创建时间", "创建日期", "提交时间", "类别", "内容", "事项",
                       "created date", "creation date", "date created", "opened", "closed", "submitted")
)  # fmt: skip
"""Headings that only a table of requests has."""
