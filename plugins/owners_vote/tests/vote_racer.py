"""A process of its own for test_owners_vote_races.py: it casts ballots, or does what ends a vote, on a signal.

Every process has its own clock, which stands still: what a moment is at a closing is what the test says.
"""

import sys
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

import linli
from linli import ENGINE_ACTOR, Actor, District
from linli._engine.orders import Overdue
from linli.testing import Moment, say_how, wait
from linli_owners_vote.api import Votes
from linli_owners_vote.box import ballots_in


def cast(district: District, vote: str, person: str, choice: str, *parts: str) -> None:
    """Cast the ballots of parts, one after the other; a line for each."""
    votes, actor = Votes(district), Actor(person=UUID(person))
    for part in parts:
        say_how("cast", partial(votes.cast, UUID(vote), UUID(part), choice, actor=actor))


def check(district: District, vote: str, person: str, *ballots: str) -> None:
    """Check papers, one after the other."""
    votes, actor = Votes(district), Actor(person=UUID(person))
    for paper in ballots:
        ballot, secret = paper.split()
        say_how("checked", partial(votes.check, UUID(ballot), "agree", secret, actor=actor))


def count(district: District, vote: str, person: str, times: str, *codes: str) -> None:
    """Count a vote with the codes of two keepers, until it succeeds or so often."""
    votes, actor = Votes(district), Actor(person=UUID(person))
    for _ in range(int(times)):
        say_how("count", partial(votes.count, UUID(vote), codes, actor=actor))


def close(district: District, vote: str, ballots: str) -> None:
    """Let the clock of a vote ring as soon as so many ballots are in the box."""
    while len(district.ask_unchecked(ballots_in(UUID(vote)))) < int(ballots):
        time.sleep(0.001)
    turn = district.subject(UUID(vote)).clocks["voting"].turn
    ring = Overdue(subject=UUID(vote), clock="voting", turn=turn)
    say_how("closed", lambda: district.perform(ring, actor=ENGINE_ACTOR))


def make(district: District, vote: str, person: str, move: str, *times: str) -> None:
    """Make a move of a vote, until it succeeds or so often."""
    actor = Actor(person=UUID(person))
    for _ in times or ("once",):
        say_how(move, lambda: district.make(UUID(vote), move, actor=actor))


TASKS: dict[str, Callable[..., None]] = {
    "cast": cast,
    "check": check,
    "close": close,
    "count": count,
    "make": make,
}

if __name__ == "__main__":
    what, folder, vote, at, *arguments = sys.argv[1:]
    with linli.open(folder, clock=Moment(datetime.fromisoformat(at))) as opened:
        wait()
        TASKS[what](opened, vote, *arguments)
