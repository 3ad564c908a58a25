"""`linli request`: residents' requests."""

import click

from linli.cli.choices import Choice
from linli.cli.moves import add_lists, add_moves, print_act
from linli.cli.shared import actor_of, as_option, json_option, pass_district
from linli.dispatch.records import CHANNELS
from linli.dispatch.requests import REQUEST
from linli.district import District
from linli.i18n import translate


@click.group(
    help=f"""{translate("residents' requests, from submission to the one feedback")}

\b
linli request submit --place 锦绣花园/3栋 --category 漏水 --text "厨房水管漏水" --reporter 13800000000
linli request accept NUMBER
linli request dispatch NUMBER
linli request close NUMBER --feedback "已更换水管"
linli request list --open --late
"""
)
def request() -> None:
    pass


@request.command(help=translate("file a request"))
@click.option("--place", required=True, help=translate("a number or a path of names: 锦绣花园/3栋"))
@click.option("--category", required=True, help=translate("what it is about, in a word or two"))
@click.option("--text", required=True, help=translate("in the resident's words"))
@click.option(
    "--reporter", default=None, help=translate("a phone, an identity number or a number; none: anonymous")
)
@click.option("--channel", type=Choice(CHANNELS), default="desk")
@click.option("--confidential", is_flag=True, help=translate("the reporter is known to the desk alone"))
@click.option("--about", default=None, help=translate("whom it complains about: it is kept from them"))
@as_option
@json_option
@pass_district
def submit(
    district: District,
    place: str,
    category: str,
    text: str,
    reporter: str | None,
    channel: str,
    confidential: bool,
    about: str | None,
    who: str | None,
    as_json: bool,
) -> None:
    act = district.dispatch.submit(
        district.register.find_place(place),
        category,
        text,
        reporter=district.register.find_one(reporter) if reporter else None,
        channel=channel,
        confidential=confidential,
        **({"about": district.register.find_one(about)} if about else {}),
        actor=actor_of(district, who),
    )
    print_act(district, act, as_json)


add_lists(request, REQUEST)
add_moves(request, REQUEST)
