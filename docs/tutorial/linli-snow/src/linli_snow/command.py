"""`linli snow`: paths to be cleared."""

import click

from linli import District, PlaceId, translate
from linli.cli import actor_of, add_lists, add_moves, as_option, json_option, noun, pass_district, print_act
from linli_snow.workflow import Path, Shovelling

snow = noun(
    "snow",
    "paths to be cleared of snow",
    """
linli snow ask --place 锦绣花园 --where 3栋门前
linli snow take NUMBER --as 13800000000
linli snow clear NUMBER --as 13800000000
linli snow confirm NUMBER
linli snow list --open
""",
)


@snow.command(help=translate("ask for a path to be cleared"))
@click.option("--place", required=True, help=translate("a number or a path of names: 锦绣花园/3栋"))
@click.option("--where", required=True, help=translate("which path, in a few words"))
@as_option
@json_option
@pass_district
def ask(district: District, place: str, where: str, who: str | None, as_json: bool) -> None:
    order = Shovelling.ask.at(PlaceId(district.register.find_place(place)), Path(where=where))
    act = district.perform(order, actor=actor_of(district, who))
    print_act(district, act, as_json)


add_lists(snow, Shovelling)
add_moves(snow, Shovelling)
