"""What a district decides about snow."""

import attrs

from linli import setting


@attrs.frozen(kw_only=True)
class Snow:
    """The [snow] table of a district's file."""

    points: int = setting(2, "for clearing a path", unit="points", least=0)
    most_a_month: int = setting(20, "that a person can earn by it in a month", unit="points", least=0)
    first_hour: int = setting(
        6, "when clearing may begin, so that people can sleep", unit="o'clock", least=0, most=23
    )
