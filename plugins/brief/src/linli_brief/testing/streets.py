"""For tests: a street with compounds whose requests were accepted and closed over some months."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs

from linli import District
from linli.testing import a_place
from linli_brief.api import Reports

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 4, 10, 12, tzinfo=ZONE)


@attrs.frozen(kw_only=True)
class Street:
    """A street with two compounds."""

    district: District
    reports: Reports
    street: UUID
    first: UUID
    second: UUID

    def request(self, place: UUID, at: datetime, hours: float | None = None) -> UUID:
        """A request accepted at a moment, and closed so many hours later; open without them."""
        ident = self.district.dispatch.submit(place, "漏水", "厨房", at=at).subject
        self.district.make(ident, "accept", {"service": "general"}, at=at)
        if hours is not None:
            done = at + timedelta(hours=hours)
            self.district.make(ident, "decline", {"feedback": "不属本区"}, at=done)
        return ident

    def live(self) -> None:
        """Requests from December to April, some of them still open, over the turn of months and of the year."""
        for number in range(12):
            at = datetime(2025, 12, 30, 20, tzinfo=ZONE) + timedelta(days=8 * number, hours=number % 5)
            place = self.second if number % 3 == 0 else self.first
            self.request(place, at, None if number % 7 == 3 else 2 + number % 4 * 30.5)


def a_street(new_district: Callable[..., District], **options: Any) -> Street:
    """A street in a new district whose clock stands at noon of 10 April 2026."""
    district = new_district(enabled=("brief",), clock=lambda: NOW.astimezone(UTC), **options)
    root = a_place(district, "区", kind="district")
    street = a_place(district, "红旗路街道", kind="street", parent=root, path=f"{root.hex}/")
    path = f"{root.hex}/{street.hex}/"
    first, second = (a_place(district, name, parent=street, path=path) for name in ("锦绣花园", "电厂院落"))
    return Street(district=district, reports=Reports(district), street=street, first=first, second=second)
