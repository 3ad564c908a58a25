"""Votes of a compound's owners: announced, open for their days, counted by one teller and certified by another."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from linli import Actor
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_owners_vote.api import Votes

_NOTICE, _PERIOD = timedelta(days=15), timedelta(days=16)


def hold(
    play: Play, random: Random, where: Neighbourhood, matter: UUID, then: Callable[[datetime], object]
) -> None:
    """Let the owners vote on a matter that waits for them.

    Args:
        then: called with a moment after the result is certified.
    """
    district, organiser = play.district, where.owners_committee[1][0]
    record = district.subject(matter).record
    votes = Votes(district)
    vote = votes.prepare(where.place, "加装电梯", record.vote_kind, matter=matter, actor=organiser).subject
    votes.announce(vote, actor=organiser)
    play.at(play.clock.now + _NOTICE + timedelta(hours=1), _opened, play, random, where, vote)
    after = play.clock.now + _NOTICE + _PERIOD + timedelta(days=5)
    play.at(play.office(random, after.date()), _certified, play, random, where, vote, then)


def _opened(play: Play, random: Random, where: Neighbourhood, vote: UUID) -> None:
    votes = Votes(play.district)
    votes.open(vote, actor=where.owners_committee[1][0])
    for line in votes.roll(vote):
        owners = play.district.register.ties(at=line.part, kind="owner")
        if owners and random.random() < 0.9:
            choice = "agree" if random.random() < 0.92 else "against"
            moment = play.after(days=random.uniform(0.1, 13))
            voter = Actor(person=random.choice(owners).person)
            play.at(moment, _cast, play, vote, line.part, choice, voter)


def _cast(play: Play, vote: UUID, part: UUID, choice: str, voter: Actor) -> None:
    Votes(play.district).cast(vote, part, choice, actor=voter)


def _certified(
    play: Play, random: Random, where: Neighbourhood, vote: UUID, then: Callable[[datetime], object]
) -> None:
    Votes(play.district).count(vote, actor=where.residents_committee[1][0])
    Votes(play.district).certify(vote, actor=where.clerk)
    then(play.after(days=random.uniform(1, 3)))
