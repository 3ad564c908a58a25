"""Reporting in for programs: announced, confirmed, moved and ended; files; what was done since; receipts."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

import attrs

from linli import (
    Act,
    Actor,
    District,
    Missing,
    NoNameRegistered,
    NotAllowed,
    NotFound,
    NotPermitted,
    PersonId,
    PlaceId,
    Refused,
    StoredSubject,
    code_of,
    number_of,
)
from linli.importing import Report
from linli.query import asked_by, may, survivor
from linli_reporting.comparing import Comparison, compared
from linli_reporting.importers import REPORTS
from linli_reporting.reading import homes_of, in_force, reports_of
from linli_reporting.records import KIND, REPORTED, report_id
from linli_reporting.reports import SEES, Announce, ReportFlow
from linli_reporting.settings import ReportingSettings
from linli_reporting.views import (
    Done,
    Member,
    Numbers,
    facts_of,
    members_at,
    months_before,
    numbers_at,
    things_of,
)

Standing = Literal["valid", "waiting", "ended", "unknown"]


@attrs.frozen(kw_only=True)
class Receipt:
    """What a receipt shows. The name is for the receipt alone: keep it nowhere else.

    Attributes:
        branch: the branch that it was put to; "" where there is none yet.
        confirmed_on: None while nobody has confirmed it.
    """

    code: str
    name: str = attrs.field(repr=False)
    compound: str
    branch: str
    reported_on: date
    confirmed_on: date | None


@attrs.frozen(kw_only=True)
class Verified:
    """What a receipt's code says: nothing that names anybody, or where they live."""

    code: str
    standing: Standing


class NoHomeKnown(
    Missing, says="the register knows no home of theirs; enter it first, or say where: --place"
):
    field: str = "place"


class NotYoursToSee(
    NotPermitted,
    says="who the members are is shown to their branch and the desk; see: linli report-in numbers",
): ...


class Reporting:
    """Dual reporting of an open district.

    Every method that changes something makes one act and returns it; `actor` and `key` are as in
    `District.make`, which makes the other moves (confirm, refuse, activate, end, withdraw).
    """

    def __init__(self, district: District) -> None:
        self._district = district

    def announce(
        self,
        person: UUID,
        compound: UUID | None = None,
        *,
        reported_on: date | None = None,
        actor: Actor | None = None,
        at: datetime | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Announce a member to the branch of the compound where they live.

        Args:
            compound: None: the one where the register knows their home.
            reported_on: the day on which they came; None: today.

        Raises: Refused, where a report of theirs is in force among others.
        """
        with facts_of(self._district) as facts:
            before = len(reports_of(facts, person))
            where = compound or next(iter(homes_of(facts, person)), None)
        if where is None:
            raise Refused(NoHomeKnown())
        ident = report_id(self._district.rules.vault.keyring.commit, person, before)
        given = Announce(reported_on=reported_on)
        order = ReportFlow.announce.at(PlaceId(where), given, person=PersonId(person), id=ident)
        return self._district.perform(order, actor=actor, at=at, key=key)

    def current(self, person: UUID) -> StoredSubject | None:
        """A member's report that has not ended."""
        with facts_of(self._district) as facts:
            found = in_force(reports_of(facts, person))
        return self._district.subject(found.id) if found else None

    def reports(self, person: UUID) -> list[StoredSubject]:
        """All reports of a member, the oldest first."""
        with facts_of(self._district) as facts:
            found = reports_of(facts, person)
        return [self._district.subject(one.id) for one in found]

    # --- files ------------------------------------------------------------------------------------------

    def import_files(
        self, files: Iterable[Path], *, map: str | None = None, actor: Actor | None = None
    ) -> Report:
        """Take files of the party-building system into the record; see `Importing.run`."""
        return self._district.importing.run(files, kind=REPORTS.kind, map=map, actor=actor)

    def check(self, file: Path, *, map: str | None = None, actor: Actor | None = None) -> Comparison:
        """Compare such a file with the record, and change nothing. It is for whoever may import it."""
        return compared(self._district, file, map=map, actor=actor)

    # --- what was done since ------------------------------------------------------------------------------

    def done(self, person: UUID, *, actor: Actor | None = None) -> Done:
        """What a member has done since they first reported, under all their reports.

        Raises: NotAllowed for others than themselves, the branch and the desk.
        """
        found = self.reports(person)
        for one in found[-1:]:
            self._district.see(one.id, actor or self._district.console)
        things = things_of(self._district, [one.id for one in found])
        return Done(
            person=person,
            since=min((one.accepted_at for one in found if one.accepted_at), default=None),
            counts=Counter(thing.kind for thing in things),
            minutes=sum(thing.minutes for thing in things),
            things=things,
        )

    def members(self, place: UUID, *, actor: Actor | None = None, most: int = 200) -> list[Member]:
        """The members who have reported in at a place and below it, whoever did least lately first.

        Raises: NotAllowed for others than the branch and the desk.
        """
        self._only_who_may_see(place, actor)
        return members_at(self._district, place, idle_since=None, most=most)

    def inactive(
        self, place: UUID, months: int | None = None, *, actor: Actor | None = None, most: int = 200
    ) -> list[Member]:
        """Those of them who have done nothing for so many months; None: the district's number."""
        self._only_who_may_see(place, actor)
        with facts_of(self._district) as facts:
            span = months or facts.settings(ReportingSettings).inactive_after
            since = facts.calendar.begin_of(months_before(facts.today, span))
        return members_at(self._district, place, idle_since=since, most=most)

    def numbers(self, place: UUID | None = None) -> list[Numbers]:
        """Compounds at a place and below it in numbers, those without any report in force left out."""
        return numbers_at(self._district, place)

    # --- receipts ---------------------------------------------------------------------------------------

    def receipt(self, report: UUID, *, actor: Actor | None = None) -> Receipt:
        """The receipt of a report, with the member's name. That it was printed is an act."""
        district = self._district
        district.perform(ReportFlow.print(ReportFlow.ref(report)), actor=actor)
        found = district.subject(report)
        assert found.person is not None, "a report is somebody's"
        with facts_of(self._district) as facts:
            name = facts.said(facts.get(survivor(found.person)), "name")
            confirmed = facts.calendar.day_of(found.accepted_at) if found.accepted_at else None
        if name is None:
            raise Refused(NoNameRegistered())
        branch = found.record.branch
        return Receipt(
            code=code_of(report),
            name=name,
            compound=district.register.node(found.place).name,
            branch=district.register.organisation_record(branch).name if branch else "",
            reported_on=found.record.reported_on,
            confirmed_on=confirmed,
        )

    def verify(self, code: str) -> Verified:
        """How the report behind a receipt's code stands; Refused where it can be no code."""
        number = number_of(code)
        return Verified(code=code_of(number), standing=self._standing(number))

    def _standing(self, number: UUID) -> Standing:
        try:
            found = self._district.subject(number)
        except NotFound:
            return "unknown"
        if found.kind != KIND:
            return "unknown"
        if found.ended_at:
            return "ended"
        return "valid" if found.state in REPORTED else "waiting"

    # --- what these share -------------------------------------------------------------------------------

    def _only_who_may_see(self, place: UUID, actor: Actor | None) -> None:
        with asked_by(self._district, actor) as (facts, who):
            seen = may(SEES, who, facts, place)
        if not seen:
            raise NotAllowed(NotYoursToSee())
