"""The file of the party-building system beside the record: what differs, without changing anything."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

import attrs

from linli import Actor, Invalid, NotAllowed, NotPermitted, Refused, Role, Text
from linli._importing.run import Importing
from linli.importing import Batch, Line, RowProblem
from linli.query import asked_by, may, subjects
from linli_reporting.importers import FILE_REPORTS, REPORTS
from linli_reporting.reports import REPORTED_IN, ReportFlow
from linli_reporting.rows import HERE, Filed, Reading

if TYPE_CHECKING:
    from linli import District

Finding = Literal["agrees", "not_here", "waiting_here", "elsewhere", "ended_there", "not_there"]
FINDINGS: tuple[Finding, ...] = (
    "agrees", "not_here", "waiting_here", "elsewhere", "ended_there", "not_there",
)  # fmt: skip


@attrs.frozen(kw_only=True)
class Difference:
    """Where the file and the record differ.

    Attributes:
        finding: "not_here": reported in the file only; "waiting_here": nobody has decided here yet;
            "elsewhere": at another compound here; "ended_there": the file says that it is over, or never was;
            "not_there": the file does not have them.
        row: of the file; None for what it does not have.
        report: the one in the record; None where there is none.
        here, there: the compounds.
    """

    finding: Finding
    row: int | None = None
    report: UUID | None = None
    here: UUID | None = None
    there: UUID | None = None


@attrs.frozen(kw_only=True)
class Comparison:
    """What a file and the record come to beside each other.

    Attributes:
        counts: how many rows or reports of each finding.
        unread: rows that could not be understood, and why; their values are masked.
    """

    counts: dict[Finding, int]
    differences: tuple[Difference, ...]
    unread: tuple[RowProblem, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.differences and not self.unread


@attrs.define
class _Beside:
    """What the rows say, by the member: an import that is tried again says it again."""

    filed: dict[UUID, Filed] = attrs.field(factory=dict)

    def load(self, lines: Sequence[Line], batch: Batch) -> None:
        """Read as the importer reads, and write nothing."""
        self.filed |= {one.person: one for one in Reading(batch).all(lines)}


class FileNotRead(Invalid, says="{why}"):
    why: Text
    field: str = "file"


class SheetNotRead(Invalid, says="{name}: not read: {why}"):
    name: str
    why: Text
    field: str = "file"


def compared(district: "District", file: Path, *, map: str | None, actor: Actor | None) -> Comparison:
    """Compare a file with every report in the record."""
    _refuse_who_may_not_import(district, actor)
    beside, importing = _Beside(), Importing(district)
    importing.importers = {REPORTS.kind: attrs.evolve(REPORTS, load=beside.load)}
    report = importing.run([file], kind=REPORTS.kind, map=map, actor=actor, error_files=False)
    for _, why in report.failures:
        raise Refused(FileNotRead(why=why))
    for sheet in report.sheets:
        if sheet.passed_over is not None:
            raise Refused(SheetNotRead(name=sheet.sheet or sheet.file, why=sheet.passed_over))
    seen = {one.known.id for one in beside.filed.values() if one.known}
    found = [_difference(one) for one in beside.filed.values()] + list(_not_there(district, seen))
    counts = Counter(one.finding for one in found)
    return Comparison(
        counts={finding: counts[finding] for finding in FINDINGS},
        differences=tuple(one for one in found if one.finding != "agrees"),
        unread=tuple(report.problems),
    )


class OnlyWhoImports(
    NotPermitted, says="such a file is compared by whoever may import it, with a post at the district: {role}"
):
    role: Role


def _refuse_who_may_not_import(district: "District", actor: Actor | None) -> None:
    """The answer names reports of the whole district."""
    role = FILE_REPORTS.by
    with asked_by(district, actor) as (facts, who):
        if not may(role, who, facts, district.register.root()):
            raise NotAllowed(OnlyWhoImports(role=role))


def _difference(one: Filed) -> Difference:
    return Difference(
        finding=_finding(one),
        row=one.line.row.number,
        report=one.known.id if one.known else None,
        here=one.here,
        there=one.compound,
    )


def _finding(one: Filed) -> Finding:
    if one.status != HERE:
        return "ended_there" if one.known else "agrees"
    if one.known is None:
        return "not_here"
    if one.elsewhere:
        return "elsewhere"
    return "agrees" if one.known.state in REPORTED_IN else "waiting_here"


def _not_there(district: "District", seen: Collection[UUID]) -> Iterable[Difference]:
    found = district.ask_unchecked(subjects(ReportFlow, states=REPORTED_IN))
    for one in sorted(found, key=lambda one: (one.compound, one.opened_at, one.id)):
        if one.id not in seen:
            yield Difference(finding="not_there", report=one.id, here=one.compound)
