"""Figures against an independent count over everything that is in the record."""

from collections.abc import Callable
from datetime import date, datetime
from random import Random

from linli import District
from linli.testing import all_of, who
from linli_volunteers.roles import WhyForOthers
from linli_volunteers.testing import VolunteerCompound, volunteer_compound
from linli_volunteers.wishes import WishFlow


def _a_life(compound: VolunteerCompound, chance: Random) -> None:
    """Some weeks of sessions and wishes, each ending in its own way."""
    people = (compound.ann, compound.ben, compound.cai)
    for _ in range(14):
        came = chance.sample(people, chance.randint(1, 3))
        session = compound.begun(*came, capacity=3, hours=chance.randint(20, 60))
        compound.check_in(session, *came[: chance.randint(1, len(came))])
        compound.pass_time(minutes=chance.randint(1, 119))
        inside = [seat for seat in compound.volunteers.roster(session) if seat.state == "checked_in"]
        compound.check_out(session, *(one for one in came if who(one) in {seat.person for seat in inside}))
        end = chance.choice(["hold", "hold", "cancel"])
        values = {"reason": "x"} if end == "cancel" else {}
        compound.district.make(session, end, values, actor=compound.leader)
        if end == "hold" and chance.random() < 0.4:
            seat = compound.volunteers.seat(session, inside[0].person or session)
            compound.pass_time(days=chance.randint(0, 5))
            compound.district.make(seat.id, "annul", {"reason": "x"}, actor=compound.secretary)
        wish = compound.claimed(came[0])
        if chance.random() < 0.6:
            compound.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=came[0])
            compound.district.perform(
                WishFlow.thank(WishFlow.ref(wish), WhyForOthers()), actor=compound.elder
            )


def test_figures_are_what_is_in_the_record(new_district: Callable[..., District]) -> None:
    compound = volunteer_compound(new_district)
    _a_life(compound, Random(20260302))
    zone = compound.district.rules.zone
    everything = _everything(compound)
    for first, last in (
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 3, 1), date(2026, 3, 15)),
        (date(2026, 3, 16), date(2026, 3, 31)),
    ):
        found = {"held": 0, "sign_ups": 0, "attended": 0, "minutes": 0, "thanked": 0}
        for kind, state, opened, ended, minutes in everything:
            ended_on = ended.astimezone(zone).date() if ended else None
            if kind == "seat" and first <= opened.astimezone(zone).date() <= last:
                found["sign_ups"] += 1
            if ended_on is None or not first <= ended_on <= last:
                continue
            found["held"] += (kind, state) == ("session", "held")
            found["thanked"] += (kind, state) == ("wish", "thanked")
            if (kind, state) == ("seat", "attended"):
                found["attended"] += 1
                found["minutes"] += minutes
        figures = compound.district.brief(start=first, end=last).figures
        assert figures["sessions.held"] == found["held"]
        assert figures["sessions.sign_ups"] == found["sign_ups"]
        assert figures["sessions.attended"] == found["attended"]
        assert figures["sessions.hours"] == found["minutes"] / 60
        assert figures["wishes.thanked"] == found["thanked"]
    open_wishes = sum(kind == "wish" and ended is None for kind, _, _, ended, _ in everything)
    assert compound.district.brief().figures["wishes.open"] == open_wishes
    assert found["held"], "the life that was simulated had some of everything"


def _everything(compound: VolunteerCompound) -> list[tuple[str, str, datetime, datetime | None, int]]:
    """Of every subject: kind, state, when it was opened and ended, minutes."""
    found = []
    for kind in ("session", "seat", "wish"):
        for one in all_of(compound.district, kind):
            minutes = int(getattr(one.record, "minutes", 0))
            found.append((kind, one.state, one.opened_at, one.ended_at, minutes))
    return found
