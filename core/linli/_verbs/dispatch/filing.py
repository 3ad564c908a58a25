"""What is judged before a request is filed, merged, reopened or rated."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, or_, select

from linli._base.calendar import Hours
from linli._base.records import evolve
from linli._base.refusals import Invalid, LimitReached, Missing, NotFoundHere, Refusal
from linli._model.compiled import Limit
from linli._model.contexts import Context, Transition
from linli._model.inputs import Input, Private
from linli._model.lookups import ORGANISATION, PERSON, PLACE
from linli._store import Read
from linli._store import tables as t
from linli._verbs.dispatch.late_entries import CountsFrom
from linli._verbs.dispatch.records import Channel, Request
from linli._verbs.dispatch.settings import DispatchSettings

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


@attrs.frozen(kw_only=True)
class Submit:
    category: Annotated[str, Input("what it is about, in a word or two", longest=40)]
    description: Annotated[Private, Input("in the resident's words")]
    channel: Annotated[Channel, Input("how it came")] = "desk"
    anonymous: bool = False
    confidential: bool = False
    about: Annotated[
        UUID | None, Input("the person, the organisation or the place that it complains about")
    ] = None
    not_to_them: Annotated[
        bool, Input("the reporter wants nothing of it to be given to whom it is about")
    ] = False
    source: str | None = None
    received_at: CountsFrom = None


class ReceivedByDesk(Invalid, says="when it came in is said by the desk; leave it out"):
    field: str = "received_at"


def received_by_the_desk(t: Transition[Request, Submit]) -> Refusal | None:
    """Whoever files something themselves does so now; the desk knows when it came in."""
    if t.given.received_at is not None and t.acting_as in ("own", "person"):
        return ReceivedByDesk()
    return None


class NoAnonymousRequests(
    Refusal, says="this district takes no anonymous requests; give the reporter's phone"
): ...


class NoConfidentialRequests(Refusal, says="this district takes no confidential requests"): ...


class NobodyToKeepSecret(
    Invalid, says="an anonymous request has no reporter to keep to the desk; say one of the two"
):
    field: str = "confidential"


class ReporterNotSaid(Missing, says="say who reports it, or that it is anonymous"):
    field: str = "person"


class ReporterNamed(Invalid, says="an anonymous request names no reporter"):
    field: str = "person"


def reporter_allowed(t: Transition[Request, object]) -> Refusal | None:
    """Who reports it is named, or anonymous, or known to the desk alone, as the district lets."""
    settings = t.settings(DispatchSettings)
    if t.record.anonymous and not settings.anonymous:
        return NoAnonymousRequests()
    if t.record.confidential and not settings.confidential:
        return NoConfidentialRequests()
    if t.record.anonymous and t.record.confidential:
        return NobodyToKeepSecret()
    if not t.record.anonymous and t.subject.person is None:
        return ReporterNotSaid()
    if t.record.anonymous and t.subject.person is not None:
        return ReporterNamed()
    return None


class NeverAccepted(Refusal, says="it was never accepted here; file a new request"): ...


class ClosedTooLongAgo(LimitReached, says="it was closed more than {days} days ago; file a new request"):
    days: int


def reopen_in_time(t: Transition[Request, object]) -> Refusal | None:
    """A request is reopened within the district's days."""
    if t.before.accepted_at is None:
        return NeverAccepted()
    days = t.settings(DispatchSettings).reopen_days
    if t.before.ended_at and t.at > t.before.ended_at + timedelta(days=days):
        return ClosedTooLongAgo(days=days)
    return None


class AlreadyRated(Refusal, says="it was rated before; a rating is given once"): ...


def not_rated_yet(t: Transition[Request, object]) -> Refusal | None:
    """Each closing's feedback can be rated once."""
    last = t.facts.rows(_LAST_OF_THEM, root=t.subject.id)
    return AlreadyRated() if last == [("request.rate",)] else None


class DuplicateOfItself(Invalid, says="a request is no duplicate of itself"):
    field: str = "duplicate_of"


class DuplicateOfNothing(
    NotFoundHere, says="request {id} has ended, or there is none; merge into one that goes on"
):
    id: UUID | None


def goes_on(t: Transition[Request, object]) -> Refusal | None:
    """Two requests cannot each be merged into the other: one of them goes on."""
    other = t.record.duplicate_of
    if other == t.subject.id:
        return DuplicateOfItself()
    t.facts.hold("merge requests")
    if t.facts.rows(_OTHER, id=other) not in [[(state,)] for state in OPEN_STATES]:
        return DuplicateOfNothing(id=other)
    return None


class AboutNobodyKnown(
    NotFoundHere, says="{id} is no person, organisation or place that it could complain about"
):
    id: UUID


def about_is_known(t: Transition[Request, object]) -> Refusal | None:
    """It can be about a person, an organisation or a place: the office there."""
    about = t.record.about
    if about is None or any(
        t.facts.rows(read, id=t.facts.survivor(about)) for read in (PERSON, ORGANISATION, PLACE)
    ):
        return None
    return AboutNobodyKnown(id=about)


def one_round_more(t: Transition[Request, object]) -> Request:
    """How often it was reopened, with this time; what was proposed as its feedback was of the round before."""
    return evolve(t.record, times_reopened=t.record.times_reopened + 1, proposed_by=None)


def filed(t: Transition[None, Submit]) -> Request:
    """The request, with who files it, where that is not the reporter."""
    given = t.given
    return Request(
        category=given.category,
        channel=given.channel,
        anonymous=given.anonymous,
        confidential=given.confidential,
        about=given.about,
        not_to_them=given.not_to_them,
        source=given.source,
        entered_by=t.actor if t.actor != t.subject.person else None,
    )


def response_limit(ctx: Context[Request]) -> Limit | None:
    """How long the desk has to accept or refuse."""
    return Limit(span=ctx.settings(DispatchSettings).response_time, hours=Hours.SERVICE)
