"""What is kept with a report, and its number, which is also the code on its receipt."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import attrs

from linli import coded

KIND = "membership_report"
IN_FORCE = ("announced", "confirmed", "active")
REPORTED = ("confirmed", "active")
"""Reports that count as such: confirmed, and not ended."""


@attrs.frozen(kw_only=True)
class Report:
    """What is kept with a report; whose it is is the subject's person.

    Attributes:
        reported_on: when the member reported; as the file says, where one does.
        branch: the organisation it was put to; None: there was none, and it waits for one.
        stood_in: whether that is the branch of a place above, since the compound has none, or the
            member is its secretary.
        moved_from: the report that it continues, since the home moved.
        filed: the import that confirmed it; None: the branch did, or nobody yet.
    """

    reported_on: date
    branch: UUID | None = None
    stood_in: bool = False
    moved_from: UUID | None = None
    filed: UUID | None = None


def report_id(commit: Callable[[str, str], str], person: UUID, before: int) -> UUID:
    """The number of a member's next report: there cannot be two, however many announce it at once.

    Args:
        before: how many reports of theirs there are.
    """
    return coded(commit, f"{person} {before}", "membership report")
