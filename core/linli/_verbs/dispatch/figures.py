"""Figures of requests: accepted, closed, how long it took, what is still open."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC

from linli._model.acts import Act
from linli._model.figures import BriefQuestion, Cells, Count, Counted, Counts, Figure
from linli._model.subjects import StoredSubject
from linli._verbs.dispatch import standing
from linli._verbs.dispatch.records import UNCOUNTED

# Imported ones end by `request.close` whatever their outcome.
_CLOSING = ("request.close", "request.decline", "request.handed_over")
# Wherever closings are shown, how each of them ended stands beside.
BY_OUTCOME = ("requests.settled", "requests.declined", "requests.handed_over")


def _accepted(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    """On the day of the acceptance, which may have been entered afterwards."""
    yield Count(at=after.accepted_at if after else None)


def _seconds(subject: StoredSubject | None) -> int | None:
    """From acceptance to the end, elapsed; None where it does not count as closed."""
    if subject is None or subject.state != "closed" or subject.outcome in UNCOUNTED:
        return None
    if subject.ended_at is None or subject.accepted_at is None:
        return None
    # Two moments on one clock would be subtracted as the clock shows them, with the hour that it was put on.
    return round((subject.ended_at.astimezone(UTC) - subject.accepted_at.astimezone(UTC)).total_seconds())


def _closed(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    seconds = _seconds(after)
    if seconds is not None:
        yield Count(total=seconds)


def _reopened(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    """A reopened request counts by its last closing: the earlier one is taken back, on its day."""
    seconds = _seconds(before)
    if before and seconds is not None:
        yield Count(n=-1, total=-seconds, at=before.ended_at)


def _closed_as(outcome: str) -> Mapping[str, Counts]:
    """What counts closings with one outcome; a reopened request by its last closing."""

    def closed(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
        if after and after.outcome == outcome and _seconds(after) is not None:
            yield Count()

    def reopened(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
        if before and before.outcome == outcome and _seconds(before) is not None:
            yield Count(n=-1, at=before.ended_at)

    return {**dict.fromkeys(_CLOSING, closed), "request.reopen": reopened}


def _listed_as(outcome: str) -> Callable[[BriefQuestion], Iterator[Counted]]:
    return lambda question: standing.closed(question, outcome=outcome)


def _paused(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    change = _waits(after) - _waits(before)
    if change:
        yield Count(n=change)


def _waits(request: StoredSubject | None) -> bool:
    return request is not None and request.state == "waiting"


def _ended(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    if after and after.accepted_at:
        yield Count()


def _open_again(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    # A duplicate that was merged before it was accepted never counted as ended.
    if after and after.accepted_at:
        yield Count(n=-1)


def _rated(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    yield Count(total=int(act.value("rating")))


def _mean_hours(cells: Mapping[str, Cells]) -> float | None:
    closed = cells["requests.closed"]
    return closed.total / closed.n / 3600 if closed.n else None


def _closing_rate(cells: Mapping[str, Cells]) -> float | None:
    # What was closed before, reopened and closed again was open in the period, and ends once in it.
    closed = cells["requests.closed"].n
    whole = max(closed, _open(cells) + cells["requests.ended"].n)
    return closed / whole if whole else None


def _open(cells: Mapping[str, Cells]) -> int:
    return cells["requests.accepted"].n_so_far - cells["requests.ended"].n_so_far


def _mean_rating(cells: Mapping[str, Cells]) -> float | None:
    rated = cells["requests.rated"]
    return rated.total / rated.n if rated.n else None


FIGURES = (
    Figure(
        name="requests.accepted",
        help="requests accepted in the period",
        label="accepted",
        items=standing.accepted,
        on={"request.accept": _accepted},
    ),
    Figure(
        name="requests.closed",
        help="requests closed in the period, a reopened one by its last closing; no duplicates, and none of"
        " which a file does not say when",
        label="closed",
        shown_with=BY_OUTCOME,
        items=standing.closed,
        on={**dict.fromkeys(_CLOSING, _closed), "request.reopen": _reopened},
    ),
    Figure(
        name="requests.settled",
        help="requests closed in the period as settled",
        label="settled",
        items=_listed_as("settled"),
        on=_closed_as("settled"),
    ),
    Figure(
        name="requests.declined",
        help="requests closed in the period as declined",
        label="declined",
        items=_listed_as("declined"),
        on=_closed_as("declined"),
    ),
    Figure(
        name="requests.handed_over",
        help="requests closed in the period by handing over, once whoever has them next had accepted",
        label="passed on",
        items=_listed_as("handed_over"),
        on=_closed_as("handed_over"),
    ),
    Figure(
        name="requests.closing_rate",
        help="requests closed in the period, by those that were open in it",
        label="closing rate",
        share=True,
        uses=("requests.closed", "requests.accepted", "requests.ended"),
        of=("requests.closed",),
        derived=_closing_rate,
    ),
    Figure(
        name="requests.mean_hours_to_close",
        help="mean elapsed hours from acceptance to closing, over the closed ones",
        label="mean time to close",
        mean=True,
        unit="hours",
        uses=("requests.closed",),
        derived=_mean_hours,
        shown_with=("requests.open", "requests.oldest_open_hours", "requests.paused", *BY_OUTCOME),
        items=standing.closed,
    ),
    Figure(
        name="requests.open",
        help="requests accepted and not ended, at the end of the period",
        label="still open",
        stock=True,
        uses=("requests.accepted", "requests.ended"),
        derived=_open,
        shown_with=("requests.paused",),
        items=standing.still_open,
    ),
    Figure(
        name="requests.paused",
        help="of the requests that are open, those that are paused, at the end of the period",
        label="paused",
        stock=True,
        on=dict.fromkeys(
            (f"request.{move}" for move in ("pause", "resume", "withdraw", "handed_over")), _paused
        ),
    ),
    Figure(
        name="requests.oldest_open_hours",
        help="elapsed hours since the acceptance of the oldest that is still open, at the end of the period",
        label="oldest of them",
        unit="hours",
        stock=True,
        query=standing.oldest_open_hours,
        items=standing.still_open,
    ),
    Figure(
        name="requests.ended",
        help="accepted requests that ended, however they did",
        on={
            **dict.fromkeys(_CLOSING, _ended),
            "request.merge": _ended,
            "request.withdraw": _ended,
            "request.reopen": _open_again,
        },
        shown=False,
    ),
    Figure(
        name="requests.rated",
        help="requests that their reporters rated in the period",
        label="rated",
        on={"request.rate": _rated},
    ),
    Figure(
        name="requests.mean_rating",
        help="mean of the ratings, 1 to 5",
        label="mean rating",
        mean=True,
        uses=("requests.rated",),
        derived=_mean_rating,
    ),
)
