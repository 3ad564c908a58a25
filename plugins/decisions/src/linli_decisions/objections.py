"""An owner's objection during a notice period: answered before the next step."""

from collections.abc import Iterable
from uuid import UUID

from linli import (
    ENGINE,
    HOLDER,
    OWN,
    Act,
    Ask,
    Clock,
    Facts,
    Limit,
    Move,
    Seat,
    Start,
    State,
    Subject,
    Workflow,
    has_post,
    parent_in,
    say,
)
from linli.deadlines import by_working_day
from linli.i18n import Text
from linli_decisions.records import Objection
from linli_decisions.settings import DecisionSettings


def opens_objection(act: Act, subject: Subject, facts: Facts) -> Iterable[Start]:
    """The objection as a part of the matter, for the branch to answer."""
    branch = facts.body("branch", subject.place)
    yield Start(
        workflow="objection",
        move="raise",
        place=subject.place,
        parent=subject.id,
        key=act.id.hex,
        person=act.actor,
        holder=Seat(role=None, at=branch.id) if branch else None,
        values={"raised_in": act.id},
    )


def _not_ones_own(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.actor is None:
        return say("say who does it: --as PERSON")
    return say("nobody answers their own objection") if act.actor == subject.person else None


def _limit(subject: Subject, facts: Facts) -> Limit:
    return by_working_day(facts.settings(DecisionSettings).answer_days, facts)


# What an owner writes is not for those whom it may be about.
_SEEN_BY = has_post("branch_secretary", "branch_member", "officer", "clerk")

OBJECTION = Workflow(
    name="objection",
    label="objection",
    record=Objection,
    holds_person=True,
    states=(
        State("raised", "raised", seen_by=_SEEN_BY),
        State("answered", "answered", ends=("explained", "taken_up"), seen_by=_SEEN_BY),
        State("retracted", "retracted", ends=("retracted",), seen_by=_SEEN_BY),
        State("lapsed", "lapsed", ends=("lapsed",), seen_by=_SEEN_BY),
    ),
    moves=(
        Move(
            name="raise",
            label="object",
            sources=(),
            to="raised",
            by=ENGINE,
            asks=(Ask(name="raised_in", type=UUID),),
        ),
        Move(
            name="answer",
            label="answer",
            sources=("raised",),
            to="answered",
            by=HOLDER | has_post("officer"),
            asks=(
                Ask(name="answer", help="what the owner is told", private=True),
                Ask(
                    name="outcome",
                    help="how it ended",
                    choices=("explained", "taken_up"),
                    default="explained",
                ),
            ),
            checks=(_not_ones_own,),
        ),
        Move(name="retract", label="retract", sources=("raised",), to="retracted", by=OWN),
        Move(
            name="lapse",
            label="lapsed",
            sources=("raised",),
            to="lapsed",
            when=parent_in("abandoned"),
        ),
    ),
    clocks=(Clock(name="answer", runs_in=("raised",), limit=_limit),),
)
