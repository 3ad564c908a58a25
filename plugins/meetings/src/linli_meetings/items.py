"""Agenda items: proposed, put on a joint meeting's agenda or decided by circulation, resolved, carried out."""

from collections.abc import Mapping
from uuid import UUID

from linli import ENGINE, HOLDER, Ask, Clock, Move, Part, State, Workflow
from linli.workflow import READ_REASON, REASON
from linli_meetings.deciding import (
    can_be_asked,
    climb,
    decide_entry,
    decide_within,
    decided,
    enter,
    finish_entry,
    fits_meeting,
    for_a_meeting,
    for_the_tier,
    leave,
    next_turn,
    no_agreement,
    on_the_next_meeting,
    outcome,
    reasoned,
    send_round,
    somebodys_own,
    tasks_are_done,
    tell_whistle,
)
from linli_meetings.follow_ups import give_tasks, sensible_tasks
from linli_meetings.outcomes import OUTCOMES, sensible_outcomes, settle_disputes
from linli_meetings.proposals import (
    GROUNDS,
    GROUNDS_OF_LINLI,
    RESOLUTIONS,
    AgendaItem,
    about_something,
    as_the_district_has_it,
    grounds_fit,
    rules_of_matter,
    to_secretary,
)
from linli_meetings.roles import PROPOSER, TIERS

_OPEN = ("proposed", "scheduled", "circulating")

ITEM = Workflow(
    name="agenda_item",
    label="agenda item",
    record=AgendaItem,
    told_by=("topic",),
    not_told=("matter_kind", "member_rules"),
    states=(
        State("proposed", "put forward"),
        State("scheduled", "on an agenda"),
        State("circulating", "in circulation"),
        State("resolved", "decided"),
        State("closed", "carried out", ends=RESOLUTIONS),
        State("withdrawn", "withdrawn", ends=("withdrawn",)),
    ),
    moves=(
        Move(
            name="propose",
            label="propose",
            sources=(),
            to="proposed",
            by=PROPOSER | ENGINE,
            fills=(rules_of_matter,),
            asks=(
                Ask(name="tier", help="whose meeting", choices=TIERS),
                Ask(name="topic", help="a few words, no personal data", longest=80),
                Ask(name="about", help="the number of the matter", type=UUID, required=False),
                Ask(
                    name="grounds",
                    help="why it is the district's",
                    choices=GROUNDS + GROUNDS_OF_LINLI,
                    required=False,
                ),
                Ask(
                    name="matter_kind",
                    help="what kind of matter it is, where the district names who belongs to it",
                    required=False,
                    longest=40,
                ),
                Ask(name="member_rules", type=tuple, required=False, computed=True),
                Ask(name="left_out", type=tuple, required=False),
                Ask(name="description", help="what it is about", private=True, required=False),
            ),
            checks=(grounds_fit, about_something, as_the_district_has_it),
            effects=(to_secretary,),
        ),
        Move(
            name="schedule",
            label="put on an agenda",
            sources=("proposed",),
            to="scheduled",
            by=HOLDER | ENGINE,
            fills=(next_turn,),
            asks=(
                Ask(name="meeting", help="the meeting's number", type=UUID),
                Ask(name="turns", type=int, required=False, computed=True),
            ),
            checks=(fits_meeting, for_the_tier),
            effects=(enter,),
        ),
        Move(
            name="take_off",
            label="take off the agenda",
            sources=("scheduled",),
            to="proposed",
            by=HOLDER,
            asks=(REASON,),
            checks=(for_the_tier,),
            effects=(leave,),
        ),
        # The meeting was cancelled, and its agenda with it.
        Move(name="drop", sources=("scheduled",), to="proposed", by=ENGINE),
        Move(
            name="circulate",
            label="circulate",
            sources=("proposed",),
            to="circulating",
            by=HOLDER,
            asks=(
                Ask(name="draft", help="the resolution to agree to", choices=RESOLUTIONS[:5]),
                Ask(name="text", help="what it says", private=True),
                Ask(
                    name="bodies",
                    help="numbers of members of the meeting; all that may answer if not given",
                    type=tuple,
                    required=False,
                ),
            ),
            checks=(can_be_asked, for_the_tier),
            effects=(send_round,),
        ),
        Move(
            name="not_agreed",
            sources=("circulating",),
            to="proposed",
            when=no_agreement,
            fills=(for_a_meeting,),
            asks=(Ask(name="to_meeting", type=bool, computed=True),),
            effects=(on_the_next_meeting,),
        ),
        Move(
            name="resolve",
            label="take down the resolution",
            sources=("scheduled", "circulating"),
            to="resolved",
            by=HOLDER,
            asks=(
                Ask(name="resolution", help="what was decided", choices=RESOLUTIONS),
                Ask(
                    name="reason",
                    help="why; needed for everything but approved and noted",
                    private=True,
                    required=False,
                ),
                Ask(
                    name="tasks",
                    help="what is to be done, by whom, until when",
                    type=tuple,
                    each=Mapping,
                    required=False,
                ),
                *OUTCOMES,
            ),
            checks=(decided, reasoned, sensible_tasks, sensible_outcomes, for_the_tier),
            effects=(decide_entry, give_tasks, settle_disputes, climb, tell_whistle),
        ),
        Move(
            name="close",
            label="carried out",
            sources=("resolved",),
            to="closed",
            when=tasks_are_done,
            fills=(outcome,),
            asks=(Ask(name="outcome", choices=RESOLUTIONS, computed=True),),
            effects=(finish_entry,),
        ),
        Move(
            name="withdraw",
            label="withdraw",
            sources=_OPEN,
            to="withdrawn",
            by=HOLDER | ENGINE,
            asks=(REASON,),
            checks=(somebodys_own, for_the_tier),
            effects=(leave,),
        ),
        # What it is about was settled without it.
        Move(name="overtaken", sources=_OPEN, to="withdrawn", by=ENGINE, effects=(leave,)),
        Move(
            name="read",
            label="read",
            sources=(*_OPEN, "resolved", "closed", "withdrawn"),
            to=None,
            by=HOLDER,
            asks=(READ_REASON,),
            checks=(for_the_tier,),
        ),
    ),
    parts=(
        Part(name="circulation", workflow="circulation", start="send"),
        Part(name="follow_up", workflow="follow_up", start="give"),
    ),
    clocks=(Clock(name="decision", runs_in=_OPEN, limit=decide_within),),
)
