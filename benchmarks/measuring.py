"""Measuring two ways of doing the same work in turn, and saying how they compare."""

import statistics
import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class Result:
    """One figure of the table.

    Attributes:
        ratio: ours against theirs: speed against speed where higher is better, else cost against cost.
        detail: what was measured, in words and units.
    """

    name: str
    ratio: float
    target: float
    higher_is_better: bool
    detail: str

    @property
    def reached(self) -> bool:
        """Whether the target is reached."""
        return self.ratio >= self.target if self.higher_is_better else self.ratio <= self.target


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes, wall clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turn(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 5
) -> tuple[list[float], list[float]]:
    """Seconds of both, one after the other, `rounds` times; who goes first changes each time."""
    mine: list[float] = []
    other: list[float] = []
    for turn in range(rounds):
        for first in (True, False) if turn % 2 == 0 else (False, True):
            (mine if first else other).append(seconds(ours if first else theirs))
    return mine, other


def speed_ratio(mine: list[float], other: list[float]) -> float:
    """Our speed against theirs: the median over the rounds of their time by ours."""
    return statistics.median(b / a for a, b in zip(mine, other, strict=True))


def together(workers: int, work: Callable[[int], Any]) -> None:
    """Run `work(number)` in that many threads; a failure of one is a failure of all."""
    failures: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=guarded, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
