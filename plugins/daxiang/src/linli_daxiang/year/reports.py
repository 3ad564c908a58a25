"""Dual reporting: members who had not come yet are announced, and the branch says yes or no; some move or leave."""

from datetime import timedelta
from random import Random
from uuid import UUID

from linli import Actor
from linli.query import subjects
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_reporting.api import Reporting
from linli_reporting.reports import ReportFlow


def plan(play: Play, cast: list[Neighbourhood], leaving: int) -> None:
    """Let everybody come who has not reported, and so many of those who have leave."""
    random = play.random("reports")
    known = {one.person for one in play.district.ask_unchecked(subjects(ReportFlow))}
    for where in cast:
        if where.compound.branch:
            for member in where.members:
                if member.person not in known and member not in (where.clerk, where.secretary):
                    moment = play.office(random, play.some_day(random, until=10))
                    play.at(moment, _announced, play, random, where, member)
    stay = [
        (where, one)
        for where in cast
        for one in where.members
        if one.person in known and one not in where.busy
    ]
    for where, member in random.sample(stay, min(leaving, len(stay))):
        play.at(play.office(random, play.some_day(random)), _left, play, random, where, member)


def _announced(play: Play, random: Random, where: Neighbourhood, member: Actor) -> None:
    assert member.person is not None, "a member is somebody"
    report = Reporting(play.district).announce(member.person, where.place, actor=where.clerk).subject
    later = play.office(random, (play.clock.now + timedelta(days=random.randint(1, 4))).date())
    if random.random() < 0.03:
        play.later(later, report, "refuse", {"reason": "经核实不在本小区居住"}, where.secretary)
    else:
        play.later(later, report, "confirm", {}, where.secretary)


def _left(play: Play, random: Random, where: Neighbourhood, member: Actor) -> None:
    """They move away from the district; or their membership has ended."""
    report = _report(play, member)
    if report:
        outcome = random.choice(("moved_away", "moved_away", "membership_ended"))
        play.district.make(report, "end", {"outcome": outcome}, actor=where.secretary)


def _report(play: Play, member: Actor) -> UUID | None:
    assert member.person is not None, "a member is somebody"
    report = Reporting(play.district).current(member.person)
    return report.id if report else None
