"""`linli task`: what a request comes to, for whoever does it."""

import click

from linli.cli.moves import add_lists, add_moves
from linli.dispatch.handing_over import HANDOVER, OFFER
from linli.dispatch.tasks import TASK
from linli.i18n import translate


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


add_lists(task, TASK)
add_moves(task, TASK)


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


add_lists(offer, OFFER)
add_moves(offer, OFFER)


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


add_lists(handover, HANDOVER)
add_moves(handover, HANDOVER)
