"""What is open at a place that ends goes on at its successor, and what somebody has to decide is said."""

from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import update

from linli import Actor, District
from linli._base.errors import Refused
from linli._engine.turn import UnitOfWork
from linli._model.access import Seat
from linli._model.acts import now
from linli._model.facts import Facts
from linli._operations.doctor import examine
from linli._store import tables as t
from linli.testing import all_of, somebody

ASKED = {"category": "general", "description": "x", "anonymous": True}


@pytest.fixture
def street(district: District) -> UUID:
    return district.register.place("street", "城北路街道")


def _compound(district: District, street: UUID, name: str, *buildings: str) -> UUID:
    compound = district.register.place("compound", name, street)
    for building in buildings:
        district.register.place("building", building, compound)
    return compound


def _facts(district: District) -> Any:
    return district.register._facts()


def _request(district: District, place: UUID, **more: Any) -> UUID:
    return district.start("request", "submit", place, ASKED | more).subject


# --- merged ----------------------------------------------------------------------------------------------


def test_what_is_open_goes_on_at_the_successor_and_what_had_ended_stays(
    district: District, street: UUID
) -> None:
    old, new = _compound(district, street, "东风"), _compound(district, street, "锦绣花园")
    open_, over = _request(district, old), _request(district, old)
    district.make(over, "refuse", {"reason": "x"})
    district.register.merge_places(old, new)
    going_on, ended = district.subject(open_), district.subject(over)
    assert (going_on.place, going_on.opened_in, going_on.compound) == (new, old, old)
    assert (ended.place, ended.opened_in) == (old, old)
    for place in (old, new):
        found = {one.id for one in all_of(district, "request", within=place)}
        assert open_ in found, "a list of either place has it"
    assert district.make(open_, "accept").place == new, "what happens from now on happens there"


def test_what_had_ended_is_acted_on_where_it_goes_on_whatever_was_asked_before(
    district: District, street: UUID
) -> None:
    old, new = _compound(district, street, "东风"), _compound(district, street, "锦绣花园")
    over = _request(district, old)
    district.make(over, "refuse", {"reason": "x"})
    district.register.merge_places(old, new)
    for first in ((), (old,)):
        with district.store.transaction() as transaction:
            turn = UnitOfWork(
                district.rules, transaction, Facts(transaction, district.rules.constants, now()), now()
            )
            for place in first:
                turn.spot(place)
            assert turn.subject(over).place == new


def test_what_ended_before_and_is_taken_up_again_goes_on_at_the_successor(
    district: District, street: UUID
) -> None:
    register = district.register
    old, new = _compound(district, street, "东风"), _compound(district, street, "锦绣花园")
    desk = somebody(district, "clerk", new)
    request = _request(district, old)
    district.make(request, "accept")
    district.make(request, "decline", {"feedback": "x"})
    register.merge_places(old, new)
    district.make(request, "reopen", {"reason": "x"}, actor=desk)
    assert district.subject(request).place == new
    assert district.subject(request).opened_in == old


def test_the_bodies_of_a_merged_place_are_those_of_its_successor(district: District, street: UUID) -> None:
    register = district.register
    old, new = _compound(district, street, "东风"), _compound(district, street, "锦绣花园")
    committee = register.organisation("owners_committee", "新业委会", new)
    before = register.organisation("owners_committee", "旧业委会", old)
    company = register.organisation("property_company", "旧物业", old)
    register.merge_places(old, new)
    with _facts(district) as facts:
        for place in (old, new):
            assert facts.body("owners_committee", place).id == committee
            assert facts.body("property_company", place).id == company
            assert facts.above(place, "compound") == new
    listed = {one.id for one in register.organisations(place=new)}
    assert listed == {committee, before, company}, "organisations of what was merged are in its list"


def test_organisations_of_a_kind_that_the_successor_lacks_move_and_their_posts_reach_it(
    district: District, street: UUID
) -> None:
    register = district.register
    old, new = _compound(district, street, "东风"), _compound(district, street, "锦绣花园")
    register.organisation("owners_committee", "新业委会", new)
    stays = register.organisation("owners_committee", "旧业委会", old)
    moves = register.organisation("property_company", "旧物业", old)
    guard = register.person(name="张三", phone="13800138000")
    register.post(guard, "property_staff", moves)
    passes = register.passing(old, new)
    assert [ident for ident, _, _ in passes.moving] == [moves]
    assert [ident for ident, _, _ in passes.staying] == [stays]
    register.merge_places(old, new)
    [post] = register.posts(person=guard)
    assert post.place == new
    assert register.organisation_record(moves).place == new
    assert register.organisation_record(stays).place == old
    assert register.organisation("property_company", "旧物业", new) == moves, "it keeps its number"
    register.move_organisation(stays, new)
    assert register.organisation_record(stays).place == new
    gone = _compound(district, street, "旧址")
    register.end_place(gone)
    with pytest.raises(Refused, match="has ended"):
        register.move_organisation(stays, gone)


def test_what_an_act_that_merges_keeps_tells_checks_what_it_moves(district: District, street: UUID) -> None:
    old, new = _compound(district, street, "东风"), _compound(district, street, "锦绣花园")
    clerk = somebody(district, "clerk", old)
    district.register.organisation("property_company", "旧物业", old)
    _request(district, old)
    district.register.merge_places(old, new)
    [act] = [one for one in district.history(old) if one.verb == "place.merge"]
    assert act.body["matters"] == {"request": 1}
    assert act.body["posts"] == 1
    assert len(act.body["moving"]) == 1
    assert act.body["staying"] == []
    assert clerk.person


# --- split -----------------------------------------------------------------------------------------------


@pytest.fixture
def parts(district: District, street: UUID) -> tuple[UUID, UUID, UUID]:
    """A compound of two buildings, and the two that will follow it."""
    return (
        _compound(district, street, "大区", "1", "2"),
        _compound(district, street, "南区"),
        _compound(district, street, "北区"),
    )


def _split(district: District, parts: tuple[UUID, UUID, UUID]) -> None:
    whole, south, north = parts
    find = district.register.find_place
    district.register.split_place(whole, {find("大区/1栋"): south, find("大区/2栋"): north})


def test_what_is_about_a_home_of_one_part_goes_on_there_the_rest_above_until_somebody_chooses(
    district: District, street: UUID, parts: tuple[UUID, UUID, UUID]
) -> None:
    register, (whole, south, north) = district.register, parts
    home = register.place("exclusive_part", "101", register.find_place("大区/2栋"))
    person = register.person(name="张三", phone="13800138000", home=home)
    theirs = district.start(
        "request", "submit", whole, {"category": "general", "description": "x"}, person=person
    )
    nobodys = _request(district, whole)
    building = _request(district, register.find_place("大区/1栋"))
    _split(district, parts)
    assert district.subject(theirs.subject).place == north
    assert district.subject(nobodys).place == street
    with _facts(district) as facts:
        assert facts.above(district.subject(building).place, "compound") == south
    assert register.undecided() == [(nobodys, whole)]
    with pytest.raises(Refused, match="南区, 北区"):
        register.choose_part(nobodys, street)
    register.choose_part(nobodys, south)
    assert district.subject(nobodys).place == south
    assert register.undecided() == []
    with pytest.raises(Refused, match="nobody has to choose"):
        register.choose_part(nobodys, north)


def test_what_had_ended_at_a_split_place_is_read_by_the_desks_that_follow_and_stays_there(
    district: District, street: UUID, parts: tuple[UUID, UUID, UUID]
) -> None:
    whole, *after = parts
    request = _request(district, whole)
    district.make(request, "accept")
    district.make(request, "decline", {"feedback": "x"})
    desks = [somebody(district, "clerk", one) for one in after]
    elsewhere = somebody(district, "clerk", _compound(district, street, "别处"))
    _split(district, parts)
    for _ in range(2):
        for desk in desks:
            assert district.read(request, "x", actor=desk)
            assert district.see(request, desk)
    assert district.subject(request).place == whole
    with pytest.raises(Refused):
        district.read(request, "x", actor=elsewhere)
    with pytest.raises(Refused):
        district.see(request, elsewhere)
    district.make(request, "reopen", {"reason": "x"}, actor=somebody(district, "clerk", street))
    assert district.register.undecided() == [(request, whole)]
    district.register.choose_part(request, after[0])
    assert district.subject(request).place == after[0]


def test_a_place_split_into_one_leaves_nothing_of_an_open_matter_behind_and_nothing_to_choose(
    district: District, street: UUID, parts: tuple[UUID, UUID, UUID]
) -> None:
    whole, south, _ = parts
    register, desk = district.register, somebody(district, "clerk", south)
    somebody(district, "steward", whole)
    request = _request(district, whole)
    district.make(request, "accept")
    district.make(request, "dispatch")
    [task] = [one.id for one in district.tree(request) if one.kind == "task"]
    district.make(task, "cancel", {"reason": "x"})
    find = register.find_place
    register.split_place(whole, dict.fromkeys((find("大区/1栋"), find("大区/2栋")), south))
    assert register.undecided() == []
    assert {one.place for one in district.tree(request)} == {south}
    assert district.see(task, desk)


def test_where_all_parts_of_a_split_place_become_one_nobody_has_to_choose_any_more(
    district: District, parts: tuple[UUID, UUID, UUID]
) -> None:
    whole, south, north = parts
    request = _request(district, whole)
    _split(district, parts)
    assert district.register.undecided() == [(request, whole)]
    district.register.merge_places(south, north)
    assert district.register.undecided() == []
    assert district.subject(request).place == north


def test_what_is_about_a_matter_waits_with_it_whoever_wrote_it_and_goes_with_it(
    district: District, street: UUID, parts: tuple[UUID, UUID, UUID]
) -> None:
    register, (whole, south, _) = district.register, parts
    home = register.place("exclusive_part", "101", register.find_place("大区/2栋"))
    clerk = register.person(name="张三", phone="13800138000", home=home)
    request = _request(district, whole)
    values = {"title": "x", "body": "x", "about": request}
    draft = district.start("publication", "draft", whole, values, person=clerk).subject
    _split(district, parts)
    assert {district.subject(one).place for one in (request, draft)} == {street}
    register.choose_part(request, south)
    assert {district.subject(one).place for one in (request, draft)} == {south}


def test_a_seat_at_a_split_place_is_that_of_the_part_which_the_matter_lies_in(
    district: District, parts: tuple[UUID, UUID, UUID]
) -> None:
    whole, south, _ = parts
    building = district.register.find_place("大区/1栋")
    clerk = somebody(district, "clerk", south)
    _split(district, parts)
    with _facts(district) as facts:
        assert facts.seats(Seat(role="clerk", at=whole), building) == (Seat(role="clerk", at=south),)
        assert clerk.person in facts.who_has(Seat(role="clerk", at=south))


def test_what_follows_from_a_matter_of_a_split_place_is_opened_above_it(
    district: District, street: UUID, parts: tuple[UUID, UUID, UUID]
) -> None:
    whole = parts[0]
    somebody(district, "steward", street)
    request = _request(district, whole)
    _split(district, parts)
    district.make(request, "accept")
    district.make(request, "dispatch")
    [task] = [one for one in district.tree(request) if one.kind == "task"]
    assert task.place == street


def test_what_is_open_at_a_place_that_just_ends_goes_on_above(district: District, street: UUID) -> None:
    old = _compound(district, street, "东风", "1")
    requests = [_request(district, old), _request(district, district.register.find_place("东风/1栋"))]
    district.register.end_place(old, below=True)
    assert {district.subject(one).place for one in requests} == {street}
    assert district.register.undecided() == []


# --- publications ----------------------------------------------------------------------------------------


def test_a_publication_of_a_merged_place_is_the_successors_and_its_receipt_still_proves_it(
    district: District, street: UUID
) -> None:
    old, new = _compound(district, street, "东风"), _compound(district, street, "锦绣花园")
    published = district.publish.announce(old, "停水", "明天停水").subject
    receipt = district.publish.receipt(published)
    draft = district.publish.draft(old, "停电", "明天停电").subject
    district.register.merge_places(old, new)
    assert district.publish.get(published).place == new
    assert district.publish.receipt(published) == receipt
    assert district.publish.verify(receipt).problems == ()
    district.publish.publish(draft)
    assert district.publish.verify(district.publish.receipt(draft)).problems == ()
    correction = district.publish.correct(published, "停水", "后天停水").subject
    assert district.publish.get(correction).place == new
    assert district.publish.get(published).record.corrected_by == correction


# --- what is left to decide ------------------------------------------------------------------------------


def _told(district: District) -> str:
    found = examine(district.configuration.folder)
    return "\n".join(f"{one.found} {one.todo}" for one in found if str(one.about) == "places that ended")


def test_the_doctor_tells_what_is_left_to_decide_where_places_have_ended(
    district: District, street: UUID, parts: tuple[UUID, UUID, UUID]
) -> None:
    register = district.register
    old, new = _compound(district, street, "东风"), _compound(district, street, "锦绣花园")
    somebody(district, "clerk", old)
    register.organisation("owners_committee", "新业委会", new)
    stays = register.organisation("owners_committee", "旧业委会", old)
    _request(district, parts[0])
    assert _told(district) == ""
    register.merge_places(old, new)
    _split(district, parts)
    told = _told(district)
    for words in ("1 open matters", "旧业委会", "锦绣花园"):
        assert words in told
    register.move_organisation(stays, new)
    register.choose_part(register.undecided()[0][0], parts[1])
    register.post(register.person(name="李四", phone="13900139000"), "clerk", new)
    assert _told(district) == ""


def test_a_matter_keeps_the_homes_that_its_place_had_whatever_is_merged_split_or_renamed(
    district: District, street: UUID
) -> None:
    register = district.register
    first, second = _compound(district, street, "甲苑", "1"), _compound(district, street, "乙苑", "2")
    third, fourth = _compound(district, street, "丙苑", "3"), _compound(district, street, "丁苑")
    buildings = {
        n: register.find_place(f"{name}/{n}栋") for name, n in (("甲苑", 1), ("乙苑", 2), ("丙苑", 3))
    }
    matters = {place: district.subject(_request(district, place)) for place in (first, second, third)}

    def circle(place: UUID) -> set[int]:
        with _facts(district) as facts:
            found = facts.circle(matters[place].opened_in, matters[place].opened_at)
            return {n for n, building in buildings.items() if found.has(facts.place(building).path)}

    register.merge_places(first, second)
    assert [circle(one) for one in (first, second, third)] == [{1}, {2}, {3}]
    later = district.subject(_request(district, second))
    register.rename_place(buildings[1], "11")
    register.merge_places(second, third)
    assert [circle(one) for one in (first, second, third)] == [{1}, {2}, {3}]
    matters[second] = later
    assert circle(second) == {1, 2}, "a new matter is everybody's"
    register.split_place(third, {buildings[1]: fourth, **{buildings[n]: fourth for n in (2, 3)}})
    assert [circle(one) for one in (first, second, third)] == [{1}, {1, 2}, {3}]


def test_whoever_has_a_post_that_ends_with_a_place_or_a_body_is_told_and_it_is_shown_before(
    district: District, street: UUID, parts: tuple[UUID, UUID, UUID]
) -> None:
    register, (whole, *_) = district.register, parts
    old, new = _compound(district, street, "东风"), _compound(district, street, "锦绣花园")
    gone = _compound(district, street, "旧址", "1")
    company = register.organisation("property_company", "旧物业", new)
    seats = {
        "merge": old, "split": whole, "end": register.find_place("旧址/1栋"), "organisation": company,
    }  # fmt: skip
    posts = {
        how: somebody(district, "clerk", new if at == company else at, at=at) for how, at in seats.items()
    }
    assert [person for _, person in register.passing(gone, below=True).posts] == [posts["end"].person]
    assert register.passing(old, new).posts == (("clerk", posts["merge"].person),)
    register.merge_places(old, new)
    _split(district, parts)
    register.end_place(gone, below=True)
    register.end_organisation(company)
    for how, actor in posts.items():
        [told] = district.deliveries.listed(recipient=f"person:{actor.person}")
        assert told.payload == {"post_ended": "clerk", "at": str(seats[how])}


def test_what_is_open_at_a_place_or_lies_below_it_is_found_by_an_index(district: District) -> None:
    """In a district of a thousand compounds a scan for each building takes minutes."""
    if district.store.name != "sqlite":
        pytest.skip("PostgreSQL scans whatever is small")
    modules = [
        import_module(f"linli._verbs.register.{name}") for name in ("going_on", "splitting", "place_changes")
    ]
    found = [one for module in modules for one in vars(module).values()]
    statements = [one for one in found if type(one).__module__ == "linli._store.statements"]
    assert len(statements) > 10
    with district.store.engine.connect() as connection:
        for one in statements:
            compiled = one.on(district.store.dialect)
            explained = f"EXPLAIN QUERY PLAN {compiled.sql}"
            plan = connection.exec_driver_sql(explained, tuple("x" for _ in compiled.names))
            read = [row[-1] for row in plan]
            assert not [line for line in read if line.startswith("SCAN") and "at_or_below" not in line], read


# --- people ----------------------------------------------------------------------------------------------


def test_every_number_that_somebody_ever_had_is_theirs(district: District) -> None:
    register = district.register
    first, second, third = (
        register.person(name=name, phone=f"1380013800{n}") for n, name in enumerate(("王芳", "王方", "汪芳"))
    )
    register.merge(first, second)
    register.merge(second, third)
    with _facts(district) as facts:
        assert facts.identities(third) == {first, second, third}
        assert facts.survivor(first) == third


def test_who_acted_before_under_another_number_has_acted_in_the_matter(
    district: District, street: UUID
) -> None:
    register = district.register
    place = _compound(district, street, "东风")
    writer = register.person(name="王芳", phone="13800138000")
    for role in ("clerk", "officer"):
        register.post(writer, role, street)
    draft = district.publish.draft(place, "停水", "明天停水", actor=Actor(person=writer)).subject
    again = register.person(name="王方", phone="13900139000")
    register.merge(writer, again)
    with pytest.raises(Refused, match="you have already acted in this matter"):
        district.publish.approve(draft, actor=Actor(person=again))


# --- databases of before ---------------------------------------------------------------------------------


def _as_before(district: District, matter: UUID, place: UUID) -> None:
    """Let a matter be where it was left before matters went on."""
    s = t.subject.c
    with district.store.engine.begin() as connection:
        connection.execute(
            update(t.subject).where(s.id == matter).values(place=place, origin=None, undecided=None)
        )


def test_an_upgrade_lets_what_was_left_at_ended_places_go_on(
    district: District, street: UUID, parts: tuple[UUID, UUID, UUID]
) -> None:
    old, new = _compound(district, street, "东风"), _compound(district, street, "锦绣花园")
    merged, split, over = (_request(district, place) for place in (old, parts[0], old))
    district.make(over, "refuse", {"reason": "x"})
    district.register.merge_places(old, new)
    _split(district, parts)
    _as_before(district, merged, old)
    _as_before(district, split, parts[0])
    migration = import_module("linli._schema.migrations.0009_where_it_goes_on")
    with (
        district.store.engine.begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        migration._go_on()
    assert (district.subject(merged).place, district.subject(merged).opened_in) == (new, old)
    assert district.subject(split).place == street
    assert district.register.undecided() == [(split, parts[0])]
    assert district.subject(over).place == old
