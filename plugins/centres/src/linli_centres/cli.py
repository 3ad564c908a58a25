"""`linli centre`."""

import click

from linli import District, StoredSubject, listed, translate
from linli.cli import (
    Columns,
    add_lists,
    add_moves,
    add_openings,
    add_reports,
    noun,
)
from linli_centres.centres import CentreFlow
from linli_centres.reports import REPORTS

_PLACE_HELP = translate("a number or a path of names: 锦绣花园")
_DAY = click.DateTime(["%Y-%m-%d"])
_below = click.option("--place", default=None, help=_PLACE_HELP)


centre = noun(
    "centre",
    "service centres and courier stations",
    """
linli centre open --name 锦绣花园党群服务中心 --place 锦绣花园 --facilities hall --facilities board --seats 40
linli centre open --name 火车站快递外卖红色驿站 --place 城南街道 --centre-kind courier_station
linli centre set-hours 锦绣花园党群服务中心 --week "1-5 08:30-12:00,14:30-17:30" --hall-week "1-7 09:00-21:00"
linli centre hours 锦绣花园党群服务中心 --on 2026-10-01
linli centre services 锦绣花园党群服务中心
linli centre list --open --place 城南街道
""",
)


def _cells(district: District, one: StoredSubject) -> tuple[object, ...]:
    facilities = listed(map(translate, one.record.facilities))
    return one.record.name, translate(one.record.centre_kind), facilities


add_openings(centre, CentreFlow)
add_lists(centre, CentreFlow, Columns(("name", "kind", "facilities"), _cells, place=True))
add_moves(centre, CentreFlow)
add_reports(centre, REPORTS)
