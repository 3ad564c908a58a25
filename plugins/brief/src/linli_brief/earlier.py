"""What the record says otherwise now than the brief that was published before: that stays as it is, the next one tells.

What was published is a text, so it is that text which is compared, line by line, with the same report made today.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from linli import District, StoredSubject
from linli._verbs.publish.reading import Wanted
from linli.query import Period
from linli_brief.model import Difference, Earlier, Report
from linli_brief.text import text

_PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2}) — (\d{4}-\d{2}-\d{2})$")
_LOOKED_AT = 20
_Lines = Mapping[tuple[str, str], str]


def published_before(district: District, place: UUID | None, until: date) -> tuple[Period, str] | None:
    """The period and the text of the newest brief of a place that went out when its period, up to that day, was over."""
    where = place or district.register.root()
    wanted = Wanted(places=(where,), exactly=True, series="brief", states=("published",), most=_LOOKED_AT)
    for publication in district.publish.listed(wanted):
        period = _over(district, publication)
        if period and period.end <= until:
            return period, district.publish.body(publication)
    return None


def _over(district: District, publication: StoredSubject) -> Period | None:
    """The period of a brief, where it was over when the brief was made: of another one much was still to come."""
    found = _PERIOD.search(publication.record.title)
    if found is None:
        return None
    period = Period(start=date.fromisoformat(found[1]), end=date.fromisoformat(found[2]))
    made = publication.opened_at.astimezone(district.rules.zone).date()
    return period if period.end < made else None


def differences(now: Report, published: str) -> Earlier:
    """What a published text says otherwise than the report of the same place and period does now."""
    before, after = _by_label(now, published), _by_label(now, text(now))
    changed = tuple(
        Difference(figure=entry.figure, published=was, now=is_now)
        for section in now.sections
        for entry in section.entries
        if (was := before.get((section.title, entry.label)))
        and (is_now := after[section.title, entry.label]) != was
    )
    return Earlier(period=now.period, differences=changed)


def _by_label(report: Report, written: str) -> _Lines:
    """By section and label, the amount as the text has it, with its unit and without what stands beside it."""
    found: dict[tuple[str, str], str] = {}
    titles = {section.title: section for section in report.sections}
    title = ""
    for line in written.splitlines():
        if not line.startswith("  "):
            title = line
        elif title in titles:
            labels = (entry.label for entry in titles[title].entries)
            found |= {(title, label): amount for label, amount in _amounts(line, labels)}
    return found


def _amounts(line: str, labels: Iterator[str]) -> Iterator[tuple[str, str]]:
    for label in labels:
        if line.startswith(f"  {label}  "):
            yield label, line.removeprefix(f"  {label}").strip().partition("  (")[0]
