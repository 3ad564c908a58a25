"""The survey of party members (摸底): called by the street, carried out by the branch, handed in and accepted."""

from datetime import timedelta
from random import Random

from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_party.survey_api import Surveys


def plan(play: Play, cast: list[Neighbourhood], count: int) -> None:
    """Let so many compounds be surveyed in the first half of the year."""
    random = play.random("surveys")
    for where in [one for one in cast if one.compound.branch][:count]:
        day = play.first + timedelta(days=random.randint(20, 120))
        play.at(play.office(random, day), _called, play, random, where)


def _called(play: Play, random: Random, where: Neighbourhood) -> None:
    survey = Surveys(play.district).call(where.place, f"{play.clock.now:%Y}", actor=where.street.officer)
    later = play.office(random, (play.clock.now + timedelta(days=12)).date())
    play.at(later, _found, play, random, where)
    play.later(later + timedelta(hours=1), survey.subject, "hand_in", {}, where.secretary)
    accepted = play.office(random, (later + timedelta(days=2)).date())
    play.later(accepted, survey.subject, "accept", {}, where.street.officer)


def _found(play: Play, random: Random, where: Neighbourhood) -> None:
    surveys = Surveys(play.district)
    for member in where.members:
        assert member.person is not None, "a member is somebody"
        reported = random.random() < 0.95
        active = reported and random.random() < 0.9
        surveys.note(where.place, member.person, reported=reported, active=active, actor=where.secretary)
