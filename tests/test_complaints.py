"""A complaint is kept from whom it is about: a person, an organisation or an office, whatever record or post they act by."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import pytest

from linli._base.errors import NotAllowed, Refused
from linli._district.district import District
from linli._model.access import Actor, Seat
from linli._model.subjects import StoredSubject
from linli._store import Write
from linli._store import tables as t
from linli._store.statements import insert_into
from linli._testing.fixtures import Printed
from linli.testing import a_place, an_organisation, somebody, who

CATALOGUE = """
[[dispatch.services]]
code = "leak"
name = "漏水"
categories = ["漏水"]
holder = "property_manager"
"""


@attrs.frozen(kw_only=True)
class Town:
    """A compound with a company, in a street of a district."""

    district: District
    root: UUID
    street: UUID
    place: UUID
    company: UUID
    clerk: Actor
    other_clerk: Actor
    steward: Actor
    manager: Actor
    officer: Actor
    district_officer: Actor
    resident: Actor

    def complaint(self, about: UUID, **more: Any) -> UUID:
        act = self.district.dispatch.submit(
            self.place, "漏水", "他们不修", reporter=who(self.resident), about=about, actor=self.clerk, **more
        )
        return act.subject

    def accepted(self, about: UUID, by: Actor | None = None, **more: Any) -> UUID:
        request = self.complaint(about, **more)
        self.make(request, "accept", by)
        return request

    def dispatched(self, about: UUID, by: Actor | None = None, **more: Any) -> UUID:
        request = self.accepted(about, by, **more)
        self.make(request, "dispatch", by)
        return request

    def make(self, subject: UUID, move: str, actor: Actor | None = None, **values: Any) -> None:
        self.district.make(subject, move, values, actor=actor or self.clerk)

    def task(self, request: UUID) -> StoredSubject:
        return self.district.dispatch.open_task(request)


@pytest.fixture
def town(new_district: Callable[..., District]) -> Town:
    district = new_district(enabled=("daxiang",), more=CATALOGUE)
    root = a_place(district, "区", kind="district")
    street = a_place(district, "城北街道", kind="street", parent=root, path=f"{root.hex}/")
    place = a_place(district, "锦绣花园", parent=street, path=f"{root.hex}/{street.hex}/")
    company = an_organisation(district, "property_company", place, "锦绣物业")
    return Town(
        district=district,
        root=root,
        street=street,
        place=place,
        company=company,
        clerk=somebody(district, "clerk", place),
        other_clerk=somebody(district, "clerk", street),
        steward=somebody(district, "steward", place),
        manager=somebody(district, "property_manager", place, at=company),
        officer=somebody(district, "officer", street),
        district_officer=somebody(district, "district_officer", root),
        resident=somebody(district, None, place),
    )


def _kept_from(town: Town, request: UUID, actor: Actor) -> None:
    """Nothing of it is seen, read or done by them."""
    for one in town.district.tree(request):
        with pytest.raises(NotAllowed, match="may not see"):
            town.district.see(one.id, actor)
        if "read" in town.district.rules.workflow(one.kind).by_move:
            with pytest.raises(Refused, match=r"about you|may not"):
                town.district.read(one.id, "好奇", actor=actor)


def _became(district: District, gone: UUID, stays: UUID) -> None:
    """Two records are one; the posts of the one that ended are the other's."""
    row = {"district": district.code, "id": gone, "now": stays, "kind": "person"}
    with district.store.transaction() as transaction:
        transaction.commit([Write(insert_into(t.alias), row)])
    with district.store.engine.begin() as connection:
        p = t.post
        connection.execute(
            p.update().where(p.c.district == district.code, p.c.person == gone).values(person=stays)
        )


def test_it_is_kept_from_a_person_after_two_of_their_records_became_one(town: Town) -> None:
    first = somebody(town.district, "clerk", town.place)
    second = somebody(town.district, "officer", town.street)
    for about in (first, second):
        request = town.dispatched(who(about))
        _kept_from(town, request, about)
    _became(town.district, who(first), who(second))
    for about in (first, second):
        request = town.dispatched(who(about))
        _kept_from(town, request, second)
        with pytest.raises(Refused, match=r"about you|may not"):
            town.make(request, "pause", second, reason="waiting_for_parts")


def test_it_is_kept_from_everybody_who_works_for_the_body_by_whatever_post_they_act(town: Town) -> None:
    at_the_place = somebody(town.district, "property_manager", town.place)
    also_clerk = somebody(town.district, "clerk", town.place)
    town.district.register.post(who(also_clerk), "cleaner", town.company)
    request = town.dispatched(town.company)
    assert town.task(request).holder == Seat(role="officer", at=town.street), "the place above has it"
    for actor in (town.manager, at_the_place, also_clerk):
        _kept_from(town, request, actor)
    for actor in (town.clerk, town.officer):
        assert request in {one.id for one in town.district.see(request, actor)}


def test_what_happens_below_it_is_kept_from_them_too(town: Town) -> None:
    accused = somebody(town.district, "clerk", town.place)
    request = town.dispatched(who(accused))
    task = town.task(request)
    town.make(task.id, "offer", town.officer, role="steward", at=town.place, reason="归楼栋长")
    town.make(request, "hand_over", body="市住建局", reason="也可能归他们")
    assert {one.kind for one in town.district.tree(request)} == {"request", "task", "offer", "handover"}
    _kept_from(town, request, accused)


def test_a_complaint_about_the_street_goes_to_the_district(town: Town) -> None:
    request = town.dispatched(town.street)
    assert town.task(request).holder == Seat(role="district_officer", at=town.root)
    _kept_from(town, request, town.officer)
    _kept_from(town, request, town.other_clerk)
    with pytest.raises(Refused, match="whom it is about"):
        town.make(request, "dispatch", role="officer", at=town.street)


def test_a_complaint_about_the_district_is_handed_over_outside(town: Town) -> None:
    request = town.accepted(town.root)
    with pytest.raises(Refused, match="hand it over outside: linli request hand-over"):
        town.make(request, "dispatch")
    town.make(request, "hand_over", body="市信访局", reason="反映区里")
    (handover,) = [one.id for one in town.district.tree(request) if one.kind == "handover"]
    _kept_from(town, request, town.district_officer)
    day = datetime.now(UTC).astimezone(town.district.rules.zone).date()
    town.make(
        handover,
        "accept",
        accepted_by="接待室",
        accepted_on=day,
        their_number="2026-7",
        feedback="请问市信访局",
    )
    assert town.district.subject(request).outcome == "handed_over"


def test_whoever_stands_in_for_a_body_that_has_gone_is_not_whom_it_is_about(town: Town) -> None:
    committee = an_organisation(town.district, "residents_committee", town.street, "居委会")
    member = somebody(town.district, "residents_committee_member", town.street, at=committee)
    (post,) = town.district.register.posts(person=who(town.manager))
    town.district.register.end_post(post.id)
    with town.district.store.engine.begin() as connection:
        o = t.organisation
        connection.execute(
            o.update()
            .where(o.c.district == town.district.code, o.c.id == town.company)
            .values(until=date(2020, 1, 1))
        )
    request = town.accepted(town.company)
    town.make(request, "dispatch", role="property_manager", at=town.company)
    task = town.task(request)
    town.make(task.id, "take", member)
    assert {one.id for one in town.district.see(task.id, member)} == {request, task.id}


def test_a_body_without_staff_does_not_get_the_complaint_about_itself(town: Town) -> None:
    (post,) = town.district.register.posts(person=who(town.manager))
    town.district.register.end_post(post.id)
    request = town.accepted(town.company)
    with pytest.raises(Refused, match="whom it is about"):
        town.make(request, "dispatch", role="property_manager", at=town.company)


def test_it_is_about_somebody_that_there_is(town: Town) -> None:
    with pytest.raises(Refused, match="no person, organisation or place"):
        town.complaint(town.district.history(town.complaint(town.company))[0].id)


# --- what is to be put right -------------------------------------------------------------------------


def test_what_is_to_be_put_right_is_theirs_in_the_desks_own_words_and_nothing_else_is(town: Town) -> None:
    request = town.dispatched(town.company)
    with pytest.raises(Refused, match="not of whom it is about"):
        town.make(request, "instruct", role="steward", at=town.place, put_right="请修好水管")
    town.make(request, "instruct", role="property_manager", at=town.company, put_right="请修好3栋水管")
    task = town.task(request)
    assert (task.person, task.holder) == (None, Seat(role="property_manager", at=town.company))
    assert [one.id for one in town.district.see(task.id, town.manager)] == [task.id]
    assert [one.text for one in town.district.read(task.id, "办理", actor=town.manager)] == ["请修好3栋水管"]
    for other in (one.id for one in town.district.tree(request) if one.id != task.id):
        with pytest.raises(NotAllowed):
            town.district.see(other, town.manager)
    town.make(task.id, "take", town.manager)
    with pytest.raises(Refused, match="put right"):
        town.make(task.id, "offer", town.manager, role="steward", at=town.place, reason="归楼栋长")
    town.make(task.id, "finish", town.manager, result="修好了")
    also_clerk = somebody(town.district, "clerk", town.place)
    town.district.register.post(who(also_clerk), "cleaner", town.company)
    for actor in (town.manager, also_clerk, town.resident):
        with pytest.raises(Refused):
            town.make(task.id, "confirm", actor)
    town.make(task.id, "confirm")
    texts = town.district.read(task.id, "核对", actor=town.clerk)
    assert {one.text for one in texts} == {"请修好3栋水管", "修好了"}


def test_the_reporter_can_say_that_nothing_of_it_is_given_to_them(town: Town) -> None:
    request = town.accepted(town.company, not_to_them=True)
    with pytest.raises(Refused, match="does not want"):
        town.make(request, "instruct", role="property_manager", at=town.company, put_right="请修好水管")


def test_only_a_complaint_is_put_right_by_whom_it_is_about(town: Town) -> None:
    act = town.district.dispatch.submit(
        town.place, "漏水", "漏水", reporter=who(town.resident), actor=town.clerk
    )
    town.make(act.subject, "accept")
    with pytest.raises(Refused, match="complains about nobody"):
        town.make(act.subject, "instruct", role="property_manager", at=town.company, put_right="请修好水管")


def test_a_reporter_who_works_for_whom_it_is_about_still_sees_their_own(town: Town) -> None:
    town.district.register.post(who(town.resident), "cleaner", town.company)
    request = town.dispatched(town.company)
    assert request in {one.id for one in town.district.see(request, town.resident)}


def test_whoever_works_for_a_body_can_complain_about_it_for_themselves(town: Town) -> None:
    at_work = somebody(town.district, "cleaner", town.place, at=town.company)
    act = town.district.dispatch.submit(
        town.place, "漏水", "加班不给钱", reporter=who(at_work), about=town.company, actor=at_work
    )
    assert act.acting_as == "person"
    assert act.subject in {one.id for one in town.district.see(act.subject, at_work)}
    with pytest.raises(Refused, match=r"about you|for yourself"):
        town.district.dispatch.submit(
            town.place, "漏水", "漏水", reporter=who(town.resident), about=town.company, actor=at_work
        )


# --- at the command line -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["锦绣物业", "number", "城北街道", "person"])
def test_a_complaint_about_a_body_is_filed_by_its_name_or_number(
    town: Town, command: Callable[..., Printed], name: str
) -> None:
    about = {"number": str(town.company), "person": str(who(town.manager))}.get(name, name)
    folder = Path(town.district.configuration.folder)
    given = ("--place", "锦绣花园", "--category", "漏水", "--text", "他们不修", "--about", about, "--json")
    printed = command("request", "submit", *given, folder=folder)
    assert printed.code == 0, printed.err
    expected = {"城北街道": town.street, "person": who(town.manager)}.get(name, town.company)
    assert f'"about":"{expected}"' in printed.out.replace(" ", "")


def test_what_nobody_is_called_is_refused_without_repeating_it(
    town: Town, command: Callable[..., Printed]
) -> None:
    folder = Path(town.district.configuration.folder)
    given = ("--place", "锦绣花园", "--category", "漏水", "--text", "他们不修", "--about", "13800000000")
    printed = command("request", "submit", *given, folder=folder)
    assert printed.code == 1
    assert "13800000000" not in printed.err
