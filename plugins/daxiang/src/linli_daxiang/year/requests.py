"""What residents ask for: filed at the desk or by phone, carried out by stewards, answered once."""

from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from uuid import UUID

import attrs
from PIL import Image, ImageDraw

from linli import Actor, StoredSubject
from linli_daxiang.compounds import CATEGORIES
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_three_lists.api import Needs

# How long it takes from the first word to the feedback: most within the day, some overnight.
_HOURS = (0.7, 1.5, 2.5, 4, 6, 9, 22)
_WEIGHTS = (14, 22, 22, 18, 12, 7, 5)
_URGENT = {
    "电梯困人": "电梯停在三楼，里面有人",
    "燃气异味": "楼道里有很浓的燃气味",
    "漏水": "水管爆裂，水从管道井里喷出来，已经淹到电表了",
}
# What units ask of their stewards, beside what goes wrong.
_AT_HOME = {
    "上门检测": "老人行动不便，请上门检测",
    "接送上学": "孩子放学没人接，请帮忙接一下",
    "送餐": "老人独自在家，请帮忙送午饭",
    "突发求助": "家里老人摔倒了，请来帮忙",
}


@attrs.frozen(kw_only=True)
class _Case:
    where: Neighbourhood
    unit: UUID
    category: str
    text: str
    reporter: UUID | None
    clerk: Actor


def plan(play: Play, cast: list[Neighbourhood], count: int) -> None:
    """Let `count` requests come up over the year, at any hour of the day."""
    random = play.random("requests")
    for _ in range(count):
        moment = play.on(play.some_day(random), random.triangular(7, 22, 10))
        where = random.choice(cast)
        play.at(moment, _submitted, play, random, where)


def _reported_twice(play: Play, random: Random, case: _Case, first: UUID) -> None:
    """A neighbour reports the same thing; the desk merges it into the first."""
    if play.district.subject(first).ended_at is not None:
        return
    neighbours = case.where.members or case.where.volunteers
    request = play.district.dispatch.submit(
        case.unit,
        case.category,
        case.text,
        reporter=random.choice(neighbours).person,
        actor=case.clerk,
    ).subject
    play.district.make(request, "merge", {"duplicate_of": first}, actor=case.clerk)


def _case(random: Random, where: Neighbourhood) -> _Case:
    chance = random.random()
    kinds = _URGENT if chance < 0.02 else _AT_HOME if chance < 0.1 else CATEGORIES
    category = random.choice(sorted(kinds))
    unit = random.choice(where.units)
    people = [
        one for one in random.choice((where.owners, where.members, where.volunteers)) if one not in where.busy
    ]
    reporter = random.choice(people).person if people and random.random() < 0.9 else None
    text = kinds[category]
    return _Case(
        where=where,
        unit=unit,
        category=category,
        text=text if isinstance(text, str) else random.choice(text),
        reporter=reporter,
        clerk=where.clerk,
    )


def _submitted(play: Play, random: Random, where: Neighbourhood) -> None:
    case = _case(random, where)
    channel = random.choice(("desk", "phone", "web", "steward"))
    request = play.district.dispatch.submit(
        case.unit, case.category, case.text, reporter=case.reporter, channel=channel, actor=case.clerk
    ).subject
    if channel == "web" and case.reporter and random.random() < 0.3:
        picture = _picture(random)
        Needs(play.district).add_evidence(request, picture, actor=Actor(person=case.reporter))
    play.at(play.after(minutes=random.uniform(3, 40)), _accepted, play, random, case, request)


def _picture(random: Random) -> bytes:
    """What somebody took with their phone: dark, with something bright in it."""
    picture = Image.new("RGB", (320, 240), (random.randrange(90), random.randrange(90), random.randrange(90)))
    left, top = random.randrange(200), random.randrange(140)
    ImageDraw.Draw(picture).ellipse((left, top, left + 100, top + 80), fill=(230, 220, random.randrange(256)))
    file = BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


def _accepted(play: Play, random: Random, case: _Case, request: UUID) -> None:
    """What is urgent was accepted, and went to the duty rota, as it was submitted."""
    if play.district.subject(request).state == "submitted":
        play.district.make(request, "accept", actor=case.clerk)
    fate = random.random()
    if fate < 0.045 and case.reporter:
        reason = {"reason": "邻居已经报过，不用再办了"}
        later = play.after(minutes=random.uniform(20, 90))
        play.later(later, request, "withdraw", reason, case.clerk)
        return
    hours = random.choices(_HOURS, _WEIGHTS)[0] * random.uniform(0.6, 1.3)
    _dispatched(play, case, request)
    if 0.045 <= fate < 0.075:
        again = play.after(minutes=random.uniform(10, 60))
        play.at(again, _reported_twice, play, random, case, request)
    if fate > 0.96:
        return  # It waits for somebody who keeps putting it off, and is open at the year's end.
    play.at(play.after(hours=hours * 0.8), _done, play, random, case, request, hours * 0.2)


def _dispatched(play: Play, case: _Case, request: UUID) -> None:
    if play.district.subject(request).state == "accepted":
        play.district.make(request, "dispatch", actor=case.clerk)


def done_after_all(play: Play, where: Neighbourhood, request: UUID, **closing: datetime) -> None:
    """What was put off is carried out, confirmed and answered."""
    make = play.district.make
    for task in play.district.tree(request):
        if task.kind != "task" or task.ended_at:
            continue
        if task.state != "done":
            doer = _doer(play, where, task)
            if task.state == "open":
                make(task.id, "take", actor=doer)
            make(task.id, "finish", {"result": "已到现场处理完毕", "minutes": 60}, actor=doer)
        make(task.id, "confirm", actor=where.clerk)
    answer = {"feedback": "您反映的问题已经处理，让您久等了。", **closing}
    make(request, "close", answer, actor=where.clerk)


def _done(play: Play, random: Random, case: _Case, request: UUID, left: float) -> None:
    task = play.district.dispatch.open_task(request)
    doer = _doer(play, case.where, task)
    minutes = random.choice((15, 20, 30, 45, 60, 90, 120))
    play.district.make(task.id, "take", actor=doer)
    play.district.make(task.id, "finish", {"result": "已到现场处理完毕", "minutes": minutes}, actor=doer)
    play.at(play.after(hours=left), _closed, play, random, case, request, task.id)


def _doer(play: Play, where: Neighbourhood, task: StoredSubject) -> Actor:
    """Whoever has the seat that the task is for, or stands in for it."""
    assert task.holder is not None, "a task is somebody's"
    posts = play.district.register.posts(at=task.holder.at, role=task.holder.role)
    return Actor(person=posts[0].person) if posts else where.stands_in


def _closed(play: Play, random: Random, case: _Case, request: UUID, task: UUID) -> None:
    play.district.make(task, "confirm", actor=case.clerk)
    feedback = {"feedback": "您反映的问题已经处理，欢迎评价。"}
    play.district.make(request, "close", feedback, actor=case.clerk)
    if case.reporter and random.random() < 0.4:
        rating = {"rating": random.choices((5, 4, 3, 2, 1), (60, 25, 9, 4, 2))[0]}
        by = Actor(person=case.reporter)
        later = play.after(hours=random.uniform(1, 48))
        play.later(later, request, "rate", rating, by)


def summary(play: Play, cast: list[Neighbourhood]) -> None:
    """Each desk says every quarter what was done."""
    for month in (3, 6, 9, 12):
        day = play.first + timedelta(days=round(month * 30.4) - 2)
        for where in cast:
            play.at(play.on(day, 16), _told, play, where)


def _told(play: Play, where: Neighbourhood) -> None:
    figures = play.district.brief(where.place, play.first, play.clock.now.date()).figures
    body = f"本小区已办结居民诉求 {figures['requests.closed']} 件，尚未办结 {figures['requests.open']} 件。\n\n欢迎监督。"
    play.district.publish.announce(where.place, "居民诉求办结情况", body, actor=where.clerk)
