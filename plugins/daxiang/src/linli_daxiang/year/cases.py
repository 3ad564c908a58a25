"""Requests that go another way than most: paused, handed over outside, reopened, urgent after all, a complaint about a body,
entered afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from linli import Actor
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_daxiang.year.requests import done_after_all


def plan(play: Play, cast: list[Neighbourhood], count: int) -> None:
    """Let `count` of each come up over the year, on working days."""
    random = play.random("cases")
    for case in (
        _paused,
        _handed_over,
        _reopened,
        _urgent_after_all,
        _about_the_company,
        _entered_afterwards,
    ):
        for _ in range(count):
            where = random.choice(cast)
            play.at(play.office(random, play.some_day(random, until=30)), case, play, random, where)


def _filed(play: Play, random: Random, where: Neighbourhood, category: str, text: str, **more: UUID) -> UUID:
    """A request that the desk has accepted."""
    people = [one for one in where.owners or where.members if one not in where.busy]
    reporter = random.choice(people).person if people else None
    request = play.district.dispatch.submit(
        random.choice(where.units), category, text, reporter=reporter, actor=where.clerk, **more
    ).subject
    play.district.make(request, "accept", actor=where.clerk)
    return request


def _paused(play: Play, random: Random, where: Neighbourhood) -> None:
    """The spare part comes in three days: it goes on by itself, and is done then."""
    request = _filed(play, random, where, "路灯", "三号楼门口的路灯不亮，灯头要换")
    play.district.make(request, "dispatch", actor=where.clerk)
    until = play.clock.now.date() + timedelta(days=3)
    why = {"reason": "waiting_for_parts", "until": until, "event": "灯头到货"}
    play.later(play.after(hours=1), request, "pause", why, where.clerk)
    play.at(play.on(until, 10), done_after_all, play, where, request)


def _handed_over(play: Play, random: Random, where: Neighbourhood) -> None:
    """It is the traffic police's, outside the district's record: theirs once their desk has accepted it."""
    request = _filed(play, random, where, "停车", "小区外市政道路上货车长期占道")
    asked = {"body": "市交警支队", "reason": "市政道路停车归交警管"}
    play.district.make(request, "hand_over", asked, actor=where.clerk)
    play.at(play.after(hours=random.uniform(2, 20)), _they_accepted, play, where, request)


def _they_accepted(play: Play, where: Neighbourhood, request: UUID) -> None:
    (handover,) = [one.id for one in play.district.tree(request) if one.kind == "handover"]
    answer = {
        "accepted_by": "秩序大队值班室",
        "accepted_on": play.clock.now.date(),
        "proof": "当日电话记录",
        "feedback": "您反映的道路停车已由市交警支队秩序大队接收，进展请向其值班室查询。",
    }
    play.district.make(handover, "accept", answer, actor=where.clerk)


def _reopened(play: Play, random: Random, where: Neighbourhood) -> None:
    """It was not put right: whoever had it has it again."""
    request = _filed(play, random, where, "保洁", "楼道垃圾没有清理干净")
    play.district.make(request, "dispatch", actor=where.clerk)
    done_after_all(play, where, request)
    play.later(play.after(hours=20), request, "reopen", {"reason": "只扫了一半"}, where.clerk)
    play.at(play.after(hours=24), done_after_all, play, where, request)


def _urgent_after_all(play: Play, random: Random, where: Neighbourhood) -> None:
    """What was a leak is near the electricity now: the desk makes it urgent, and takes that off when it is safe."""
    request = _filed(play, random, where, "漏水", "地下室顶板渗水")
    play.district.make(request, "dispatch", actor=where.clerk)
    play.later(play.after(minutes=30), request, "make_urgent", {"reason": "水已流到配电箱旁"}, where.clerk)
    play.later(play.after(minutes=70), request, "make_ordinary", {"reason": "已断电，险情排除"}, where.clerk)
    play.at(play.after(hours=2), done_after_all, play, where, request)


def _about_the_company(play: Play, random: Random, where: Neighbourhood) -> None:
    """It is kept from the company; the street has it, and what is to be put right is given to the company."""
    company, people = where.property_company
    request = _filed(play, random, where, "物业服务", "物业收了停车费不开票", about=company)
    play.district.make(request, "dispatch", {"role": "officer", "at": where.street.place}, actor=where.clerk)
    put_right = {"role": "property_manager", "at": company, "put_right": "请规范停车收费，逐笔开具票据"}
    play.district.make(request, "instruct", put_right, actor=where.clerk)
    doers = (where.street.officer, people[0])
    play.at(play.after(hours=random.uniform(3, 6)), _put_right, play, where, request, doers)


def _put_right(play: Play, where: Neighbourhood, request: UUID, doers: tuple[Actor, Actor]) -> None:
    make: Callable[..., object] = play.district.make
    for task, doer in zip(play.district.dispatch.tasks(request), doers, strict=True):
        make(task.id, "finish", {"result": "已整改，票据已补开"}, actor=doer)
        make(task.id, "confirm", actor=where.clerk)
    make(request, "close", {"feedback": "物业已补开票据，今后逐笔开具。"}, actor=where.clerk)


def _entered_afterwards(play: Play, random: Random, where: Neighbourhood) -> None:
    """The line was down: what was done meanwhile is entered the next day, and somebody above confirms when it was."""
    request = _filed(play, random, where, "路灯", "五号楼前的路灯一直闪")
    play.district.make(request, "dispatch", actor=where.clerk)
    play.at(play.after(hours=20), _entered, play, where, request, play.after(hours=random.uniform(2, 5)))


def _entered(play: Play, where: Neighbourhood, request: UUID, done_at: datetime) -> None:
    done_after_all(play, where, request, closed_at=done_at)
    (late,) = [one for one in play.district.tree(request) if one.kind == "late_entry"]
    assert late.holder, "a late entry is with whoever confirms it"
    above = play.district.register.posts(at=late.holder.at, role=late.holder.role)[0].person
    play.later(play.after(hours=4), late.id, "confirm", {}, Actor(person=above))
