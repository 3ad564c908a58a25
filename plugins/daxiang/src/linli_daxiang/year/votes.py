"""Votes of a compound's owners: announced, open for their days, counted by one teller and certified by another.

Keepers take their codes before it opens, two of them open the box; some owners vote on paper. One vote of
three is held on the authority's platform and enters by its certified result.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from linli import Actor, PlaceId
from linli.query import subjects
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_owners_vote.api import Votes
from linli_owners_vote.arithmetic import Result, Weight
from linli_owners_vote.elsewhere import ElsewhereFlow
from linli_owners_vote.steps import Announce, Prepare
from linli_owners_vote.workflow import VoteFlow

_NOTICE, _PERIOD = timedelta(days=15), timedelta(days=16)
_OF_THEM_ON_PLATFORM, _ON_PAPER = 3, 0.15  # the second of three; a share of all ballots
_PLATFORM = "市住建局业主电子决策平台"


def hold(
    play: Play, random: Random, where: Neighbourhood, matter: UUID, then: Callable[[datetime], object]
) -> None:
    """Let the owners vote on a matter that waits for them.

    Args:
        then: called with a moment after the result is certified.
    """
    if _held(play) % _OF_THEM_ON_PLATFORM == 1:
        day = (play.clock.now + _NOTICE + _PERIOD).date()
        play.at(play.office(random, day), _held_elsewhere, play, random, where, matter, then)
        return
    district, organiser = play.district, where.owners_committee[1][0]
    record = district.subject(matter).record
    votes = Votes(district)
    vote = district.perform(
        VoteFlow.prepare.at(
            PlaceId(where.place), Prepare(topic="加装电梯", majority=record.vote_kind, matter=matter)
        ),
        actor=organiser,
    ).subject
    district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=organiser)
    codes = [
        votes.take_code(one.id, actor=_of_body(play, one.record.organisation)).code
        for one in votes.keepers(vote)
    ]
    play.at(play.clock.now + _NOTICE + timedelta(hours=1), _opened, play, random, where, vote)
    after = play.clock.now + _NOTICE + _PERIOD + timedelta(days=5)
    play.at(play.office(random, after.date()), _certified, play, random, where, vote, codes, then)


def _held(play: Play) -> int:
    """How many votes there were before."""
    ask = play.district.ask_unchecked
    return ask(subjects(VoteFlow).count()) + ask(subjects(ElsewhereFlow).count())


def _of_body(play: Play, body: UUID) -> Actor:
    """Somebody of a body, who takes its code."""
    return Actor(person=play.district.register.posts(at=body)[-1].person)


def _opened(play: Play, random: Random, where: Neighbourhood, vote: UUID) -> None:
    votes = Votes(play.district)
    play.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=where.owners_committee[1][0])
    for line in votes.roll(vote):
        owners = play.district.register.ties(at=line.part, kind="owner")
        if owners and random.random() < 0.9:
            choice = "agree" if random.random() < 0.92 else "against"
            moment = play.after(days=random.uniform(0.1, 13))
            if random.random() < _ON_PAPER:
                play.at(moment, _on_paper, play, where, vote, line.part, choice)
            else:
                voter = Actor(person=random.choice(owners).person)
                play.at(moment, _cast, play, where, vote, line.part, choice, voter)


def _cast(play: Play, where: Neighbourhood, vote: UUID, part: UUID, choice: str, voter: Actor) -> None:
    """Owners came with the file of homes: the desk has seen each of them once with their phone."""
    assert voter.person is not None
    if play.district.register.phone_opens_nothing(voter.person):
        play.district.register.prove_phone(voter.person, actor=where.clerk)
    Votes(play.district).cast(vote, part, choice, actor=voter)


def _on_paper(play: Play, where: Neighbourhood, vote: UUID, part: UUID, choice: str) -> None:
    votes = Votes(play.district)
    paper = votes.enter(vote, part, choice, actor=where.residents_committee[1][0])
    votes.check(paper.ballot, choice, paper.secret, actor=where.clerk)


def _certified(
    play: Play,
    random: Random,
    where: Neighbourhood,
    vote: UUID,
    codes: Sequence[str],
    then: Callable[[datetime], object],
) -> None:
    votes, teller = Votes(play.district), where.residents_committee[1][0]
    votes.count(vote, random.sample(codes, 2), actor=teller)
    play.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=where.clerk)
    papers = sum(one.way == "paper" for one in votes.turnout(vote, actor=teller).ballots)
    if papers:
        stored = votes.store_papers(vote, papers, "居委会档案柜", actor=teller).subject
        play.district.make(stored, "check", actor=where.clerk)
    then(play.after(days=random.uniform(1, 3)))


def _held_elsewhere(
    play: Play, random: Random, where: Neighbourhood, matter: UUID, then: Callable[[datetime], object]
) -> None:
    """The result of the authority's platform, read from its paper by two people."""
    votes, record = Votes(play.district), play.district.subject(matter).record
    result = _result(play, random, where)
    vote = votes.enter_elsewhere(
        where.place,
        "加装电梯",
        record.vote_kind,
        result,
        held="platform",
        by=_PLATFORM,
        ended_on=play.clock.now.date() - timedelta(days=1),
        paper=f"决策〔{play.clock.now.year}〕{random.randint(1, 400)}号",
        matter=matter,
        actor=where.residents_committee[1][0],
    ).subject
    votes.check_elsewhere(vote, result, actor=where.clerk)
    then(play.after(days=random.uniform(1, 3)))


def _result(play: Play, random: Random, where: Neighbourhood) -> Result:
    """Nine in ten took part, and most agreed; each home 90 m² and an owner of its own."""
    parts = len(play.district.register.places(where.place, kind="exclusive_part"))
    voted, against = parts - parts // 10, random.randint(0, parts // 10)

    def weight(homes: int) -> Weight:
        return Weight(area=homes * 9000, heads=homes)

    return Result(
        parts=parts,
        roll=weight(parts),
        voted_parts=voted,
        voted=weight(voted),
        agreed=weight(voted - against),
        against=weight(against),
        abstained=weight(0),
    )
