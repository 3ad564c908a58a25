"""Figures against an independent count over everything that is in the record."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from random import Random
from uuid import UUID

from sqlalchemy import select

from linli import Actor, District
from linli._store import tables as t
from linli.testing import who
from linli_reporting.testing import Compounds, compounds

MOVES = {
    "announced": ("confirm", "confirm", "confirm", "refuse", "withdraw"),
    "confirmed": ("activate", "activate", "end", "move", "stay"),
    "active": ("end", "move", "withdraw", "stay"),
}


def _step(place: Compounds, member: Actor, chance: Random) -> None:
    report = place.desk.current(who(member))
    if report is None:
        place.announced(member)
        return
    move, secretary = chance.choice(MOVES[report.state]), place.secretary
    if report.place == place.lane:
        secretary = place.lane_secretary
    if move == "move":
        to = place.lane if report.place == place.garden else place.garden
        place.district.register.move(who(member), place.home(to))
    elif move == "withdraw":
        place.district.make(report.id, move, actor=member)
    elif move != "stay":
        values = {"refuse": {"reason": "x"}, "end": {"outcome": "membership_ended"}}.get(move, {})
        place.district.make(report.id, move, values, actor=secretary)


def _journal(place: Compounds) -> list[tuple[UUID, str, UUID, date]]:
    """Every move of every report in its order: report, move, place, day."""
    a, zone = t.act.c, place.district.rules.zone
    query = (
        select(a.subject, a.verb, a.place, a.at)
        .where(a.district == place.district.code, a.kind == "membership_report")
        .order_by(a.at, a.version)
    )
    with place.district.store.reading() as connection:
        rows = connection.execute(query).all()
    return [
        (one, verb.partition(".")[2], at, moment.astimezone(zone).date()) for one, verb, at, moment in rows
    ]


LEADS_TO = {
    "announce": "announced", "arrive": "announced", "confirm": "confirmed", "activate": "active",
    "refuse": "refused", "move": "moved", "end": "ended", "withdraw": "ended",
}  # fmt: skip


def _counted(place: Compounds, where: UUID | None, first: date, last: date) -> dict[str, int]:
    states: dict[UUID, str] = {}
    flows: Counter[str] = Counter()
    for report, move, at, day in _journal(place):
        if move in LEADS_TO and day <= last and where in (None, at):
            states[report] = LEADS_TO[move]
            flows[LEADS_TO[move]] += first <= day
    found = {
        f"reporting.{one}": flows[one] for one in ("announced", "confirmed", "refused", "moved", "ended")
    }
    standing = Counter(states.values())
    found["members.reported"] = standing["confirmed"] + standing["active"]
    found["reporting.active"] = standing["active"]
    found["reporting.waiting"] = standing["announced"]
    return found


def test_figures_are_what_is_in_the_journal_at_every_place_and_in_every_period(
    new_district: Callable[..., District],
) -> None:
    place, chance = compounds(new_district), Random(20260302)
    members = [place.new_member() for _ in range(12)]
    for _ in range(90):
        place.clock.now = place.clock.now.replace(minute=chance.randrange(60))
        _step(place, chance.choice(members), chance)
        place.pass_days(chance.choice((0.2, 1, 2)))
    spans = (
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 3, 1), date(2026, 3, 20)),
        (date(2026, 3, 21), date(2026, 4, 10)),
    )
    for where in (None, place.garden, place.lane, place.bare):
        for first, last in spans:
            found = place.district.brief(where, first, last).figures
            counted = _counted(place, where, first, last)
            assert {name: found[name] for name in counted} == counted, (where, first, last)
    everything = _counted(place, None, *spans[0])
    assert all(everything.values()), everything
