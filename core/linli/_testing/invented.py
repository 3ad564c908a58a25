"""Invented identity numbers and phones: well-formed, each to a number, and nobody's on purpose."""

from datetime import date, timedelta

from stdnum.cn import ric

_FIRST = date(1930, 1, 1)
_DAYS = 27_000


def resident_id(number: int, born: date | None = None) -> str:
    """The identity number that goes with `number`, below 27,000,000; another one for each.

    Args:
        born: of somebody born on that day; another one for each number below 1,000.
    """
    day = born or _FIRST + timedelta(days=number % _DAYS)
    sequence = number % 1000 if born else number // _DAYS
    seventeen = f"110101{day:%Y%m%d}{sequence:03}"
    return seventeen + str(ric.calc_check_digit(seventeen + "0"))


def phone(number: int) -> str:
    """The mobile number that goes with `number`, below 100,000,000."""
    return f"139{number:08}"
