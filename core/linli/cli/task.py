"""`linli task`: what a request comes to, for whoever does it."""

import click

from linli.cli.moves import add_lists, add_moves
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
add_moves(task, TASK, leave_out=("read",))
