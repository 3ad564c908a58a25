"""Clocks of branches with a moved clock: re-election over years, its reminder and postponement, the ladder."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from linli import ENGINE_ACTOR, Act, District, PersonId, PlaceId, Refused
from linli_party.branch import Approve, Enter, ReElect
from linli_party.branches import BranchFlow
from linli_party.committees import body_of
from linli_party.testing import FEW, Street, party_street, who

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    return party_street(new_district)


def at(text: str) -> datetime:
    """A moment on the district's wall clock: "2025-09-30 16:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def _wall(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _go_to(street: Street, text: str) -> None:
    street.clock.now = at(text)
    street.work()


def _late(street: Street, root: UUID) -> list[tuple[str, str]]:
    """When a matter was late, and which rung heard of it."""
    late = [act for act in _acts(street, root, "late") if act.body["clock"] != "postponement"]
    return [(_wall(act.at), act.body["rung"]) for act in late]


def _acts(street: Street, root: UUID, move: str) -> list[Act]:
    return [act for act in street.district.history(root) if act.verb.endswith(f".{move}")]


def _told(street: Street, recipient: str) -> list[Any]:
    return street.district.deliveries.listed(recipient=recipient, kind="tell")


def test_a_branch_is_reminded_once_half_a_year_before_its_re_election(street: Street) -> None:
    branch = street.set_up()
    secretary = f"seat:branch_secretary@{body_of(street.district.subject(branch))}"
    _go_to(street, "2028-09-02 12:00")
    assert _told(street, secretary) == []
    _go_to(street, "2028-09-04 12:00")
    assert len(_told(street, secretary)) == 1
    _go_to(street, "2029-03-01 12:00")
    assert len(_acts(street, branch, "remind")) == 1
    committee = street.party.committee(branch)
    with pytest.raises(Refused, match="reminded of already"):
        street.district.make(committee.term, "remind", actor=ENGINE_ACTOR)


def test_who_was_re_elected_early_or_is_no_more_is_not_reminded(street: Street) -> None:
    branch, gone = street.set_up(), street.set_up("幸福里党支部", at=street.commercial)
    _go_to(street, "2028-03-02 12:00")
    street.district.perform(
        BranchFlow.re_elect(
            BranchFlow.ref(branch), ReElect(committee=tuple(map(PersonId, street.people(1, 2))))
        ),
        actor=street.officer,
    )
    street.district.make(gone, "dissolve", {"reason": "x"}, actor=street.officer)
    _go_to(street, "2028-10-01 12:00")
    assert _acts(street, branch, "remind") == _acts(street, gone, "remind") == []
    _go_to(street, "2030-10-01 12:00")
    assert len(_acts(street, branch, "remind")) == 1, "the next term has a reminder of its own"


def test_an_overdue_re_election_climbs_three_levels_and_ends_nothing(street: Street) -> None:
    branch = street.set_up()
    # The last day, a Friday, is in time; then every ten working days somebody else hears, Qingming left out.
    _go_to(street, "2029-03-02 23:59")
    assert _late(street, branch) == []
    assert street.figures()["branches.re_elections_overdue"] == 0
    for moment in ("2029-03-03 00:00", "2029-03-17 12:00", "2029-03-30 18:00", "2029-12-31 12:00"):
        _go_to(street, moment)
    assert [rung for _, rung in _late(street, branch)] == ["branch", "street", "district"]
    assert _late(street, branch)[0] == ("2029-03-03 00:00", "branch")
    assert _told(street, f"seat:officer@{street.street}")
    assert _told(street, f"seat:officer@{street.district.register.root()}")
    assert street.district.subject(branch).state == "in_being"
    assert street.party.committee(branch).overdue
    assert street.party.committee(branch).secretary == who(street.members[0]), "nobody lost a post by silence"
    assert street.figures()["branches.re_elections_overdue"] == 1
    street.district.perform(
        BranchFlow.re_elect(
            BranchFlow.ref(branch), ReElect(committee=tuple(map(PersonId, street.people(2, 3))))
        ),
        actor=street.officer,
    )
    assert not street.party.committee(branch).overdue
    figures = street.figures()
    assert (figures["branches.re_elections"], figures["branches.re_elections_overdue"]) == (1, 0)


def test_a_re_election_begins_a_term_and_keeps_the_one_before(street: Street) -> None:
    branch = street.set_up()
    _go_to(street, "2029-02-20 09:00")
    with pytest.raises(Refused, match="a re-election is after that"):
        street.district.perform(
            BranchFlow.re_elect(
                BranchFlow.ref(branch),
                ReElect(committee=tuple(map(PersonId, street.people(1, 2))), elected_on=date(2026, 3, 2)),
            ),
            actor=street.officer,
        )
    street.district.perform(
        BranchFlow.re_elect(
            BranchFlow.ref(branch),
            ReElect(committee=tuple(map(PersonId, street.people(1, 2, 3))), elected_on=date(2029, 2, 18)),
        ),
        actor=street.officer,
    )
    committee = street.party.committee(branch)
    assert (committee.number, committee.elected_on, committee.due_on) == (
        2,
        date(2029, 2, 18),
        date(2032, 2, 18),
    )
    first, second = [one for one in street.district.tree(branch) if one.kind == "branch_term"]
    assert (first.state, second.state) == ("re_elected", "in_office")
    assert (first.key, second.key) == ("1", "2")
    with pytest.raises(Refused, match="in the future"):
        street.district.perform(
            BranchFlow.re_elect(
                BranchFlow.ref(branch),
                ReElect(committee=tuple(map(PersonId, street.people(1))), elected_on=date(2029, 3, 1)),
            ),
            actor=street.officer,
        )


def _postponed(street: Street, branch: UUID, due_on: date, reason: str) -> None:
    values = {"due_on": due_on, "reason": reason}
    street.district.make(street.party.term(branch).id, "postpone", values, actor=street.officer)


def test_a_postponed_re_election_stands_for_its_reason_and_runs_on(street: Street) -> None:
    branch = street.set_up()
    _go_to(street, "2029-02-01 09:00")
    _postponed(street, branch, date(2029, 8, 31), "小区改造期间")
    term = street.district.subject(street.party.committee(branch).term)
    assert term.clocks["re_election"].paused_for == "小区改造期间"
    assert street.party.committee(branch).postponed
    _go_to(street, "2029-08-02 09:00")
    term = street.district.subject(term.id)
    assert term.state == "in_office", "the time that was left goes on"
    assert term.clocks["re_election"].due == at("2029-09-01 00:00")
    assert _late(street, branch) == []
    _go_to(street, "2029-09-01 00:00")
    assert _late(street, branch) == [("2029-09-01 00:00", "branch")]
    with pytest.raises(Refused, match="once a term is all"):
        _postponed(street, branch, date(2029, 12, 31), "再延期")


@pytest.mark.parametrize(
    ("due_on", "why"),
    [(date(2029, 3, 2), "give a later day"), (date(2030, 3, 3), "2030-03-02 at the latest")],
)
def test_a_re_election_is_postponed_neither_to_the_past_nor_for_good(
    street: Street, due_on: date, why: str
) -> None:
    branch = street.set_up()
    with pytest.raises(Refused, match=why):
        _postponed(street, branch, due_on, "小区改造")


def test_an_overdue_re_election_can_be_postponed_to_a_day_that_then_is_the_end(street: Street) -> None:
    branch = street.set_up()
    _go_to(street, "2029-03-10 09:00")
    _postponed(street, branch, date(2029, 5, 31), "小区改造期间")
    _go_to(street, "2029-05-31 23:59")
    assert street.party.committee(branch).postponed
    _go_to(street, "2029-06-01 00:00")
    term = street.district.subject(street.party.committee(branch).term)
    assert (term.state, term.clocks["re_election"].due) == ("in_office", at("2029-06-01 00:00"))


def test_a_branch_that_was_elected_long_ago_is_overdue_when_it_is_entered(street: Street) -> None:
    since = date(2021, 6, 1)
    branch = street.district.perform(
        BranchFlow.enter.at(
            PlaceId(street.old),
            Enter(
                name="老支部",
                branch_kind="ordinary",
                since=since,
                nominees=tuple(map(PersonId, street.people(0))),
            ),
        ),
        actor=street.officer,
    ).subject
    street.work()
    assert _late(street, branch) == [("2026-03-02 09:00", "branch")]
    assert len(_acts(street, branch, "remind")) == 1
    assert street.party.committee(branch).due_on == date(2024, 6, 1)


def test_a_branch_elected_on_a_leap_day_is_due_on_the_last_of_february(street: Street) -> None:
    branch = street.district.perform(
        BranchFlow.enter.at(
            PlaceId(street.old),
            Enter(
                name="老支部",
                branch_kind="ordinary",
                since=date(2024, 2, 29),
                nominees=tuple(map(PersonId, street.people(0))),
            ),
        ),
        actor=street.officer,
    ).subject
    assert street.party.committee(branch).due_on == date(2027, 2, 28)


# --- the approval ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "due"),
    [
        # 1 to 8 October 2025 are National Day's; Saturday 11 October is worked for them.
        (1, "2025-09-30 17:30"),
        (2, "2025-10-09 17:30"),
        (4, "2025-10-11 17:30"),
        (5, "2025-10-13 17:30"),
    ],
)
def test_the_street_has_working_days_to_decide(
    new_district: Callable[..., District], days: int, due: str
) -> None:
    street = party_street(new_district, FEW + f"approve_within = {days}\nladder_again = 2\n")
    street.clock.now = at("2025-09-29 16:00")
    branch = street.proposed()
    (clock,) = street.district.subject(branch).clocks.values()
    assert clock.due == at(due)
    _go_to(street, "2025-11-30 12:00")
    assert [rung for _, rung in _late(street, branch)] == ["street"]
    assert street.district.subject(branch).state == "proposed", "silence never approves"
    _go_to(street, "2025-12-30 12:00")
    assert [rung for _, rung in _late(street, branch)] == ["street", "district"]


def test_what_is_sent_back_has_only_the_time_that_was_left(new_district: Callable[..., District]) -> None:
    street = party_street(new_district, FEW + "approve_within = 3\n")
    branch = street.proposed()
    _go_to(street, "2026-03-03 17:30")
    street.district.make(branch, "return", {"reason": "x"}, actor=street.officer)
    assert street.district.subject(branch).due_at is None
    _go_to(street, "2026-03-20 18:00")
    street.district.make(branch, "propose_again", {}, actor=street.clerk)
    # Two of three days were left, and 20 March 2026 is a Friday.
    assert street.district.subject(branch).due_at == at("2026-03-24 17:30")
    street.clock.now += timedelta(minutes=1)
    street.district.perform(BranchFlow.approve(BranchFlow.ref(branch), Approve()), actor=street.officer)
    assert street.district.subject(branch).due_at is None
