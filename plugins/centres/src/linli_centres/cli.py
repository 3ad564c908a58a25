"""`linli centre`."""

from datetime import date

import click

from linli import District, Subject
from linli.cli.choices import Choice
from linli.cli.moves import add_moves, print_act
from linli.cli.shared import (
    actor_of,
    as_option,
    json_option,
    pass_district,
    plain_record,
    print_json,
    show,
    table,
)
from linli.cli.telling import state_of
from linli.errors import Refused
from linli.i18n import listed, say, translate
from linli_centres.api import Centres
from linli_centres.centres import CentreFlow
from linli_centres.hours import Span
from linli_centres.nouns import NOUNS
from linli_centres.records import FACILITIES, Kind

_PLACE_HELP = translate("a number or a path of names: 锦绣花园")
_DAY = click.DateTime(["%Y-%m-%d"])
_below = click.option("--place", default=None, help=_PLACE_HELP)
_reason = click.option("--reason", required=True, help=translate("why; it is kept in the vault"))


@click.group(
    help=f"""{translate(NOUNS["centre"])}

\b
linli centre open 锦绣花园党群服务中心 --place 锦绣花园 --facility hall --facility board --seats 40
linli centre open 火车站快递外卖红色驿站 --place 城南街道 --kind courier_station
linli centre set-hours 锦绣花园党群服务中心 --week "1-5 08:30-12:00,14:30-17:30" --hall-week "1-7 09:00-21:00"
linli centre hours 锦绣花园党群服务中心 --on 2026-10-01
linli centre services 锦绣花园党群服务中心
linli centre list --place 城南街道
"""
)
def centre() -> None:
    pass


@centre.command(name="open", help=translate("open the centre or courier station NAME"))
@click.argument("name")
@click.option("--place", required=True, help=_PLACE_HELP)
@click.option("--kind", type=Choice(Kind), default=Kind.CENTRE, show_default=True)
@click.option(
    "--facility",
    "facilities",
    multiple=True,
    type=Choice(FACILITIES),
    help=translate("what it has; a courier station can have none"),
)
@click.option("--seats", type=int, default=0, help=translate("how many people the hall takes"))
@as_option
@json_option
@pass_district
def open_(
    district: District, name: str, place: str, kind: str, facilities: tuple[str, ...], seats: int,
    who: str | None, as_json: bool,
) -> None:  # fmt: skip
    if kind == Kind.CENTRE and not facilities:
        raise Refused(say("say what it has, each by an option: --facility {known}", known=listed(FACILITIES)))
    act = Centres(district).open(
        district.register.find_place(place), name,
        kind=kind, facilities=facilities, seats=seats, actor=actor_of(district, who),
    )  # fmt: skip
    print_act(district, act, as_json)


@centre.command(help=translate("say which facilities CENTRE has now"))
@click.argument("text", metavar="CENTRE")
@click.option("--facility", "facilities", multiple=True, required=True, type=Choice(FACILITIES))
@click.option("--seats", type=int, default=None, help=translate("how many people the hall takes"))
@as_option
@json_option
@pass_district
def equip(
    district: District,
    text: str,
    facilities: tuple[str, ...],
    seats: int | None,
    who: str | None,
    as_json: bool,
) -> None:
    values: dict[str, object] = {"facilities": facilities} | ({} if seats is None else {"seats": seats})
    _make(district, text, "equip", values, who, as_json)


@centre.command(name="set-hours", help=translate("set when CENTRE is open, and when its hall can be used"))
@click.argument("text", metavar="CENTRE")
@click.option(
    "--week",
    multiple=True,
    help=translate('opening hours: "1-5 08:30-12:00,14:30-17:30"; none: as the district says'),
)
@click.option("--hall-week", multiple=True, help=translate("when the hall can be used; else as before"))
@as_option
@json_option
@pass_district
def set_hours(
    district: District,
    text: str,
    week: tuple[str, ...],
    hall_week: tuple[str, ...],
    who: str | None,
    as_json: bool,
) -> None:
    desk = Centres(district)
    act = desk.set_hours(desk.find(text), week, hall_week or None, actor=actor_of(district, who))
    print_act(district, act, as_json)


@centre.command(name="close-day", help=translate("close CENTRE on a day"))
@click.argument("text", metavar="CENTRE")
@click.option("--day", type=_DAY, required=True, help=translate("which day: 2026-03-05"))
@_reason
@as_option
@json_option
@pass_district
def close_day(district: District, text: str, day: date, reason: str, who: str | None, as_json: bool) -> None:
    values: dict[str, object] = {"day": f"{day:%Y-%m-%d}", "reason": reason}
    _make(district, text, "close_day", values, who, as_json)


@centre.command(name="open-day", help=translate("open CENTRE on a day on which it would be closed"))
@click.argument("text", metavar="CENTRE")
@click.option("--day", type=_DAY, required=True, help=translate("which day: 2026-03-05"))
@as_option
@json_option
@pass_district
def open_day(district: District, text: str, day: date, who: str | None, as_json: bool) -> None:
    _make(district, text, "open_day", {"day": f"{day:%Y-%m-%d}"}, who, as_json)


@centre.command(help=translate("say which services of the catalogue CENTRE's desk does; none named: all"))
@click.argument("text", metavar="CENTRE")
@click.option("--service", "services", multiple=True, help=translate("a service's code"))
@as_option
@json_option
@pass_district
def offer(district: District, text: str, services: tuple[str, ...], who: str | None, as_json: bool) -> None:
    _make(district, text, "offer", {"services": services}, who, as_json)


def _make(
    district: District, text: str, move: str, values: dict[str, object], who: str | None, as_json: bool
) -> None:
    found = Centres(district).find(text)
    print_act(district, district.make(found, move, values, actor=actor_of(district, who)), as_json)


@centre.command(name="list", help=translate("list centres and courier stations"))
@_below
@click.option("--closed", is_flag=True, help=translate("those that closed for good, too"))
@json_option
@pass_district
def list_(district: District, place: str | None, closed: bool, as_json: bool) -> None:
    found = Centres(district).centres(district.register.find_place(place) if place else None, closed=closed)
    if as_json:
        print_json([_told(one) for one in found])
        return
    rows = [
        (
            one.id,
            one.record.name,
            one.record.centre_kind,
            _words(one.record.facilities),
            state_of(CentreFlow, one),
        )
        for one in found
    ]
    table(["number", "name", "kind", "facilities", "state"], rows, False)


def _told(one: Subject) -> dict[str, object]:
    return {"id": one.id, "state": one.state, "place": one.place} | plain_record(one.record)


def _words(names: tuple[str, ...]) -> str:
    return str(listed(map(translate, names)))


@centre.command(name="show", help=translate("show CENTRE"))
@click.argument("text", metavar="CENTRE")
@json_option
@pass_district
def show_(district: District, text: str, as_json: bool) -> None:
    desk = Centres(district)
    found = desk.centre(desk.find(text))
    told = _told(found)
    if not as_json:
        told |= {
            "kind": found.record.centre_kind,
            "state": str(state_of(CentreFlow, found)),
            "place": district.register.name_path(found.place),
            "facilities": _words(found.record.facilities),
        }
        del told["centre_kind"]
    show(told, as_json)


@centre.command(help=translate("show when CENTRE is open on a day"))
@click.argument("text", metavar="CENTRE")
@click.option("--on", "day", type=_DAY, default=None, help=translate("which day: 2026-03-05; else today"))
@json_option
@pass_district
def hours(district: District, text: str, day: date | None, as_json: bool) -> None:
    desk = Centres(district)
    found = desk.find(text)
    on = date.fromisoformat(f"{day or district.now().astimezone(district.rules.zone):%Y-%m-%d}")
    told = {"centre": desk.hours_on(found, on), "hall": desk.hours_on(found, on, hall=True)}
    show({"day": on.isoformat()} | {name: _spans(spans) for name, spans in told.items()}, as_json)


def _spans(spans: tuple[Span, ...]) -> str | None:
    return str(listed(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans)) if spans else None


@centre.command(help=translate("show what can be done at CENTRE's desk, by whom, and what to bring"))
@click.argument("text", metavar="CENTRE")
@json_option
@pass_district
def services(district: District, text: str, as_json: bool) -> None:
    desk = Centres(district)
    found = desk.services(desk.find(text))
    if as_json:
        print_json([plain_record(one) for one in found])
        return
    rows = [
        (one.code, one.name, one.by, "、".join(one.papers) or "-", one.days or say("done at once"))
        for one in found
    ]
    table(["code", "name", "who does it", "papers", "takes, in working days"], rows, False)


@centre.command(help=translate("list the centres at whose desk SERVICE can be done"))
@click.argument("service")
@_below
@json_option
@pass_district
def where(district: District, service: str, place: str | None, as_json: bool) -> None:
    found = Centres(district).where(service, district.register.find_place(place) if place else None)
    rows = [(one.id, one.record.name, district.register.name_path(one.place)) for one in found]
    table(["number", "name", "place"], rows, as_json)


add_moves(centre, CentreFlow, leave_out=("equip", "set_hours", "close_day", "open_day", "offer"))
