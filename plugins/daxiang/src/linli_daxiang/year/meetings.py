"""Joint meetings month by month, and whistles in between: disputes settled, rectifications, enforcements."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from linli import Actor, Subject
from linli.query import subjects
from linli_daxiang.year.cast import Neighbourhood, Tier
from linli_daxiang.year.play import Play
from linli_daxiang.year.requests import done_after_all
from linli_meetings.answering import Whistle
from linli_meetings.api import Meetings
from linli_meetings.whistles import WhistleFlow

_TOPICS = {
    "mediated": ("楼上漏水赔偿协调", "装修噪音协调", "停车位纠纷协调", "物业费拖欠协调", "楼道堆物协调"),
    "rectifications": ("占道经营整治", "飞线充电整治"),
    "enforcements": ("违法搭建拆除", "消防通道违停查处"),
}
Case = tuple[str, Neighbourhood]


def plan(play: Play, cast: list[Neighbourhood], outcomes: Mapping[str, int]) -> None:
    """Let so many cases come up, two in five of them so pressing that the street whistles.

    Args:
        outcomes: "mediated", "rectifications" and "enforcements", how many of each.
    """
    random = play.random("meetings")
    reached = [where for where in cast if where.compound.branch]  # whose secretary can propose an item
    cases = [(kind, random.choice(reached)) for kind, count in outcomes.items() for _ in range(count)]
    random.shuffle(cases)
    pressing = len(cases) * 2 // 5
    for case in cases[:pressing]:
        play.at(play.office(random, play.some_day(random, 20)), _whistled, play, random, case)
    for number, (tier, some) in enumerate(_agendas(cases[pressing:])):
        # Called a week before: early in the month, each street on a day of its own.
        day = play.first + timedelta(days=number * 331 // max(1, len(cases) - pressing) % 331 + 3)
        play.at(play.office(random, day), _called, play, random, tier, voices(cast, tier), some)


def _agendas(cases: Sequence[Case]) -> Iterator[tuple[Tier, tuple[Case, ...]]]:
    """The cases of a street, three to a meeting."""
    waiting: dict[UUID, list[Case]] = {}
    for case in cases:
        tier = case[1].street
        waiting.setdefault(tier.place, []).append(case)
        if len(waiting[tier.place]) == 3:
            yield tier, tuple(waiting.pop(tier.place))
    for some in waiting.values():
        yield some[0][1].street, tuple(some)


def _outcome(kind: str) -> dict[str, Any]:
    return {"mediated": True} if kind == "mediated" else {kind: 1}


# --- whistles ----------------------------------------------------------------------------------------


def _whistled(play: Play, random: Random, case: Case) -> None:
    kind, where = case
    bodies = random.sample(where.street.departments, random.choice((1, 1, 2)))
    topic = random.choice(_TOPICS[kind])
    whistle = play.district.start(
        "whistle",
        "blow",
        where.place,
        {"topic": topic, "departments": [body for body, _ in bodies]},
        actor=where.street.officer,
    )
    for number, department in enumerate(bodies):
        outcome = _outcome(kind) if number == 0 else {}
        _carried_out(play, random, whistle.subject, department, where.street, outcome)


def _carried_out(
    play: Play,
    random: Random,
    whistle: UUID,
    department: tuple[UUID, Actor],
    street: Tier,
    outcome: Mapping[str, Any],
) -> datetime:
    """A department reports in and does its part, which the street finds good; when it will."""
    body, officer = department
    part = Meetings(play.district).part_of(whistle, body).id
    begun = play.after(minutes=random.uniform(20, 180))
    done = begun + timedelta(hours=random.uniform(4, 60))
    evaluated = done + timedelta(hours=6)
    play.later(begun, part, "report_in", {}, officer)
    play.later(done, part, "finish", {"result": "已到场处置，当事人签字确认。"}, officer)
    play.later(evaluated, part, "evaluate", {"grade": "good", **outcome}, street.second_officer)
    return evaluated


def review(play: Play, cast: list[Neighbourhood]) -> None:
    """Every working day each street goes through the whistles that the ladder of late requests proposes."""
    random = play.random("proposed whistles")
    streets = {where.street.place: where.street for where in cast}
    calendar = play.district.rules.constants.calendar
    for number in range((play.last - play.first).days):
        day = play.first + timedelta(days=number)
        if calendar.is_working_day(day):
            for street in streets.values():
                play.at(play.on(day, 16.5), _reviewed, play, random, street, cast)


def _reviewed(play: Play, random: Random, street: Tier, cast: list[Neighbourhood]) -> None:
    proposed = subjects(WhistleFlow, states=WhistleFlow.proposed, within=street.place)
    for whistle in play.district.ask_unchecked(proposed):
        if random.random() < 0.2:
            _taken_up(play, random, whistle, street, cast)
        else:
            reason = {"reason": "责任人已与居民约定上门时间，继续办理。"}
            play.district.make(whistle.id, "dismiss", reason, actor=street.officer)


def _taken_up(
    play: Play, random: Random, whistle: Subject[Whistle], street: Tier, cast: list[Neighbourhood]
) -> None:
    """The department does its part; whoever had put it off does the rest, and the desk answers."""
    department = random.choice(street.departments)
    play.district.make(whistle.id, "take_up", {"departments": [department[0]]}, actor=street.officer)
    evaluated = _carried_out(play, random, whistle.id, department, street, {})
    where = next(one for one in cast if whistle.place in (one.place, *one.units))
    play.at(evaluated, done_after_all, play, where, whistle.record.request)


# --- meetings ----------------------------------------------------------------------------------------


def voices(cast: Collection[Neighbourhood], tier: Tier) -> dict[UUID, Actor]:
    """Who speaks for each member of a street's meeting: its departments, its communities' committees."""
    committees = {
        where.residents_committee[0]: where.residents_committee[1][0]
        for where in cast
        if where.street.place == tier.place
    }
    return dict(tier.departments) | committees


def _called(
    play: Play, random: Random, tier: Tier, members: Mapping[UUID, Actor], cases: tuple[Case, ...]
) -> None:
    starts = play.office(random, (play.clock.now + timedelta(days=7)).date())
    meeting = play.district.start(
        "meeting", "call", tier.place, {"starts_at": starts, "venue": "街道三楼会议室"}, actor=tier.secretary
    ).subject
    items: list[tuple[UUID, str]] = []
    for kind, where in cases:
        item = play.district.start(
            "agenda_item",
            "propose",
            where.place,
            {"tier": "street", "topic": random.choice(_TOPICS[kind])},
            actor=where.secretary,
        ).subject
        play.district.make(item, "schedule", {"meeting": meeting}, actor=tier.secretary)
        items.append((item, kind))
    play.at(starts, _held, play, random, (tier, members), meeting, items)


def _held(
    play: Play,
    random: Random,
    who: tuple[Tier, Mapping[UUID, Actor]],
    meeting: UUID,
    items: list[tuple[UUID, str]],
) -> None:
    tier, members = who
    absent = random.sample(sorted(members), len(members) // random.choice((3, 4, 5)))
    for body, officer in members.items():
        if body not in absent:
            play.district.make(Meetings(play.district).part_of(meeting, body).id, "attend", actor=officer)
    play.district.make(meeting, "hold", actor=tier.secretary)
    for item, kind in items:
        play.district.make(
            item, "resolve", {"resolution": "approved", "tasks": (), **_outcome(kind)}, actor=tier.secretary
        )
