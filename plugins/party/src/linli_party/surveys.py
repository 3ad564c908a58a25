"""The survey (摸底) of a compound's party members: called, carried out, handed in, accepted.

Who was asked what is in the plugin's table and shown to the branch alone; the survey keeps numbers.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated
from uuid import UUID, uuid5

import attrs

from linli import (
    HOLDER,
    AnyTransition,
    Assign,
    Clock,
    Context,
    Effect,
    Facts,
    Input,
    Invalid,
    Limit,
    Moves,
    NoInputs,
    Refusal,
    Seat,
    State,
    Transition,
    Why,
    Workflow,
    has_post,
    working_days,
)
from linli.query import body, circle, one, place, same_person
from linli_party.committees import COMMITTEE, SECRETARY, ladder
from linli_party.compounds import members_of
from linli_party.settings import PartySettings
from linli_party.tables import standings_in

CALLER = has_post("officer", "clerk")
FINDER = HOLDER | has_post(*COMMITTEE, "residents_committee_member")


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


@attrs.frozen(kw_only=True)
class Call:
    """Of which round."""

    round: Annotated[str, Input("which one: 2026", longest=20)]


class SurveyOfACompound(Invalid, says="a survey is one of a compound"):
    field: str = "place"


class CalledAtTheDesk(Refusal, says="a survey is called through its desk, which gives it its number"): ...


class SurveyedAlready(Refusal, says="this compound has a survey of {round} already"):
    round: str


def _one_a_round(t: Transition[Survey, object]) -> Refusal | None:
    if t.get(place(t.place)).kind != "compound":
        return SurveyOfACompound()
    if t.subject.id != survey_of(t.place, t.record.round):
        return CalledAtTheDesk()
    return SurveyedAlready(round=t.record.round) if t.get(one(SurveyFlow, t.subject.id)) else None


def _counted(t: Transition[Survey, NoInputs]) -> Survey:
    """The numbers of what was noted since it was called: each round asks anew."""
    survey, facts = t.subject, t.facts
    called_on = facts.calendar.day_of(survey.opened_at)
    # Who lived there when it was called, wherever what they said was noted: the compound may have been merged since.
    members = members_of(t.get(circle(survey.opened_in, survey.opened_at)), facts)
    places = sorted({survey.opened_in, *t.get(same_person(survey.place))})
    asked = [standings_in(each) for each in places]
    facts.fetch(asked)
    noted = {
        known.person: (known.reported, known.active)
        for each in asked
        for known in facts.get(each)
        if known.person in members and known.noted_on >= called_on
    }
    return Survey(round=t.record.round, **numbers(len(members), noted.values()))


class NotAllAsked(Refusal, says="{count} of {members} members were not asked yet; note what they say first"):
    count: int
    members: int


def _all_asked(t: Transition[Survey, object]) -> Refusal | None:
    if not t.record.not_noted:
        return None
    return NotAllAsked(count=t.record.not_noted, members=t.record.members)


def finder(facts: Facts, at: UUID) -> Seat:
    """Who carries it out: the branch, or who stands in; where there is none, the residents' committee."""
    branch = facts.get(body("branch", at))
    if branch:
        return Seat(role=None if branch.stands_in_for else SECRETARY, at=branch.id)
    committee = facts.get(body("residents_committee", at))
    return Seat(role=None, at=committee.id if committee else at)


def _secretary(ctx: Context[object]) -> Seat | None:
    branch = ctx.get(body("branch", ctx.place))
    return Seat(role=SECRETARY, at=branch.id) if branch else None


def _to_the_finder(t: AnyTransition) -> Iterable[Effect]:
    yield Assign(holder=finder(t.facts, t.place))


def _limit(ctx: Context[object]) -> Limit:
    return working_days(ctx.settings(PartySettings).survey_within, ctx.facts)


class SurveyFlow(
    Workflow[Survey],
    name="survey",
    label="survey of party members",
    summary_fields=("round",),
    readable_by=CALLER | FINDER,
):
    """Called, carried out, handed in, accepted or sent back; or cancelled."""

    move = Moves(Survey)
    under_way = State("under way")
    handed_in = State("handed in")
    accepted = State("accepted", ends=True)
    cancelled = State("cancelled", ends=True)
    call = move.opening(under_way, Call, by=CALLER, needs=[_one_a_round], then=[_to_the_finder])
    hand_in = move(under_way.to(handed_in), by=FINDER, record=_counted, needs=[_all_asked])
    accept = move(handed_in.to(accepted), by=CALLER, not_by=[hand_in])
    return_ = move(
        handed_in.to(under_way), Why, label="send back", by=CALLER, not_by=[hand_in], then=[_to_the_finder]
    )
    cancel = move((under_way | handed_in).to(cancelled), Why, by=CALLER)
    finding = Clock(under_way, _limit, ladder=ladder(_secretary))
