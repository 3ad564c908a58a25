"""Rows of the party-building system's file: whom each is about, where, and what is in the record of them."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import attrs

from linli import Refused, Subject, say
from linli._verbs.register.living import ended
from linli.importing import (
    COMMUNITY,
    COMPOUND,
    MEMBERSHIPS,
    NAME,
    PHONE,
    RESIDENT_ID,
    STREET,
    BadLine,
    Batch,
    Column,
    Entries,
    Homes,
    Kind,
    Line,
    PersonData,
    claim_of,
)
from linli.query import subjects_of, survivor
from linli_reporting.reading import PutTo, branch_for, in_force
from linli_reporting.records import Report
from linli_reporting.reports import ReportFlow

HERE, NOT_HERE = "reported", "not_reported"
_STATUSES: Final = {
    HERE: ("已报到", "报到", "已确认", "在册", "正常", "是", "已", "reported"),
    NOT_HERE: ("未报到", "未", "否", "not_reported"),
    "moved_away": ("已迁出", "迁出", "转出", "已转出", "搬离", "已搬离", "moved_away"),
    "died": ("去世", "已去世", "死亡", "已故", "died"),
    "membership_ended": (
        "出党",
        "脱党",
        "除名",
        "退党",
        "开除党籍",
        "停止党籍",
        "党籍终止",
        "membership_ended",
    ),
}
STATUS_WORDS: Final = {word: status for status, words in _STATUSES.items() for word in words}

COLUMNS: Final = (
    attrs.evolve(NAME, required=True),
    RESIDENT_ID,
    PHONE,
    attrs.evolve(
        MEMBERSHIPS[0].column,
        headings=(*MEMBERSHIPS[0].column.headings, "工作单位党组织", "单位党组织"),
    ),
    STREET,
    COMMUNITY,
    attrs.evolve(COMPOUND, headings=("报到小区", "报到小区名称", "双报到小区", *COMPOUND.headings)),
    Column(
        name="since",
        headings=("报到时间", "报到日期", "双报到时间", "到小区报到时间"),
        kind=Kind.DATE,
        essential=True,
    ),
    Column(
        name="status",
        headings=("状态", "报到状态", "双报到状态", "是否报到"),
        kind=Kind.CHOICE,
        choices=STATUS_WORDS,
        required=True,
        sensitive=True,
    ),
)

# 报到时间 or 状态 alone may be of students or volunteers.
SIGNS: Final = (
    "报到小区", "报到小区名称", "双报到小区", "双报到时间", "到小区报到时间", "报到状态", "双报到状态",
    "工作单位党组织", "单位党组织", "所在党组织", "所在党支部", "组织关系所在党组织",
)  # fmt: skip


@attrs.define(kw_only=True)
class Filed:
    """What a good row says of a member, beside what is in the record.

    Attributes:
        compound: where they reported; None where a row that says otherwise names none.
        before: how many reports of theirs there are.
        known: the one in force; here: its compound; last_day: when that began, or without one the last before it ended.
    """

    line: Line
    person: UUID
    status: str
    compound: UUID | None
    since: date | None
    before: int = 0
    known: Subject[Report] | None = None
    here: UUID | None = None
    last_day: date | None = None

    def complete(self) -> tuple[UUID, date]:
        """Where and when they reported: every row that says that they did has both."""
        assert self.compound is not None, "looked at before"
        assert self.since is not None, "looked at before"
        return self.compound, self.since

    @property
    def stale(self) -> bool:
        """Whether the record has later news of them than the file: an old one, brought once more."""
        if self.since is None or self.last_day is None or self.since >= self.last_day:
            return False
        if self.status != HERE:
            # What it ends may be an earlier report of theirs.
            return self.known is not None and self.before > 1
        return self.known is None or self.elsewhere

    @property
    def elsewhere(self) -> bool:
        """Whether the record has them at another compound."""
        return self.known is not None and self.here != self.compound


class Reading:
    """A chunk of rows, as far as they can be understood; the others are refused, each with its reason."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.entries = Entries(batch)
        self._homes = Homes(batch, make=False)
        self._branches: dict[UUID, PutTo] = {}

    def all(self, lines: Sequence[Line]) -> list[Filed]:
        """What the rows say; of somebody who is named twice, the later row is refused."""
        self._homes.prepare(lines)
        said = [(line, claim) for line in lines if (claim := self._claim(line))]
        self.entries.prepare(claim for _, claim in said)
        found: dict[UUID, Filed] = {}
        for line, claim in said:
            try:
                one = self._filed(line, claim)
                if one.person in found:
                    raise BadLine("name", say("the file has them in row {row} already", row=found[one.person].line.row.number))  # fmt: skip
                found[one.person] = one
            except Refused as refusal:
                self.batch.refuse(line, refusal, getattr(refusal, "field", "name"))
        self._look_up(found)
        return list(found.values())

    def _claim(self, line: Line) -> PersonData | None:
        try:
            return claim_of(line, None)
        except Refused as refusal:
            self.batch.refuse(line, refusal)
            return None

    def _filed(self, line: Line, claim: PersonData) -> Filed:
        since: date | None = line.values.get("since")
        status = str(line.text("status"))
        node = self._homes.of(line)
        compound = node.reporting_place if node else None
        if status == HERE:
            self._complete(compound, since)
        person = self._person(claim, here=status == HERE)
        return Filed(line=line, person=person, status=status, compound=compound, since=since)

    def _person(self, claim: PersonData, *, here: bool) -> UUID:
        known = self.entries.known(claim)
        if known.person is None:
            column = "resident_id" if claim.resident_id else "phone"
            raise BadLine(column, say("this finds nobody who is registered; import the list of people first"))
        if known.ended_by and here:
            raise BadLine(
                "name",
                say(
                    "person {person} {end}; if that is wrong, correct it with: linli person back",
                    person=known.person,
                    end=ended(known.ended_by),
                ),
            )
        return known.person

    def _complete(self, compound: UUID | None, since: date | None) -> None:
        if compound is None:
            raise BadLine("compound", say("this is missing: to which compound have they reported?"))
        if since is None:
            raise BadLine("since", say("this is missing: when have they reported?"))
        if self.branch_at(compound).branch is None:
            raise BadLine(
                "compound",
                say(
                    "there is no branch here, nor one that stands in; set one up first: linli branch propose"
                ),
            )

    def branch_at(self, compound: UUID) -> PutTo:
        """The branch that reports at a compound are put to."""
        if compound not in self._branches:
            self._branches[compound] = branch_for(self.batch.facts, compound)
        return self._branches[compound]

    def _look_up(self, found: dict[UUID, Filed]) -> None:
        facts = self.batch.facts
        for person, known in facts.get(subjects_of(ReportFlow, found)).items():
            found[person].before = len(known)
            report = in_force(known)
            if report:
                found[person].known, found[person].here = report, facts.get(survivor(report.compound))
            last = report.opened_at if report else max(one.ended_at or one.opened_at for one in known)
            found[person].last_day = facts.calendar.day_of(last)
