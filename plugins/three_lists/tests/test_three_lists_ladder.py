"""The ladder with a moved clock: over weekends and holidays, by four rungs, and the whistle it only proposes."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import attrs
import pytest

from linli import ANYONE, Ask, District, Manifest, Move, Seat, State, Workflow, has_post, hookimpl
from linli.acts import new_id
from linli.errors import NotAllowed, Refused
from linli.testing import somebody
from linli_three_lists.testing import RULES, Town, who
from linli_three_lists.testing import town as make_town

LADDER = (
    RULES
    + """
[[three_lists.ladder]]
name = "steward"
roles = ["steward", "property_manager"]
again = "2h"

[[three_lists.ladder]]
name = "branch"
roles = ["branch_secretary"]
again = "4h"

[[three_lists.ladder]]
name = "street"
roles = ["officer"]
tier = "street"
whistle = true
again = "13h"

[[three_lists.ladder]]
name = "district"
roles = ["officer", "district_officer"]
tier = "district"
"""
)


@attrs.frozen(kw_only=True)
class Whistle:
    """What is kept with a whistle: the request behind it."""

    request: UUID | None = None


@hookimpl
def describe() -> Manifest:
    whistle = Workflow(
        name="whistle",
        label="whistle",
        record=Whistle,
        states=(State("blown"),),
        moves=(
            Move(
                name="blow",
                sources=(),
                to="blown",
                by=ANYONE | has_post("officer"),
                asks=(Ask(name="request", type=UUID, required=False),),
            ),
        ),
    )
    return Manifest(name="whistles", workflows=(whistle,))


@pytest.fixture
def street(new_district: Callable[..., District]) -> Town:
    """A town with rung times of its own, and something that blows whistles."""

    def make(**options: object) -> District:
        return new_district(plugins={"whistles": SimpleNamespace(describe=describe)}, **options)

    return make_town(make, LADDER)


def _lateness(town: Town, request: UUID, kind: str = "request") -> list[tuple[str, str | None, str]]:
    seats = {str(seat): name for name, seat in _seats(town).items()}
    return [
        (
            f"{act.at.astimezone(town.district.rules.zone):%m-%d %H:%M}",
            act.body["rung"],
            seats[act.body["seat"]],
        )
        for act in town.district.history(request)
        if act.verb == f"{kind}.late"
    ]


def _seats(town: Town) -> dict[str, Seat]:
    return {
        "steward": Seat(role="steward", at=town.place),
        "manager": Seat(role="property_manager", at=town.company),
        "secretary": Seat(role="branch_secretary", at=town.branch),
        "officer": Seat(role="officer", at=town.street),
        "district_officer": Seat(role="district_officer", at=town.root),
    }


# 8 service hours from Tuesday, 30 September 2025, 16:30: one hour that day, then National Day and Mid-Autumn
# (1 to 8 October), 6 and a half hours on Thursday the 9th, and half an hour on Friday the 10th. The
# rungs: 2, 4 and 13 service hours on, the second day of which is Saturday the 11th, which is worked.
CLIMB = [
    ("10-10 09:00", "steward", "steward"),
    ("10-10 11:00", "branch", "secretary"),
    ("10-10 17:30", "street", "officer"),
    ("10-13 17:30", "district", "district_officer"),
]


def test_a_late_request_climbs_four_rungs_over_holidays_and_a_made_up_saturday(street: Town) -> None:
    street.work_until("2025-09-30 16:30")
    request = street.dispatched()
    street.work_until("2025-10-10 08:59")
    assert _lateness(street, request) == []
    for when, *_ in CLIMB:
        street.work_until(f"2025-{when}")
    street.work_until("2025-12-31 09:00")
    assert _lateness(street, request) == CLIMB
    assert street.district.subject(request).state == "dispatched", "silence decides nothing"


def test_of_a_late_task_its_holder_hears_once(street: Town) -> None:
    request = street.dispatched()
    street.work_until("2026-06-01 09:00")
    assert [line[1:] for line in _lateness(street, request, "task")] == [("holder", "manager")]


def test_what_is_not_answered_in_time_climbs_too(street: Town) -> None:
    street.work_until("2026-03-06 16:30")
    request = street.submit()
    street.work_until("2026-03-09 09:30")
    assert _lateness(street, request) == [("03-09 09:30", "steward", "steward")]


def test_a_clock_that_stands_still_does_not_climb_and_goes_on_where_it_stood(street: Town) -> None:
    request = street.dispatched()
    street.work_until("2026-03-02 11:00")
    street.make(request, "pause", street.clerk, reason="waiting_for_weather")
    street.work_until("2026-03-20 09:00")
    assert _lateness(street, request) == []
    (handling,) = [one for one in street.needs.watches(request) if one.clock == "handling"]
    assert (handling.paused_for, handling.left) == ("waiting_for_weather", timedelta(hours=6))
    street.make(request, "resume", street.clerk)
    street.work_until("2026-03-20 17:30")
    assert _lateness(street, request) == [("03-20 17:30", "steward", "steward")]


def test_routing_again_does_not_stop_the_climb(street: Town) -> None:
    request = street.dispatched()
    for when in ("2026-03-03 10:30", "2026-03-03 14:30", "2026-03-03 15:00"):
        street.work_until(when)
        task = street.task(request)
        if task.state == "open":
            holder = street.manager if task.holder == _seats(street)["manager"] else street.steward
            street.make(task.id, "give_back", holder, reason="不归我们")
            street.make(task.id, "route", street.clerk, role="steward", at=street.place)
    street.work_until("2026-03-05 17:30")
    assert [line[1] for line in _lateness(street, request)] == ["steward", "branch", "street"]


def test_the_ladder_only_proposes_a_whistle_and_it_shows_in_the_history_and_in_a_list(street: Town) -> None:
    request = street.dispatched()
    street.work_until("2026-03-06 09:00")
    (proposal,) = street.needs.proposals(street.place)
    assert (proposal.parent, proposal.state, proposal.record.clock) == (request, "proposed", "handling")
    assert proposal.holder == Seat(role="officer", at=street.street)
    verbs = [act.verb for act in street.district.history(request)]
    assert verbs[verbs.index("whistle_proposal.propose") - 1] == "request.late"
    assert not [verb for verb in verbs if verb.startswith("whistle.")], "nothing blows by itself"
    street.work_until("2026-12-31 09:00")
    assert len(street.needs.proposals(street.root)) == 1, "and once"
    assert street.district.subject(proposal.id).state == "proposed", "silence does not dismiss it"
    assert street.district.brief(street.place).figures["three_lists.whistles_proposed"] == 1


def _proposal(town: Town) -> tuple[UUID, UUID]:
    request = town.dispatched()
    town.work_until("2026-03-06 09:00")
    return request, town.needs.proposals()[0].id


def test_a_street_officer_takes_the_proposal_up_with_the_whistle_that_was_blown(street: Town) -> None:
    _, proposal = _proposal(street)
    whistle = street.district.start("whistle", "blow", street.street).subject
    with pytest.raises(Refused, match="no whistle"):
        street.make(proposal, "take_up", street.officer, whistle=new_id())
    for actor in (street.clerk, street.steward, street.resident, street.stranger):
        with pytest.raises(NotAllowed):
            street.make(proposal, "take_up", actor, whistle=whistle)
    street.make(proposal, "take_up", street.officer, whistle=whistle)
    found = street.district.subject(proposal)
    assert (found.outcome, found.record.whistle) == ("taken_up", whistle)
    assert street.needs.proposals() == []
    assert [one.id for one in street.needs.proposals(ended=True)] == [proposal]


def test_a_whistle_that_is_blown_for_the_request_takes_the_proposal_up_by_itself(street: Town) -> None:
    request, proposal = _proposal(street)
    street.district.start("whistle", "blow", street.street, {"request": street.submit()})
    assert street.district.subject(proposal).state == "proposed", "it was another request's"
    whistle = street.district.start(
        "whistle", "blow", street.street, {"request": request}, actor=street.officer
    )
    found = street.district.subject(proposal)
    assert (found.outcome, found.record.whistle) == ("taken_up", whistle.subject)
    again = street.district.start(
        "whistle", "blow", street.street, {"request": request}, actor=street.officer
    )
    assert street.district.subject(proposal).record.whistle != again.subject


def test_a_proposal_is_dismissed_with_a_reason(street: Town) -> None:
    _, proposal = _proposal(street)
    with pytest.raises(Refused, match="reason is missing"):
        street.make(proposal, "dismiss", street.officer)
    street.make(proposal, "dismiss", street.officer, reason="明天就能修好")
    assert street.district.subject(proposal).outcome == "dismissed"


def test_a_proposal_lapses_when_its_request_is_settled_without_a_whistle(street: Town) -> None:
    request, proposal = _proposal(street)
    task = street.task(request).id
    street.make(task, "finish", street.manager, result="修好了")
    street.make(task, "confirm", street.clerk)
    assert street.district.subject(proposal).outcome == "lapsed"


def test_what_is_late_does_not_climb_to_whom_it_is_about(street: Town) -> None:
    other = somebody(street.district, "officer", street.root)
    request = street.submit("书记不管事", "噪音", about=who(street.secretary))
    street.work_until("2026-12-31 09:00")
    assert [line[1] for line in _lateness_names(street, request)] == ["steward", "street", "district"]
    (proposal,) = street.needs.proposals()
    assert proposal.record.about == who(street.secretary)
    with pytest.raises(NotAllowed, match="may not see"):
        street.district.see(proposal.id, street.secretary)
    against = street.submit("街道干部不管事", "噪音", about=who(street.officer))
    street.work_until("2027-12-31 09:00")
    assert [line[1] for line in _lateness_names(street, against)] == ["steward", "branch", "district"]
    assert len(street.needs.proposals()) == 1, "whom it is about considers no whistle"
    assert other


def _lateness_names(town: Town, request: UUID) -> list[tuple[str, str]]:
    return [
        (act.verb, act.body["rung"]) for act in town.district.history(request) if act.verb == "request.late"
    ]


def test_where_nobody_is_on_any_rung_the_cores_own_ladder_is_climbed(
    new_district: Callable[..., District],
) -> None:
    more = '\n[[three_lists.ladder]]\nname = "x"\nroles = ["nobody"]\n[dispatch]\nladder = ["steward"]\n'
    town = make_town(new_district, more)
    request = town.submit()
    town.work_until("2026-12-31 09:00")
    assert [line[1] for line in _lateness_names(town, request)] == ["steward"]


def test_who_is_last_hears_again_rather_than_nobody_when_a_rung_falls_empty(street: Town) -> None:
    request = street.submit("噪音", "噪音")
    street.work_until("2026-03-04 09:00")
    heard = [line[1] for line in _lateness_names(street, request)]
    for actor in (street.officer, street.district_officer, street.secretary):
        for post in street.district.register.posts(person=who(actor)):
            street.district.register.end_post(post.id)
    street.work_until("2026-12-31 09:00")
    now = [line[1] for line in _lateness_names(street, request)]
    assert now[: len(heard)] == heard
    assert now[len(heard) :] == ["steward"]
