"""What is judged before a request is filed, merged, reopened or rated."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import BindParameter, bindparam, or_, select

from linli.acts import Act
from linli.calendar import Hours
from linli.dispatch.settings import DispatchSettings
from linli.facts import Facts
from linli.i18n import Text, say
from linli.lookups import ORGANISATION, PERSON, PLACE
from linli.store import Read
from linli.store import tables as t
from linli.subjects import Subject
from linli.workflow import Limit

OPEN_STATES = ("submitted", "accepted", "dispatched", "waiting", "reopened", "resolved")
_d: BindParameter[str] = bindparam("district")
_OTHER = Read(
    select(t.subject.c.state).where(
        t.subject.c.district == _d, t.subject.c.id == bindparam("id"), t.subject.c.kind == "request"
    )
)
_CLOSING_OR_RATING = (
    "request.close", "request.decline", "request.handed_over", "request.merge", "request.rate",
)  # fmt: skip
_LAST_OF_THEM = Read(
    select(t.act.c.verb)
    .where(
        t.act.c.district == _d,
        t.act.c.root == bindparam("root"),
        or_(*(t.act.c.verb == verb for verb in _CLOSING_OR_RATING)),
    )
    .order_by(t.act.c.version.desc())
    .limit(1)
)


def received_by_the_desk(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Whoever files something themselves does so now; the desk knows when it came in."""
    if act.value("received_at") is not None and act.acting_as in ("own", "person"):
        return say("when it came in is said by the desk; leave it out")
    return None


def reporter_allowed(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Who reports it is named, or anonymous, or known to the desk alone, as the district lets."""
    settings = facts.settings(DispatchSettings)
    if subject.record.anonymous and not settings.anonymous:
        return say("this district takes no anonymous requests; give the reporter's phone")
    if subject.record.confidential and not settings.confidential:
        return say("this district takes no confidential requests")
    if subject.record.anonymous and subject.record.confidential:
        return say("an anonymous request has no reporter to keep to the desk; say one of the two")
    if not subject.record.anonymous and subject.person is None:
        return say("say who reports it, or that it is anonymous")
    if subject.record.anonymous and subject.person is not None:
        return say("an anonymous request names no reporter")
    return None


def reopen_in_time(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A request is reopened within the district's days."""
    if before.accepted_at is None:
        return say("it was never accepted here; file a new request")
    days = facts.settings(DispatchSettings).reopen_days
    if before.ended_at and facts.at > before.ended_at + timedelta(days=days):
        return say("it was closed more than {days} days ago; file a new request", days=days)
    return None


def not_rated_yet(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Each closing's feedback can be rated once."""
    last = facts.rows(_LAST_OF_THEM, root=subject.id)
    return say("it was rated before; a rating is given once") if last == [("request.rate",)] else None


def goes_on(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Two requests cannot each be merged into the other: one of them goes on."""
    other = subject.record.duplicate_of
    if other == subject.id:
        return say("a request is no duplicate of itself")
    facts.hold("merge requests")
    if facts.rows(_OTHER, id=other) not in [[(state,)] for state in OPEN_STATES]:
        return say("request {id} has ended, or there is none; merge into one that goes on", id=other)
    return None


def about_is_known(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """It can be about a person, an organisation or a place: the office there."""
    about = subject.record.about
    if about is None or any(
        facts.rows(read, id=facts.survivor(about)) for read in (PERSON, ORGANISATION, PLACE)
    ):
        return None
    return say("{id} is no person, organisation or place that it could complain about", id=about)


def one_round_more(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """How often it was reopened, with this time."""
    return {"times_reopened": subject.record.times_reopened + 1}


def entered_by(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """Who files it, where that is not the reporter."""
    return {"entered_by": facts.actor if facts.actor != subject.person else None}


def response_limit(subject: Subject, facts: Facts) -> Limit | None:
    """How long the desk has to accept or refuse."""
    return Limit(span=facts.settings(DispatchSettings).response_time, hours=Hours.SERVICE)
