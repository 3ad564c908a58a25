"""`linli organisation`: bodies of a place."""

from datetime import datetime

import click

from linli._base.i18n import translate
from linli._cli.choices import ORGANISATIONS, coded
from linli._cli.place import as_day, as_record, day_option, set_option, sure_option
from linli._cli.shared import actor_of, as_option, json_option, minute, pass_district, show, table
from linli._district.district import District


@click.group(
    help=f"""{translate("organisations and who is in them")}

\b
linli organisation add property_company 好物业 --at 锦绣花园 --code 91110000600037341L
linli organisation list --place 锦绣花园
linli organisation show 好物业
linli organisation move 好物业 阳光家园
linli organisation end 好物业
"""
)
def organisation() -> None:
    pass


@organisation.command(help=translate("register the organisation NAME of KIND, or find it"))
@click.argument("kind")
@click.argument("name")
@click.option("--at", "place", required=True, help=translate("its place: a number or a path of names"))
@click.option("--code", default=None, help=translate("its unified social credit code"))
@set_option
@sure_option
@as_option
@json_option
@pass_district
def add(
    district: District, kind: str, name: str, place: str, code: str | None,
    settings: tuple[str, ...], sure: bool, who: str | None, as_json: bool,
) -> None:  # fmt: skip
    register, kind = district.register, coded(kind, ORGANISATIONS)
    at = register.find_place(place)
    ident = register.organisation(
        kind, name, at, code=code, record=as_record(settings), sure=sure, actor=actor_of(district, who)
    )
    show({"id": ident, "kind": kind, "name": name}, as_json)


@organisation.command(name="list", help=translate("list organisations"))
@click.option("--kind", default=None, help=translate("only this kind"))
@click.option("--place", default=None, help=translate("only those of this place"))
@click.option("--ended", is_flag=True, help=translate("ended ones too"))
@json_option
@pass_district
def list_(district: District, kind: str | None, place: str | None, ended: bool, as_json: bool) -> None:
    at = district.register.find_place(place) if place else None
    found = district.register.organisations(
        kind=coded(kind, ORGANISATIONS) if kind else None, place=at, ended=ended
    )
    named = {} if as_json else district.register.name_paths(one.place for one in found)
    rows = [
        (one.id, one.kind, one.name, named.get(one.place, one.place), one.code, one.until) for one in found
    ]
    table(["id", "kind", "name", "place", "code", "until"], rows, as_json)


@organisation.command(name="show", help=translate("show an organisation, and who has posts in it"))
@click.argument("text", metavar="ORGANISATION")
@json_option
@pass_district
def show_(district: District, text: str, as_json: bool) -> None:
    register = district.register
    one = register.organisation_record(register.find_organisation(text))
    posts = register.posts(at=one.id)
    about = {
        "id": one.id, "kind": one.kind, "name": one.name, "code": one.code,
        "place": register.name_path(one.place), "until": one.until, **one.record,
    }  # fmt: skip
    if as_json:
        about["posts"] = [{"id": post.id, "role": post.role, "person": post.person} for post in posts]
    show(about, as_json)
    if not as_json:
        table(
            ["post", "role", "person", "since"],
            [(p.id, p.role, p.person, minute(district, p.since)) for p in posts],
            False,
        )


@organisation.command(
    help=translate("let an organisation be one of PLACE, which the posts in it reach from now on")
)
@click.argument("text", metavar="ORGANISATION")
@click.argument("place")
@as_option
@pass_district
def move(district: District, text: str, place: str, who: str | None) -> None:
    register = district.register
    register.move_organisation(
        register.find_organisation(text), register.find_place(place), actor=actor_of(district, who)
    )


@organisation.command(help=translate("end an organisation, and the posts in it"))
@click.argument("text", metavar="ORGANISATION")
@day_option
@as_option
@pass_district
def end(district: District, text: str, day: datetime | None, who: str | None) -> None:
    found = district.register.find_organisation(text)
    district.register.end_organisation(found, as_day(day), actor=actor_of(district, who))
