"""Follow-up tasks of resolutions: whoever was given one has a deadline, and the meeting waits for it."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    HOLDER,
    Clock,
    Context,
    Facts,
    Input,
    Invalid,
    Ladder,
    Limit,
    Moves,
    NotFound,
    NotFoundHere,
    Private,
    Refusal,
    Seat,
    State,
    Transition,
    Why,
    Workflow,
    holder,
)
from linli.hooks import entered_afterwards
from linli.query import bodies, place
from linli_meetings.roles import CALLER, Tier, not_for_tier, not_its_own
from linli_meetings.settings import MeetingSettings

LONGEST = 80


class WrongLengthOfTask(Invalid, says="a task has 1 to {longest} characters"):
    longest: int
    field: str = "what"


class DueInThePast(Invalid, says="a task is due at a time to come, with its offset"):
    field: str = "due"


class NoBodyInBeing(NotFoundHere, says="there is no organisation {id} in being here"):
    id: UUID


@attrs.frozen(kw_only=True)
class Task:
    """What a resolution gives somebody to do.

    Attributes:
        what: a few words, no personal data.
        at: the organisation that does it; with a `role`, the organisation or place of that role.
        due: until when, with its offset.
    """

    what: Annotated[str, Input(longest=LONGEST)]
    at: UUID
    due: datetime
    role: str | None = None

    def problem(self, at: datetime, facts: Facts) -> Refusal | None:
        """Why nobody can be given it at a moment; None where somebody can."""
        if not self.what.strip():
            return WrongLengthOfTask(longest=LONGEST)
        if self.due <= at:
            return DueInThePast()
        return None if self._is_there(facts) else NoBodyInBeing(id=self.at)

    def _is_there(self, facts: Facts) -> bool:
        if facts.get(bodies(ident=self.at)):
            return True
        try:
            return self.role is not None and not facts.get(place(self.at)).closed
        except NotFound:
            return False


@attrs.frozen(kw_only=True)
class FollowUp:
    """A follow-up task.

    Attributes:
        what: what is to be done, in a few words: no personal data.
        at: the organisation that does it; with a `role`, the organisation or place of that role.
        deadline: until when.
        tier: of the meeting that gave it.
    """

    what: Annotated[str, Input(longest=LONGEST)]
    at: UUID
    deadline: datetime
    role: str | None = None
    tier: Tier = Tier.STREET

    @property
    def seat(self) -> Seat:
        """Who has to do it."""
        return Seat(role=self.role, at=self.at)


@attrs.frozen(kw_only=True)
class Finish:
    """What came of it, and when."""

    result: Annotated[Private, Input("what was done")]
    finished_at: Annotated[datetime | None, entered_afterwards()] = None


def _until_due(ctx: Context[FollowUp]) -> Limit:
    return Limit(span=max(ctx.record.deadline - ctx.at, timedelta(seconds=1)))


def _for_the_tier(t: Transition[FollowUp, object]) -> Refusal | None:
    return not_for_tier(t.seat, t.place, t.record.tier, t.facts)


def _department_itself(t: Transition[FollowUp, object]) -> Refusal | None:
    """No department stands in for another one; for other bodies, whoever stands in does the task."""
    if t.get(bodies("department", ident=t.record.at)):
        return not_its_own(t.seat, t.record.at, t.facts)
    return None


class FollowUpFlow(Workflow[FollowUp], name="follow_up", label="follow-up task", readable_by=HOLDER | CALLER):
    """Given to somebody by a resolution, and done."""

    move = Moves(FollowUp)
    open = State("to be done")
    done = State("done", ends=True)
    cancelled = State("cancelled", ends=True)
    give = move.opening(open, FollowUp, label="give out")
    finish = move(open.to(done), Finish, label="finish the task", by=HOLDER, needs=[_department_itself])
    cancel = move(open.to(cancelled), Why, label="cancel the task", by=CALLER, needs=[_for_the_tier])
    task = Clock[FollowUp](open, _until_due, ladder=Ladder(MeetingSettings, first=holder))
