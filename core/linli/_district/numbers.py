"""What a district comes to in numbers: the brief, by month and by place, and what stands behind it."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict
    from linli._figures.brief import Brief
    from linli._figures.series import Monthly
    from linli._model.figures import Amount
    from linli._seeing.tracing import Explanation


class Numbers:
    """The figures of an open district; see `District`."""

    def brief(
        self: "OpenDistrict", place: UUID | None = None, start: date | None = None, end: date | None = None
    ) -> "Brief":
        """Every figure of a place and all below it, from `start` to `end`, both days included.

        Args: place: a compound or a place above one; None: the whole district. start: None: the first day of the year of
            `end`. end: None: today, in the district's zone.

        Raises: NotFound, Refused (a place below a compound, a period that ends before it begins).
        """
        from linli._figures.brief import brief

        return brief(self, place, start, end)

    def explain(
        self: "OpenDistrict",
        figure: str,
        place: UUID | None = None,
        start: date | None = None,
        end: date | None = None,
        *,
        most: int = 100,
    ) -> "Explanation":
        """What was counted for a figure of the brief, one by one, at most `most` of it."""
        from linli._seeing.tracing import explain

        return explain(self, figure, place, start, end, most)

    def by_month(
        self: "OpenDistrict", place: UUID | None = None, start: date | None = None, end: date | None = None
    ) -> "Monthly":
        """The brief's summed figures month by month, in one read of the roll-ups. Args: as in `brief`."""
        from linli._figures.series import by_month

        return by_month(self, place, start, end)

    def by_place(
        self: "OpenDistrict",
        places: Sequence[UUID],
        names: Sequence[str],
        start: date | None = None,
        end: date | None = None,
    ) -> "dict[UUID, dict[str, Amount]]":
        """Some of the brief's figures for each of some places, in one read of the roll-ups.

        Args:
            places: compounds, or places above them.
            names: of figures; one that no sum can say is asked place by place.

        Raises: NotFound (a figure, a place), Refused.
        """
        from linli._figures.series import by_place

        return by_place(self, places, names, start, end)
