"""`linli place`: the tree of places, from the district to a home."""

from datetime import date, datetime
from typing import Any

import click

from linli.cli.shared import actor_of, as_option, json_option, pass_district, show, table
from linli.district import District
from linli.errors import Refused
from linli.i18n import say, translate
from linli.register.kinds import place_kind


@click.group(
    help=f"""{translate("the tree of places, from the district to a home")}

\b
linli place add compound 锦绣花园 --set kind=old
linli place add building 3栋 --in 锦绣花园
linli place add exclusive_part 501 --in 锦绣花园/3栋/2单元 --set area=89.50
linli place list 锦绣花园 --kind building
linli place show 锦绣花园/3栋
linli place merge 东风小区 锦绣花园
"""
)
def place() -> None:
    pass


day_option = click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), default=None, help=translate("the day; else today")
)
set_option = click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help=translate("what else is kept of it")
)


sure_option = click.option(
    "--sure", is_flag=True, help=translate("the name is meant, though somebody registered there is called so")
)


def as_day(moment: datetime | None) -> date | None:
    """The day of an option."""
    return moment.date() if moment else None


def as_record(settings: tuple[str, ...]) -> dict[str, str]:
    """The values of --set."""
    found = {}
    for text in settings:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise Refused(say("--set {text}: write it as NAME=VALUE", text=text))
        found[name.strip()] = value.strip()
    return found


@place.command(help=translate("register the place NAME of KIND, or find it"))
@click.argument("kind")
@click.argument("name")
@click.option("--in", "above", default=None, help=translate("where it stands: a number or a path of names"))
@click.option("--code", default=None, help=translate("its code in the register of addresses"))
@set_option
@sure_option
@as_option
@json_option
@pass_district
def add(
    district: District, kind: str, name: str, above: str | None, code: str | None,
    settings: tuple[str, ...], sure: bool, who: str | None, as_json: bool,
) -> None:  # fmt: skip
    register = district.register
    ident = register.place(
        kind,
        name,
        register.find_place(above) if above else None,
        code=code,
        record=as_record(settings),
        sure=sure,
        actor=actor_of(district, who),
    )
    show({"id": ident, "path": register.name_path(ident)}, as_json)


@place.command(name="list", help=translate("list the places below PLACE, or all compounds and what is above"))
@click.argument("place_text", metavar="[PLACE]", required=False)
@click.option("--kind", default=None, help=translate("only this kind"))
@click.option("--ended", is_flag=True, help=translate("ended ones too"))
@json_option
@pass_district
def list_(district: District, place_text: str | None, kind: str | None, ended: bool, as_json: bool) -> None:
    register = district.register
    found = register.places(
        register.find_place(place_text) if place_text else None,
        kind=place_kind(kind).name if kind else None,
        ended=ended,
    )
    if not place_text and not kind:
        found = [one for one in found if one.kind in ("district", "street", "community", "compound")]
    depth = min((one.path.count("/") for one in found), default=0)
    rows = [
        (
            one.id,
            one.kind,
            one.name if as_json else "  " * (one.path.count("/") - depth) + one.name,
            one.record.get("area") or one.record.get("kind"),
            one.until,
        )
        for one in found
    ]
    table(["id", "kind", "name", "about", "until"], rows, as_json)


@place.command(name="show", help=translate("show the place: a number or a path of names"))
@click.argument("place_text", metavar="PLACE")
@json_option
@pass_district
def show_(district: District, place_text: str, as_json: bool) -> None:
    register = district.register
    one = register.knot(place_text)
    about: dict[str, Any] = {"id": one.id, "path": register.name_path(one.id), "kind": one.kind}
    about |= {"code": one.code, "since": one.since, "until": one.until, **one.record}
    show(about, as_json)
    if not as_json:
        bodies = register.organisations(place=one.id)
        table(["organisation", "kind", "name"], [(b.id, b.kind, b.name) for b in bodies], False)


@place.command(help=translate("give PLACE another name"))
@click.argument("place_text", metavar="PLACE")
@click.argument("name")
@sure_option
@as_option
@pass_district
def rename(district: District, place_text: str, name: str, sure: bool, who: str | None) -> None:
    found = district.register.find_place(place_text)
    district.register.rename_place(found, name, sure=sure, actor=actor_of(district, who))


@place.command(help=translate("let PLACE, with all below it, stand below ABOVE"))
@click.argument("place_text", metavar="PLACE")
@click.argument("above")
@as_option
@pass_district
def move(district: District, place_text: str, above: str, who: str | None) -> None:
    register = district.register
    register.move_place(
        register.find_place(place_text), register.find_place(above), actor=actor_of(district, who)
    )


@place.command(help=translate("end PLACE, and the posts there"))
@click.argument("place_text", metavar="PLACE")
@click.option("--below", is_flag=True, help=translate("what stands below it ends too"))
@day_option
@as_option
@pass_district
def end(district: District, place_text: str, below: bool, day: datetime | None, who: str | None) -> None:
    found = district.register.find_place(place_text)
    district.register.end_place(found, as_day(day), below=below, actor=actor_of(district, who))


@place.command(help=translate("let PLACE be part of INTO from a day on"))
@click.argument("place_text", metavar="PLACE")
@click.argument("into")
@day_option
@as_option
@pass_district
def merge(district: District, place_text: str, into: str, day: datetime | None, who: str | None) -> None:
    register = district.register
    register.merge_places(
        register.find_place(place_text),
        register.find_place(into),
        as_day(day),
        actor=actor_of(district, who),
    )


@place.command(help=translate("let others follow PLACE: each place below it goes to one of them"))
@click.argument("place_text", metavar="PLACE")
@click.argument("goes", metavar="CHILD=SUCCESSOR...", nargs=-1, required=True)
@day_option
@as_option
@pass_district
def split(
    district: District, place_text: str, goes: tuple[str, ...], day: datetime | None, who: str | None
) -> None:
    register = district.register
    successors = {
        register.find_place(f"{place_text}/{child}"): register.find_place(to)
        for child, to in as_record(goes).items()
    }
    found = register.find_place(place_text)
    register.split_place(found, successors, as_day(day), actor=actor_of(district, who))
