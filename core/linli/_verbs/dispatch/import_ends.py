"""When a request of a file was submitted and accepted, and how it stands: by its closing, and by its status."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from linli._base.i18n import say
from linli._config.statuses import CLOSED, OPEN, denies_closing, outcome_of
from linli._importing.batches import Batch, Line
from linli._verbs.dispatch.import_again import End
from linli._verbs.dispatch.records import UNDATED

_DAY_END: Final = timedelta(days=1) - timedelta(seconds=1)


def times_of(line: Line, batch: Batch) -> tuple[datetime, datetime]:
    """When it was submitted and accepted, in this order; a day alone is its beginning."""
    accepted = _begin(line.values["opened"], batch)
    said: date | None = line.values.get("submitted")
    if said is None:
        return accepted, accepted
    submitted = _begin(said, batch)
    if submitted <= accepted:
        return submitted, accepted
    if _same_day(said, accepted, batch) and not isinstance(line.values["opened"], datetime):
        # Accepted on a day that is given without its time: not before it was submitted.
        return submitted, submitted
    batch.leave_out(
        line, "submitted", say("it was submitted after it was accepted; one of the times is wrong")
    )
    return accepted, accepted


def how_it_stands(line: Line, accepted: datetime, batch: Batch) -> End:
    """Where it ended, when and how. What is not taken of the row is reported."""
    status = line.text("status") or ""
    outcome = outcome_of(status) if status else None
    if status and outcome is None:
        batch.unknown[status] += 1
    at = _closed_at(line, accepted, outcome, batch)
    if at is not None:
        return _ended(CLOSED if outcome in (None, OPEN) else outcome, at)
    if outcome in (None, OPEN):
        return End()
    return _ended_without_a_time(line, outcome, accepted, batch)


def _ended(outcome: str, at: datetime) -> End:
    return End(state="withdrawn" if outcome == "withdrawn" else "closed", outcome=outcome, at=at)


def _ended_without_a_time(line: Line, outcome: str, accepted: datetime, batch: Batch) -> End:
    """Its end is not told by what is left of the row: it is not open, and in no mean."""
    told = "closed" in line.unread or line.values.get("closed") is not None
    if outcome in ("withdrawn", "duplicate"):
        if not told:
            batch.notice(line, say("it ended, but when? Taken as ended when it was accepted"))
        return _ended(outcome, accepted)
    if not told:
        batch.notice(
            line, say("it is closed, but when? Taken as closed without a time: in no rate and no mean")
        )
    return End(state="closed", outcome=UNDATED, at=accepted)


def _closed_at(line: Line, accepted: datetime, outcome: str | None, batch: Batch) -> datetime | None:
    said: date | None = line.values.get("closed")
    if said is None:
        return None
    at = _end(said, line.values["opened"], batch)
    if at < accepted:
        what = say(
            "it was closed before it was accepted; one of the times is wrong, and the closing is not taken"
        )
        batch.leave_out(line, "closed", what)
        return None
    if outcome == OPEN and denies_closing(line.text("status") or ""):
        batch.leave_out(line, "closed", say("its status says that it is not closed; the time is not taken"))
        return None
    return at


def _end(said: date, opened: date, batch: Batch) -> datetime:
    """The moment of a closing. A day alone is its end, or now where that is sooner.

    Where both are days alone, both are beginnings, so that as many days are between them.
    """
    at = _begin(said, batch)
    if isinstance(said, datetime) or not isinstance(opened, datetime):
        return at
    local = datetime.combine(said, time(), batch.zone) + _DAY_END
    return min(local.astimezone(UTC), batch.facts.at)


def _begin(when: date, batch: Batch) -> datetime:
    at = when if isinstance(when, datetime) else datetime.combine(when, time(), batch.zone)
    # Moments on one clock are compared and subtracted as it shows them; in UTC an hour is an hour.
    return at.astimezone(UTC)


def _same_day(said: date, accepted: datetime, batch: Batch) -> bool:
    day = said.astimezone(batch.zone).date() if isinstance(said, datetime) else said
    return day == accepted.astimezone(batch.zone).date()
