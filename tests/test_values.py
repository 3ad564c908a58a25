"""Values that nobody can mean, or that no record could be read with again, are refused with their name."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import attrs
import pytest

from linli import Moves, State, Workflow
from linli._base.errors import Refused
from linli._engine.asked import given
from linli._model.access import ANYONE
from linli._model.compiling import compiled


@attrs.frozen(kw_only=True)
class Part:
    """What stands in a list."""

    at: UUID
    role: str


@attrs.frozen(kw_only=True)
class Kept:
    """What is kept."""

    numbers: tuple[UUID, ...] = ()
    parts: tuple[Part, ...] = ()


@attrs.frozen(kw_only=True)
class Given(Kept):
    """What a move is given."""

    names: tuple[str, ...] = ()
    day: date | None = None
    moment: datetime | None = None
    count: int | None = None
    share: Decimal | None = None


class Keeping(Workflow[Kept], name="keeping"):
    move = Moves(Kept)
    kept = State(ends=True)
    keep = move.opening(kept, Given, by=ANYONE)


FLOW = compiled(Keeping)
MOVE = FLOW.by_move["keep"]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("numbers", ("x",), "each by its number"),
        ("numbers", (1,), "each by its number"),
        ("parts", ({"a": 1},), "a is not asked for"),
        ("parts", (None,), "does not belong"),
        ("parts", ({"at": "x", "role": "clerk"},), "at must be a number of linli's"),
        ("names", ({"a": 1},), "does not belong"),
        ("names", (None,), "does not belong"),
        ("day", date.max, "year 9999"),
        ("day", date.min, "year 1"),
        ("moment", datetime(9999, 12, 31, tzinfo=UTC), "year 9999"),
        ("moment", datetime(2026, 3, 1), "offset"),  # noqa: DTZ001 - of which zone, it does not say
        ("moment", "2026-03-01T09:00", "offset"),
        ("count", 10**30, "counted with"),
        ("share", Decimal("NaN"), "counted with"),
        ("share", Decimal("sNaN"), "counted with"),
        ("share", "sNaN", "counted with"),
        ("share", "Infinity", "counted with"),
    ],
)
def test_what_no_record_can_be_read_with_is_refused(name: str, value: Any, why: str) -> None:
    with pytest.raises(Refused, match=why):
        given(MOVE, {name: value}, (name,))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("numbers", (uuid4(), str(uuid4()))),
        ("parts", ({"at": str(uuid4()), "role": "clerk"}, Part(at=uuid4(), role="clerk"))),
        ("names", ("锦绣花园", "幸福里")),
        ("day", date(9998, 12, 31)),
        ("moment", "2026-03-01T09:00+08:00"),
        ("count", 0),
        ("share", Decimal("0.5")),
    ],
)
def test_what_somebody_can_mean_is_taken(name: str, value: Any) -> None:
    assert getattr(given(MOVE, {name: value}, (name,)), name) not in (None, ())
