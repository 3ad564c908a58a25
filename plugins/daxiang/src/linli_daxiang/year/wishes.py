"""Micro-wishes: entered by a steward for a neighbour, approved, claimed by volunteers, fulfilled and thanked."""

from datetime import timedelta
from random import Random
from uuid import UUID

from linli import Actor, PersonId, PlaceId
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_stewards.api import steward_at
from linli_volunteers.wish_api import Wishes
from linli_volunteers.wishes import Propose, WishFlow

_WISHES = (
    ("一台轮椅，借用一个月", 1),
    ("陪老人去医院复查", 1),
    ("孩子放学后辅导功课", 1),
    ("帮忙修好家里的灯", 1),
    ("过年前打扫屋子", 3),
    ("一盏护眼台灯", 1),
    ("每周送两次午饭", 2),
)


def plan(play: Play, cast: list[Neighbourhood], count: int) -> None:
    """Let `count` wishes be made over the year."""
    random = play.random("wishes")
    able = [one for one in cast if one.compound.branch and len(one.volunteers) > 6 and len(one.owners) > 2]
    for number in range(count):
        where = able[number % len(able)]
        play.at(play.office(random, play.some_day(random)), _made, play, random, where)


def _made(play: Play, random: Random, where: Neighbourhood) -> None:
    title, needs = random.choice(_WISHES)
    wisher = random.choice([one for one in where.owners if one not in where.volunteers])
    assert wisher.person is not None, "who wishes is somebody"
    place = random.choice(sorted(where.stewards_of))
    steward = Actor(person=play.district.subject(steward_at(play.district, place)).person)
    asked = WishFlow.propose.at(
        PlaceId(place), Propose(title=title, needs=needs), person=PersonId(wisher.person)
    )
    wish = play.district.perform(asked, actor=steward)
    play.at(play.after(hours=random.uniform(1, 5)), _decided, play, random, where, wisher, wish.subject)


def _decided(play: Play, random: Random, where: Neighbourhood, wisher: Actor, wish: UUID) -> None:
    fate = random.random()
    if fate < 0.05:
        reason = {"reason": "属于报修事项，请到服务台登记"}
        play.district.make(wish, "refuse", reason, actor=where.secretary)
        return
    play.district.make(wish, "approve", actor=where.secretary)
    if fate < 0.12:
        return  # Nobody claims it, and it expires when its time is over.
    free = [one for one in where.volunteers if one not in (wisher, where.leader, where.secretary)]
    claimants = random.sample(free, play.district.subject(wish).record.needs)
    for one in claimants:
        play.at(play.after(hours=random.uniform(1, 48)), _claimed, play, wish, one)
    done = play.after(days=random.uniform(3, 9))
    play.at(done, _fulfilled, play, random, wish, claimants, wisher)


def _claimed(play: Play, wish: UUID, claimant: Actor) -> None:
    assert claimant.person is not None, "who claims is somebody"
    Wishes(play.district).claim(wish, claimant.person, actor=claimant)


def _fulfilled(play: Play, random: Random, wish: UUID, claimants: list[Actor], wisher: Actor) -> None:
    for one in claimants:
        play.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=one)
    play.later(play.clock.now + timedelta(hours=random.uniform(1, 30)), wish, "thank", {}, wisher)
