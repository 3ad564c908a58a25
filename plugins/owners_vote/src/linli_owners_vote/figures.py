"""Figures of the owners' votes."""

from collections.abc import Callable, Iterable

from linli import Act, Count, Figure, Subject
from linli.figures import once

_RUNNING = ("open", "extended")


Counts = Callable[[Act, Subject | None, Subject | None], Iterable[Count]]


def _ended_as(outcome: str) -> Counts:
    def counts(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
        if after is not None and after.outcome == outcome:
            yield Count()

    return counts


def _ran(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    """Take one back where it was open."""
    if before is not None and before.state in _RUNNING:
        yield Count(n=-1)


def _certified(outcome: str) -> dict[str, Counts]:
    return {verb: _ended_as(outcome) for verb in ("owners_vote.certify", "vote_elsewhere.certify")}


FIGURES = (
    Figure(
        name="votes.running",
        help="votes of the owners that are open",
        label="owners' votes that are open",
        stock=True,
        on={
            "owners_vote.open": once,
            "owners_vote.close": _ran,
            "owners_vote.lapse": _ran,
            "owners_vote.discard": _ran,
        },
    ),
    Figure(
        name="votes.certified",
        help="votes of the owners whose result was certified in the period",
        label="owners' votes certified",
        on={"owners_vote.certify": once, "vote_elsewhere.certify": once},
    ),
    Figure(
        name="votes.passed",
        help="of these, passed",
        label="owners' votes passed",
        on=_certified("passed"),
    ),
    Figure(
        name="votes.not_passed",
        help="of these, not passed by those who took part",
        label="owners' votes not passed",
        on=_certified("not_passed"),
    ),
    Figure(
        name="votes.no_quorum",
        help="of these, not passed because too few took part",
        label="owners' votes without a quorum",
        on=_certified("no_quorum"),
    ),
)
