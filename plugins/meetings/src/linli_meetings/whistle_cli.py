"""`linli whistle`: blow it, report in, do it, evaluate."""

from linli.cli import Columns, add_lists, add_moves, add_openings, noun
from linli_meetings.departments import PartFlow
from linli_meetings.whistles import WhistleFlow

whistle = noun(
    "whistle",
    "the whistle: the street blows it, departments report in",
    """
linli whistle propose --place 锦绣花园 --topic 违建
linli whistle list --state proposed --place 城北街道
linli whistle take-up NUMBER --departments 城管大队
linli whistle dismiss NUMBER --reason 已约明天维修
linli whistle blow --place 锦绣花园 --topic 违建 --departments 城管大队 --departments 消防大队
linli whistle report-in NUMBER --department 城管大队
linli whistle decline NUMBER --department 消防大队 --reason 不属本部门职责
linli whistle replace NUMBER --department 消防大队 --instead 水务站 --reason 改由水务站办理
linli whistle finish NUMBER --department 城管大队 --result 已拆除
linli whistle evaluate NUMBER --department 城管大队 --grade good --rectifications 1
linli whistle list --open --late
""",
)


add_lists(
    whistle,
    WhistleFlow,
    Columns(
        ("topic", "request"),
        lambda district, one: (one.record.topic, one.record.request),
        place=True,
    ),
)
add_openings(whistle, WhistleFlow)
add_moves(whistle, WhistleFlow)
add_moves(whistle, PartFlow, held_by="department")
