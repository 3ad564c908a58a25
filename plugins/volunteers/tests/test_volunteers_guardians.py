"""Minors: whose guardian's consent is recorded, and that nothing of an age is kept."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from linli import Actor, District, NotAllowed, Refused
from linli._store import tables as t
from linli.testing import who
from linli_volunteers.testing import VolunteerCompound, volunteer_compound


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VolunteerCompound:
    return volunteer_compound(new_district)


_CHILD, _ALMOST, _ADULT = date(2015, 5, 5), date(2008, 3, 4), date(2008, 3, 3)


def _consent(compound: VolunteerCompound, child: Actor, by: Actor, **more: Any) -> UUID:
    actor = more.pop("actor", compound.leader)
    given = {"guardian": who(by), "seen": "signed_form", **more}
    place = compound.place
    act = compound.district.start("guardian_consent", "give", place, given, person=who(child), actor=actor)
    return act.subject


def test_a_minor_signs_up_once_a_guardians_consent_is_recorded(compound: VolunteerCompound) -> None:
    child, session = compound.volunteer(_CHILD), compound.opened()
    with pytest.raises(Refused, match="a guardian's consent is needed and none is recorded"):
        compound.sign_up(session, child)
    _consent(compound, child, compound.resident)
    compound.sign_up(session, child)


def test_the_age_counts_on_the_sessions_day(compound: VolunteerCompound) -> None:
    """The session is on 3 March 2026: who turns eighteen on that day needs nobody, a day later they do."""
    session = compound.opened()
    compound.sign_up(session, compound.volunteer(_ADULT))
    with pytest.raises(Refused, match="guardian"):
        compound.sign_up(session, compound.volunteer(_ALMOST))


def test_a_consent_that_is_withdrawn_or_over_counts_no_more_at_check_in_either(
    compound: VolunteerCompound,
) -> None:
    child, other = compound.volunteer(_CHILD), compound.volunteer(_CHILD + timedelta(days=1))
    consent = _consent(compound, child, compound.resident)
    _consent(compound, other, compound.resident, until=date(2026, 3, 2))
    session = compound.opened(child)
    with pytest.raises(Refused, match="guardian"):
        compound.sign_up(session, other)
    for actor in (child, compound.ben):
        with pytest.raises(Refused, match="only the guardian"):
            compound.district.make(consent, "withdraw", actor=actor)
    compound.district.make(consent, "withdraw", actor=compound.resident)
    compound.clock.now += timedelta(days=1)
    compound.district.make(session, "begin", actor=compound.leader)
    with pytest.raises(Refused, match="guardian"):
        compound.check_in(session, child)


def test_minor_guardian_and_recorder_are_three_people_and_the_guardian_is_grown_up(
    compound: VolunteerCompound,
) -> None:
    child, sibling = compound.volunteer(_CHILD), compound.volunteer(_CHILD + timedelta(days=400))
    for guardian, actor in ((child, compound.leader), (compound.leader, compound.leader)):
        with pytest.raises(Refused, match="three people"):
            _consent(compound, child, guardian, actor=actor)
    with pytest.raises(Refused, match="who needs a guardian is nobody's guardian"):
        _consent(compound, child, sibling)
    with pytest.raises(NotAllowed):
        _consent(compound, child, compound.resident, actor=compound.resident)


def test_nothing_of_an_age_is_kept_or_said(compound: VolunteerCompound) -> None:
    child = compound.volunteer(_CHILD)
    session = compound.opened()
    _consent(compound, child, compound.resident)
    compound.sign_up(session, child)
    number = _born(compound, child)
    with compound.district.store.reading() as connection:
        texts = [text for (text,) in connection.execute(t.act.select().with_only_columns(t.act.c.body))]
        texts += [r for (r,) in connection.execute(t.subject.select().with_only_columns(t.subject.c.record))]
    for text in texts:
        assert number not in text
        assert "2015-05-" not in text


def _born(compound: VolunteerCompound, child: Actor) -> str:
    return compound.district.register.reveal(who(child), ["resident_id"], "test")["resident_id"]


@pytest.mark.parametrize(("what", "refused"), [("adult", False), ("minor", True)])
def test_the_district_says_what_somebody_without_an_identity_number_counts_as(
    new_district: Callable[..., District], what: str, refused: bool
) -> None:
    compound = volunteer_compound(new_district, f'[volunteers]\nunknown_age = "{what}"\n')
    session = compound.opened()
    if refused:
        with pytest.raises(Refused, match="guardian"):
            compound.sign_up(session, compound.ann)
    else:
        compound.sign_up(session, compound.ann)


def test_a_minor_claims_no_wish_without_a_guardian_either(compound: VolunteerCompound) -> None:
    child, wish = compound.volunteer(_CHILD), compound.posted()
    with pytest.raises(Refused, match="guardian"):
        compound.wishes.claim(wish, who(child), actor=child)
