"""Commands of `linli session` about what people served: hours, certificates."""

from datetime import date, datetime
from pathlib import Path

import click

from linli import District, DistrictSettings, code_of, number_of, translate
from linli.cli import (
    actor_of,
    add_moves,
    as_option,
    json_option,
    language,
    pass_district,
    print_answer,
)
from linli_volunteers.api import Volunteers
from linli_volunteers.certificates import CertificateFlow
from linli_volunteers.printing import PLACE_HELP, certificate_page, day, from_option, to_option
from linli_volunteers.reports import verified


def add(group: click.Group) -> None:
    """Add them to a group."""
    group.add_command(certificate)
    add_moves(group, CertificateFlow, only=("revoke",), find=lambda _, code: number_of(code), typed="CODE")


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
    print_answer(verified(desk.verify(code_of(issued))), as_json)
