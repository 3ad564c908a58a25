"""The survey (摸底) of a compound's party members: called, carried out, handed in, accepted.

Who was asked what is in the plugin's table and shown to the branch alone; the survey keeps numbers.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

import attrs
from sqlalchemy import bindparam, select

from linli import (
    HOLDER,
    Act,
    Ask,
    Assign,
    Clock,
    Facts,
    Limit,
    Move,
    Seat,
    State,
    Subject,
    Workflow,
    has_post,
    say,
)
from linli.deadlines import working_days
from linli.effects import Effect
from linli.i18n import Text
from linli.store import Read
from linli.store import tables as t
from linli.workflow import REASON
from linli_party.committees import COMMITTEE, SECRETARY
from linli_party.compounds import members_of
from linli_party.settings import PartySettings
from linli_party.tables import STANDING

CALLER = has_post("officer", "clerk")
FINDER = HOLDER | has_post(*COMMITTEE, "residents_committee_member")

_s, _st = t.subject.c, STANDING.c
_KNOWN = Read(select(_s.id).where(_s.district == bindparam("district"), _s.id == bindparam("id")))
STANDINGS_IN = Read(
    select(_st.person, _st.reported, _st.active, _st.noted_on).where(
        _st.district == bindparam("district"), _st.compound == bindparam("compound")
    )
)


@attrs.frozen(kw_only=True)
class Survey:
    """What is kept with a survey: numbers only, as they were when it was handed in.

    Attributes:
        round: which one: "2026"; a compound has one a round.
        members: party members known to live there.
        reported, not_reported: of these, as they were noted; not_noted: nobody has asked them yet.
        not_active: of these, whether they have reported or not.
    """

    round: str
    members: int = 0
    reported: int = 0
    not_reported: int = 0
    not_noted: int = 0
    not_active: int = 0


def survey_of(compound: UUID, round: str) -> UUID:
    """The number of a compound's survey of a round."""
    return uuid5(compound, f"survey {round}")


def counted(facts: Facts, survey: Subject) -> Mapping[str, int]:
    """The numbers of a survey's compound, of what was noted since it was called: each round asks anew."""
    called_on = facts.calendar.day_of(survey.opened_at)
    # Who lived there when it was called, wherever what they said was noted: the compound may have been merged since.
    members = members_of(facts.circle(survey.opened_in, survey.opened_at), facts)
    places = sorted({survey.opened_in} | facts.identities(survey.place))
    noted = {
        person: (reported, active)
        for rows in facts.all([(STANDINGS_IN, {"compound": place}) for place in places])
        for person, reported, active, noted_on in rows
        if person in members and noted_on >= called_on
    }
    return numbers(len(members), noted.values())


def numbers(members: int, noted: Iterable[tuple[bool, bool]]) -> Mapping[str, int]:
    """What (reported, active) of those who were asked come to."""
    asked = list(noted)
    reported = sum(one for one, _ in asked)
    return {
        "members": members,
        "reported": reported,
        "not_reported": len(asked) - reported,
        "not_noted": members - len(asked),
        "not_active": sum(not active for _, active in asked),
    }


def _counted(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return counted(facts, subject)


def _as_counted(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    now = counted(facts, subject)
    if any(getattr(subject.record, name) != number for name, number in now.items()):
        return say("the numbers follow from what was noted; leave them out")
    if now["not_noted"]:
        return say(
            "{count} of {members} members were not asked yet; note what they say first",
            count=now["not_noted"],
            members=now["members"],
        )
    return None


def _one_a_round(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if facts.place(subject.place).kind != "compound":
        return say("a survey is one of a compound")
    if subject.id != survey_of(subject.place, subject.record.round):
        return say("a survey is called through its desk, which gives it its number")
    known = facts.rows(_KNOWN, id=subject.id)
    return say("this compound has a survey of {round} already", round=subject.record.round) if known else None


def finder(facts: Facts, place: UUID) -> Seat:
    """Who carries it out: the branch, or who stands in; where there is none, the residents' committee."""
    branch = facts.body("branch", place)
    if branch:
        return Seat(role=None if branch.stands_in_for else SECRETARY, at=branch.id)
    committee = facts.body("residents_committee", place)
    return Seat(role=None, at=committee.id if committee else place)


def _to_the_finder(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield Assign(holder=finder(facts, subject.place))


def _limit(subject: Subject, facts: Facts) -> Limit | None:
    return working_days(facts.settings(PartySettings).survey_within, facts)


SURVEY = Workflow(
    name="survey",
    label="survey of party members",
    read_by=CALLER | FINDER,
    record=Survey,
    told_by=("round",),
    states=(
        State("under_way", "under way"),
        State("handed_in", "handed in"),
        State("accepted", "accepted", ends=("accepted",)),
        State("cancelled", "cancelled", ends=("cancelled",)),
    ),
    moves=(
        Move(
            name="call",
            label="call",
            sources=(),
            to="under_way",
            by=CALLER,
            asks=(Ask(name="round", help="which one: 2026", longest=20),),
            checks=(_one_a_round,),
            effects=(_to_the_finder,),
        ),
        Move(
            name="hand_in",
            label="hand in",
            sources=("under_way",),
            to="handed_in",
            by=FINDER,
            fills=(_counted,),
            asks=tuple(
                Ask(name=name, type=int, required=False, computed=True)
                for name in ("members", "reported", "not_reported", "not_noted", "not_active")
            ),
            checks=(_as_counted,),
        ),
        Move(
            name="accept",
            label="accept",
            sources=("handed_in",),
            to="accepted",
            by=CALLER,
            apart_from=("hand_in",),
        ),
        Move(
            name="return",
            label="send back",
            sources=("handed_in",),
            to="under_way",
            by=CALLER,
            apart_from=("hand_in",),
            asks=(REASON,),
            effects=(_to_the_finder,),
        ),
        Move(
            name="cancel",
            label="cancel",
            sources=("under_way", "handed_in"),
            to="cancelled",
            by=CALLER,
            asks=(REASON,),
        ),
    ),
    clocks=(Clock(name="finding", runs_in=("under_way",), limit=_limit),),
)
