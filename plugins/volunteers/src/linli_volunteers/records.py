"""What is kept with sessions, places at them, wishes and certificates: numbers and codes, nobody's name."""

from datetime import date, datetime
from uuid import UUID

import attrs

SEATS = "seats"
"""The unit of the ledger in which a session's places are counted."""
MINUTES = "minutes"
"""The unit in which service is counted: apart from points, so that spending points never lowers it."""


@attrs.frozen(kw_only=True)
class Session:
    """What is kept with a session.

    Attributes:
        kind: the code of one of the district's kinds.
        capacity: places, 1 or more.
        run_by_bank: whether the pioneer bank's organisation runs it.
        postponed_from: the session that this one takes the place of.
    """

    kind: str
    title: str
    meet_at: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    run_by_bank: bool
    postponed_from: UUID | None = None

    def overlaps(self, other: "Session") -> bool:
        """Whether the two have a moment in common; touching is none."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@attrs.frozen(kw_only=True)
class Seat:
    """What is kept with a place at a session; whose it is is the subject's person.

    Attributes:
        queued_at: when they signed up, the last time: the order of the waiting list.
        late: whether they came late.
        minutes: of service, within the session's own time or as a leader put it right.
    """

    queued_at: datetime
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    late: bool = False
    minutes: int = 0


@attrs.frozen(kw_only=True)
class Wish:
    """What is kept with a wish; whose it is is the subject's person, and shown to nobody.

    Attributes:
        title: what is wished for, in a few words: everybody reads it.
        needs: how many claimants it takes.
        wanted_by: the last day on which it is of use.
    """

    title: str
    needs: int
    wanted_by: date = date.max


@attrs.frozen(kw_only=True)
class Certificate:
    """What is kept with a certificate; whose it is is the subject's person.

    Attributes:
        since, until: the first and the last day that it is about.
        sessions, minutes: attended and served on those days.
    """

    since: date
    until: date
    sessions: int
    minutes: int
