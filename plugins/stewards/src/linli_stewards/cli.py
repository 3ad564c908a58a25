"""`linli steward`."""

from datetime import datetime
from uuid import UUID

import attrs
import click

from linli import District
from linli.cli.moves import Columns, add_lists, add_moves, print_act
from linli.cli.nouns import noun
from linli.cli.shared import (
    actor_of,
    as_option,
    json_option,
    minute,
    pass_district,
    plain_record,
    print_json,
    table,
)
from linli.i18n import say, translate
from linli_stewards.api import Stewards
from linli_stewards.contacts import ContactFlow
from linli_stewards.reading import Coverage, Line
from linli_stewards.stewardship import StewardshipFlow

_BAR = 20
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


# --- what is there --------------------------------------------------------------------------------------


@steward.command(help=translate("show how many units have a steward, compound by compound"))
@_below
@json_option
@pass_district
def coverage(district: District, place: str | None, as_json: bool) -> None:
    found = Stewards(district).coverage(_place(district, place))
    if as_json:
        print_json([plain_record(one) | {"share": one.share} for one in found])
        return
    table(
        ["compound", "units", "covered", "share", "", "stewards", "party_members"],
        _covered_rows(found),
        False,
    )


def _covered_rows(found: list[Coverage]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for one in [*found, *_total(found)]:
        people = one.stewards, one.party_members
        rows.append((one.name, one.units, one.covered, *_bar(one.covered, one.units), *people))
    return rows


def _total(found: list[Coverage]) -> list[Coverage]:
    """The line below the compounds; somebody who is steward in two of them counts in both."""
    names = ("units", "covered", "stewards", "party_members")
    sums = {name: sum(getattr(one, name) for one in found) for name in names}
    return [attrs.evolve(found[0], name=translate("total"), **sums)] if found else []


def _bar(covered: int, units: int) -> tuple[str, str]:
    filled = covered * _BAR // units
    return f"{covered / units:.1%}", "█" * filled + "░" * (_BAR - filled)


@steward.command(help=translate("list the units without a steward"))
@_below
@json_option
@pass_district
def gaps(district: District, place: str | None, as_json: bool) -> None:
    found = Stewards(district).gaps(_place(district, place))
    if as_json:
        print_json([plain_record(one) for one in found])
        return
    table(["unit", "vacant since"], [(one.name, minute(district, one.since)) for one in found], False)
    if not found:
        click.echo(str(say("every unit has a steward")))


@steward.command(help=translate("list the services that units ask of their steward, of the five kinds"))
@json_option
@pass_district
def services(district: District, as_json: bool) -> None:
    found = Stewards(district).services()
    if as_json:
        print_json([plain_record(one) for one in found])
        return
    missing = str(say("not in the catalogue: add it to dispatch.services"))
    table(
        ["kind", "code", "service", "urgent"],
        [(one.kind, one.code, one.name or missing, one.urgent) for one in found],
        False,
    )


@steward.command(
    name="list", help=translate("list the stewards, and where somebody stands in for one with open tasks")
)
@_below
@json_option
@pass_district
def listed(district: District, place: str | None, as_json: bool) -> None:
    found = Stewards(district).stewards(_place(district, place))
    if as_json:
        print_json([plain_record(one) for one in found])
        return
    headings = ["place", "steward", "since", "party member", "contact", "open tasks", "acts instead"]
    table(headings, [_row(district, one) for one in found], False)


def _row(district: District, one: Line) -> tuple[object, ...]:
    name = district.register.masked(one.person).get("name", "***") if one.person else None
    contact = translate(ContactFlow.state(one.contact).label) if one.contact else None
    return one.name, name, _day(district, one.since), one.party_member, contact, one.open_tasks, one.stands_in


def _day(district: District, moment: datetime | None) -> str | None:
    return moment.astimezone(district.rules.zone).date().isoformat() if moment else None


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
