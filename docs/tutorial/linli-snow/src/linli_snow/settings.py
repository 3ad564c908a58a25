"""What a district decides about snow."""

import attrs

from linli import setting


@attrs.frozen(kw_only=True)
class Snow:
    """The [snow] table of a district's file."""

    points: int = setting(default=2, minimum=0, help="for clearing a path", unit="points")
    most_a_month: int = setting(
        default=20, minimum=0, help="that a person can earn by it in a month", unit="points"
    )
    first_hour: int = setting(
        default=6,
        minimum=0,
        maximum=23,
        help="when clearing may begin, so that people can sleep",
        unit="o'clock",
    )
