"""Hours by period, and certificates whose code verifies."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli import District, NotAllowed, NotFound, OpenOrder, Refused, code_of, number_of
from linli._store import tables as t
from linli.testing import who
from linli_volunteers.testing import VolunteerCompound, volunteer_compound

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VolunteerCompound:
    return volunteer_compound(new_district)


@given(st.integers(0, 2**80 - 1))
def test_a_code_stands_for_one_certificate_however_it_is_typed(mark: int) -> None:
    ident = number_of(code_of(UUID(int=0x6C696E6C6963 << 80 | mark)))
    assert ident.int & (1 << 80) - 1 == mark
    typed = code_of(ident).lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert number_of(typed) == ident


def test_hours_are_counted_by_the_days_of_the_sessions(compound: VolunteerCompound) -> None:
    for hours, minutes in ((24, 60), (24 * 20, 90), (24 * 20, 30)):
        compound.held(compound.ann, hours=hours, minutes=minutes)
    person = who(compound.ann)
    ever = compound.volunteers.hours(person)
    assert (ever.sessions, ever.minutes, ever.ever) == (3, 180, 180)
    assert ever.by_month == {"2026-03": 150, "2026-04": 30}
    march = compound.volunteers.hours(person, date(2026, 3, 1), date(2026, 3, 31))
    assert (march.sessions, march.minutes, march.ever) == (2, 150, 180)
    assert compound.volunteers.hours(who(compound.ben)).minutes == 0


def test_a_certificate_says_what_the_record_says_and_its_code_verifies(compound: VolunteerCompound) -> None:
    compound.held(compound.ann, minutes=95)
    issued = compound.volunteers.certify(who(compound.ann), *YEAR, actor=compound.ann, place=compound.place)
    found = compound.volunteers.verify(code_of(issued))
    assert (found.stands, found.state, found.sessions, found.minutes) == (True, "issued", 1, 95)
    assert (found.since, found.until, found.issued_on) == (*YEAR, date(2026, 3, 3))


def test_the_same_certificate_is_issued_once_and_another_when_there_is_more(
    compound: VolunteerCompound,
) -> None:
    compound.held(compound.ann)
    again = [compound.volunteers.certify(who(compound.ann), *YEAR, place=compound.place) for _ in range(2)]
    assert again[0] == again[1]
    compound.held(compound.ann)
    more = compound.volunteers.certify(who(compound.ann), *YEAR, place=compound.place)
    assert more != again[0]
    assert compound.volunteers.verify(code_of(again[0])).stands, "what it says is still true"


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "ZZZZ-ZZZZ-ZZZZ-ZZZZ"])
def test_a_code_that_was_made_up_verifies_nothing(compound: VolunteerCompound, code: str) -> None:
    with pytest.raises(NotFound, match="no certificate of this district has this code"):
        compound.volunteers.verify(code)
    with pytest.raises(Refused, match="16 letters and digits"):
        compound.volunteers.verify("1234")


def test_nobody_gets_a_certificate_of_more_than_they_served(compound: VolunteerCompound) -> None:
    compound.held(compound.ann, minutes=30)
    values = {"since": YEAR[0], "until": YEAR[1]}

    def issue(**more: object) -> None:
        order = OpenOrder(
            workflow="certificate",
            move="issue",
            place=compound.place,
            values={**values, **more},
            person=who(compound.ann),
        )
        compound.district.perform(order, actor=compound.ann)

    with pytest.raises(Refused, match="worked out by linli"):
        issue(minutes=3000)
    with pytest.raises(Refused, match="which gives it its number"):
        issue()
    with pytest.raises(Refused, match="nothing was served"):
        compound.volunteers.certify(who(compound.ben), *YEAR, place=compound.place)


def test_others_than_leaders_get_no_certificate_of_somebody(compound: VolunteerCompound) -> None:
    compound.held(compound.ann)
    with pytest.raises(NotAllowed):
        compound.volunteers.certify(who(compound.ann), *YEAR, actor=compound.ben, place=compound.place)


def test_a_certificate_of_annulled_hours_or_a_revoked_one_stands_no_longer(
    compound: VolunteerCompound,
) -> None:
    sessions = [compound.held(compound.ann), compound.held(compound.ann)]
    issued = compound.volunteers.certify(who(compound.ann), *YEAR, place=compound.place)
    seat = compound.volunteers.seat(sessions[0], who(compound.ann)).id
    compound.district.make(seat, "annul", {"reason": "代签"}, actor=compound.secretary)
    assert not compound.volunteers.verify(code_of(issued)).stands
    right = compound.volunteers.certify(who(compound.ann), *YEAR, place=compound.place)
    assert compound.volunteers.verify(code_of(right)).stands
    compound.district.make(right, "revoke", {"reason": "作废"}, actor=compound.secretary)
    found = compound.volunteers.verify(code_of(right))
    assert (found.stands, found.state) == (False, "revoked")
    with pytest.raises(Refused, match="was revoked"):
        compound.volunteers.certify(who(compound.ann), *YEAR, place=compound.place)


def test_a_name_is_on_the_printed_certificate_and_nowhere_else(compound: VolunteerCompound) -> None:
    volunteer = compound.volunteer()
    compound.held(volunteer)
    issued = compound.volunteers.certify(who(volunteer), *YEAR)
    with pytest.raises(NotAllowed):
        compound.volunteers.print(issued, actor=compound.ben)
    name, hours = compound.volunteers.print(issued, actor=volunteer)
    assert (name, hours.minutes) == ("王小明", 120)
    assert [act.verb for act in compound.district.history(issued)][-1] == "certificate.print"
    with compound.district.store.reading() as connection:
        for table in (t.act, t.subject, t.delivery, t.posting):
            for row in connection.execute(table.select()):
                assert "王小明" not in repr(tuple(row))


def test_whoever_has_no_registered_name_gets_no_printed_certificate(compound: VolunteerCompound) -> None:
    compound.held(compound.ann)
    issued = compound.volunteers.certify(who(compound.ann), *YEAR, place=compound.place)
    with pytest.raises(Refused, match="no name is registered"):
        compound.volunteers.print(issued)
