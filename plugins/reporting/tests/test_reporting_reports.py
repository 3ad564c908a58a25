"""Reports: who announces, who decides, what becomes of them, and what is refused."""

from collections.abc import Callable
from uuid import UUID

import pytest

from linli import District, NotAllowed, OpenOrder, PlaceId, Refused, new_id
from linli.testing import somebody, undeclared_reads, who
from linli_reporting.reports import Announce, GoOn, ReportFlow
from linli_reporting.testing import Compounds, compounds


@pytest.fixture
def place(new_district: Callable[..., District]) -> Compounds:
    return compounds(new_district)


def test_a_member_reports_to_the_branch_where_they_live_which_confirms(place: Compounds) -> None:
    report = place.announced()
    found = place.district.subject(report)
    assert (found.state, found.place, found.record.branch) == (
        "announced",
        place.garden,
        place.branches["garden"],
    )
    assert found.holder is not None
    assert (found.holder.at, found.record.stood_in) == (place.branches["garden"], False)
    place.district.make(report, "confirm", actor=place.secretary)
    assert place.state(report) == "confirmed"
    place.district.make(report, "activate", actor=place.secretary)
    assert place.state(report) == "active"
    current = place.desk.current(who(place.member))
    assert current is not None
    assert current.id == report


def test_what_is_asked_of_a_member_who_reports_comes_in_one_round_trip(place: Compounds) -> None:
    order = ReportFlow.announce.at(PlaceId(place.garden), Announce(), person=who(place.member), id=new_id())
    with undeclared_reads() as found, pytest.raises(Refused, match="announced through its desk"):
        place.district.perform(order, actor=place.member)
    assert found == []


def test_a_clerk_announces_for_a_member_who_came_on_an_earlier_day(place: Compounds) -> None:
    day = place.clock.now.date().replace(month=2, day=20)
    report = place.desk.announce(who(place.member), reported_on=day, actor=place.clerk).subject
    assert place.district.subject(report).record.reported_on == day
    later = day.replace(year=2027)
    with pytest.raises(Refused, match="is in the future"):
        place.desk.announce(who(place.other), reported_on=later, actor=place.clerk)


def test_nobody_announces_for_others_but_the_clerk(place: Compounds) -> None:
    for actor in (place.secretary, place.other, place.neighbour, place.officer):
        with pytest.raises(NotAllowed):
            place.desk.announce(who(place.member), actor=actor)


def test_only_known_members_report_and_only_where_they_live(place: Compounds) -> None:
    with pytest.raises(Refused, match="does not know them as a party member"):
        place.desk.announce(who(place.neighbour), place.garden, actor=place.neighbour)
    with pytest.raises(Refused, match="does not know that they live here"):
        place.desk.announce(who(place.member), place.lane, actor=place.member)
    with pytest.raises(Refused, match="members report to a compound"):
        place.desk.announce(who(place.member), place.street, actor=place.clerk)
    with pytest.raises(Refused, match="knows no home of theirs"):
        place.desk.announce(who(place.neighbour), actor=place.clerk)


def test_a_district_can_let_everybody_report_anywhere(new_district: Callable[..., District]) -> None:
    free = compounds(new_district, "\n[reporting]\nknown_members_only = false\nat_home_only = false\n")
    report = free.announced(free.neighbour, free.lane)
    district, there = free.district, GoOn(to=PlaceId(free.garden))
    district.perform(ReportFlow.go_on(ReportFlow.ref(report), there), actor=free.neighbour)
    current = free.desk.current(who(free.neighbour))
    assert current is not None
    assert (free.state(report), current.place, current.record.moved_from) == ("moved", free.garden, report)
    with pytest.raises(Refused, match="they have reported here already"):
        district.perform(ReportFlow.go_on(ReportFlow.ref(current.id), there), actor=free.neighbour)


def test_a_second_report_is_refused_while_one_is_in_force(place: Compounds) -> None:
    report = place.announced()
    with pytest.raises(Refused, match="they have reported already"):
        place.announced()
    place.district.make(report, "withdraw", actor=place.member)
    place.pass_days(1)
    again = place.announced()
    assert again != report
    assert [one.id for one in place.desk.reports(who(place.member))] == [report, again]


def test_a_report_has_the_number_that_its_desk_gives_it(place: Compounds) -> None:
    order = OpenOrder(
        workflow="membership_report", move="announce", place=place.garden, person=who(place.member)
    )
    with pytest.raises(Refused, match="announced through its desk"):
        place.district.perform(order, actor=place.member)
    order = OpenOrder(workflow="membership_report", move="announce", place=place.garden)
    with pytest.raises(Refused, match="say who it is for"):
        place.district.perform(order, actor=place.clerk)
    values = {"branch": place.branches["lane"]}
    order = OpenOrder(
        workflow="membership_report",
        move="announce",
        place=place.garden,
        person=who(place.member),
        values=values,
    )
    with pytest.raises(Refused, match="worked out by linli"):
        place.district.perform(order, actor=place.member)


def test_a_refusal_has_a_reason_that_only_the_vault_has(place: Compounds) -> None:
    report = place.announced()
    with pytest.raises(Refused, match="reason is missing"):
        place.district.make(report, "refuse", actor=place.secretary)
    place.district.make(report, "refuse", {"reason": "不在本小区居住"}, actor=place.secretary)
    assert place.state(report) == "refused"
    assert "不在本小区" not in str(place.district.history(report))


def test_nobody_decides_on_their_own_report_nor_on_one_that_they_announced(place: Compounds) -> None:
    district = place.district
    district.register.post(who(place.member), "branch_deputy", place.branches["garden"])
    report = place.desk.announce(who(place.member), actor=place.clerk).subject
    with pytest.raises(Refused, match="it is about you"):
        district.make(report, "confirm", actor=place.member)
    district.make(report, "confirm", actor=place.secretary)
    district.register.post(who(place.clerk), "branch_deputy", place.branches["garden"])
    entered = place.desk.announce(who(place.other), actor=place.clerk).subject
    with pytest.raises(NotAllowed, match="already acted in this matter"):
        district.make(entered, "confirm", actor=place.clerk)
    district.make(entered, "confirm", actor=place.deputy)


def test_the_report_of_a_secretary_is_put_to_the_community_s_branch(place: Compounds) -> None:
    secretary = place.new_member()
    place.district.register.post(who(secretary), "branch_secretary", place.branches["garden"])
    report = place.announced(secretary)
    found = place.district.subject(report).record
    assert (found.branch, found.stood_in) == (place.branches["community"], True)
    with pytest.raises(NotAllowed):
        place.district.make(report, "confirm", actor=secretary)
    place.district.make(report, "confirm", actor=place.community_secretary)


def test_the_branch_of_another_compound_decides_nothing_here(place: Compounds) -> None:
    report = place.announced()
    for actor in (place.lane_secretary, place.community_secretary, place.officer, place.clerk, place.member):
        for move in ("confirm", "refuse"):
            with pytest.raises(NotAllowed):
                place.district.make(report, move, {"reason": "x"} if move == "refuse" else {}, actor=actor)


def test_where_a_compound_has_no_branch_the_community_s_stands_in_and_that_is_on_the_record(
    place: Compounds,
) -> None:
    report = place.announced(place.new_member(place.bare))
    found = place.district.subject(report).record
    assert (found.branch, found.stood_in) == (place.branches["community"], True)
    place.district.make(report, "confirm", actor=place.community_secretary)
    assert place.state(report) == "confirmed"


def test_without_any_branch_a_report_waits_where_it_can_be_seen_until_there_is_one(place: Compounds) -> None:
    report = place.announced(place.new_member(place.alone))
    assert place.district.subject(report).record.branch is None
    (numbers,) = place.desk.numbers(place.alone)
    assert (numbers.waiting, numbers.without_branch) == (1, 1)
    with pytest.raises(NotAllowed):
        place.district.make(report, "confirm", actor=place.community_secretary)
    with pytest.raises(Refused, match="waits until there is one"):
        place.district.make(report, "confirm")
    branch = place.district.register.organisation("branch", "新小区党支部", place.alone)
    secretary = somebody(place.district, "branch_secretary", place.alone, at=branch)
    place.work()
    found = place.district.subject(report).record
    assert (found.branch, found.stood_in) == (branch, False)
    place.district.make(report, "confirm", actor=secretary)


def test_what_a_stand_in_has_not_decided_is_put_to_the_compound_s_own_branch_once_that_is_set_up(
    place: Compounds,
) -> None:
    waiting, done = (place.announced(place.new_member(place.bare)) for _ in range(2))
    place.district.make(done, "confirm", actor=place.community_secretary)
    branch = place.district.register.organisation("branch", "平安院党支部", place.bare)
    place.work()
    assert place.district.subject(waiting).record.branch == branch
    assert place.district.subject(done).record.branch == place.branches["community"], "who confirmed it stays"
    with pytest.raises(NotAllowed):
        place.district.make(waiting, "confirm", actor=place.community_secretary)


@pytest.mark.parametrize("how", ["died", "moved_away"])
def test_a_report_ends_with_the_person_s_record(place: Compounds, how: str) -> None:
    report = place.confirmed()
    place.district.register.end(who(place.member), how)
    found = place.district.subject(report)
    assert (found.state, found.outcome) == ("ended", how)
    assert place.figures()["members.reported"] == 0


def test_a_report_ends_for_one_of_the_fixed_reasons_only(place: Compounds) -> None:
    report = place.confirmed()
    with pytest.raises(Refused, match="outcome must be one of moved_away, died, membership_ended"):
        place.district.make(report, "end", {"outcome": "别的"}, actor=place.secretary)
    place.district.make(report, "end", {"outcome": "membership_ended"}, actor=place.officer)
    assert place.district.subject(report).outcome == "membership_ended"


def test_a_member_withdraws_and_a_clerk_says_why(place: Compounds) -> None:
    one, other = place.confirmed(), place.announced(place.other)
    place.district.make(one, "withdraw", actor=place.member)
    with pytest.raises(Refused, match="it is somebody else's"):
        place.district.make(other, "withdraw", actor=place.clerk)
    place.district.make(other, "withdraw", {"reason": "本人要求"}, actor=place.clerk)
    assert (place.state(one), place.state(other)) == ("withdrawn", "withdrawn")


def _at_once(place: Compounds, home: UUID) -> None:
    place.district.register.move(who(place.member), home)


def _released(place: Compounds, home: UUID) -> None:
    removal = place.district.register.propose_removal(who(place.member), home, actor=place.member)
    place.district.make(removal, "release")


@pytest.mark.parametrize("moves", [_at_once, _released])
def test_a_report_moves_with_the_home_and_the_new_branch_decides(
    place: Compounds, moves: Callable[[Compounds, UUID], None]
) -> None:
    report = place.confirmed()
    moves(place, place.home(place.garden))
    assert place.state(report) == "confirmed", "another home in the same compound changes nothing"
    moves(place, place.home(place.lane))
    assert place.state(report) == "moved"
    new = place.desk.current(who(place.member))
    assert new is not None
    assert (new.state, new.place, new.record.moved_from) == ("announced", place.lane, report)
    assert place.figures()["members.reported"] == 0, "until the new branch has confirmed it"
    with pytest.raises(NotAllowed):
        place.district.make(new.id, "confirm", actor=place.officer)
    place.district.make(new.id, "confirm", actor=place.lane_secretary)
    assert (
        place.figures(place.lane)["members.reported"],
        place.figures(place.garden)["members.reported"],
    ) == (1, 0)


def test_what_only_a_file_says_nobody_can_claim(place: Compounds) -> None:
    report = place.confirmed()
    place.district.register.tie(who(place.member), "resident", place.home(place.lane))
    values = {"to": place.lane, "file": UUID(int=1)}
    with pytest.raises(Refused, match="worked out by linli"):
        place.district.make(report, "move", values, actor=place.clerk)
    waiting = place.announced(place.other)
    with pytest.raises(NotAllowed):
        place.district.make(waiting, "confirm_by_file", {"filed": UUID(int=1)}, actor=place.clerk)


def test_two_records_of_one_member_have_one_report(place: Compounds) -> None:
    stays, goes = place.confirmed(), place.confirmed(place.other)
    place.district.register.merge(who(place.other), who(place.member))
    assert (place.state(stays), place.district.subject(goes).outcome) == ("confirmed", "merged")
    assert place.figures()["members.reported"] == 1
    with pytest.raises(Refused, match="they have reported already"):
        place.announced()


def test_the_report_of_a_record_that_is_merged_goes_on_under_the_other(place: Compounds) -> None:
    report = place.confirmed(place.other)
    place.district.register.merge(who(place.other), who(place.member))
    assert place.state(report) == "confirmed"
    current = place.desk.current(who(place.member))
    assert current is not None
    assert current.id == report
    place.district.make(report, "withdraw", actor=place.member)
    assert place.announced() != report


def test_nothing_stays_of_what_somebody_did_who_is_erased(place: Compounds) -> None:
    report = place.confirmed()
    place.district.register.erase(who(place.member))
    assert place.district.subject(report).outcome == "erased"
    assert place.figures()["members.reported"] == 0
