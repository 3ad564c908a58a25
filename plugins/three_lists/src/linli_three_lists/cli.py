"""`linli need` and `linli service`."""

import click

from linli import District, translate
from linli.cli import (
    actor_of,
    add_moves,
    add_reports,
    as_option,
    identifier,
    json_option,
    noun,
    pass_district,
    print_act,
)
from linli.hooks import RequestFlow
from linli_three_lists.cli_evidence import evidence
from linli_three_lists.cli_rota import rota
from linli_three_lists.reports import REPORTS

need = noun(
    "need",
    "what residents need: match it, find duplicates, see what is late, who is on duty",
    """
linli need match "厨房水管漏水" --place 锦绣花园 --category 漏水
linli need duplicates --place 锦绣花园
linli need late --place 锦绣花园
linli need rota list --place 锦绣花园
linli need evidence add NUMBER 现场.jpg
""",
)


need.add_command(rota)
need.add_command(evidence)


@need.command(
    help=translate("urge request or task NUMBER: whoever holds it hears; so often a day as the district lets")
)
@click.argument("number")
@as_option
@json_option
@pass_district
def urge(district: District, number: str, who: str | None, as_json: bool) -> None:
    print_act(district, district.make(identifier(number), "urge", actor=actor_of(district, who)), as_json)


service = noun(
    "service",
    "the catalogue of services: what can be done, by whom, in what time",
    """
linli service list
linli service list --json
""",
)


add_moves(need, RequestFlow, only=("merge",), spelled={"duplicate_of": "into"})
add_reports(need, REPORTS)
add_reports(service, REPORTS)
