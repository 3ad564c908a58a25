"""`linli need` and `linli service`."""

import click

from linli import District
from linli.cli.moves import print_act
from linli.cli.nouns import noun
from linli.cli.reports import add_reports
from linli.cli.shared import (
    actor_of,
    as_option,
    identifier,
    json_option,
    pass_district,
)
from linli.i18n import translate
from linli_three_lists.api import Needs
from linli_three_lists.cli_evidence import evidence
from linli_three_lists.cli_rota import rota
from linli_three_lists.reports import REPORTS

_PLACE_HELP = translate("a number or a path of names: 锦绣花园/3栋")
_place_option = click.option("--place", default=None, help=_PLACE_HELP)


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


@need.command(help=translate("close request NUMBER as a duplicate of one that goes on"))
@click.argument("number")
@click.option("--into", required=True, help=translate("the request that goes on"))
@as_option
@json_option
@pass_district
def merge(district: District, number: str, into: str, who: str | None, as_json: bool) -> None:
    act = Needs(district).merge(identifier(number), identifier(into), actor=actor_of(district, who))
    print_act(district, act, as_json)


@need.command(
    help=translate("urge request or task NUMBER: whoever holds it hears; so often a day as the district lets")
)
@click.argument("number")
@as_option
@json_option
@pass_district
def urge(district: District, number: str, who: str | None, as_json: bool) -> None:
    print_act(district, Needs(district).urge(identifier(number), actor=actor_of(district, who)), as_json)


service = noun(
    "service",
    "the catalogue of services: what can be done, by whom, in what time",
    """
linli service list
linli service list --json
""",
)


add_reports(need, REPORTS)
add_reports(service, REPORTS)
