"""`linli appointment`, `linli removal`, `linli record-merge`: what one person puts forward and another decides."""

from uuid import UUID

import click

from linli._base.i18n import translate
from linli._cli.moves import add_lists, add_moves
from linli._cli.shared import actor_of, as_option, identifier, pass_district, recorded
from linli._district.district import District
from linli._verbs.register.appointments import AppointmentFlow
from linli._verbs.register.joining import RecordMergeFlow
from linli._verbs.register.removals import RemovalFlow


@click.group(
    help=f"""{translate("posts put forward by one person, for another to confirm")}

\b
linli post propose 13800138000 administrator 城北街道 --as 13900139000
linli appointment list --open
linli appointment confirm NUMBER --as 13900139000
"""
)
def appointment() -> None:
    pass


add_lists(appointment, AppointmentFlow)
add_moves(appointment, AppointmentFlow)


@click.group(
    help=f"""{translate("people who move to a place that others keep: the old place releases them")}

\b
linli person propose-removal 13800138000 锦绣花园/1栋 --as 13900139000
linli removal list --open
linli removal release NUMBER --as 13900139000
"""
)
def removal() -> None:
    pass


add_lists(removal, RemovalFlow)
add_moves(removal, RemovalFlow)


@click.group(
    name="record-merge",
    help=f"""{translate("two records of one person that have posts or points: a second person decides")}

\b
linli person ask-to-merge DUPLICATE INTO --as 13900139000
linli record-merge list --open
linli record-merge confirm NUMBER --as 13800138000
""",
)
def record_merge() -> None:
    pass


add_lists(record_merge, RecordMergeFlow)
add_moves(record_merge, RecordMergeFlow, leave_out=("confirm",))


@record_merge.command(help=translate("confirm, and do it"))
@click.argument("number")
@as_option
@pass_district
def confirm(district: District, number: str, who: str | None) -> None:
    found: UUID = identifier(number)
    district.register.confirm_merge(found, actor=actor_of(district, who))
    recorded()
