"""Contests of a certified result: noted by the street, and only for these are single ballots opened again.

For the court, the authority or the street, by the codes of two keepers, for the parts that are contested;
who opened which ballots is on the record, and their owners are told. What was read in them is not kept.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from linli import Act, Ask, Facts, Move, State, Subject, Tell, Workflow, has_post, in_turn, say
from linli.effects import Effect
from linli.i18n import Text
from linli.store import Read
from linli.workflow import REASON
from linli_owners_vote import box, reading, sealing
from linli_owners_vote.posts import PARTIES, TELLER, by_somebody
from linli_owners_vote.records import Dispute
from linli_owners_vote.steps import Values, worked_out
from linli_owners_vote.tables import VOTER

ASKED_BY = ("court", "authority", "street")
WORDS = ("court", "authority", "street", "stands", "set_aside")
STREET = has_post("officer")
_v = VOTER.c
_d: BindParameter[str] = bindparam("district")
_OWNERS = Read(
    select(_v.person).where(_v.district == _d, _v.vote == bindparam("vote"), _v.part == bindparam("part"))
)


def _of_a_certified_vote(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    vote = reading.plain(facts, subject.root)
    if not reading.is_where(vote, subject.place, facts):
        return say("contest it where the vote is")
    return None if vote.state == "certified" else say("a result is contested once it is certified")


def _of_parts_with_ballots(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    for part in subject.record.contested:
        if not facts.rows(box.IN_BOX, vote=subject.root, part=UUID(part)):
            return say("part {id} has no ballot in this vote", id=part)
    return None


def _only_numbers(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    try:
        known = [UUID(str(one)) for one in subject.record.contested]
    except ValueError:
        return say("name parts by their numbers")
    return None if len(set(known)) == len(known) else say("a part is named twice")


def _opened(subject: Subject, values: Values, facts: Facts) -> Values:
    """Whose codes open the contested ballots; the codes are not kept."""
    vote, codes = reading.plain(facts, subject.root), values.get("codes")
    keys = sealing.keys_of(map(str, codes) if isinstance(codes, tuple | list) else (), vote.record.keys)
    keepers = tuple(vote.record.keepers[at] for at in sorted(keys)[: sealing.TO_OPEN])
    return worked_out(values, opened_by=keepers)


def _still_kept(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if not subject.record.contested:
        return say("no part is contested: note for which ballots, in a contest of its own")
    for part in subject.record.contested:
        ballot = facts.rows(box.IN_BOX, vote=subject.root, part=UUID(part))[0][0]
        if not facts.rows(box.SEALED_OF, vote=subject.root, ballot=ballot):
            return say("the ballots of this vote were destroyed")
    return None


def _told(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """The owners of a ballot hear that it was opened, for whom and by which paper."""
    known = subject.record
    for part in known.contested:
        payload: Mapping[str, object] = {
            "vote": subject.root,
            "part": part,
            "asked_by": known.asked_by,
            "paper": known.paper,
        }
        for (person,) in facts.rows(_OWNERS, vote=subject.root, part=UUID(part)):
            yield Tell(recipient=f"person:{facts.survivor(person)}", payload=payload)


DISPUTE = Workflow(
    name="vote_dispute",
    label="contest of a result",
    read_by=STREET | TELLER,
    record=Dispute,
    told_by=("asked_by",),
    states=(
        State("noted", "noted as open"),
        State("opened", "contested ballots opened"),
        State("settled", "settled", ends=("stands", "set_aside")),
    ),
    moves=(
        Move(
            name="note",
            label="note a contest of the result",
            sources=(),
            to="noted",
            by=STREET,
            asks=(
                Ask(name="asked_by", help="who has to see the ballots", choices=ASKED_BY),
                Ask(name="paper", help="the number of the paper that asks for it", longest=80),
                Ask(name="contested", help="for which parts", type=tuple, required=False),
                Ask(name="reason", help="what is contested", private=True),
            ),
            checks=(in_turn(by_somebody, _of_a_certified_vote, _only_numbers, _of_parts_with_ballots),),
        ),
        Move(
            name="open_ballots",
            label="open the contested ballots",
            sources=("noted",),
            to="opened",
            by=STREET | TELLER,
            fills=(_opened,),
            asks=(
                Ask(name="codes", help="the codes of two keepers", type=tuple, kept=False),
                Ask(name="opened_by", type=tuple, computed=True),
            ),
            checks=(in_turn(by_somebody, _still_kept),),
            apart_from=("note", *PARTIES),
            effects=(_told,),
        ),
        Move(
            name="settle",
            label="settle a contest of the result",
            sources=("noted", "opened"),
            to="settled",
            by=STREET,
            asks=(
                Ask(name="outcome", help="what became of the result", choices=("stands", "set_aside")),
                REASON,
            ),
            checks=(by_somebody,),
        ),
    ),
)
