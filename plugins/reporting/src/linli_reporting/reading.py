"""What checks, effects and imports read: a member's reports and homes, and which branch a report is put to."""

from collections.abc import Iterable
from uuid import UUID

import attrs

from linli import Facts, Seat, Subject
from linli.query import body, place, subjects, ties, who_has
from linli_reporting.records import Report

SECRETARY, DEPUTY, BODY = "branch_secretary", "branch_deputy", "branch"

MEMBER_TIE = "party_member"


def reports_of(facts: Facts, person: UUID) -> list[Subject[Report]]:
    """A member's reports, the oldest first, under each number that they ever had."""
    # A report is made with what is read here.
    from linli_reporting.reports import ReportFlow

    found = facts.get(subjects(ReportFlow, person=person))
    return sorted(found, key=lambda one: (one.opened_at, one.id))


def in_force(reports: Iterable[Subject[Report]]) -> Subject[Report] | None:
    """The one that has not ended; there is at most one."""
    return next((one for one in reports if not one.state.ends), None)


def homes_of(facts: Facts, person: UUID) -> list[UUID]:
    """The compounds where somebody is at home, the one where they live before what they own."""
    found = facts.get(ties("resident", "owner", person=person))
    homes = sorted(found, key=lambda one: (one.kind != "resident", one.compound))
    return list(dict.fromkeys(one.compound for one in homes))


@attrs.frozen(kw_only=True)
class PutTo:
    """The branch that a report is put to."""

    branch: UUID | None = None
    stood_in: bool = False

    @property
    def seat(self) -> Seat | None:
        """Who decides on it."""
        return Seat(role=SECRETARY, at=self.branch) if self.branch else None


def branch_for(facts: Facts, compound: UUID, person: UUID | None = None) -> PutTo:
    """The compound's branch; that of a place above, where it has none or the member is its secretary."""
    found = facts.get(body(BODY, compound))
    if found is None:
        return PutTo()
    secretary = Seat(role=SECRETARY, at=found.id)
    if person and found.place == compound and person in facts.get(who_has(secretary)):
        above = facts.get(place(compound)).path[:-1]
        other = facts.get(body(BODY, above[-1])) if above else None
        return PutTo(branch=other.id, stood_in=True) if other else PutTo(branch=found.id)
    return PutTo(branch=found.id, stood_in=found.place != compound)
