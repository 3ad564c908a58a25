"""`linli hall`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from linli import District
from linli.cli import (
    add_lists,
    add_moves,
    add_openings,
    add_reports,
    noun,
)
from linli_centres.bookings import BookingFlow
from linli_centres.reports import REPORTS

hall = noun(
    "hall",
    "booking the halls of centres",
    """
linli hall free 锦绣花园党群服务中心 --on 2026-03-05
linli hall book 锦绣花园党群服务中心 --starts-at "2026-03-05 14:30" --ends-at "2026-03-05 16:00" --for 13800000000
linli hall approve NUMBER
linli hall hold NUMBER --came 23
linli hall list --place 锦绣花园
""",
)


def _at_the_centre(district: District, _: UUID | None, given: Mapping[str, Any]) -> UUID:
    return district.subject(given["centre"]).place


add_openings(
    hall, BookingFlow, only=("ask",), called={"ask": "book"}, arguments=("centre",), where=_at_the_centre
)
add_lists(hall, BookingFlow)
add_moves(hall, BookingFlow)
add_reports(hall, REPORTS)
