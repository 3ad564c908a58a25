"""Figures of the loop: response, resolution and satisfaction; what is overdue."""

from collections.abc import Callable, Iterable, Mapping

from linli import Act, Cells, Count, Figure, StoredSubject
from linli._model.figures import once
from linli._verbs.dispatch import standing
from linli.query import BriefQuestion, Counted
from linli_three_lists.settings import ThreeListsSettings


def _answered(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    """An answer is an acceptance or a refusal; `total` has those that came in time."""
    clock = before.clocks.get("response") if before else None
    yield Count(total=int(clock is None or clock.due is None or act.at <= clock.due))


def _settled(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    if after and after.outcome == "settled":
        yield Count()


def _settled_listed(question: BriefQuestion) -> Iterable[Counted]:
    """From a file they come without acts of their own, so the requests are listed, not their acts."""
    return standing.closed(question, outcome="settled")


def _unsettled(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    """A reopened request counts by its last closing."""
    if before and before.outcome == "settled":
        yield Count(n=-1, at=before.ended_at)


def _satisfied(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    rating = int(act.value("rating"))
    yield Count(when=lambda facts: rating >= facts.settings(ThreeListsSettings).satisfied_from)


def is_overdue(request: StoredSubject | None) -> bool:
    """Whether a request is open and past the deadline of where it stands: to be answered, or handled."""
    if request is None or request.ended_at:
        return False
    clock = request.clocks.get("response" if request.state == "submitted" else "handling")
    return clock is not None and clock.step > 0


def _overdue(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    change = is_overdue(after) - is_overdue(before)
    if change:
        yield Count(n=change)


def _by(
    part: Callable[[Mapping[str, Cells]], int], whole: str
) -> Callable[[Mapping[str, Cells]], float | None]:
    """A part by the whole; None where there is no whole."""

    def derived(cells: Mapping[str, Cells]) -> float | None:
        return part(cells) / cells[whole].n if cells[whole].n else None

    return derived


_CHANGES_LATENESS = (
    "late", "accept", "refuse", "close", "decline", "handed_over", "merge", "withdraw", "reopen", "choose",
    "make_urgent", "make_ordinary",
)  # fmt: skip

FIGURES = (
    Figure(
        name="three_lists.answered",
        help="requests accepted or refused in the period",
        on={"request.accept": _answered, "request.refuse": _answered},
        shown=False,
    ),
    Figure(
        name="three_lists.settled",
        help="requests closed as settled in the period, a reopened one by its last closing",
        label="settled",
        on={"request.close": _settled, "request.reopen": _unsettled},
        items=_settled_listed,
    ),
    Figure(
        name="three_lists.satisfied",
        help="ratings in the period that count as satisfied",
        on={"request.rate": _satisfied},
        shown=False,
    ),
    Figure(
        name="three_lists.response_rate",
        help="requests answered in time, by those accepted or refused in the period",
        label="response rate",
        shown_with=("three_lists.overdue",),
        share=True,
        uses=("three_lists.answered",),
        of=("requests.accepted",),
        derived=_by(lambda cells: cells["three_lists.answered"].total, "three_lists.answered"),
    ),
    Figure(
        name="three_lists.resolution_rate",
        help="requests closed as settled, by those closed in the period",
        label="resolution rate",
        shown_with=("requests.open",),
        share=True,
        uses=("three_lists.settled", "requests.closed"),
        derived=_by(lambda cells: cells["three_lists.settled"].n, "requests.closed"),
    ),
    Figure(
        name="three_lists.satisfaction_rate",
        help="ratings that count as satisfied, by all ratings of the period",
        label="satisfaction rate",
        shown_with=("requests.rated",),
        share=True,
        uses=("three_lists.satisfied", "requests.rated"),
        derived=_by(lambda cells: cells["three_lists.satisfied"].n, "requests.rated"),
    ),
    Figure(
        name="three_lists.overdue",
        help="open requests past the deadline of where they stand, at the end of the period",
        label="overdue",
        stock=True,
        on={f"request.{move}": _overdue for move in _CHANGES_LATENESS},
    ),
    Figure(
        name="three_lists.urged",
        help="how often requests were urged in the period",
        label="urged",
        on={"request.urge": once, "task.urge": once},
    ),
)
