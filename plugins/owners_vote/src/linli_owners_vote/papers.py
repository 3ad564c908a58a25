"""The papers of a vote: stored and destroyed by a record of their own, each entered by one person and checked by another."""

from typing import Annotated

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import say
from linli.contract import Input, Moves, State, Transition, Why, Workflow, in_turn
from linli.i18n import Text
from linli.store import Read
from linli.store import tables as t
from linli_owners_vote import box, reading
from linli_owners_vote.keepers import term_is_over
from linli_owners_vote.posts import TELLER, says_who

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
_STORED = Read(
    select(_s.id).where(
        _s.district == _d,
        _s.parent == bindparam("vote"),
        _s.kind == "vote_papers",
        _s.state != "rejected",
    )
)


@attrs.frozen(kw_only=True)
class Papers:
    """The papers of a vote, stored together: what is asked of whoever stores them, and what is kept."""

    number: Annotated[int, Input("how many papers")]
    stored_at: Annotated[str, Input("where they are stored", longest=80)]


def _when_no_more_come(t: Transition[Papers, object]) -> Text | None:
    vote = reading.plain(t.facts, t.subject.root)
    if not reading.is_where(vote, t.place, t.facts):
        return say("store them where the vote is")
    if vote.state in ("counted", "certified"):
        return None
    return say("papers are stored once the vote was counted")


def _once(t: Transition[Papers, object]) -> Text | None:
    found = [ident for (ident,) in t.facts.rows(_STORED, vote=t.subject.root) if ident != t.subject.id]
    return say("the papers of this vote are stored already: {id}", id=found[0]) if found else None


def _all_of_them(t: Transition[Papers, object]) -> Text | None:
    count, number = t.facts.rows(box.PAPERS, vote=t.subject.root)[0][0], t.record.number
    if number >= max(count, 1):
        return None
    return say("{count} papers were counted, and {number} are stored", count=count, number=number)


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
