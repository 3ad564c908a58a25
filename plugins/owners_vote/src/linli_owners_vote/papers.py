"""The papers of a vote: stored and destroyed by a record of their own, each entered by one person and checked by another."""

from sqlalchemy import BindParameter, bindparam, select

from linli import Act, Ask, Facts, Move, State, Subject, Workflow, in_turn, say
from linli.i18n import Text
from linli.store import Read
from linli.store import tables as t
from linli.workflow import REASON
from linli_owners_vote import box, reading
from linli_owners_vote.keepers import its_term_is_over
from linli_owners_vote.posts import TELLER, by_somebody
from linli_owners_vote.records import Papers

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


def _when_no_more_come(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    vote = reading.plain(facts, subject.root)
    if not reading.is_where(vote, subject, facts):
        return say("store them where the vote is")
    if vote.state in ("counted", "certified"):
        return None
    return say("papers are stored once the vote was counted")


def _once(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    found = [row for row in facts.rows(_STORED, vote=subject.root) if row[0] != subject.id]
    return say("the papers of this vote are stored already: {id}", id=found[0][0]) if found else None


def _all_of_them(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    count = facts.rows(box.PAPERS, vote=subject.root)[0][0]
    if subject.record.number >= max(count, 1):
        return None
    return say(
        "{count} papers were counted, and {number} are stored", count=count, number=subject.record.number
    )


PAPERS = Workflow(
    name="vote_papers",
    label="papers of a vote",
    read_by=TELLER,
    record=Papers,
    states=(
        State("entered", "stored, to be checked by another"),
        State("stored", "stored"),
        State("going", "destroyed, to be checked by another"),
        State("destroyed", "papers destroyed", ends=("destroyed",)),
        State("rejected", "not as entered", ends=("rejected",)),
    ),
    moves=(
        Move(
            name="store",
            label="enter where the papers are stored",
            sources=(),
            to="entered",
            by=TELLER,
            asks=(
                Ask(name="number", help="how many papers", type=int),
                Ask(name="stored_at", help="where they are stored", longest=80),
            ),
            checks=(in_turn(by_somebody, _when_no_more_come, _once, _all_of_them),),
        ),
        Move(
            name="check",
            label="check that the papers are stored",
            sources=("entered",),
            to="stored",
            by=TELLER,
            checks=(by_somebody,),
            apart_from=("store",),
        ),
        Move(
            name="reject",
            label="the papers are not as entered",
            sources=("entered",),
            to="rejected",
            by=TELLER,
            asks=(REASON,),
            checks=(by_somebody,),
            apart_from=("store",),
        ),
        Move(
            name="destroy",
            label="enter that the papers were destroyed",
            sources=("stored",),
            to="going",
            by=TELLER,
            checks=(in_turn(by_somebody, its_term_is_over),),
        ),
        Move(
            name="check_destroyed",
            label="check that the papers were destroyed",
            sources=("going",),
            to="destroyed",
            by=TELLER,
            checks=(by_somebody,),
            apart_from=("destroy",),
        ),
    ),
)
