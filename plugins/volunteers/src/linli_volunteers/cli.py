"""`linli session`: plan it, open it, begin it, hold it; sign up and leave."""

from typing import Any
from uuid import UUID

import click

from linli import District, Subject
from linli.cli.moves import Columns, add_lists, add_moves, print_act
from linli.cli.shared import (
    actor_of,
    as_option,
    identifier,
    json_option,
    minute,
    pass_district,
    plain_record,
    print_json,
    table,
)
from linli.i18n import translate
from linli_volunteers import certificate_cli, seat_cli
from linli_volunteers.api import Volunteers
from linli_volunteers.nouns import NOUNS
from linli_volunteers.printing import (
    PLACE_HELP,
    for_option,
    masked_name,
    moment,
    reason_option,
    whose,
)
from linli_volunteers.seats import SeatFlow
from linli_volunteers.sessions import SessionFlow

_STARTS_HELP = translate("when it begins, on the district's clock: 2026-03-09T09:00")
_ENDS_HELP = translate("when it ends, on the district's clock: 2026-03-09T11:00")


@click.group(
    help=f"""{translate(NOUNS["session"])}

\b
linli session plan --place 锦绣花园 --kind cleaning --title 清扫楼道 --meet-at 南门 --starts-at 2026-03-09T09:00 --ends-at 2026-03-09T11:00 --capacity 20 --open
linli session sign-up NUMBER --as 13800000000
linli session begin NUMBER
linli session code NUMBER --purpose check-in --terminal
linli session check-in NUMBER --as 13800000000 --code 12345678
linli session check-out-by-hand NUMBER --for 13800000000 --reason 手机没电
linli session roster NUMBER
linli session hold NUMBER
linli session certificate 13800000000 --from 2026-01-01 --to 2026-12-31 --out 证明.html
linli session verify 4M2A-7KQX-0B3N-9TVD
"""
)
def session() -> None:
    pass


@session.command(help=translate("plan a session; with --open people can sign up at once"))
@click.option("--place", required=True, help=PLACE_HELP)
@click.option("--kind", required=True, help=translate("one of: linli session kinds"))
@click.option("--title", required=True, help=translate("what is done, in a few words; everybody reads it"))
@click.option("--meet-at", required=True, help=translate("where to meet"))
@click.option("--starts-at", required=True, help=_STARTS_HELP)
@click.option("--ends-at", required=True, help=_ENDS_HELP)
@click.option("--capacity", type=int, help=translate("how many places; the district's number if not given"))
@click.option("--bank/--no-bank", default=None, help=translate("whether the pioneer bank runs it"))
@click.option("--open", "is_open", is_flag=True, help=translate("open it for sign-up at once"))
@click.option("--on-paper", is_flag=True, help=translate("it has taken place, and was kept on paper"))
@click.option("--key", type=click.UUID, help=translate("the act's number, to repeat a call safely"))
@as_option
@json_option
@pass_district
def plan(
    district: District,
    place: str,
    kind: str,
    title: str,
    meet_at: str,
    starts_at: str,
    ends_at: str,
    capacity: int | None,
    bank: bool | None,
    is_open: bool,
    on_paper: bool,
    key: UUID | None,
    who: str | None,
    as_json: bool,
) -> None:
    given = {"capacity": capacity, "run_by_bank": bank}
    more: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    where, actor = district.register.find_place(place), actor_of(district, who)
    starts, ends = moment(district, starts_at), moment(district, ends_at)
    assert starts is not None, "the option is required"
    assert ends is not None, "the option is required"
    act = Volunteers(district).plan(
        where, kind, title, meet_at, starts, ends, on_paper=on_paper, actor=actor, key=key, **more
    )
    if is_open and district.subject(act.subject).state == "planned":
        act = district.make(act.subject, "open", actor=actor)
    print_act(district, act, as_json)


@session.command(help=translate("let session NUMBER take place at another time; everybody signs up anew"))
@click.argument("number")
@click.option("--starts-at", required=True, help=_STARTS_HELP)
@click.option("--ends-at", required=True, help=_ENDS_HELP)
@reason_option
@as_option
@json_option
@pass_district
def postpone(
    district: District,
    number: str,
    starts_at: str,
    ends_at: str,
    reason: str,
    who: str | None,
    as_json: bool,
) -> None:
    values = {
        "new_starts_at": moment(district, starts_at),
        "new_ends_at": moment(district, ends_at),
        "reason": reason,
    }
    act = district.make(identifier(number), "postpone", values, actor=actor_of(district, who))
    after = Volunteers(district).postponed_to(act.subject)
    if as_json:
        print_json({"act": act.id, "id": act.subject, "state": "postponed", "postponed_to": after.id})
        return
    print_act(district, act, False)
    table(["number", "begins"], [(after.id, minute(district, after.record.starts_at))], False)


@session.command(help=translate("offer more places at session NUMBER; whoever waits moves up"))
@click.argument("number")
@click.option("--more", required=True, type=int, help=translate("how many places more"))
@as_option
@json_option
@pass_district
def enlarge(district: District, number: str, more: int, who: str | None, as_json: bool) -> None:
    act = district.make(identifier(number), "enlarge", {"more": more}, actor=actor_of(district, who))
    print_act(district, act, as_json)


@session.command(name="sign-up", help=translate("sign up for session NUMBER, or wait for a place"))
@click.argument("number")
@for_option
@as_option
@json_option
@pass_district
def sign_up(district: District, number: str, person: str | None, who: str | None, as_json: bool) -> None:
    volunteer, actor = whose(district, person, who)
    act = Volunteers(district).sign_up(identifier(number), volunteer, actor=actor)
    print_act(district, act, as_json)


@session.command(help=translate("take somebody off the list of session NUMBER, or off its waiting list"))
@click.argument("number")
@for_option
@click.option("--reason", default=None, help=translate("why; needed where it is somebody else's"))
@as_option
@json_option
@pass_district
def leave(
    district: District, number: str, person: str | None, reason: str | None, who: str | None, as_json: bool
) -> None:
    volunteer, actor = whose(district, person, who)
    act = Volunteers(district).leave(identifier(number), volunteer, reason, actor=actor)
    print_act(district, act, as_json)


@session.command(help=translate("list who has a place at session NUMBER, and who waits for one"))
@click.argument("number")
@json_option
@pass_district
def roster(district: District, number: str, as_json: bool) -> None:
    seats = Volunteers(district).roster(identifier(number))
    if as_json:
        found = [{"id": s.id, "person": s.person, "state": s.state, **plain_record(s.record)} for s in seats]
        print_json(found)
        return
    rows = [
        (
            seat.person,
            masked_name(district, seat.person),
            translate(SeatFlow.state(seat.state).label),
            minute(district, seat.record.checked_in_at),
            minute(district, seat.record.checked_out_at),
            seat.record.minutes,
            seat.record.late,
        )
        for seat in seats
    ]
    table(["person", "name", "state", "came at", "left at", "minutes", "late"], rows, False)


@session.command(help=translate("list the district's kinds of sessions"))
@json_option
@pass_district
def kinds(district: District, as_json: bool) -> None:
    found = Volunteers(district).settings.kinds
    rows = [(kind.code, translate(kind.name or kind.code), kind.bank) for kind in found]
    table(["code", "name", "run_by_bank"], rows, as_json)


def _cells(district: District, one: Subject) -> tuple[object, ...]:
    kind = Volunteers(district).settings.kind(one.record.kind)
    name = translate((kind and kind.name) or one.record.kind)
    return minute(district, one.record.starts_at), name, one.record.title, one.record.meet_at


add_lists(session, SessionFlow, Columns(("begins", "kind", "title", "meet_at"), _cells))
add_moves(session, SessionFlow, leave_out=("postpone", "enlarge"))
seat_cli.add(session)
certificate_cli.add(session)
