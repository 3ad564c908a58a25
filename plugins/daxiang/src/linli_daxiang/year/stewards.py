"""Stewards: most agree that their contact is published; now and then another one follows."""

from datetime import timedelta
from random import Random
from uuid import UUID

from linli import Actor
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_stewards.api import consenting, replacing


def plan(play: Play, cast: list[Neighbourhood], replaced: int) -> None:
    """Let most stewards consent in the first weeks, and so many units have another steward later."""
    random = play.random("stewards")
    for where in cast:
        for place, steward in where.stewards_of.items():
            if random.random() < 0.6:
                moment = play.office(random, play.first + timedelta(days=random.randint(2, 40)))
                play.at(moment, _consented, play, place, steward)
    branched = [one for one in cast if one.compound.branch and one.stewards_of]
    for where in random.sample(branched, min(replaced, len(branched))):
        day = play.first + timedelta(days=random.randint(60, 300))
        play.at(play.office(random, day), _replaced, play, random, where)


def _consented(play: Play, place: UUID, steward: Actor) -> None:
    play.district.perform(consenting(play.district, place, steward.person), actor=steward)


def _replaced(play: Play, random: Random, where: Neighbourhood) -> None:
    """The open tasks of the one who goes are then the next one's."""
    place = random.choice(sorted(where.stewards_of))
    free = [one for one in where.members if one not in where.busy]
    follower = random.choice(free)
    assert follower.person is not None, "a member is somebody"
    play.district.perform(replacing(play.district, place, follower.person, "工作调动"), actor=where.secretary)
