"""Follow-up tasks of resolutions: whoever was given one has a deadline, and the meeting waits for it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from linli import (
    ENGINE,
    HOLDER,
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
    say,
)
from linli.dispatch.late_entries import then
from linli.errors import NotFound, Refused
from linli.i18n import Text
from linli.revealing import revealing
from linli.workflow import REASON
from linli_meetings.reading import known_body
from linli_meetings.roles import CALLER, TIERS, not_for_tier, not_its_own

LONGEST = 80


@attrs.frozen(kw_only=True)
class FollowUp:
    """A follow-up task.

    Attributes:
        what: what is to be done, in a few words: no personal data.
        at: the organisation that does it; with a `role`, the organisation or place of that role.
        deadline: until when.
        tier: of the meeting that gave it.
    """

    what: str
    at: UUID
    deadline: datetime
    role: str | None = None
    tier: str = "street"

    @property
    def seat(self) -> Seat:
        """Who has to do it."""
        return Seat(role=self.role, at=self.at)


def tasks_in(act: Act) -> tuple[FollowUp, ...]:
    """The tasks that a resolution gives; Refused where one is not whole."""
    return tuple(_task(given) for given in act.value("tasks") or ())


def _task(given: Mapping[str, str]) -> FollowUp:
    try:
        return FollowUp(
            what=str(given["what"]).strip(),
            at=UUID(str(given["at"])),
            deadline=datetime.fromisoformat(str(given["due"])),
            role=given.get("role"),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused(
            say("a task says what, at (an organisation's number) and due (a time with its offset)")
        ) from None


def sensible_tasks(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Each task has words, somebody who can do it, and a deadline to come."""
    found = (_problem(task, act.at, facts) for task in tasks_in(act))
    return next((problem for problem in found if problem), None)


def _problem(task: FollowUp, at: datetime, facts: Facts) -> Text | None:
    if not 1 <= len(task.what) <= LONGEST:
        return say("a task has 1 to {longest} characters", longest=LONGEST)
    personal = revealing(task.what)
    if personal:
        return say("{name} {problem}", name="what", problem=personal)
    if task.deadline.tzinfo is None or task.deadline <= at:
        return say("a task is due at a time to come, with its offset")
    return None if _is_there(task, facts) else say("there is no organisation {id} in being here", id=task.at)


def _is_there(task: FollowUp, facts: Facts) -> bool:
    if known_body(facts, task.at):
        return True
    try:
        return task.role is not None and not facts.place(task.at).closed
    except NotFound:
        return False


def give_tasks(act: Act, subject: Subject, facts: Facts) -> Iterable[Start]:
    """One part of the agenda item for each task."""
    for index, task in enumerate(tasks_in(act), 1):
        yield Start(
            workflow="follow_up",
            move="give",
            place=subject.place,
            parent=subject.id,
            key=str(index),
            holder=task.seat,
            values={
                "what": task.what,
                "at": task.at,
                "deadline": task.deadline,
                "role": task.role,
                "tier": subject.record.tier,
            },
        )


def _until_due(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=max(subject.record.deadline - facts.at, timedelta(seconds=1)))


def _for_the_tier(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return not_for_tier(act.seat, subject.place, subject.record.tier, facts)


def _department_itself(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """No department stands in for another one; for other bodies, whoever stands in does the task."""
    body = known_body(facts, subject.record.at)
    if body is None or body.kind != "department":
        return None
    return not_its_own(act.seat, subject.record.at, facts)


FOLLOW_UP = Workflow(
    name="follow_up",
    label="follow-up task",
    read_by=HOLDER | CALLER,
    record=FollowUp,
    states=(
        State("open", "to be done"),
        State("done", "done", ends=("done",)),
        State("cancelled", "cancelled", ends=("cancelled",)),
    ),
    moves=(
        Move(
            name="give",
            label="give out",
            sources=(),
            to="open",
            by=ENGINE,
            asks=(
                Ask(name="what", longest=LONGEST),
                Ask(name="at", type=UUID),
                Ask(name="deadline", type=datetime),
                Ask(name="role", required=False),
                Ask(name="tier", choices=TIERS),
            ),
        ),
        Move(
            name="finish",
            label="finish the task",
            sources=("open",),
            to="done",
            by=HOLDER,
            asks=(Ask(name="result", help="what was done", private=True), then("finished_at")),
            checks=(_department_itself,),
        ),
        Move(
            name="cancel",
            label="cancel the task",
            sources=("open",),
            to="cancelled",
            by=CALLER,
            asks=(REASON,),
            checks=(_for_the_tier,),
        ),
    ),
    clocks=(Clock(name="task", runs_in=("open",), limit=_until_due),),
)
