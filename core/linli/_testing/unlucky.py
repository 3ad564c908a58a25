"""Numbers of linli's own that look like somebody's: they stand in every row, and stop no act."""

import random
import re
import time
from uuid import UUID

from stdnum.cn import ric

from linli._base import revealing
from linli._model import acts

MARK_OF_ALL = revealing.MARK
"""What linli itself knows its numbers by, where a test is about that."""


def be_unlucky() -> None:
    """From now on every number of linli's own looks like somebody's, and none is known by its letters."""
    acts.draw_id = unlucky_id
    revealing.MARK = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")


def unlucky_id() -> UUID:
    """A UUIDv7, later ones greater, with what looks like a telephone's number, or an identity card's."""
    milliseconds, micro = divmod(time.time_ns() // 1000, 1000)
    variant = f"8{random.randrange(1000):03}"
    tail = random.choice((_telephone, _identity_card))(f"{micro:03}"[1:] + variant)
    return UUID(f"{milliseconds:012x}7{micro:03}{variant}{tail}")


def _telephone(before: str) -> str:
    return f"01{random.randrange(3 * 10**9, 10**10)}"


def _identity_card(before: str) -> str:
    """What makes a number of an identity card of the six digits before it."""
    born = f"{random.randrange(1950, 2010)}{random.randrange(1, 13):02}{random.randrange(1, 29):02}"
    while True:
        serial = f"{born}{random.randrange(1000):03}"
        check = ric.calc_check_digit(f"{before}{serial}0")
        if check != "X":
            return serial + check
