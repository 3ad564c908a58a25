"""`linli mine`: what waits for me."""

import click

from linli._base.i18n import say, translate
from linli._cli.shared import (
    actor_of,
    as_option,
    json_option,
    minute,
    most_option,
    pass_district,
    print_json,
    table,
    tell,
    tell_how_many,
)
from linli._cli.telling import facts_of, which, whose_turn
from linli._district.district import District
from linli._engine.listing import name_paths
from linli._model.subjects import StoredSubject
from linli._model.wording import state_of
from linli._seeing.waiting import Waiting


@click.command(
    help=f"""{translate("list what waits for the person or the post that I act as, what is late first")}

\b
linli mine --as 13800138000
linli mine --as 13800138000/clerk
linli mine
"""
)
@most_option
@as_option
@json_option
@pass_district
def mine(district: District, most: int, who: str | None, as_json: bool) -> None:
    waiting = Waiting(district, actor_of(district, who))
    found = waiting.subjects(most)
    if as_json:
        print_json([facts_of(one) | {"late": _late(district, one)} for one in found])
        return
    if not found:
        tell(say("nothing waits"))
        return
    where = name_paths(district, (one.place for one in found))
    rows = [_row(district, one, where[one.place]) for one in found]
    headings = ["number", "overdue", "due at", "kind", "state", "what", "place", "whose turn", "opened_at"]
    table(headings, rows, False, only_filled=True)
    tell_how_many(len(found), most, waiting.count)


def _late(district: District, one: StoredSubject) -> bool:
    return one.due_at is not None and one.due_at < district.now()


def _row(district: District, one: StoredSubject, place: str) -> tuple[object, ...]:
    flow = district.rules.workflow(one.kind)
    late = say("overdue") if _late(district, one) else None
    return (
        one.id,
        late,
        minute(district, one.due_at),
        say(flow.label),
        state_of(flow, one),
        which(district, flow, one),
        place,
        whose_turn(flow, one),
        minute(district, one.opened_at),
    )
