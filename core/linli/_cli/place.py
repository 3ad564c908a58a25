"""`linli place`: the tree of places, from the district to a home."""

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from linli._base.coordinates import SYSTEMS
from linli._base.errors import Refused
from linli._base.i18n import listed, say, translate
from linli._base.refusals import Invalid
from linli._cli.choices import Choice
from linli._cli.naming import called
from linli._cli.options import point_parts
from linli._cli.shared import (
    actor_of,
    as_option,
    identifier,
    json_option,
    pass_district,
    recorded,
    show,
    table,
    tell,
)
from linli._district.district import District
from linli._verbs.register.kinds import place_kind
from linli._verbs.register.tree import PlaceNode


@click.group(
    help=f"""{translate("the tree of places, from the district to a home")}

\b
linli place add compound 锦绣花园 --set kind=old
linli place add building 3栋 --in 锦绣花园
linli place add exclusive_part 501 --in 锦绣花园/3栋/2单元 --set area=89.50
linli place list 锦绣花园 --kind building
linli place locate 锦绣花园 "27.238900, 111.467200" --system gcj02 --source 高德
linli place show 锦绣花园/3栋
linli place merge 东风小区 锦绣花园
linli place undecided
linli place choose NUMBER 锦绣花园南区
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


class NotNameAndValue(Invalid, says="--set {text}: write it as NAME=VALUE"):
    text: str
    field: str = "set"


def as_record(settings: tuple[str, ...]) -> dict[str, str]:
    """The values of --set."""
    found = {}
    for text in settings:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise Refused(NotNameAndValue(text=text))
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
    if as_json:
        rows = [(one.id, one.kind, one.name, _about(one), one.until) for one in found]
        table(["id", "kind", "name", "about", "until"], rows, True)
        return
    paths = register.name_paths(one.id for one in found)
    found.sort(key=lambda one: _in_order(paths[one.id]))
    told = [(paths[one.id], one.kind, _about(one), one.until, one.id) for one in found]
    table(["path", "kind", "about", "until", "id"], told, False, only_filled=True)


def _about(one: PlaceNode) -> object:
    return one.record.get("area") or one.record.get("kind")


def _in_order(path: str) -> list[tuple[int, str]]:
    """Names in their order, numbers by what they count: building 2 before building 10."""
    parts = re.split(r"(\d+)", path)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


@place.command(name="show", help=translate("show the place: a number or a path of names"))
@click.argument("place_text", metavar="PLACE")
@json_option
@pass_district
def show_(district: District, place_text: str, as_json: bool) -> None:
    register = district.register
    one = register.node(place_text)
    about: dict[str, Any] = {"id": one.id, "path": register.name_path(one.id), "kind": one.kind}
    about |= {"code": one.code, "since": one.since, "until": one.until, **one.record}
    if as_json:
        show(about | (one.location.plain() if one.location else {}), True)
        return
    about |= _located(one)
    if "successors" in about:
        about["successors"] = [UUID(ident) for ident in about["successors"]]
    show({name: value for name, value in about.items() if value is not None}, False)
    bodies = register.organisations(place=one.id)
    table(["kind", "name", "id"], [(b.kind, b.name, b.id) for b in bodies], False)


WORDS = ("position", "outline", "coordinate_source")
"""What `show` calls where a place is, for catalogues."""


def _located(one: PlaceNode) -> dict[str, object]:
    """Where it is, as people read it."""
    where = one.location
    if where is None:
        return {}
    corners = len(where.outline) - 1
    return {
        "position": str(where.point) if where.point else None,
        "outline": say("{count} corners", count=corners) if where.outline else None,
        "coordinate_system": translate(SYSTEMS[where.system]),
        "coordinate_source": where.source,
    }


class NoGeoJson(Invalid, says="{file} is no JSON; write the outline as a polygon of GeoJSON"):
    file: str
    field: str = "outline"


def _outline(file: Path | None) -> object:
    """The document in a file."""
    try:
        return json.loads(file.read_text(encoding="utf-8-sig")) if file else None
    except ValueError:
        raise Refused(NoGeoJson(file=file.name if file else "")) from None


@place.command(
    help=translate("say where PLACE is on the earth, or put it right: LATITUDE, LONGITUDE, or an outline")
)
@click.argument("place_text", metavar="PLACE")
@click.argument("point", required=False)
@click.option(
    "--outline",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help=translate("of a compound: a file with a polygon of GeoJSON"),
)
@click.option(
    "--system",
    type=Choice(SYSTEMS, SYSTEMS),
    default="wgs84",
    show_default=True,
    help=translate(
        "the coordinate system of the map that they are from: 高德 and 腾讯 have gcj02, 百度 bd09"
    ),
)
@click.option("--source", required=True, help=translate("where they are from, in a few words"))
@as_option
@pass_district
def locate(
    district: District, place_text: str, point: str | None, file: Path | None, system: str, source: str, who: str | None
) -> None:  # fmt: skip
    doubts = district.register.locate_place(
        district.register.find_place(place_text),
        _position(point) if point else None,
        outline=_outline(file),
        system=system,
        source=source,
        actor=actor_of(district, who),
    )
    recorded()
    for doubt in doubts:
        tell(doubt)


def _position(text: str) -> tuple[str, str]:
    try:
        parts = point_parts(text)
    except ValueError:
        return text, ""
    return parts["latitude"], parts["longitude"]


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


yes_option = click.option("--yes", is_flag=True, help=translate("do not ask; for scripts"))


def _ask(district: District, place_text: str, into: UUID | None, yes: bool, *, below: bool = False) -> UUID:
    """The place, after whoever ends it has seen what that moves, to whom, and what has to be decided.

    Where nothing is open there, nobody is asked.
    """
    register = district.register
    found = register.find_place(place_text)
    passes = register.passing(found, into, below=below)
    where = register.name_path(into) if into else translate("where it belongs, else the place above")
    flows, people = district.rules.workflows, called(district, {person for _, person in passes.posts})
    matters = [f"{say(flows[kind].label)} {count}" for kind, count in passes.matters.items()]
    lines = {
        say("open matters that go on at {where}", where=where): matters,
        say("organisations that move to {where}", where=where): [name for _, _, name in passes.moving],
        say("organisations to be decided: linli organisation move, or end"): [
            name for _, _, name in passes.staying
        ],
        say("posts that end; give them anew: linli post add"): [
            f"{translate(role)} {people.get(person, person)}" for role, person in passes.posts
        ],
    }
    for line, several in lines.items():
        if several:
            click.echo(f"{line}: {listed(several)}")
    if any(lines.values()) and not yes:
        click.confirm(translate("Go on?"), abort=True)
    return found


@place.command(help=translate("end PLACE, and the posts there"))
@click.argument("place_text", metavar="PLACE")
@click.option("--below", is_flag=True, help=translate("what stands below it ends too"))
@day_option
@yes_option
@as_option
@pass_district
def end(
    district: District, place_text: str, below: bool, day: datetime | None, yes: bool, who: str | None
) -> None:
    found = _ask(district, place_text, None, yes, below=below)
    district.register.end_place(found, as_day(day), below=below, actor=actor_of(district, who))


@place.command(help=translate("let PLACE be part of INTO from a day on"))
@click.argument("place_text", metavar="PLACE")
@click.argument("into")
@day_option
@yes_option
@as_option
@pass_district
def merge(
    district: District, place_text: str, into: str, day: datetime | None, yes: bool, who: str | None
) -> None:
    successor = district.register.find_place(into)
    found = _ask(district, place_text, successor, yes)
    district.register.merge_places(found, successor, as_day(day), actor=actor_of(district, who))


@place.command(help=translate("let others follow PLACE: each place below it goes to one of them"))
@click.argument("place_text", metavar="PLACE")
@click.argument("goes", metavar="CHILD=SUCCESSOR...", nargs=-1, required=True)
@day_option
@yes_option
@as_option
@pass_district
def split(
    district: District,
    place_text: str,
    goes: tuple[str, ...],
    day: datetime | None,
    yes: bool,
    who: str | None,
) -> None:
    register = district.register
    successors: dict[UUID, UUID] = {
        register.find_place(f"{place_text}/{child}"): register.find_place(to)
        for child, to in as_record(goes).items()
    }
    found = _ask(district, place_text, None, yes)
    register.split_place(found, successors, as_day(day), actor=actor_of(district, who))


@place.command(help=translate("list the open matters of split places that somebody has to choose a part for"))
@json_option
@pass_district
def undecided(district: District, as_json: bool) -> None:
    register = district.register
    found = register.undecided()
    named = {was: register.name_path(was) for was in dict.fromkeys(was for _, was in found)}
    rows = [(matter, district.subject(matter).kind, was if as_json else named[was]) for matter, was in found]
    table(["id", "kind", "place"], rows, as_json)


@place.command(
    help=translate("let MATTER of a place that was split go on at PART, one of those that followed")
)
@click.argument("matter", metavar="MATTER")
@click.argument("part")
@as_option
@pass_district
def choose(district: District, matter: str, part: str, who: str | None) -> None:
    register = district.register
    register.choose_part(identifier(matter), register.find_place(part), actor=actor_of(district, who))
    recorded()
