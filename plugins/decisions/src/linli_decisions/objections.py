"""An owner's objection during a notice period: answered before the next step."""

from collections.abc import Iterable
from typing import Annotated

import attrs

from linli import (
    HOLDER,
    OWN,
    AnyTransition,
    Choice,
    Clock,
    Input,
    Moves,
    OpenOrder,
    Private,
    Refusal,
    Seat,
    SomebodyNeeded,
    State,
    Workflow,
    has_post,
)
from linli.query import body
from linli_decisions.records import Objection
from linli_decisions.steps import LADDER, OFFICER, within


class Ending(Choice):
    """What an answer comes to."""

    EXPLAINED = "explained"
    TAKEN_UP = "taken_up"


@attrs.frozen(kw_only=True)
class Object:
    """What an owner objects to."""

    objection: Annotated[Private, Input("what is objected to, and why")]


@attrs.frozen(kw_only=True)
class Answer:
    """What the owner is told, and what it comes to."""

    answer: Annotated[Private, Input("what the owner is told")]
    outcome: Annotated[Ending, Input("how it ended")] = Ending.EXPLAINED


def opens_objection(t: AnyTransition) -> Iterable[OpenOrder]:
    """The objection as a part of the matter, for the branch to answer."""
    branch = t.get(body("branch", t.place))
    yield ObjectionFlow.raise_.at(
        t.place,
        Objection(raised_in=t.id),
        parent=t.subject.id,
        key=t.id.hex,
        person=t.actor,
        holder=Seat(role=None, at=branch.id) if branch else None,
    )


def _by_somebody(t: AnyTransition) -> Refusal | None:
    return SomebodyNeeded() if t.actor is None else None


# What an owner writes is not for those whom it may be about.
_READERS = has_post("branch_secretary", "branch_member", "officer", "clerk")


class ObjectionFlow(Workflow[Objection], name="objection", holds_person=True):
    """Raised, and answered, retracted, or over with what it is about."""

    move = Moves(Objection)
    raised = State("raised", visible_to=_READERS)
    answered = State("answered", ends=Ending, visible_to=_READERS)
    retracted = State("retracted", ends=True, visible_to=_READERS)
    lapsed = State("lapsed", ends=True, visible_to=_READERS)
    raise_ = move.opening(raised, Objection, label="object")
    answer = move(raised.to(answered), Answer, by=(HOLDER | OFFICER) - OWN, needs=[_by_somebody])
    retract = move(raised.to(retracted), by=OWN)
    lapse = move(raised.to(lapsed), label="lapsed")
    in_time = Clock(raised, within(lambda s: s.answer_days), ladder=LADDER, name="answer")
