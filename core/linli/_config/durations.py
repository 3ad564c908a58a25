"""Lengths of time as a district's file writes them: "8h", "30min", "3d", "1d12h"."""

import re
from datetime import timedelta

from linli._base.errors import LinliError
from linli._base.i18n import say

# Largest unit first, each at most once, so that there is one obvious way to write a length.
# Also given to editors in the JSON Schema, hence without named groups.
DURATION_PATTERN = r"^([0-9]{1,6}w)?([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}min)?([0-9]{1,6}s)?$"
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")


def duration(text: str) -> timedelta:
    """Read a length of time.

    Units: `w` weeks, `d` days of 24 hours, `h` hours, `min` minutes, `s` seconds; whole numbers,
    the largest unit first, no spaces: "8h", "30min", "3d", "1d12h". Months and working days are
    no fixed length and are not written this way.

    Raises: LinliError when `text` is not such a length.
    """
    found = re.fullmatch(DURATION_PATTERN, text)
    if not text or not found:
        raise LinliError(
            say(
                "is not a length of time; write whole numbers with w, d, h, min or s, "
                'the largest first: "8h", "30min", "3d", "1d12h"'
            )
        )
    return timedelta(**{unit: int(part.rstrip("wdhmins")) for unit, part in _parts(found)})


def _parts(found: re.Match[str]) -> list[tuple[str, str]]:
    return [(unit, part) for unit, part in zip(_UNITS, found.groups(), strict=True) if part]


def write_duration(length: timedelta) -> str:
    """Write a length of time as `duration` reads it; fractions of a second are left out."""
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    amounts = ((length.days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    return "".join(f"{amount}{unit}" for amount, unit in amounts if amount) or "0s"
