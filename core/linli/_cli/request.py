"""`linli request`: residents' requests."""

from uuid import UUID

import click

from linli._base.errors import NotFound, Refused
from linli._base.i18n import translate
from linli._base.refusals import NotFoundHere
from linli._cli.choices import Choice
from linli._cli.moves import add_lists, add_moves, print_act
from linli._cli.shared import actor_of, as_option, json_option, pass_district
from linli._district.district import District
from linli._verbs.dispatch.records import CHANNELS
from linli._verbs.dispatch.requests import RequestFlow


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
@click.option(
    "--about",
    default=None,
    help=translate(
        "whom it complains about: a number, a phone or an identity number, the name of an organisation or a place; "
        "it is kept from them"
    ),
)
@click.option(
    "--not-to-them",
    is_flag=True,
    help=translate("the reporter wants nothing of it to be given to whom it is about"),
)
@click.option(
    "--received-at",
    default=None,
    help=translate(
        "when it was so, where it is entered afterwards; an earlier end counts once somebody above confirms it"
    ),
)
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
    not_to_them: bool,
    received_at: str | None,
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
        not_to_them=not_to_them,
        **({"about": _whom(district, about)} if about else {}),
        **({"received_at": received_at} if received_at else {}),
        actor=actor_of(district, who),
    )
    print_act(district, act, as_json)


class NobodyFound(
    NotFoundHere,
    says="no person, organisation or place is found by this; give a number, a phone or an identity number of somebody who is registered, or a name: linli organisation list",
): ...


def _whom(district: District, text: str) -> UUID:
    """A person, an organisation or a place, as somebody names it; what was looked for is not repeated."""
    person = district.register.find(text)
    if person is not None:
        return person
    for find in (district.register.find_organisation, district.register.find_place):
        try:
            return find(text)
        except NotFound:
            continue
    raise Refused(NobodyFound())


add_lists(request, RequestFlow)
add_moves(request, RequestFlow)
