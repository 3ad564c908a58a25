"""Urging within limits, ratings by whom they are for, and who is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from linli import District, NotAllowed, Refused
from linli._verbs.dispatch.requests import Merge
from linli.hooks import RequestFlow
from linli_three_lists.testing import RULES, Town, moment, who
from linli_three_lists.testing import town as make_town

# --- urging ------------------------------------------------------------------------------------------


def test_urging_is_counted_and_told_to_the_holder(town: Town) -> None:
    request = town.dispatched()
    town.district.make(request, "urge", actor=town.resident)
    town.district.make(town.task(request).id, "urge", actor=town.clerk)
    seat = f"seat:property_manager@{town.company}"
    assert [(to, said["times"]) for to, said in town.told("urged")] == [(seat, 1), (seat, 2)]
    assert town.district.brief(town.place).figures["three_lists.urged"] == 2
    assert town.district.subject(request).state == "dispatched", "it moves nothing"


def test_before_anybody_holds_it_the_desk_hears(town: Town) -> None:
    town.district.make(town.submit(), "urge", actor=town.resident)
    assert [to for to, _ in town.told("urged")] == [f"seat:clerk@{town.place}"]


def test_every_holder_of_an_open_task_hears(town: Town) -> None:
    request = town.dispatched()
    town.make(request, "dispatch", town.clerk, role="steward", at=town.place)
    town.make(town.district.dispatch.tasks(request)[0].id, "cancel", town.clerk, reason="派错了")
    town.district.make(request, "urge", actor=town.resident)
    assert [to for to, _ in town.told("urged")] == [f"seat:steward@{town.place}"]


def test_urging_is_limited_by_the_day_of_the_district(new_district: Callable[..., District]) -> None:
    town = make_town(new_district, "\n[three_lists]\nurges_a_day = 2\n")
    request, other = town.dispatched(), town.dispatched()
    for _ in range(2):
        town.district.make(request, "urge", actor=town.resident)
    for subject in (request, town.task(request).id):
        with pytest.raises(Refused, match="urged 2 times today"):
            town.district.make(subject, "urge", actor=town.resident)
    town.district.make(other, "urge", actor=town.resident)
    town.clock.now = moment("2026-03-02 23:59")
    with pytest.raises(Refused, match="try tomorrow"):
        town.district.make(request, "urge", actor=town.clerk)
    town.clock.now = moment("2026-03-03 00:00")
    town.district.make(request, "urge", actor=town.clerk)
    with pytest.raises(NotAllowed):
        town.district.make(request, "urge", actor=town.stranger)


def test_a_district_can_do_without_urging(new_district: Callable[..., District]) -> None:
    town = make_town(new_district, "\n[three_lists]\nurges_a_day = 0\n")
    with pytest.raises(Refused, match="urged 0 times"):
        town.district.make(town.submit(), "urge", actor=town.resident)


# --- ratings -----------------------------------------------------------------------------------------


def test_nobody_rates_for_the_reporter_what_they_did_themselves(town: Town) -> None:
    request = town.closed()
    with pytest.raises(Refused, match="worked on it yourself"):
        town.make(request, "rate", town.clerk, rating=5)
    town.make(request, "rate", town.colleague, rating=4)
    assert town.district.subject(request).record.rating == 4


def test_what_an_anonymous_reporter_thinks_nobody_knows(town: Town) -> None:
    request = town.closed(anonymous=True)
    with pytest.raises(Refused, match="nobody can be asked"):
        town.make(request, "rate", town.colleague, rating=5)


def test_feedback_is_rated_within_the_districts_days(new_district: Callable[..., District]) -> None:
    town = make_town(new_district, "\n[three_lists]\nrate_days = 5\n")
    request = town.closed()
    town.clock.now += timedelta(days=5, seconds=1)
    with pytest.raises(Refused, match="more than 5 days ago"):
        town.make(request, "rate", town.resident, rating=5)
    town.clock.now -= timedelta(seconds=1)
    town.make(request, "rate", town.resident, rating=5)


def test_a_duplicate_is_not_rated_but_what_it_went_on_as(town: Town) -> None:
    request, duplicate = town.submit(), town.submit()
    town.district.perform(
        RequestFlow.merge(RequestFlow.ref(duplicate), Merge(duplicate_of=request)), actor=town.clerk
    )
    with pytest.raises(Refused, match="rate that one"):
        town.make(duplicate, "rate", town.resident, rating=5)


def test_the_desk_is_told_to_call_back_after_a_bad_rating(town: Town) -> None:
    for rating in (1, 2, 3, 5):
        town.make(town.closed(), "rate", town.resident, rating=rating)
    found = town.told("call back")
    assert [(to, said["rating"]) for to, said in found] == [
        (f"seat:clerk@{town.place}", 1),
        (f"seat:clerk@{town.place}", 2),
    ]


def test_whom_a_complaint_is_about_is_not_told_what_the_reporter_thinks_of_it(town: Town) -> None:
    request = town.accepted("受理员态度差", "噪音", about=who(town.colleague))
    town.make(request, "decline", town.clerk, feedback="已谈话")
    town.make(request, "rate", town.resident, rating=1)
    assert town.told("call back") == [], "no desk but theirs"


def test_what_is_told_names_numbers_and_nobody(new_district: Callable[..., District]) -> None:
    town = make_town(new_district, RULES)
    town.district.make(town.dispatched("李四家厨房漏水"), "urge", actor=town.resident)
    words = town.district.deliveries.listed(kind="tell")
    assert words
    assert all(set(one.payload) <= {"subject", "why", "times", "rating", "person"} for one in words)
