"""Ballots: cast online by an owner or by a proxy, or on paper, which one person enters and another checks.

No move shows a choice. Whoever checks a paper reads the choice from it without being shown what was
entered; where the two differ the ballot ends, and the paper is entered anew.
"""

from collections.abc import Iterable
from uuid import UUID

from linli import ANYONE, Act, Ask, Facts, Move, State, Subject, Workflow, in_turn, say
from linli.effects import Effect
from linli.i18n import Text, listed
from linli.workflow import Siblings, Test
from linli_owners_vote import box, reading
from linli_owners_vote.marks import choice_of
from linli_owners_vote.posts import TELLER, by_somebody
from linli_owners_vote.records import Ballot
from linli_owners_vote.settings import VoteSettings

RUNNING = ("open", "extended")


# --- checks ------------------------------------------------------------------------------------------


def _at_the_votes_place(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    vote = reading.held(facts, subject.record.vote)
    return None if vote.place == subject.place else say("cast it where the vote is")


def _by_this_way(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    way, ways = subject.record.way, reading.plain(facts, subject.record.vote).record.ways
    if way in ways:
        return None
    return say("in this vote ballots are cast otherwise: {ways}", ways=listed(ways))


def _while_it_is_open(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    vote = reading.plain(facts, subject.record.vote)
    until = vote.record.until
    if vote.state in RUNNING and until is not None and act.at < until:
        return None
    return reading.not_in_state(vote, *RUNNING) or say("this vote has closed")


def _papers_in_time(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    vote = reading.plain(facts, subject.record.vote)
    until = vote.record.until
    if vote.state not in (*RUNNING, "closed") or until is None:
        return reading.not_in_state(vote, *RUNNING)
    if act.at <= until + facts.settings(VoteSettings).enter_after_closing:
        return None
    return say("the time for entering papers has passed")


def _before_it_is_counted(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    # Held: a count that is on its way sees this paper unchecked, or counts it; never neither.
    vote = reading.held(facts, subject.record.vote)
    return (
        None
        if vote.state in (*RUNNING, "closed")
        else say("the ballots of this vote are not changed any more")
    )


def _on_the_roll(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if facts.rows(box.ON_ROLL, vote=subject.record.vote, part=subject.record.part):
        return None
    return say("this part is not on the roll; see: linli vote roll {id}", id=subject.record.vote)


def _the_only_one(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if facts.rows(box.IN_BOX, vote=subject.record.vote, part=subject.record.part):
        return say("this part has cast its ballot; there is one for each part, however it is cast")
    return None


def _by_who_may(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    ballot: Ballot = subject.record
    if ballot.way == "online":
        if reading.may_vote(facts, act.actor, ballot.vote, ballot.part):
            return None
        return say("only an owner of this part on the roll casts its ballot")
    if ballot.way == "proxy" and act.actor is not None:
        known = reading.agent_of(facts, ballot.vote, ballot.part)
        if known and known[2] and known[1] == facts.survivor(act.actor):
            return None
        return say("no valid proxy for this part is yours")
    return say("papers are entered by tellers: linli vote enter")


def _on_paper(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if subject.record.way == "paper" else say("tellers enter papers only")


def _is_a_choice(name: str) -> Test:
    def check(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
        ballot: Ballot = subject.record
        mark = getattr(ballot, name)
        if choice_of(facts.commit, mark, ballot=subject.id, vote=ballot.vote, part=ballot.part):
            return None
        return say("{name} is no sealed choice; cast ballots with linli_owners_vote.api", name=name)

    return check


# --- what follows ------------------------------------------------------------------------------------


def _into_the_box(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield box.put_in(facts.district, subject.id, subject.record, counts=act.verb == "vote_ballot.cast")


def _counts(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield box.let_count(facts.district, subject.record)


def _out_of_the_box(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield box.take_out(facts.district, subject.record)


def _same(subject: Subject, _tree: Siblings) -> bool:
    return bool(subject.record.again == subject.record.mark)


def _different(subject: Subject, tree: Siblings) -> bool:
    return not _same(subject, tree)


_VOTE = Ask(name="vote", help="the number of the vote", type=UUID)
_PART = Ask(name="part", help="for which part", type=UUID)
_MARK = Ask(name="mark", help="the choice, sealed", type=UUID)
_EVERY = (_by_this_way, _on_the_roll, _the_only_one, _is_a_choice("mark"))

BALLOT = Workflow(
    name="vote_ballot",
    label="ballot",
    read_by=TELLER,
    record=Ballot,
    states=(
        State("entered", "entered, to be checked by another", seen_by=TELLER),
        State("compared", "compared", seen_by=TELLER),
        State("cast", "in the box", ends=("cast",), seen_by=TELLER),
        State("differs", "entered and checked differently", ends=("differs",), seen_by=TELLER),
        State("rejected", "rejected as invalid", ends=("rejected",), seen_by=TELLER),
    ),
    moves=(
        Move(
            name="cast",
            label="cast a ballot",
            sources=(),
            to="cast",
            by=ANYONE,
            asks=(_VOTE, _PART, _MARK, Ask(name="way", choices=("online", "proxy"))),
            checks=(in_turn(_at_the_votes_place, _while_it_is_open, *_EVERY, _by_who_may),),
            effects=(_into_the_box,),
        ),
        Move(
            name="enter",
            label="enter a paper",
            sources=(),
            to="entered",
            by=TELLER,
            asks=(
                _VOTE,
                _PART,
                _MARK,
                Ask(name="way", choices=("paper",), default="paper"),
                Ask(name="sheet", help="the number printed on the paper", required=False, longest=40),
            ),
            checks=(in_turn(_at_the_votes_place, by_somebody, _papers_in_time, *_EVERY, _on_paper),),
            effects=(_into_the_box,),
        ),
        Move(
            name="check",
            label="check a paper",
            sources=("entered",),
            to="compared",
            by=TELLER,
            asks=(Ask(name="again", help="the choice on the paper, sealed", type=UUID),),
            checks=(by_somebody, _before_it_is_counted, _is_a_choice("again")),
            apart_from=("enter",),
        ),
        Move(
            name="confirm",
            label="entered and checked alike",
            sources=("compared",),
            to="cast",
            when=_same,
            effects=(_counts,),
        ),
        Move(
            name="differ",
            label="entered and checked differently",
            sources=("compared",),
            to="differs",
            when=_different,
            effects=(_out_of_the_box,),
        ),
        Move(
            name="reject",
            label="reject a paper",
            sources=("entered",),
            to="rejected",
            by=TELLER,
            asks=(Ask(name="reason", help="why", private=True),),
            checks=(by_somebody, _before_it_is_counted),
            apart_from=("enter",),
            effects=(_out_of_the_box,),
        ),
    ),
)
