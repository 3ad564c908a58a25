"""`linli session`: plan it, open it, begin it, hold it; sign up and leave."""

from typing import Any
from uuid import UUID

import click

from linli import District, StoredSubject, translate
from linli.cli import (
    Columns,
    actor_of,
    add_lists,
    add_moves,
    add_openings,
    add_reports,
    as_option,
    identifier,
    json_option,
    minute,
    noun,
    of_move,
    pass_district,
    print_act,
    print_json,
    table,
)
from linli_volunteers import certificate_cli, seat_cli
from linli_volunteers.api import Volunteers
from linli_volunteers.printing import PLACE_HELP
from linli_volunteers.reports import REPORTS
from linli_volunteers.sessions import SessionFlow

session = noun(
    "session",
    "volunteer sessions: plan, sign up, check in, confirm hours, certify",
    """
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
""",
)


@session.command(help=translate("plan a session; with --open people can sign up at once"))
@of_move(SessionFlow, "plan")
@click.option("--place", required=True, help=PLACE_HELP)
@click.option("--open", "is_open", is_flag=True, help=translate("open it for sign-up at once"))
@click.option("--key", type=click.UUID, help=translate("the act's number, to repeat a call safely"))
@as_option
@json_option
@pass_district
def plan(
    district: District,
    /,
    place: str,
    is_open: bool,
    key: UUID | None,
    who: str | None,
    as_json: bool,
    **values: Any,
) -> None:
    where, actor = district.register.find_place(place), actor_of(district, who)
    given = {name: value for name, value in values.items() if value is not None}
    act = district.start("session", "plan", where, given, actor=actor, key=key)
    if is_open and district.subject(act.subject).state == "planned":
        act = district.make(act.subject, "open", actor=actor)
    print_act(district, act, as_json)


@session.command(help=translate("let session NUMBER take place at another time; everybody signs up anew"))
@click.argument("number")
@of_move(SessionFlow, "postpone")
@as_option
@json_option
@pass_district
def postpone(district: District, /, number: str, who: str | None, as_json: bool, **values: Any) -> None:
    act = district.make(identifier(number), "postpone", values, actor=actor_of(district, who))
    after = Volunteers(district).postponed_to(act.subject)
    if as_json:
        print_json({"act": act.id, "id": act.subject, "state": "postponed", "postponed_to": after.id})
        return
    print_act(district, act, False)
    table(["number", "begins"], [(after.id, minute(district, after.record.starts_at))], False)


def _cells(district: District, one: StoredSubject) -> tuple[object, ...]:
    kind = Volunteers(district).settings.kind(one.record.kind)
    name = translate((kind and kind.name) or one.record.kind)
    return minute(district, one.record.starts_at), name, one.record.title, one.record.meet_at


add_lists(session, SessionFlow, Columns(("begins", "kind", "title", "meet_at"), _cells))
add_openings(session, SessionFlow, leave_out=("plan",))
add_moves(session, SessionFlow, leave_out=("postpone",))
seat_cli.add(session)
certificate_cli.add(session)
add_reports(session, REPORTS)
