"""Every sequence of moves of a booking by everybody: what is allowed keeps its order, all else changes nothing."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from sqlalchemy import select

from linli import ENGINE_ACTOR, District, Refused, StoredSubject
from linli._model.compiled import Move
from linli.testing import Explorer, Tried, snapshot
from linli_centres.records import Purpose
from linli_centres.tables import TABLES, TAKEN
from linli_centres.testing import Hall, a_hall, at

TUESDAY = "2026-03-03"


@pytest.fixture
def hall(new_district: Callable[..., District]) -> Hall:
    return a_hall(new_district)


def _slot(start: str, end: str) -> tuple[str, str]:
    return f"{TUESDAY} {start}", f"{TUESDAY} {end}"


# --- every sequence of moves by everybody -------------------------------------------------------------------------------


class Bookings(Explorer):
    """Every move of a booking, by everybody, in every order."""

    examples = 25
    steps = 8

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall.district, {**hall.actors, "linli": ENGINE_ACTOR})
        self.hall = hall

    def opened(self) -> UUID:
        for row in self._rows():
            state = self.hall.state(row.booking)
            if state in ("asked", "approved"):
                self.hall.district.make(row.booking, "call_off", actor=ENGINE_ACTOR)
        return self.hall.book(*_slot("09:00", "10:00"))

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        return {"purpose": st.sampled_from(Purpose)}

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        state = self.hall.state(root)
        taken = [row for row in self._rows() if row.booking == root]
        assert len(taken) == (4 if state in ("asked", "approved") else 0)
        assert len([one for one in tried if one.act]) <= 2, "asked, perhaps approved, then an end"

    def _rows(self) -> list[Any]:
        query = select(TAKEN.c.booking, TAKEN.c.at).where(TAKEN.c.district == self.hall.district.code)
        with self.hall.district.store.reading() as connection:
            return list(connection.execute(query))


def test_whatever_is_tried_with_a_booking_its_time_is_taken_exactly_while_it_stands(hall: Hall) -> None:
    tried = Bookings(hall).explore()
    made = {one.move.name for one in tried if one.act}
    assert len(made) >= 3, made
    assert any(not one.act for one in tried)


ALLOWED = {
    "asked": {
        "approve": {"keeper", "second_keeper"},
        "reject": {"keeper", "second_keeper"},
        "cancel": {"keeper", "second_keeper", "booker"},
    },
    "approved": {"cancel": {"keeper", "second_keeper", "booker"}},
    "begun": {"hold": {"keeper", "second_keeper"}, "miss": {"keeper", "second_keeper"}},
}


@pytest.mark.parametrize("state", ["asked", "approved", "begun"])
def test_each_move_is_made_by_whom_it_is_for_and_only_where_it_may_be(hall: Hall, state: str) -> None:
    given: dict[str, dict[str, object]] = {
        "hold": {"came": 3},
        "reject": {"reason": "x"},
        "cancel": {"reason": "x"},
    }
    for move in ("approve", "reject", "cancel", "hold", "miss"):
        for name, actor in hall.actors.items():
            hall.clock.now = datetime(2026, 3, 2, 1, tzinfo=UTC)
            slot = _slot("09:00", "10:00")
            booking = hall.book(*slot) if state == "asked" else hall.approved(*slot)
            if state == "begun":
                hall.clock.now = at(f"{TUESDAY} 09:30")
            before = snapshot(hall.district, TABLES)
            try:
                hall.district.make(booking, move, given.get(move, {}), actor=actor)
            except Refused:
                happened = False
            else:
                happened = True
            assert happened == (name in ALLOWED[state].get(move, ())), (state, move, name)
            assert happened or snapshot(hall.district, TABLES) == before, (state, move, name)
            if hall.district.subject(booking).ended_at is None:
                hall.district.make(booking, "call_off", actor=ENGINE_ACTOR)
            _cleared(hall, booking)


def _cleared(hall: Hall, booking: UUID) -> None:
    """Free the hall after a booking that was held, for the next one at the same time."""
    with hall.district.store.engine.begin() as connection:
        connection.execute(TAKEN.delete().where(TAKEN.c.booking == booking))
