"""Ballots: cast online by an owner or by a proxy, or on paper, which one person enters and another checks.

No move shows a choice, and none is kept but under the vote's seal. Whoever checks a paper reads the choice
and the code from it without being shown what was entered; where the two differ the ballot ends, and the
paper is entered anew.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from uuid import UUID

from linli import ANYONE, Act, Ask, Facts, Move, State, Subject, Workflow, in_turn, say
from linli.conditions import Siblings
from linli.effects import Effect
from linli.errors import Refused
from linli.i18n import Text, listed
from linli.workflow import REASON
from linli_owners_vote import box, reading, sealing
from linli_owners_vote.marks import CHOICES
from linli_owners_vote.posts import PARTIES, TELLER, by_a_proved_phone, by_somebody
from linli_owners_vote.records import Ballot
from linli_owners_vote.settings import VoteSettings
from linli_owners_vote.steps import Values, worked_out

RUNNING = ("open", "extended")


# --- checks ------------------------------------------------------------------------------------------


def _at_the_votes_place(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    vote = reading.held(facts, subject.record.vote)
    return None if reading.is_where(vote, subject.place, facts) else say("cast it where the vote is")


def _by_this_way(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    way, ways = subject.record.way, reading.plain(facts, subject.record.vote).record.ways
    if way in ways or (
        way == "proxy" and reading.is_spoken_for(facts, subject.record.vote, subject.record.part)
    ):
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
        if reading.may_speak(facts, act.actor, ballot.vote, ballot.part):
            return None
        return say("no valid proxy for this part is yours")
    return say("papers are entered by tellers: linli vote enter")


def _on_paper(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if subject.record.way == "paper" else say("tellers enter papers only")


def _sealed_by_linli(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """The seal was made in this act, of a choice that was said in it."""
    if facts.said(subject.id, _SEALED) is None:
        return say("this vote was opened by an earlier version of linli; call it off, and hold it anew")
    return None


def _a_sheet_of_its_own(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    ballot: Ballot = subject.record
    if facts.rows(box.SHEET, vote=ballot.vote, sheet=ballot.sheet):
        return say("paper {sheet} is in the box for another part", sheet=ballot.sheet)
    return None


# --- what linli works out ----------------------------------------------------------------------------

_SEALED = "sealed"


def _seals(subject: Subject, values: Values, facts: Facts) -> Values:
    """Seal the choice under the key of the vote; nothing else of it is kept."""
    vote, part = _ids(values)
    choice, secret = values.get("choice"), values.get("secret")
    if vote is None or part is None or choice not in CHOICES or not isinstance(secret, str):
        return worked_out(values, mark=None)
    keys = reading.held(facts, vote).record.keys
    if not keys:
        return worked_out(values, mark=None)
    context = sealing.context_of(facts.district, vote, part, subject.id)
    sealed = sealing.seal(str(choice), context, keys, secret)
    facts.hear(subject.id, _SEALED, b64encode(sealed).decode())
    return worked_out(values, mark=sealing.mark_of(sealed))


def _ids(values: Values) -> tuple[UUID | None, ...]:
    """The vote and the part, where they are numbers; else the move says what is missing."""

    def number(value: object) -> UUID | None:
        try:
            return UUID(str(value))
        except ValueError:
            return None

    return tuple(number(values.get(name)) for name in ("vote", "part"))


def _numbered(subject: Subject, values: Values, facts: Facts) -> Values:
    """Papers have numbers: of those that nobody gave one, the next."""
    vote, _ = _ids(values)
    if vote is None or values.get("sheet"):
        return {}
    reading.held(facts, vote)
    number = int(facts.rows(box.PAPERS, vote=vote)[0][0]) + 1
    while facts.rows(box.SHEET, vote=vote, sheet=f"{number:04}"):
        number += 1
    return {"sheet": f"{number:04}"}


def _compares(subject: Subject, values: Mapping[str, object], facts: Facts) -> Values:
    """Whether who checks has read what was entered: linli opens the ballot with the paper's own code."""
    ballot: Ballot = subject.record
    reading.held(facts, ballot.vote)
    choice, secret = values.get("choice"), values.get("secret")
    rows = facts.rows(box.SEALED_OF, vote=ballot.vote, ballot=subject.id)
    if choice not in CHOICES or not isinstance(secret, str):
        return worked_out(values, same=None)
    if not rows:
        raise Refused(say("the ballots of this vote are not changed any more"))
    context = sealing.context_of(facts.district, ballot.vote, ballot.part, subject.id)
    found = sealing.opened_by_receipt(bytes(rows[0][0]), context, secret)
    if found is None:
        raise Refused(say("this code is not that of the paper; it stands on it"))
    return worked_out(values, same=found == choice)


# --- what follows ------------------------------------------------------------------------------------


def _into_the_box(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    sealed = b64decode(facts.said(subject.id, _SEALED) or "")
    yield from box.put_in(
        facts.district, subject.id, subject.record, sealed, counts=act.verb == "vote_ballot.cast"
    )


def _counts(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield box.let_count(facts.district, subject.record)


def _out_of_the_box(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield from box.take_out(facts.district, subject.id, subject.record)


def _same(subject: Subject, _tree: Siblings) -> bool:
    return bool(subject.record.same)


def _different(subject: Subject, tree: Siblings) -> bool:
    return not _same(subject, tree)


_VOTE = Ask(name="vote", help="the number of the vote", type=UUID)
_PART = Ask(name="part", help="for which part", type=UUID)
_CHOICE = Ask(name="choice", help="how", choices=CHOICES, kept=False)
_SECRET = Ask(name="secret", help="the code of its receipt", longest=40, kept=False)
_MARK = Ask(name="mark", type=UUID, required=False, computed=True)
_EVERY = (_by_this_way, _on_the_roll, _the_only_one, _sealed_by_linli)

BALLOT = Workflow(
    name="vote_ballot",
    label="ballot",
    read_by=TELLER,
    one_with=("vote",),
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
            fills=(_seals,),
            asks=(_VOTE, _PART, _CHOICE, _SECRET, _MARK, Ask(name="way", choices=("online", "proxy"))),
            checks=(
                in_turn(_at_the_votes_place, _while_it_is_open, *_EVERY, _by_who_may, by_a_proved_phone),
            ),
            effects=(_into_the_box,),
        ),
        Move(
            name="enter",
            label="enter a paper",
            sources=(),
            to="entered",
            by=TELLER,
            fills=(_seals, _numbered),
            asks=(
                _VOTE,
                _PART,
                _CHOICE,
                _SECRET,
                _MARK,
                Ask(name="way", choices=("paper",), default="paper"),
                Ask(
                    name="sheet",
                    help="the number printed on the paper",
                    required=False,
                    longest=40,
                    proposed=True,
                ),
            ),
            checks=(
                in_turn(
                    _at_the_votes_place, by_somebody, _papers_in_time, _on_paper, *_EVERY, _a_sheet_of_its_own
                ),
            ),
            apart_from=PARTIES,
            effects=(_into_the_box,),
        ),
        Move(
            name="check",
            label="check a paper",
            sources=("entered",),
            to="compared",
            by=TELLER,
            fills=(_compares,),
            asks=(_CHOICE, _SECRET, Ask(name="same", type=bool, required=False, computed=True)),
            checks=(by_somebody, _before_it_is_counted),
            apart_from=("enter", *PARTIES),
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
            asks=(REASON,),
            checks=(by_somebody, _before_it_is_counted),
            apart_from=("enter", *PARTIES),
            effects=(_out_of_the_box,),
        ),
    ),
)
