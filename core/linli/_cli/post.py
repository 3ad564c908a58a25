"""`linli post`: who has which role where."""

from datetime import datetime
from uuid import UUID

import click

from linli._base.errors import Refused
from linli._base.i18n import listed, translate
from linli._base.refusals import Invalid
from linli._cli.choices import coded
from linli._cli.shared import (
    actor_of,
    as_option,
    identifier,
    json_option,
    minute,
    names_of,
    pass_district,
    recorded,
    show,
    table,
)
from linli._district.district import District
from linli._surfaces.naming import place_or_organisation


@click.group(
    help=f"""{translate("who has which role where")}

\b
linli post add 13800138000 steward 锦绣花园/3栋
linli post add 13900139000 owners_committee_member 锦绣花园业委会 --since 2024-05-01
linli post roles
linli post list --at 锦绣花园
linli post end NUMBER --reason resigned
"""
)
def post() -> None:
    pass


_day = click.DateTime(["%Y-%m-%d"])


def _role(district: District, text: str) -> str:
    """The role that people call `text`."""
    return coded(text, (one.name for one in district.register.roles()))


def _with_its_bodies(district: District, at: UUID) -> list[UUID]:
    """A place and the organisations there, whose posts are who works there; an organisation alone."""
    return [at, *(one.id for one in district.register.organisations(place=at))]


def _local(district: District, moment: datetime | None) -> datetime | None:
    """The beginning of a day on the district's clocks."""
    return moment.replace(tzinfo=district.rules.zone) if moment else None


@post.command(help=translate("give PERSON a ROLE at a place or an organisation"))
@click.argument("person")
@click.argument("role")
@click.argument("at")
@click.option("--since", type=_day, default=None, help=translate("from this day on; else from now on"))
@click.option("--until", type=_day, default=None, help=translate("up to this day, itself not included"))
@click.option("--new-role", is_flag=True, help=translate("it is right that no rule knows this role yet"))
@as_option
@json_option
@pass_district
def add(
    district: District, person: str, role: str, at: str, since: datetime | None, until: datetime | None,
    new_role: bool, who: str | None, as_json: bool,
) -> None:  # fmt: skip
    role = _role(district, role)
    if not new_role:
        district.register.check_role(role)
    ident = district.register.post(
        district.register.find_one(person),
        role,
        place_or_organisation(district, at),
        _local(district, since),
        _local(district, until),
        actor=actor_of(district, who),
    )
    show({"id": ident}, as_json)


class NotThreeWords(Invalid, says="give three words for each post: PERSON ROLE AT"):
    field: str = "post"


@post.command(help=translate("put posts forward, for a second person to confirm all of them at once"))
@click.argument("posts", nargs=-1, required=True, metavar="PERSON ROLE AT …")
@click.option("--paper", default="", help=translate("the paper of the election or the appointment"))
@as_option
@json_option
@pass_district
def propose(district: District, posts: tuple[str, ...], paper: str, who: str | None, as_json: bool) -> None:
    from linli._verbs.register.appointments import Entry

    if len(posts) % 3:
        raise Refused(NotThreeWords())
    wanted = [
        Entry(
            person=district.register.find_one(one),
            role=_role(district, role),
            at=place_or_organisation(district, at),
        )
        for one, role, at in zip(posts[::3], posts[1::3], posts[2::3], strict=True)
    ]
    ident = district.register.appoint(wanted, paper=paper, actor=actor_of(district, who))
    show({"id": ident}, as_json)


@post.command(name="list", help=translate("list posts"))
@click.option("--person", default=None, help=translate("only those of this person"))
@click.option(
    "--at",
    default=None,
    help=translate("only those at this organisation, or at this place and the organisations there"),
)
@click.option("--role", default=None, help=translate("only this role"))
@click.option("--ended", is_flag=True, help=translate("ended ones too"))
@json_option
@pass_district
def list_(
    district: District, person: str | None, at: str | None, role: str | None, ended: bool, as_json: bool
) -> None:
    whose = district.register.find_one(person) if person else None
    kind = _role(district, role) if role else None
    seats = _with_its_bodies(district, place_or_organisation(district, at)) if at else [None]
    found = [
        one
        for where in seats
        for one in district.register.posts(person=whose, at=where, role=kind, ended=ended)
    ]

    def moment(at: datetime | None) -> object:
        return at if as_json else minute(district, at)

    named = {} if as_json else names_of(district, (one.at for one in found))
    rows = [
        (one.id, one.role, one.person, named.get(one.at, one.at), moment(one.since), moment(one.until))
        for one in found
    ]
    table(["id", "role", "person", "at", "since", "until"], rows, as_json)


@post.command(help=translate("list the roles that mean something here; of one ROLE, what it may act on"))
@click.argument("role", required=False)
@json_option
@pass_district
def roles(district: District, role: str | None, as_json: bool) -> None:
    def acts_on(what: str) -> str:
        kind, _, every = what.partition(".")
        return translate(kind) if every == "*" else str(district.rules.called(what))

    rows = [
        (
            one.name,
            one.name,
            one.posts,
            one.acts_on if as_json else listed(dict.fromkeys(acts_on(what) for what in one.acts_on)),
        )
        for one in district.register.roles()
        if role is None or one.name == _role(district, role)
    ]
    headings = ["name", "role", "posts", "acts on"]
    if role is not None and not as_json:
        for row in rows:
            show(dict(zip(headings, row, strict=True)), False)
    else:
        # What a role may act on takes several screens for some: people ask for one role at a time.
        table(headings if as_json else headings[:3], rows if as_json else [row[:3] for row in rows], as_json)


@post.command(help=translate("end a post; what it held passes to its successor"))
@click.argument("number")
@click.option("--until", type=_day, default=None, help=translate("up to this day; else up to now"))
@click.option("--reason", default="", help=translate("a word, such as resigned"))
@as_option
@pass_district
def end(district: District, number: str, until: datetime | None, reason: str, who: str | None) -> None:
    district.register.end_post(
        identifier(number), _local(district, until), reason=reason, actor=actor_of(district, who)
    )
    recorded()
