"""A pause stops the whole request, with everything that is open under it, and going on puts each back where it was."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import bindparam, or_, select

from linli.acts import Act
from linli.conditions import Siblings
from linli.deadlines import until
from linli.dispatch.settings import DispatchSettings
from linli.effects import Effect, Make
from linli.facts import Facts
from linli.i18n import Text, say
from linli.store import Read
from linli.store import tables as t
from linli.subjects import Subject
from linli.workflow import Limit

# Every kind of part that somebody acts on; each has the moves `wait` and `go_on`.
WAITING_PARTS = ("task", "offer", "handover")
_OPEN_BELOW = Read(
    select(t.subject.c.id)
    .where(
        t.subject.c.district == bindparam("district"),
        t.subject.c.root == bindparam("root"),
        or_(*(t.subject.c.kind == kind for kind in WAITING_PARTS)),
        t.subject.c.ended_at.is_(None),
        t.subject.c.state != "waiting",
    )
    .order_by(t.subject.c.id)
)


def all_wait(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """Everything open under the request stands still, whatever state it is in."""
    for (part,) in facts.rows(_OPEN_BELOW, root=subject.id):
        yield Make(subject=part, move="wait", values={"reason": act.value("reason")})


def whole_goes_on(subject: Subject, tree: Siblings) -> bool:
    """When what it is a part of does not wait any more; then it goes on in the state that it was in."""
    parent = tree.parent(subject)
    return parent is not None and parent.state != "waiting"


def its_end(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """What the record keeps of a pause while it lasts: the day or the event that ends it."""
    return {"paused_until": values.get("until"), "paused_for_event": values.get("event")}


def not_urgent(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """What is urgent does not wait."""
    if before.record.urgent:
        return say("what is urgent is not paused; take the urgency off first, with a reason")
    return None


def ends_in_time(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A pause that ends on a day ends within the district's days."""
    day, most = subject.record.paused_until, facts.settings(DispatchSettings).pause_days
    if day is not None and day <= facts.today:
        return say("a pause ends on a later day than today")
    if day is not None and day > facts.today + timedelta(days=most):
        return say("a pause lasts at most {days} days; then say again why it waits", days=most)
    return None


def end_of_pause(subject: Subject, facts: Facts) -> Limit:
    """Until the day begins that was named; where an event was, or nothing, as long as the district lets it last."""
    most = facts.today + timedelta(days=facts.settings(DispatchSettings).pause_days)
    return until(facts.calendar.begin_of(subject.record.paused_until or most), facts)
