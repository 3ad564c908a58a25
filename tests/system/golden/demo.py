"""A year of the example district that is the same whenever it is lived: it ends on a day that is given."""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, time
from pathlib import Path
from unittest import mock
from zoneinfo import ZoneInfo

import linli
from golden.export import Row, rows
from golden.naming import Values
from linli_daxiang import demo, profile


def live(folder: Path, *, seed: int, scale: float, last: date) -> demo.Tale:
    """Live the year whose last day is `last`."""
    with _ending(last), _in_chinese():
        return demo.run(folder, seed=seed, scale=scale, progress=lambda _label, _total: lambda _done: None)


@contextmanager
def _ending(last: date) -> Iterator[None]:
    def yesterday() -> datetime:
        return datetime.combine(last, time(18), ZoneInfo("Asia/Shanghai"))

    with mock.patch.object(demo, "yesterday", yesterday), mock.patch.object(profile, "yesterday", yesterday):
        yield


def exported(tale: demo.Tale) -> Iterator[Row]:
    """What the year left: its record, its board, its briefs, what was imported, and what was refused."""
    with _in_chinese():
        yield from rows(tale.folder, {"brief": list(_briefs(tale)), "told": list(_told(tale))})


def _in_chinese() -> AbstractContextManager[object]:
    return mock.patch.dict(os.environ, {"LINLI_LANG": "zh"})


def _briefs(tale: demo.Tale) -> Iterator[Values]:
    """Of the whole, of each street and of each compound."""
    with linli.open(tale.folder) as district:
        root = district.register.root()
        below = [
            one.id for kind in ("street", "compound") for one in district.register.places(root, kind=kind)
        ]
        for place in (root, *below):
            figures: Mapping[str, object] = district.brief(place, tale.first, tale.last).figures
            yield {"place": place.hex, **{name: _plain(figures[name]) for name in sorted(figures)}}


def _plain(amount: object) -> object:
    return amount if isinstance(amount, int | float | None) else str(amount)


def _told(tale: demo.Tale) -> Iterator[Values]:
    yield {"what": "refused", "texts": list(tale.refused)}
    for what, report in (("files", tale.imported), ("old register", tale.history)):
        totals = {name: report.total(name) for name in ("registered", "updated", "skipped")}
        yield {
            "what": what,
            **totals,
            "problems": [str(one).replace(f"{tale.folder}/", "") for one in report.problems],
        }
