"""Figures of requests: accepted, closed, how long it took, what is still open."""

from collections.abc import Iterable, Mapping

from linli.acts import Act
from linli.figures import Cells, Count, Figure, once
from linli.subjects import Subject

_ENDED_WITHOUT_RESULT = ("duplicate",)


def _seconds(subject: Subject) -> int:
    """From acceptance to the end, elapsed."""
    if subject.ended_at is None or subject.accepted_at is None:
        return 0
    return round((subject.ended_at - subject.accepted_at).total_seconds())


def _closed(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    if after and after.outcome not in _ENDED_WITHOUT_RESULT:
        yield Count(total=_seconds(after))


def _reopened(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    """A reopened request counts by its last closing: the earlier one is taken back, on its day."""
    if before and before.ended_at and before.outcome not in _ENDED_WITHOUT_RESULT:
        yield Count(n=-1, total=-_seconds(before), at=before.ended_at)


def _ended(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    if after and after.accepted_at:
        yield Count()


def _open_again(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    yield Count(n=-1)


def _rated(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    yield Count(total=int(act.value("rating")))


def _mean_hours(cells: Mapping[str, Cells]) -> float | None:
    closed = cells["requests.closed"]
    return closed.total / closed.n / 3600 if closed.n else None


def _open(cells: Mapping[str, Cells]) -> int:
    return cells["requests.accepted"].n_so_far - cells["requests.ended"].n_so_far


def _mean_rating(cells: Mapping[str, Cells]) -> float | None:
    rated = cells["requests.rated"]
    return rated.total / rated.n if rated.n else None


FIGURES = (
    Figure(
        name="requests.accepted",
        help="requests accepted in the period",
        on={"request.accept": once},
    ),
    Figure(
        name="requests.closed",
        help="requests closed in the period, a reopened one by its last closing; no duplicates",
        on={"request.close": _closed, "request.decline": _closed, "request.reopen": _reopened},
    ),
    Figure(
        name="requests.mean_hours_to_close",
        help="mean elapsed hours from acceptance to closing, over the closed ones",
        unit="hours",
        uses=("requests.closed",),
        derived=_mean_hours,
    ),
    Figure(
        name="requests.ended",
        help="accepted requests that ended, however they did",
        on={
            "request.close": _ended,
            "request.decline": _ended,
            "request.merge": _ended,
            "request.withdraw": _ended,
            "request.reopen": _open_again,
        },
        shown=False,
    ),
    Figure(
        name="requests.open",
        help="requests accepted and not ended, at the end of the period",
        stock=True,
        uses=("requests.accepted", "requests.ended"),
        derived=_open,
    ),
    Figure(
        name="requests.rated",
        help="requests that their reporters rated in the period",
        on={"request.rate": _rated},
    ),
    Figure(
        name="requests.mean_rating",
        help="mean of the ratings, 1 to 5",
        uses=("requests.rated",),
        derived=_mean_rating,
    ),
)
