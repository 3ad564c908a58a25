"""Commands of `linli session` about what people served: hours, certificates."""

from datetime import date, datetime
from pathlib import Path

import click

from linli import District, DistrictSettings, code_of, number_of, say, translate
from linli.cli import (
    actor_of,
    as_option,
    json_option,
    language,
    pass_district,
    plain_record,
    print_act,
    print_json,
    show,
)
from linli_volunteers.api import Volunteers
from linli_volunteers.printing import (
    PLACE_HELP,
    certificate_page,
    day,
    from_option,
    hours_and_minutes,
    reason_option,
    to_option,
)
from linli_volunteers.service_api import Verified


def add(group: click.Group) -> None:
    """Add them to a group."""
    for one in (hours, certificate, verify, revoke):
        group.add_command(one)


@click.command(help=translate("show how much PERSON has served"))
@click.argument("person")
@from_option
@to_option
@json_option
@pass_district
def hours(
    district: District, person: str, since: datetime | None, until: datetime | None, as_json: bool
) -> None:
    found = Volunteers(district).hours(district.register.find_one(person), day(since), day(until))
    if as_json:
        print_json(plain_record(found))
        return
    for month, minutes in found.by_month.items():
        click.echo(f"{month}  {hours_and_minutes(minutes)}")
    click.echo(
        str(
            say("{sessions} sessions, {time}", sessions=found.sessions, time=hours_and_minutes(found.minutes))
        )
    )


@click.command(help=translate("issue a certificate of what PERSON served, as a page to print"))
@click.argument("person")
@from_option
@to_option
@click.option("--place", default=None, help=PLACE_HELP)
@click.option(
    "--out", default=None, help=translate("the file of the page; the name stands there and nowhere else")
)
@as_option
@json_option
@pass_district
def certificate(
    district: District,
    person: str,
    since: datetime | None,
    until: datetime | None,
    place: str | None,
    out: str | None,
    who: str | None,
    as_json: bool,
) -> None:
    desk, actor = Volunteers(district), actor_of(district, who)
    today = district.now().astimezone(district.rules.zone).date()
    first, last = day(since) or date(today.year, 1, 1), day(until) or today
    where = district.register.find_place(place) if place else None
    issued = desk.certify(district.register.find_one(person), first, last, actor=actor, place=where)
    if out:
        name, said = desk.print(issued, actor=actor)
        title = district.configuration.section(DistrictSettings).name
        Path(out).write_text(
            certificate_page(title, name, said, code_of(issued), language()), encoding="utf-8"
        )
    _print_verified(desk.verify(code_of(issued)), as_json)


@click.command(help=translate("say whether the certificate with this CODE is genuine, and what it is about"))
@click.argument("code")
@json_option
@pass_district
def verify(district: District, code: str, as_json: bool) -> None:
    _print_verified(Volunteers(district).verify(code), as_json)


@click.command(help=translate("revoke the certificate with this CODE"))
@click.argument("code")
@reason_option
@as_option
@json_option
@pass_district
def revoke(district: District, code: str, reason: str, who: str | None, as_json: bool) -> None:
    act = district.make(number_of(code), "revoke", {"reason": reason}, actor=actor_of(district, who))
    print_act(district, act, as_json)


def _print_verified(found: Verified, as_json: bool) -> None:
    if as_json:
        print_json(plain_record(found))
        return
    genuine = say("genuine, and it stands") if found.stands else say("it stands no longer")
    click.echo(f"{found.code}  {genuine}")
    told: dict[str, object] = {
        "issued_on": found.issued_on, "since": found.since, "until": found.until,
        "sessions attended": found.sessions, "time served": hours_and_minutes(found.minutes),
    }  # fmt: skip
    show(told, False)
