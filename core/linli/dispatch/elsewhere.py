"""What another matter, such as a whistle, does to the request behind it when it ends."""

from collections.abc import Container, Iterable, Iterator
from uuid import UUID

from sqlalchemy import bindparam, select

from linli.access import ENGINE
from linli.acts import Act
from linli.dispatch import routing
from linli.effects import Effect, Make
from linli.facts import Facts
from linli.i18n import Text, say
from linli.store import Read
from linli.store import tables as t
from linli.subjects import Subject
from linli.workflow import Ask, Move

_STATE = Read(
    select(t.subject.c.state).where(
        t.subject.c.district == bindparam("district"),
        t.subject.c.id == bindparam("request"),
        t.subject.c.kind == "request",
    )
)
_LAST_PROPOSAL = Read(
    select(t.act.c.id)
    .where(
        t.act.c.district == bindparam("district"),
        t.act.c.root == bindparam("root"),
        t.act.c.verb == "request.propose_feedback",
    )
    .order_by(t.act.c.version.desc())
    .limit(1)
)
BY = Ask(name="by", help="the matter that settled it", type=UUID)
_UNDER_WAY = ("accepted", "dispatched", "waiting")


def settled_elsewhere(
    request: UUID, by: UUID, facts: Facts, *, result: str | None = None, but: Container[UUID] = ()
) -> Iterable[Effect]:
    """What follows for a request when another matter has settled what it asked for.

    Its open tasks end as confirmed: who evaluated the other matter has confirmed it. Then the request is
    resolved, and the result is proposed as the text of the one feedback, which the desk still gives. A
    request that is paused goes on first.

    Args:
        by: the other matter.
        result: what was done, in words for the reporter; None: nothing is proposed.
        but: tasks that are not the other matter's: the request waits for them, and the desk confirms them.
    """
    state = _state(request, facts)
    if state not in _UNDER_WAY:
        return
    if state == "waiting":
        yield Make(subject=request, move="resume")
    open_tasks = [task.id for task in routing.tasks(request, facts) if task.open]
    for task in open_tasks:
        if task not in but:
            yield Make(subject=task, move="settle_elsewhere", values={"by": by})
    if not open_tasks:
        yield Make(subject=request, move="settle_elsewhere", values={"by": by})
    if result:
        yield Make(subject=request, move="propose_feedback", values={"proposed_by": by, "feedback": result})


def unsettled_elsewhere(request: UUID, by: UUID, facts: Facts) -> Iterable[Effect]:
    """What follows when another matter ended without settling it: it is back at the desk, and it climbs."""
    state = _state(request, facts)
    if state == "waiting":
        yield Make(subject=request, move="resume")
    if state in _UNDER_WAY:
        yield Make(subject=request, move="come_back", values={"by": by})


def _state(request: UUID, facts: Facts) -> str | None:
    rows = facts.rows(_STATE, request=request)
    return rows[0][0] if rows else None


# --- moves of the request ----------------------------------------------------------------------------


def tasks_are_called_off(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """Nobody goes on with what has come back to the desk."""
    for task in routing.tasks(subject.id, facts):
        if task.open:
            yield Make(subject=task.id, move="drop")


def moves() -> Iterator[Move]:
    """What a whistle behind a request comes to."""
    yield Move(
        name="settle_elsewhere",
        label="done by another matter",
        sources=("accepted", "dispatched"),
        to="resolved",
        by=ENGINE,
        asks=(BY,),
    )
    yield Move(
        name="propose_feedback",
        label="feedback proposed",
        sources=("accepted", "dispatched", "resolved"),
        to=None,
        by=ENGINE,
        asks=(Ask(name="proposed_by", type=UUID), Ask(name="feedback", private=True)),
    )
    yield Move(
        name="come_back",
        label="not settled, back at the desk",
        sources=("accepted", "dispatched", "resolved"),
        to="accepted",
        by=ENGINE,
        asks=(BY,),
        effects=(tasks_are_called_off,),
    )


def as_proposed(subject: Subject, values: object, facts: Facts) -> dict[str, object]:
    """The feedback as it was proposed, where the desk gives no other."""
    given = values if isinstance(values, dict) else {}
    if given.get("feedback") or not given.get("as_proposed"):
        return {}
    rows = facts.rows(_LAST_PROPOSAL, root=subject.id)
    text = facts.said(rows[0][0], "feedback") if rows else None
    return {"feedback": text} if text else {}


def something_proposed(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Every closing has its one feedback."""
    if act.value("feedback") is None:
        return say("write the one answer to the reporter; nothing was proposed as it")
    return None
