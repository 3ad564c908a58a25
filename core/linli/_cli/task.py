"""`linli task`: what a request comes to, for whoever does it."""

import click

from linli._base.i18n import translate
from linli._cli.moves import Columns, add_lists, add_moves
from linli._cli.shared import minute
from linli._verbs.dispatch.handing_over import HandoverFlow
from linli._verbs.dispatch.late_entries import LateEntryFlow
from linli._verbs.dispatch.tasks import OfferFlow, TaskFlow


@click.group(
    help=f"""{translate("tasks: take, finish, confirm, hand over")}

\b
linli task list --open
linli task take NUMBER --as 13800000000
linli task finish NUMBER --result "已修好" --minutes 40 --as 13800000000
linli task confirm NUMBER
"""
)
def task() -> None:
    pass


add_lists(task, TaskFlow)
add_moves(task, TaskFlow)


@click.group(
    help=f"""{translate("handovers of tasks: whoever a task is offered to accepts or refuses it")}

\b
linli task offer NUMBER --role property_manager --at NUMBER --reason 归物业维修
linli offer list --open
linli offer accept NUMBER --as 13800000000
linli offer refuse NUMBER --reason 不在服务范围 --as 13800000000
"""
)
def offer() -> None:
    pass


add_lists(offer, OfferFlow)
add_moves(offer, OfferFlow)


@click.group(
    help=f"""{translate("requests handed over to bodies outside: what they answered")}

\b
linli request hand-over NUMBER --body 市交警支队 --reason 归交警管
linli handover list --open
linli handover accept NUMBER --accepted-by 秩序科值班室 --accepted-on 2026-03-05 --their-number 2026-118 --feedback "已移交市交警支队，请拨打……"
linli handover refuse NUMBER --reason 不属于其职责
"""
)
def handover() -> None:
    pass


add_lists(handover, HandoverFlow)
add_moves(handover, HandoverFlow)


@click.group(
    "late-entry",
    help=f"""{translate("what was entered afterwards: somebody above confirms from when it counts")}

\b
linli request close NUMBER --feedback "已修好" --closed-at 2026-03-05T10:30
linli late-entry list --open
linli late-entry confirm NUMBER --as 13900000000
linli late-entry refuse NUMBER --reason 当天无记录 --as 13900000000
""",
)
def late_entry() -> None:
    pass


add_lists(
    late_entry,
    LateEntryFlow,
    Columns(
        ("what was entered", "when it was so", "opened"),
        lambda district, one: (
            str(district.rules.called(one.record.verb)),
            minute(district, one.record.since),
            minute(district, one.opened_at),
        ),
        place=True,
    ),
)
add_moves(late_entry, LateEntryFlow)
