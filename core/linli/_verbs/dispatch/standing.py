"""How requests stood at a moment: what figures ask of the store itself, and what stands behind them."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from linli._base.i18n import Text, say
from linli._model.figures import BriefQuestion, Counted
from linli._store import tables as t
from linli._verbs.dispatch.records import UNCOUNTED

ENDINGS = (
    "request.close", "request.decline", "request.handed_over", "request.merge", "request.withdraw",
)  # fmt: skip
_s = t.subject.c
_Requests = Select[UUID, UUID, datetime, datetime]


def _requests(question: BriefQuestion) -> _Requests:
    return select(_s.id, _s.place, _s.accepted_at, _s.ended_at).where(
        _s.district == question.district, _s.kind == "request", question.counted_here(_s.compound)
    )


def accepted(question: BriefQuestion) -> Iterator[Counted]:
    """The requests accepted in the period."""
    # What ended before the period began was accepted before it, so that the indexes on what is
    # open and on the time of the end have all that is looked for.
    query = _requests(question).where(
        _s.accepted_at >= question.since,
        _s.accepted_at < question.until,
        or_(_s.ended_at.is_(None), _s.ended_at >= question.since),
    )
    for ident, place, at, _ in question.connection.execute(query.order_by(_s.accepted_at, _s.id)):
        yield Counted(at=at, what="request.accept", subject=ident, place=place)


def closed(question: BriefQuestion, *, outcome: str | None = None) -> Iterator[Counted]:
    """The requests that count as closed in the period, with the time that each took.

    Args:
        outcome: only those that ended so.
    """
    query = _requests(question).where(
        _s.state == "closed",
        _s.outcome.not_in(UNCOUNTED) if outcome is None else _s.outcome == outcome,
        _s.accepted_at.is_not(None),
        _s.ended_at >= question.since,
        _s.ended_at < question.until,
    )
    for ident, place, start, end in question.connection.execute(query.order_by(_s.ended_at, _s.id)):
        yield Counted(
            at=end,
            what="request.close",
            subject=ident,
            place=place,
            amount=_amount(start, end),
            note=_hours(start, end),
        )


def still_open(question: BriefQuestion) -> Iterator[Counted]:
    """The requests that were accepted and had not ended, the oldest first, with their age."""
    for query in (_open_now(question), _ended_since(question)):
        for ident, place, at, _ in question.connection.execute(query.order_by(_s.accepted_at, _s.id)):
            yield Counted(
                at=at, what="request.accept", subject=ident, place=place, note=_hours(at, question.as_of)
            )


def oldest_open_hours(question: BriefQuestion) -> float | None:
    """The age of the oldest of them, in hours; None where none was open."""
    found = [
        at
        for query in (
            _oldest_open_now(question),
            select(func.min(_ended_since(question).subquery().c.accepted_at)),
        )
        if (at := question.connection.scalar(query)) is not None
    ]
    return (question.as_of - min(found)).total_seconds() / 3600 if found else None


def _oldest_open_now(question: BriefQuestion) -> Select[datetime]:
    """One look into the index on what is open for each compound, however much is open there."""
    p = t.place.c
    oldest = (
        _open_now(question)
        .with_only_columns(_s.accepted_at)
        .where(_s.compound == p.id)
        .order_by(_s.accepted_at)
        .limit(1)
        .correlate(t.place)
        .scalar_subquery()
    )
    return select(func.min(oldest)).where(
        p.district == question.district, question.counted_here(p.id), p.reporting_place == p.id
    )


def _open_now(question: BriefQuestion) -> _Requests:
    """By the index on what is open, but for what had ended by then and was reopened since."""
    return _requests(question).where(
        _s.ended_at.is_(None), _s.accepted_at <= question.as_of, ~_had_ended(question)
    )


def _ended_since(question: BriefQuestion) -> _Requests:
    """By the index on the time of the end: what ended after the moment asked for."""
    return _requests(question).where(
        _s.ended_at > question.as_of, _s.accepted_at <= question.as_of, ~_had_ended(question)
    )


def _had_ended(question: BriefQuestion) -> ColumnElement[bool]:
    """Of what ended and began again after that moment, the first such act tells: a reopening, it had ended."""
    reopened, ended = t.act.alias("reopened"), t.act.alias("ended")
    ended_first = exists().where(
        ended.c.district == question.district,
        ended.c.root == reopened.c.root,
        ended.c.version < reopened.c.version,
        ended.c.verb.in_(ENDINGS),
        ended.c.at > question.as_of,
    )
    return exists().where(
        and_(
            reopened.c.district == question.district,
            reopened.c.root == _s.id,
            reopened.c.verb == "request.reopen",
            reopened.c.at > question.as_of,
            ~ended_first,
        )
    )


def _amount(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600


def _hours(start: datetime | None, end: datetime) -> Text | None:
    hours = (end - start).total_seconds() / 3600 if start else None
    return None if hours is None else say("{hours} hours", hours=f"{hours:.1f}")
