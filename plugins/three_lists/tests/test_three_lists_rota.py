"""The duty rota: who is on duty when, what is urgent goes to them, and what is said where nobody is."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from linli import Actor, District, NotAllowed, NotFound, Refused, Seat, new_id
from linli.testing import somebody
from linli_three_lists.tables import SHIFT
from linli_three_lists.testing import Town, moment, who
from linli_three_lists.testing import town as make_town

MORNING, EVENING = moment("2026-03-02 08:00"), moment("2026-03-02 20:00")


def _urgent(town: Town, place: UUID | None = None) -> tuple[Seat | None, str | None]:
    request = town.accepted("困人", "电梯", place=place)
    task = town.task(request)
    return task.holder, task.record.rule


def _guard(town: Town, place: UUID, role: str = "duty", at: UUID | None = None) -> Actor:
    return somebody(town.district, role, place, at=at)


def test_what_is_urgent_goes_to_the_seat_that_is_on_duty_at_that_moment(town: Town) -> None:
    day, night = _guard(town, town.place), _guard(town, town.place, "property_manager", at=town.company)
    town.needs.rota.add(who(day), town.place, MORNING, EVENING)
    town.needs.rota.add(
        who(night), town.place, EVENING, EVENING + timedelta(hours=12), role="property_manager"
    )
    for when, seat in (
        ("2026-03-02 09:00", Seat(role="duty", at=town.place)),
        ("2026-03-02 19:59", Seat(role="duty", at=town.place)),
        ("2026-03-02 20:00", Seat(role="property_manager", at=town.company)),
        ("2026-03-03 07:59", Seat(role="property_manager", at=town.company)),
    ):
        town.clock.now = moment(when)
        assert _urgent(town) == (seat, "three_lists: on duty"), when


def test_where_nobody_is_on_duty_the_next_place_above_has_it_and_the_record_says_so(town: Town) -> None:
    above = _guard(town, town.street)
    town.needs.rota.add(who(above), town.street, MORNING, EVENING)
    seat, rule = _urgent(town, town.building)
    assert (seat, rule) == (
        Seat(role="duty", at=town.street),
        "three_lists: on duty: street: nobody is nearer by",
    )
    near = _guard(town, town.place)
    town.needs.rota.add(who(near), town.place, MORNING, EVENING)
    assert _urgent(town, town.building)[1] == "three_lists: on duty: compound: nobody is nearer by"


def test_where_nobody_is_on_duty_anywhere_whoever_has_the_duty_role_has_it(town: Town) -> None:
    assert _urgent(town) == (Seat(role="duty", at=town.place), "dispatch: role: duty: nobody has it")
    _guard(town, town.street)
    assert _urgent(town) == (Seat(role="duty", at=town.street), "three_lists: nobody is on duty: role: duty")


def test_whoever_has_lost_the_post_is_not_on_duty_any_more(town: Town) -> None:
    guard = _guard(town, town.place)
    town.needs.rota.add(who(guard), town.place, MORNING, EVENING)
    (post,) = town.district.register.posts(person=who(guard))
    town.district.register.end_post(post.id)
    town.clock.now += timedelta(minutes=1)
    assert town.needs.rota.now(town.place) == []
    assert _urgent(town)[1] == "dispatch: role: duty: nobody has it"


def test_the_rota_passes_over_whom_a_complaint_is_about(town: Town) -> None:
    guard, above = _guard(town, town.place), _guard(town, town.street)
    town.needs.rota.add(who(guard), town.place, MORNING, EVENING)
    town.needs.rota.add(who(above), town.street, MORNING, EVENING)
    request = town.accepted("困人", "电梯", about=who(guard))
    assert town.task(request).holder == Seat(role="duty", at=town.street)
    assert str(who(guard)) not in repr(town.told("urgent"))


def test_a_shift_is_repeated_week_by_week_and_listed_in_order(town: Town) -> None:
    guard = _guard(town, town.place)
    made = town.needs.rota.add(who(guard), town.place, MORNING, EVENING, weeks=3, actor=town.clerk)
    shifts = town.needs.rota.shifts(town.place)
    assert [shift.id for shift in shifts] == made
    assert [f"{shift.since:%m-%d}" for shift in shifts] == ["03-02", "03-09", "03-16"]
    town.needs.rota.drop(made[1], actor=town.officer)
    assert [shift.id for shift in town.needs.rota.shifts()] == [made[0], made[2]]
    town.clock.now = moment("2026-03-16 20:00")
    assert town.needs.rota.shifts() == []
    with pytest.raises(NotFound, match="no shift"):
        town.needs.rota.drop(made[1])
    history = [act.verb for act in town.district.history(made[1])]
    assert history == ["shift.add", "shift.drop"]


def test_only_whoever_has_the_post_there_is_put_on_duty(town: Town) -> None:
    guard = _guard(town, town.place)
    with pytest.raises(Refused, match="do not have the post"):
        town.needs.rota.add(who(town.resident), town.place, MORNING, EVENING)
    with pytest.raises(Refused, match="do not have the post"):
        town.needs.rota.add(who(guard), town.street, MORNING, EVENING)
    with pytest.raises(NotFound, match="nobody is registered"):
        town.needs.rota.add(new_id(), town.place, MORNING, EVENING)
    for until in (MORNING, MORNING - timedelta(hours=1), MORNING + timedelta(days=32)):
        with pytest.raises(Refused, match="ends after it begins"):
            town.needs.rota.add(who(guard), town.place, MORNING, until)
    assert town.needs.rota.shifts() == []


def test_the_rota_is_the_desks_and_the_streets_to_set(town: Town) -> None:
    guard, other = _guard(town, town.place), _guard(town, town.place)
    [standing] = town.needs.rota.add(who(other), town.place, MORNING, EVENING)
    for name, actor in (*town.actors.items(), ("guard", guard)):
        if name in ("clerk", "colleague", "officer"):
            [shift] = town.needs.rota.add(who(guard), town.place, MORNING, EVENING, actor=actor)
            with pytest.raises(Refused, match="on duty there at that time already"):
                town.needs.rota.add(who(guard), town.place, MORNING, EVENING, actor=actor)
            town.needs.rota.drop(shift, actor=actor)
            continue
        with pytest.raises(NotAllowed):
            town.needs.rota.add(who(guard), town.place, MORNING, EVENING, actor=actor)
        with pytest.raises(NotAllowed):
            town.needs.rota.drop(standing, actor=actor)


def test_the_rota_forgets_whoever_is_erased(new_district: Callable[..., District]) -> None:
    town = make_town(new_district)
    guard = _guard(town, town.place)
    stays = _guard(town, town.place)
    for one in (guard, stays):
        town.needs.rota.add(who(one), town.place, MORNING, EVENING, weeks=2)
    town.district.register.erase(who(guard))
    query = select(SHIFT.c.person, func.count()).where(SHIFT.c.district == town.district.code)
    with town.district.store.reading() as connection:
        found = [tuple(row) for row in connection.execute(query.group_by(SHIFT.c.person))]
    assert found == [(who(stays), 2)]
