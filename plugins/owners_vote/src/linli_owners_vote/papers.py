"""The papers of a vote: stored and destroyed by a record of their own, each entered by one person and checked by another."""

from typing import Annotated
from uuid import UUID

import attrs

from linli import Input, Invalid, Moves, Refusal, State, Transition, Why, Workflow, in_turn
from linli.query import subjects
from linli_owners_vote import box, reading
from linli_owners_vote.keepers import term_is_over
from linli_owners_vote.posts import TELLER, says_who


@attrs.frozen(kw_only=True)
class Papers:
    """The papers of a vote, stored together: what is asked of whoever stores them, and what is kept."""

    number: Annotated[int, Input("how many papers")]
    stored_at: Annotated[str, Input("where they are stored", longest=80)]


class StoredElsewhere(Invalid, says="store them where the vote is"):
    field: str = "place"


class StoredTooEarly(Refusal, says="papers are stored once the vote was counted"): ...


def _when_no_more_come(t: Transition[Papers, object]) -> Refusal | None:
    vote = reading.plain(t.facts, t.subject.root)
    if not reading.is_where(vote, t.place, t.facts):
        return StoredElsewhere()
    if vote.state in ("counted", "certified"):
        return None
    return StoredTooEarly()


class StoredAlready(Refusal, says="the papers of this vote are stored already: {id}"):
    id: UUID


def _once(t: Transition[Papers, object]) -> Refusal | None:
    known = t.get(subjects(PaperFlow, matter=t.subject.root))
    others = (one for one in known if one.state is not PaperFlow.rejected and one.id != t.subject.id)
    return next((StoredAlready(id=one.id) for one in others), None)


class OtherNumberOfPapers(Invalid, says="{count} papers were counted, and {number} are stored"):
    count: int
    number: int
    field: str = "number"


def _all_of_them(t: Transition[Papers, object]) -> Refusal | None:
    count, number = t.get(box.papers_in(t.subject.root)), t.record.number
    if number >= max(count, 1):
        return None
    return OtherNumberOfPapers(count=count, number=number)


class PaperFlow(Workflow[Papers], name="vote_papers", label="papers of a vote", readable_by=TELLER):
    """Stored, and destroyed when their time is over."""

    move = Moves(Papers)
    entered = State("stored, to be checked by another")
    stored = State("stored")
    going = State("destroyed, to be checked by another")
    destroyed = State("papers destroyed", ends=True)
    rejected = State("not as entered", ends=True)
    store = move.opening(
        entered,
        Papers,
        label="enter where the papers are stored",
        by=TELLER,
        needs=[in_turn(says_who, _when_no_more_come, _once, _all_of_them)],
    )
    check = move(
        entered.to(stored),
        label="check that the papers are stored",
        by=TELLER,
        needs=[says_who],
        not_by=[store],
    )
    reject = move(
        entered.to(rejected),
        Why,
        label="the papers are not as entered",
        by=TELLER,
        needs=[says_who],
        not_by=[store],
    )
    destroy = move(
        stored.to(going),
        label="enter that the papers were destroyed",
        by=TELLER,
        needs=[in_turn(says_who, term_is_over)],
    )
    check_destroyed = move(
        going.to(destroyed),
        label="check that the papers were destroyed",
        by=TELLER,
        needs=[says_who],
        not_by=[destroy],
    )
