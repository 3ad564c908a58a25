"""A year of the example district, start to end, through the public API: nothing is written past it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

import linli
from linli import District
from linli._district.profiles import new_folder
from linli.importing import Report
from linli_daxiang.compounds import compounds, sample
from linli_daxiang.profile import yesterday
from linli_daxiang.year import (
    bank,
    branches,
    cases,
    centres,
    decisions,
    duty,
    halls,
    meetings,
    reports,
    requests,
    sessions,
    stewards,
    surveys,
    wishes,
)
from linli_daxiang.year.cast import Neighbourhood, cast
from linli_daxiang.year.play import Clock, Play

Progress = Callable[[str, int], Callable[[int], object]]


@attrs.frozen(kw_only=True)
class Tale:
    """What the demo has done, for its closing words.

    Attributes:
        folder: the district's; `first`, `last`: the days of the year that was lived.
        imported: the sample files; `history`: the old register of requests, taken over at the end.
        refused: what somebody wanted to do and might not when the time came, with the reasons.
    """

    folder: Path
    first: date
    last: date
    imported: Report
    history: Report
    refused: tuple[str, ...]


def run(folder: Path, *, seed: int, scale: float, progress: Progress) -> Tale:
    """Make the district, import its files, live a year in it.

    Args:
        progress: called with a label and a total before each long stretch; returns what is called
            with the number done.
    """
    last = yesterday().date()
    first = last - timedelta(days=364)
    clock = Clock(datetime.combine(first, datetime.min.time(), ZoneInfo("Asia/Shanghai")))
    files = new_folder(folder, "daxiang", seed=seed, scale=scale)
    _for_trials(folder / "district.toml")
    *people, register = files
    with linli.open(folder, clock=clock) as district:
        rows = round(11_000 * scale)
        imported = district.importing.run(people, progress=progress("importing the sample files", rows))
        play = Play(district, clock, (first, last), seed, progress("a year in the district", 365))
        _live(play, _cast(district, seed, scale), scale)
        history = district.importing.run(
            [register], progress=progress("importing the old register", round(300 * scale))
        )
        district.sealing.seal(everything=True)
    return Tale(
        folder=folder, first=first, last=last, imported=imported, history=history, refused=tuple(play.refused)
    )


def _for_trials(file: Path) -> None:
    """Whoever plays with it can go on to another day: linli --at."""
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[district]\n", "[district]\ntrial = true\n", 1), encoding="utf-8")


def _cast(district: District, seed: int, scale: float) -> list[Neighbourhood]:
    return cast(district, sample(seed, scale, yesterday()), compounds(scale))


def _live(play: Play, everybody: list[Neighbourhood], scale: float) -> None:
    def some(count: int) -> int:
        return max(1, round(count * scale))

    branches.plan(play, everybody)
    reports.plan(play, everybody, some(40))
    stewards.plan(play, everybody, some(20))
    surveys.plan(play, everybody, some(4))
    centres.opened(play, everybody)
    duty.plan(play, everybody)
    requests.plan(play, everybody, some(1900))
    requests.summary(play, everybody)
    cases.plan(play, everybody, some(5))
    outcomes = {"mediated": some(153), "rectifications": some(7), "enforcements": some(11)}
    meetings.plan(play, everybody, outcomes)
    meetings.review(play, everybody)
    decisions.plan(play, everybody, some(275))
    decisions.plan_lifts(play, everybody, some(4))
    halls.plan(play, everybody, some(160))
    banks = bank.running(everybody)
    bank.plan(play, banks, some(2410))
    bank.put_right(play, everybody, banks)
    sessions.plan(play, everybody, some(1160))
    sessions.plan(play, banks, some(96), of_the_bank=True)
    wishes.plan(play, everybody, some(200))
    play.run()
