"""Volunteer sessions: announced, signed up for, checked in and out by the code on show, hours confirmed."""

from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import attrs

from linli import Actor, PlaceId, Refused, StoredSubject
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_volunteers.api import Volunteers
from linli_volunteers.sessions import Plan, SessionFlow

_TITLES = {
    "policy": "政策进楼栋宣讲",
    "epidemic": "楼道消毒和疫情防控宣传",
    "courtesy": "文明劝导进小区",
    "cleaning": "清扫楼道和院坪",
    "health": "老年人健康义诊",
    "wish": "微心愿认领日",
    "civility": "携手同创文明城市",
}
_OF_THE_BANK = ("wish", "civility")
_LONG = (1.0, 1.5, 2.0, 2.0, 3.0)


@attrs.frozen(kw_only=True)
class _Session:
    where: Neighbourhood
    kind: str
    hours: float
    people: tuple[Actor, ...]


def plan(play: Play, cast: list[Neighbourhood], count: int, *, of_the_bank: bool = False) -> None:
    """Let the volunteers of these compounds hold `count` sessions, one compound after the other.

    Args:
        of_the_bank: of the pioneer bank's own kinds.
    """
    random = play.random(f"sessions {of_the_bank}")
    kinds = [kind for kind in _TITLES if (kind in _OF_THE_BANK) == of_the_bank]
    able = [where for where in cast if len(where.volunteers) > 2]
    for number in range(count):
        where = able[number % len(able)]
        session = _Session(
            where=where, kind=random.choice(kinds), hours=random.choice(_LONG), people=_people(random, where)
        )
        day = play.some_day(random, until=4) + timedelta(days=3)
        begin = play.on(day, random.choice((8.5, 9, 14, 15, 19)))
        play.at(begin - timedelta(days=random.uniform(1, 3)), _planned, play, random, session, begin)


def _people(random: Random, where: Neighbourhood) -> tuple[Actor, ...]:
    """Who comes: no crowd, and not those who lead it or keep the bank."""
    free = [one for one in where.volunteers if one not in (where.leader, where.keeper)]
    return tuple(random.sample(free, min(len(free), random.randint(4, 9))))


def _planned(play: Play, random: Random, session: _Session, begin: datetime) -> None:
    leader = session.where.leader
    given = Plan(
        kind=session.kind,
        title=_TITLES[session.kind],
        meet_at="小区红色议事厅",
        starts_at=begin,
        ends_at=begin + timedelta(hours=session.hours),
        capacity=max(3, len(session.people) - random.choice((0, 0, 0, 1))),
    )
    order = SessionFlow.plan.at(PlaceId(session.where.place), given)
    number = play.district.perform(order, actor=leader).subject
    play.district.make(number, "open", actor=leader)
    if random.random() < 0.03:
        reason = {"reason": "当天有雨，改期另行通知"}
        play.later(begin - timedelta(hours=2), number, "cancel", reason, leader)
        return
    play.at(play.after(hours=random.uniform(2, 20)), _signed_up, play, session, number)
    play.at(begin - timedelta(minutes=15), _begun, play, random, session, number)


def _signed_up(play: Play, session: _Session, number: UUID) -> None:
    """The last to come may wait for a place; who is somewhere else at that time does not come."""
    for one in session.people:
        assert one.person is not None, "who comes is somebody"
        with suppress(Refused):
            Volunteers(play.district).sign_up(number, one.person, actor=one)


def _begun(play: Play, random: Random, session: _Session, number: UUID) -> None:
    volunteers, leader = Volunteers(play.district), session.where.leader
    seats = [seat for seat in volunteers.roster(number) if seat.state == "signed_up"]
    if not seats:
        play.district.make(number, "cancel", {"reason": "无人报名"}, actor=leader)
        return
    play.district.make(number, "begin", actor=leader)
    code = {"code": volunteers.code(number, "check-in", actor=leader).text}
    came = [seat for place, seat in enumerate(seats) if place == 0 or random.random() < 0.96]
    for seat in came:
        play.district.make(seat.id, "check_in", code, actor=Actor(person=seat.person))
    play.at(play.after(hours=session.hours + 0.25), _ended, play, random, session, number, came)


def _ended(play: Play, random: Random, session: _Session, number: UUID, came: list[StoredSubject]) -> None:
    leader = session.where.leader
    code = {"code": Volunteers(play.district).code(number, "check-out", actor=leader).text}
    for seat in came:
        play.district.make(seat.id, "check_out", code, actor=Actor(person=seat.person))
    play.later(play.after(hours=random.uniform(0.2, 3)), number, "hold", {}, leader)
