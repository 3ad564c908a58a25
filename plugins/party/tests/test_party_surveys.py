"""Surveys of party members: called, noted, handed in, accepted; numbers for all, names for the branch alone."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from sqlalchemy import func, select

from linli import Actor, District, NotAllowed, Refused, StoredSubject
from linli._model.compiled import Move
from linli._store import tables as t
from linli.testing import Explorer, Tried, an_organisation, snapshot, somebody
from linli_party.surveys import survey_of
from linli_party.tables import STANDING, TABLES
from linli_party.testing import Street, party_street, who


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    return party_street(new_district)


def _note_all(street: Street) -> None:
    """Two of five have not reported, one of these is not active, and so is one who has."""
    says = ((True, True), (True, True), (True, False), (False, True), (False, False))
    for member, (reported, active) in zip(street.members, says, strict=True):
        street.surveys.note(street.old, who(member), reported=reported, active=active, actor=street.clerk)


def _rows(street: Street) -> int:
    query = select(func.count()).select_from(STANDING).where(STANDING.c.district == street.district.code)
    with street.district.store.reading() as connection:
        return int(connection.execute(query).scalar_one())


def test_a_survey_is_handed_in_with_the_numbers_that_were_noted(street: Street) -> None:
    street.set_up()
    survey = street.surveys.call(street.old, "2026", actor=street.officer).subject
    with pytest.raises(Refused, match="5 of 5 members were not asked yet"):
        street.district.make(survey, "hand_in", actor=street.members[0])
    _note_all(street)
    with pytest.raises(Refused, match="worked out by linli"):
        street.district.make(survey, "hand_in", {"not_reported": 0}, actor=street.members[0])
    street.district.make(survey, "hand_in", actor=street.members[0])
    record = street.district.subject(survey).record
    counted = (record.members, record.reported, record.not_reported, record.not_noted, record.not_active)
    assert counted == (5, 3, 2, 0, 2)
    street.district.make(survey, "accept", actor=street.officer)
    assert street.figures()["party.surveys"] == 1


def test_each_round_asks_anew(street: Street) -> None:
    street.set_up()
    secretary = street.members[0]
    first = street.surveys.call(street.old, "2026", actor=street.officer).subject
    _note_all(street)
    street.district.make(first, "hand_in", actor=secretary)
    street.clock.now += timedelta(days=1)
    second = street.surveys.call(street.old, "2026 下半年", actor=street.officer).subject
    with pytest.raises(Refused, match="5 of 5 members were not asked yet"):
        street.district.make(second, "hand_in", actor=secretary)
    _note_all(street)
    street.district.make(second, "hand_in", actor=secretary)


def test_the_numbers_count_what_the_survey_that_is_open_counts(street: Street) -> None:
    street.set_up()
    _note_all(street)
    assert {one.name: one.not_noted for one in street.surveys.numbers()}["锦绣花园"] == 0
    street.clock.now += timedelta(days=1)
    survey = street.surveys.call(street.old, "2027", actor=street.officer).subject
    for asked in range(3):
        (old,) = [one for one in street.surveys.numbers() if one.name == "锦绣花园"]
        assert old.not_noted == 5 - asked
        with pytest.raises(Refused, match=f"{old.not_noted} of {old.members} members were not asked yet"):
            street.district.make(survey, "hand_in", actor=street.members[0])
        street.surveys.note(street.old, who(street.members[asked]), reported=True, actor=street.clerk)


def test_a_compound_without_a_known_member_is_shown_while_its_survey_is_open(street: Street) -> None:
    empty = street.district.register.place("compound", "新苑", street.community, record={"kind": "old"})
    assert "新苑" not in {one.name for one in street.surveys.numbers()}
    survey = street.surveys.call(empty, "2026", actor=street.officer).subject
    (found,) = [one for one in street.surveys.numbers() if one.name == "新苑"]
    assert (found.members, found.not_noted) == (0, 0)
    street.district.make(survey, "cancel", {"reason": "无人入住"}, actor=street.officer)
    assert "新苑" not in {one.name for one in street.surveys.numbers()}


def test_a_survey_is_sent_back_with_a_reason_and_not_accepted_by_who_handed_it_in(street: Street) -> None:
    street.set_up()
    survey = street.surveys.call(street.old, "2026", actor=street.officer).subject
    _note_all(street)
    secretary = street.members[0]
    street.district.register.post(who(secretary), "clerk", street.community)
    street.district.make(survey, "hand_in", actor=secretary)
    with pytest.raises(NotAllowed, match="already acted"):
        street.district.make(survey, "accept", actor=secretary)
    with pytest.raises(Refused, match="reason is missing"):
        street.district.make(survey, "return", {}, actor=street.officer)
    street.district.make(survey, "return", {"reason": "人数不符"}, actor=street.officer)
    assert street.district.subject(survey).state == "under_way"


def test_a_compound_without_branch_is_surveyed_by_the_residents_committee(street: Street) -> None:
    committee = an_organisation(street.district, "residents_committee", street.community)
    resident = somebody(street.district, "residents_committee_member", street.community, at=committee)
    survey = street.surveys.call(street.old, "2026", actor=street.officer).subject
    _note_all(street)
    with pytest.raises(NotAllowed):
        street.district.make(survey, "hand_in", actor=street.neighbour)
    street.district.make(survey, "hand_in", actor=resident)


def test_a_compound_has_one_survey_a_round(street: Street) -> None:
    calls = street.surveys.call_below(street.street, "2026", actor=street.officer)
    assert {act.place for act in calls} == {street.old, street.commercial}
    assert street.surveys.call_below(street.street, "2026", actor=street.officer) == []
    with pytest.raises(Refused, match="has a survey of 2026 already"):
        street.surveys.call(street.old, "2026", actor=street.officer)
    with pytest.raises(Refused, match="through its desk"):
        street.district.start("survey", "call", street.old, {"round": "2027"}, actor=street.officer)
    with pytest.raises(Refused, match="one of a compound"):
        street.surveys.call(street.community, "2026", actor=street.officer)
    street.surveys.call(street.old, "2027", actor=street.officer)


def test_the_numbers_show_who_has_not_reported_is_not_active_or_was_not_asked(street: Street) -> None:
    _note_all(street)
    found = {one.name: one for one in street.surveys.numbers(street.street)}
    old, commercial = found["锦绣花园"], found["幸福里"]
    assert (old.members, old.reported, old.not_reported, old.not_noted, old.not_active) == (5, 3, 2, 0, 2)
    assert (commercial.members, commercial.not_noted, commercial.reported) == (5, 5, 0)


def test_somebody_who_moved_away_is_counted_where_they_live_now(street: Street) -> None:
    _note_all(street)
    register = street.district.register
    register.move(who(street.members[4]), register.find_place("幸福里/1栋/103"))
    found = {one.name: one for one in street.surveys.numbers()}
    assert (found["锦绣花园"].members, found["锦绣花园"].not_reported) == (4, 1)
    assert (found["幸福里"].members, found["幸福里"].not_noted) == (6, 6)


def test_only_who_lives_there_as_a_member_is_noted(street: Street) -> None:
    before = snapshot(street.district, TABLES)
    for stranger in (street.neighbour, street.others[0]):
        with pytest.raises(Refused, match="as a party member who lives here"):
            street.surveys.note(street.old, who(stranger), reported=True, actor=street.clerk)
    with pytest.raises(NotAllowed):
        street.surveys.note(street.old, who(street.members[0]), reported=True, actor=street.neighbour)
    assert snapshot(street.district, TABLES) == before


def test_names_are_shown_to_the_branch_alone_and_masked(street: Street) -> None:
    street.set_up()
    _note_all(street)
    shown = street.surveys.members(street.old, actor=street.members[1])
    assert [(one.reported, one.active) for one in shown[:2]] == [(False, False), (False, True)]
    assert {one.person for one in shown} == {who(one) for one in street.members}
    for actor in (street.clerk, street.officer, street.members[2], street.others[0], street.district.console):
        with pytest.raises(NotAllowed, match="branch alone"):
            street.surveys.members(street.old, actor=actor)


def test_the_branch_that_stands_in_sees_the_names_too(street: Street) -> None:
    community = street.district.register.organisation("branch", "社区党委", street.community)
    standing_in = somebody(street.district, "branch_member", street.community, at=community)
    assert len(street.surveys.members(street.old, actor=standing_in)) == 5


def test_the_journal_does_not_say_who_is_a_member_or_how_they_stand(street: Street) -> None:
    _note_all(street)
    survey = street.surveys.call(street.old, "2026", actor=street.officer).subject
    street.district.make(survey, "hand_in", actor=_finder(street))
    with street.district.store.reading() as connection:
        query = select(t.act.c.body).where(
            t.act.c.district == street.district.code, t.act.c.verb.in_(["party.note", "survey.hand_in"])
        )
        bodies = "".join(connection.execute(query).scalars())
    assert bodies
    assert not [one for one in street.members if str(who(one)) in bodies]


def _finder(street: Street) -> Actor:
    return somebody(street.district, "residents_committee_member", street.community)


def _registered(street: Street, name: str, phone: str) -> UUID:
    """A party member who lives in the old compound, with their name in the vault."""
    register = street.district.register
    person = register.person(name=name, phone=phone)
    register.tie(person, "resident", register.find_place("锦绣花园/1栋/101"))
    register.tie(person, "party_member", register.root())
    return person


def test_who_is_erased_or_merged_leaves_no_standing_behind(street: Street) -> None:
    register = street.district.register
    gone, stays = _registered(street, "张三", "13800000000"), _registered(street, "张山", "13900000000")
    street.surveys.note(street.old, gone, reported=False, active=False, actor=street.clerk)
    register.merge(gone, stays)
    assert [tuple(row) for row in _all_of(street)] == [(stays, False, False)]
    register.erase(stays)
    assert _all_of(street) == []


def test_the_branch_reads_masked_names_and_no_more(street: Street) -> None:
    street.set_up()
    _registered(street, "欧阳锋", "13800000000")
    shown = {one.name for one in street.surveys.members(street.old, actor=street.members[0])}
    assert len(shown - {""}) == 1
    assert not any("欧阳锋" in name for name in shown)


def _all_of(street: Street) -> list[Any]:
    query = select(STANDING.c.person, STANDING.c.reported, STANDING.c.active).where(
        STANDING.c.district == street.district.code
    )
    with street.district.store.reading() as connection:
        return list(connection.execute(query))


def test_a_late_survey_climbs_branch_street_and_district(street: Street) -> None:
    street.set_up()
    # 1 May to 5 May 2026 are free; Saturday 9 May is worked.
    street.clock.now = datetime(2026, 4, 28, 1, tzinfo=UTC)
    survey = street.surveys.call(street.old, "2026", actor=street.officer).subject
    due = street.district.subject(survey).due_at
    assert due
    days = [date(2026, 4, 28) + timedelta(days=n) for n in range(1, 60)]
    worked = [day for day in days if street.district.rules.constants.calendar.is_working_day(day)]
    assert due.date() == worked[19]
    assert date(2026, 5, 9) in worked
    assert date(2026, 5, 4) not in worked
    for _ in range(4):
        street.pass_days(30)
    late = [act for act in street.district.history(survey) if act.verb == "survey.late"]
    assert [act.body["rung"] for act in late] == ["branch", "street", "district"]
    assert street.district.subject(survey).state == "under_way"


class Rounds(Explorer):
    """Every move of a survey, by everybody, in every order."""

    examples = 20
    steps = 8

    def __init__(self, street: Street) -> None:
        names = ("clerk", "officer", "member0", "member1", "neighbour")
        super().__init__(street.district, {name: street.actors[name] for name in names})
        self.street = street
        self.round = 0

    def opened(self) -> UUID:
        self.round += 1
        return self.street.surveys.call(self.street.old, str(self.round), actor=self.street.clerk).subject

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        counted = ("members", "reported", "not_noted", "not_active")
        return dict.fromkeys(counted, st.none()) | {"not_reported": st.none() | st.just(99)}

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        survey = self.district.subject(root)
        if survey.state in ("handed_in", "accepted"):
            record = survey.record
            assert (record.members, record.reported, record.not_reported, record.not_active) == (5, 3, 2, 2)
        assert survey.id == survey_of(self.street.old, survey.record.round)
        assert _rows(self.street) == 5, "no move of a survey changes what was noted"


def test_whatever_is_tried_with_a_survey_its_numbers_are_those_that_were_noted(street: Street) -> None:
    street.set_up()
    _note_all(street)
    tried = Rounds(street).explore()
    made = {one.move.name for one in tried if one.act}
    assert "hand_in" in made
    assert any(not one.act for one in tried)
