"""A clock that a test can set."""

from datetime import UTC, datetime

import attrs


@attrs.define
class Moment:
    """A clock that a test can set: Monday, 2 March 2026, nine in the morning in Shanghai."""

    now: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """What it shows."""
        return self.now
