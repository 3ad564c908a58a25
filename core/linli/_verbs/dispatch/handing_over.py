"""Handing over ("not ours"): to another seat, which has it once it accepts; to a body outside the record, which must too."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

import attrs
from sqlalchemy import bindparam, select

from linli._base.refusals import Missing, Refusal
from linli._model.access import Seat
from linli._model.compiled import Limit
from linli._model.contexts import Context, Transition
from linli._model.deadlines import working_days
from linli._model.effects import Effect
from linli._model.inputs import BodyId, Input, Occurred, PlaceId, Private, Why
from linli._model.moves import Clock, Moves
from linli._model.states import State
from linli._model.workflows import Workflow
from linli._store import Read
from linli._store import tables as t
from linli._verbs.dispatch.impartial import impartial
from linli._verbs.dispatch.pausing import Waits, whole_goes_on
from linli._verbs.dispatch.records import CLERK, Handover
from linli._verbs.dispatch.settings import DispatchSettings


@attrs.frozen(kw_only=True)
class ToSeat:
    role: Annotated[str | None, Input("the role that should do it")] = None
    at: Annotated[PlaceId | BodyId, Input("the place or organisation of that role")]

    @property
    def seat(self) -> Seat:
        """The seat that should do it."""
        return Seat(role=self.role, at=self.at)


_s = t.subject.c
_BEING_HANDED_OVER = Read(
    select(_s.id).where(
        _s.district == bindparam("district"),
        _s.parent == bindparam("request"),
        _s.kind == "handover",
        _s.ended_at.is_(None),
    )
)


def to_answer(ctx: Context[object]) -> Limit:
    """How long whoever is asked has."""
    return working_days(ctx.settings(DispatchSettings).handover_days, ctx.facts)


# --- to a body outside the record --------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Outside:
    outside_body: Annotated[str, Input(longest=80)]
    about: UUID | None = None


@attrs.frozen(kw_only=True)
class Accepted:
    accepted_by: Annotated[Private, Input("who or which desk there accepted", longest=100)]
    accepted_on: Annotated[date, Input("on which day", occurred=Occurred())]
    their_number: Annotated[str | None, Input("its number there", longest=60)] = None
    proof: Annotated[
        Private | None, Input("where they give no number: the paper or the call that shows it")
    ] = None
    feedback: Annotated[
        Private, Input("the one answer to the reporter: whom to ask now, and under which number")
    ]


class BeingHandedOver(
    Refusal, says="it is being handed over already; record what they answered first: linli handover list"
): ...


def one_at_a_time(t: Transition[object, object]) -> Refusal | None:
    """It is offered to one body at a time."""
    if t.facts.rows(_BEING_HANDED_OVER, request=t.subject.id):
        return BeingHandedOver()
    return None


class ProofNotSaid(Missing, says="give their number, or the paper or the call that shows that they accepted"):
    field: str = "number"


def proven(t: Transition[Handover, Accepted]) -> Refusal | None:
    if t.record.their_number is None and t.given.proof is None:
        return ProofNotSaid()
    return None


def theirs_now(t: Transition[Handover, Accepted]) -> Iterable[Effect]:
    from linli._verbs.dispatch.requests import HandedOver, RequestFlow

    assert t.subject.parent is not None, "a handover is a part of a request"
    given = HandedOver(by=t.subject.id, feedback=t.given.feedback)
    yield RequestFlow.handed_over(RequestFlow.ref(t.subject.parent), given)


class HandoverFlow(
    Workflow[Handover],
    name="handover",
    label="handover outside",
    summary_fields=("outside_body",),
    readable_by=CLERK,
    needs=[impartial],
):
    move = Moves(Handover)
    made = State("asked, not accepted yet")
    waiting = State("waiting")
    accepted = State("accepted", ends=True)
    refused = State("refused", ends=True)
    lapsed = State("lapsed", ends=True)
    make = move.opening(made, Outside)
    accept = move(
        made.to(accepted), Accepted, label="they accepted", by=CLERK, needs=[proven], then=[theirs_now]
    )
    refuse = move(made.to(refused), Why, label="they refused", by=CLERK)
    wait = move(made.to(waiting), Waits, label="waits")
    lapse = move((made | waiting).to(lapsed))
    go_on = move(waiting.back(made), label="goes on", when=whole_goes_on)
    # Nobody's silence hands anything over: the request stays ours, and it climbs.
    handover = Clock(made, to_answer, pauses_in=waiting)
