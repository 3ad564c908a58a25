"""`linli steward`."""

from uuid import UUID

import click

from linli import District
from linli.cli.moves import Columns, add_lists, add_moves, print_act
from linli.cli.nouns import noun
from linli.cli.reports import add_reports
from linli.cli.shared import (
    actor_of,
    as_option,
    json_option,
    pass_district,
)
from linli.i18n import translate
from linli_stewards.api import Stewards
from linli_stewards.reports import REPORTS
from linli_stewards.stewardship import StewardshipFlow

_PLACE_HELP = translate("a unit or building: a number or a path of names: 锦绣花园/3栋/2单元")
_reason = click.option("--reason", required=True, help=translate("why; it is kept in the vault"))
_why = click.option(
    "--why-not-member",
    default=None,
    help=translate("why they are steward though no party member; it is kept in the vault"),
)
_below = click.argument("place", required=False)


steward = noun(
    "steward",
    "stewards of units and buildings: who they are, their contact, coverage",
    """
linli steward appoint 锦绣花园/3栋/2单元 13800000000 --as 13900000000
linli steward replace 锦绣花园/3栋/2单元 13700000000 --reason "…" --as 13900000000
linli steward consent 锦绣花园/3栋/2单元 --as 13800000000
linli steward coverage
linli steward gaps 锦绣花园
""",
)


def _place(district: District, text: str | None) -> UUID | None:
    return district.register.find_place(text) if text else None


def _appointing(name: str, text: str) -> None:
    @steward.command(name=name, help=f"{text}\n\nPLACE: {_PLACE_HELP}")
    @click.argument("place")
    @click.argument("person")
    @_why
    @as_option
    @json_option
    @pass_district
    def command(
        district: District, place: str, person: str, why_not_member: str | None, who: str | None, as_json: bool
    ) -> None:  # fmt: skip
        where, whom = district.register.find_place(place), district.register.find_one(person)
        made = getattr(Stewards(district), name)
        print_act(district, made(where, whom, why_not_member, actor=actor_of(district, who)), as_json)


_appointing("nominate", translate("nominate PERSON as steward of PLACE, for the branch to decide on"))
_appointing("appoint", translate("appoint PERSON as steward of PLACE, which has none"))


@steward.command(
    help=translate("let PERSON follow the steward of PLACE, with the post's open tasks")
    + f"\n\nPLACE: {_PLACE_HELP}"
)
@click.argument("place")
@click.argument("person")
@_reason
@_why
@as_option
@json_option
@pass_district
def replace(
    district: District, place: str, person: str, reason: str, why_not_member: str | None,
    who: str | None, as_json: bool,
) -> None:  # fmt: skip
    where, whom = district.register.find_place(place), district.register.find_one(person)
    act = Stewards(district).replace(where, whom, reason, why_not_member, actor=actor_of(district, who))
    print_act(district, act, as_json)


def _ending(name: str, text: str) -> None:
    @steward.command(name=name, help=f"{text}\n\nPLACE: {_PLACE_HELP}")
    @click.argument("place")
    @_reason
    @as_option
    @json_option
    @pass_district
    def command(district: District, place: str, reason: str, who: str | None, as_json: bool) -> None:
        where = district.register.find_place(place)
        act = getattr(Stewards(district), name)(where, reason, actor=actor_of(district, who))
        print_act(district, act, as_json)


_ending("end", translate("end the stewardship of PLACE"))
_ending("resign", translate("resign as steward of PLACE"))


def _consenting(name: str, method: str, text: str) -> None:
    @steward.command(name=name, help=f"{text}\n\nPLACE: {_PLACE_HELP}")
    @click.argument("place")
    @as_option
    @json_option
    @pass_district
    def command(district: District, place: str, who: str | None, as_json: bool) -> None:
        where = district.register.find_place(place)
        act = getattr(Stewards(district), method)(where, actor=actor_of(district, who))
        print_act(district, act, as_json)


_consenting(
    "consent", "consent", translate("agree that your name and phone stand on the compound's board: --as YOU")
)
_consenting(
    "withdraw-consent", "withdraw_consent", translate("take the consent back: the contact is taken down at once")
)  # fmt: skip


add_reports(steward, REPORTS)

stewardship = noun(
    "stewardship",
    "the record of stewards: nominations, appointments and how they ended",
    """
linli stewardship list --state nominated
linli stewardship approve NUMBER --as 13900000000
""",
)


_COLUMNS = Columns(("party member",), lambda _, one: (one.record.party_member,), place=True)
add_lists(stewardship, StewardshipFlow, _COLUMNS, person=True)
add_moves(stewardship, StewardshipFlow)
