"""Typed questions in a plugin: what a move declares comes in one round trip, and a plugin reads its own tables alone."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import count
from typing import Annotated, Any
from uuid import UUID, uuid4

import attrs
import pytest
from sqlalchemy import Column, Date, Uuid, bindparam, func, select

from linli import (
    ANYONE,
    OWN,
    Actor,
    District,
    Input,
    Moves,
    PersonId,
    PlaceId,
    Ref,
    Seat,
    State,
    Transition,
    Workflow,
)
from linli._base import codec
from linli._base.errors import Refused
from linli._base.refusals import Refusal
from linli._model.effects import Change, Effect
from linli._store import Read, Write
from linli._store.statements import insert_into
from linli._store.tables import place as core_place
from linli.query import (  # fmt: skip
    Query,
    Rows,
    acts_of,
    any_numbered,
    any_of_kind,
    any_subject,
    any_subjects,
    balance,
    bodies,
    body,
    circle,
    home,
    is_in,
    is_open,
    is_person,
    is_registered,
    lies_within,
    matter,
    now_of,
    one,
    opening_of,
    organisation,
    own_query,
    own_table,
    own_tables,
    path_of,
    place,
    place_above,
    places,
    same_person,
    subjects,
    subjects_of,
    survivor,
    tied_places,
    ties,
    ties_of,
    who_has,
)
from linli.testing import a_place, an_organisation, phone, plugin_of, undeclared_reads, who

MOST = 2
_PHONES = count(1)
TABLES = own_tables()
LENT = own_table(
    "tools_lent",
    TABLES,
    Column("loan", Uuid, primary_key=True),
    Column("person", Uuid),
    Column("place", Uuid),
    Column("lent_on", Date),
)
_LENT = insert_into(LENT)


@attrs.frozen(kw_only=True)
class Drill:
    name: Annotated[str, Input("what it is")]


@attrs.frozen(kw_only=True)
class Lending:
    drill: Ref[Drill]
    name: str = ""


@attrs.frozen(kw_only=True)
class Lend:
    drill: Annotated[Ref[Drill], Input("its number")]


class DrillGone(Refusal, says="this tool is not here"): ...


class TooManyDrills(Refusal, says="they have {n} already"):
    n: int


def questions(t: Transition[object, Lend]) -> Iterable[Query[object]]:
    """What lending asks, in one round trip."""
    yield one(Drills, t.given.drill)
    if t.subject.person:
        yield subjects(Lendings, person=t.subject.person, states=Lendings.out).count()
        yield times_lent(person=t.subject.person)


def named(t: Transition[None, Lend]) -> Lending:
    drill = t.get(one(Drills, t.given.drill))
    if drill is None or drill.state is not Drills.there:
        raise Refused(DrillGone())
    return Lending(drill=t.given.drill, name=drill.record.name)


def not_too_many(t: Transition[Lending, object]) -> Refusal | None:
    who = t.subject.person
    has = t.get(subjects(Lendings, person=who, states=Lendings.out).count()) if who else 0
    return TooManyDrills(n=has) if has >= MOST else None


def noted(t: Transition[Lending, object]) -> Iterable[Effect]:
    values = {
        "district": t.facts.district,
        "loan": t.subject.id,
        "person": t.subject.person,
        "place": t.place,
    }
    yield Change(write=Write(_LENT, {**values, "lent_on": t.today}))


class Drills(Workflow[Drill], name="drill", summary_fields=("name",)):
    move = Moves(Drill)
    there = State("there")
    gone = State("gone", ends=True)
    register = move.opening(there, Drill, by=ANYONE)
    lose = move(there.to(gone), by=ANYONE)


class Lendings(Workflow[Lending], name="lending", summary_fields=("name",)):
    move = Moves(Lending)
    out = State("lent")
    back = State("brought back", ends=True)
    lend = move.opening(
        out, Lend, by=ANYONE, reads=questions, record=named, needs=[not_too_many], then=[noted]
    )
    bring_back = move(out.to(back), by=OWN)


_lent = LENT.c


@own_query(select(func.count()).where(_lent.district == bindparam("district"), is_person(_lent.person)))
def times_lent(rows: Rows, person: UUID) -> int:
    """How often somebody was lent something, whatever became of it, under every number of theirs."""
    return int(rows[0][0])


@own_query(
    select(_lent.loan, _lent.lent_on)
    .where(_lent.district == bindparam("district"), is_in(_lent.loan, Lendings.out), lies_within(_lent.place))
    .order_by(_lent.loan)
)
def out_within(rows: Rows, path: str) -> list[tuple[UUID, date]]:
    """What is lent below a place, and since when."""
    return [(loan, on) for loan, on in rows]


@own_query(select(now_of(_lent.person)).where(_lent.district == bindparam("district")).order_by(_lent.loan))
def borrowers(rows: Rows) -> list[UUID]:
    """Who was lent something, each time, by the number that they have now."""
    return [person for (person,) in rows]


@own_query(
    select(opening_of(_lent.loan))
    .where(_lent.district == bindparam("district"), is_open(_lent.loan))
    .order_by(_lent.loan)
)
def openings(rows: Rows) -> list[str]:
    """What the journal has of the lending of what is still out."""
    return [body for (body,) in rows]


@attrs.frozen
class Shop:
    district: District
    street: UUID
    place: PlaceId

    def drill(self, name: str = "drill") -> Ref[Drill]:
        act = self.district.perform(Drills.register.at(self.place, Drill(name=name)), actor=self.neighbour())
        return Drills.ref(act.subject)

    def neighbour(self) -> Actor:
        return Actor(
            person=self.district.register.person(name="张三", phone=phone(next(_PHONES)), home=self.place)
        )

    def lend(self, drill: Ref[Drill], person: Actor) -> Ref[Lending]:
        order = Lendings.lend.at(self.place, Lend(drill=drill), person=PersonId(who(person)))
        return Lendings.ref(self.district.perform(order, actor=person).subject)


@pytest.fixture
def shop(new_district: Callable[..., District]) -> Shop:
    district = new_district(plugins={"drills": plugin_of("drills", Drills, Lendings)})
    with district.store.reading() as connection:
        TABLES.create_all(connection.engine)
    street = a_place(district, "城北街道", kind="street", parent=district.register.root())
    return Shop(district, street, a_place(district, "锦绣花园", parent=street))


def test_what_a_move_declares_is_all_that_it_asks_and_comes_in_one_round_trip(shop: Shop) -> None:
    drill, who = shop.drill(), shop.neighbour()
    with undeclared_reads() as found:
        shop.lend(drill, who)
    assert found == []


def test_a_question_that_was_not_declared_is_found(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    drill, who = shop.drill(), shop.neighbour()
    flow = shop.district.rules.workflow("lending")
    monkeypatch.setattr(flow.by_move["lend"].typed, "reads", None)
    with undeclared_reads() as found:
        shop.lend(drill, who)
    assert one(Drills, drill) in found


def test_what_somebody_had_before_they_were_merged_counts_by_subjects_and_by_own_tables(shop: Shop) -> None:
    district, first, second = shop.district, shop.neighbour(), shop.neighbour()
    for person in (first, second):
        shop.lend(shop.drill(), person)
    district.register.merge(who(first), who(second))
    ask = district.ask_unchecked
    assert ask(times_lent(who(second))) == ask(times_lent(person=who(first))) == 2
    assert ask(borrowers()) == [who(second)] * 2
    third = shop.neighbour()
    found = ask(subjects_of(Lendings, [who(second), who(third)]))
    assert {person: len(theirs) for person, theirs in found.items()} == {who(second): 2}
    assert len(ask(subjects(Lendings, person=who(second), states=Lendings.out))) == 2
    with pytest.raises(Refused, match="they have 2 already"):
        shop.lend(shop.drill(), second)


def test_a_table_of_a_plugin_is_joined_to_its_subjects_and_places(shop: Shop) -> None:
    district, who = shop.district, shop.neighbour()
    kept, returned = shop.lend(shop.drill(), who), shop.lend(shop.drill(), who)
    district.perform(Lendings.bring_back(returned), actor=who)
    today = district.rules.constants.calendar.day_of(district.now())
    assert district.ask_unchecked(out_within(path_of(shop.street))) == [(kept, today)]
    assert [codec.decode(one) for one in district.ask_unchecked(openings())] == [
        district.history(kept)[0].body
    ]
    elsewhere = a_place(district, "幸福里", parent=shop.street)
    assert district.ask_unchecked(out_within(path_of(elsewhere))) == []


def test_a_matter_is_told_whole_and_a_subject_of_any_workflow_as_it_is_written(shop: Shop) -> None:
    ask, drill = shop.district.ask_unchecked, shop.drill()
    loan = shop.lend(drill, shop.neighbour())
    assert [(one.id, one.flow) for one in ask(matter(loan, Drills, Lendings))] == [(loan, Lendings)]
    assert ask(matter(loan, Drills)) == ()
    known = ask(any_subject(loan))
    assert known is not None
    assert (known.kind, known.record) == ("lending", {"drill": str(drill), "name": "drill"})
    assert ask(any_subject(uuid4())) is None
    assert ask(any_subjects(matter=loan)) == (known,)
    assert ask(any_numbered([loan, uuid4()])) == {loan: known}


def test_subjects_are_found_by_a_field_of_their_record(shop: Shop) -> None:
    drill, other, who = shop.drill("drill"), shop.drill("saw"), shop.neighbour()
    of_drill = shop.lend(drill, who)
    shop.lend(other, shop.neighbour())
    ask = shop.district.ask_unchecked
    assert [one.id for one in ask(subjects(Lendings, where={"drill": drill}))] == [of_drill]
    assert [one.id for one in ask(subjects(Drills, where={"name": "saw"}))] == [other]
    assert [one.id for one in ask(any_of_kind("lending", where={"drill": drill}, ended=False))] == [of_drill]
    assert ask(any_of_kind("no such workflow", where={"drill": drill})) == ()
    with pytest.raises(TypeError, match="found by texts, codes and numbers"):
        subjects(Drills, where={"name": 1})  # type: ignore[dict-item]


def test_a_query_that_reads_what_is_not_the_plugins_own_is_refused_where_it_is_written() -> None:
    with pytest.raises(TypeError, match=r"test_contract_queries.py:\d+: cheating reads place"):

        @own_query(select(core_place.c.name).where(core_place.c.id == bindparam("ident")))
        def cheating(rows: Rows, ident: UUID) -> Any:
            return rows

    with pytest.raises(TypeError, match=r"misspelt takes \['loam'\], its statement \['loan'\]"):

        @own_query(select(_lent.lent_on).where(_lent.loan == bindparam("loan")))
        def misspelt(rows: Rows, loam: UUID) -> Any:
            return rows


def test_what_the_register_and_the_ledger_know_is_asked_alike(shop: Shop) -> None:
    district, ask = shop.district, shop.district.ask_unchecked
    committee, person = an_organisation(district, "committee", shop.place), shop.neighbour()
    found = ask(body("committee", shop.place))
    assert found is not None
    assert found.id == committee
    assert ask(place(shop.place)).name == "锦绣花园"
    assert ask(place_above(shop.place, "street")) == shop.street
    assert ask(balance(who(person), "points")) == 0
    assert ask(survivor(who(person))) == who(person)
    assert ask(same_person(who(person))) == {who(person)}
    assert ask(home(uuid4())) is None
    assert ask(circle(shop.place, district.now())).within == (shop.place,)
    assert ask(is_registered(who(person)))
    assert not ask(is_registered(uuid4()))
    assert ask(who_has(Seat(role="clerk", at=shop.place))) == {shop.place}


def test_who_is_tied_to_what_is_told_with_where_that_is_and_under_every_number(shop: Shop) -> None:
    district, ask, register = shop.district, shop.district.ask_unchecked, shop.district.register
    first, second = shop.neighbour(), shop.neighbour()
    club = an_organisation(district, "volunteer_organisation", shop.place)
    register.tie(who(first), "volunteer", club)
    register.merge(who(first), who(second))
    (tie,) = ask(ties("volunteer", person=who(second)))
    assert (tie.person, tie.at, tie.place, tie.compound) == (who(second), club, shop.place, shop.place)
    assert shop.street in tie.path
    assert tie.body == "volunteer_organisation"
    assert ask(ties("volunteer", person=who(first))) == ask(ties("volunteer", at=club)) == (tie,)
    assert ask(ties("volunteer", within=shop.street, on=tie.since)) == (tie,)
    assert ask(ties("owner", within=shop.street)) == ()
    assert ask(ties("volunteer", compound=shop.place)) == (tie,)
    assert ask(ties("volunteer", compound=shop.street)) == ()
    assert ask(ties("resident", also="volunteer").people()) == {(shop.place, who(second))}
    assert ask(ties("resident", within=shop.street, also="owner").people()) == frozenset()
    assert ask(ties_of([who(second), uuid4()], "volunteer")) == {who(second): (tie,)}
    register.end_tie(who(second), "volunteer", club)
    assert ask(ties("volunteer", at=club)) == ()
    assert ask(ties("resident", also="volunteer")) == ()


def test_places_come_with_who_is_tied_to_them_and_those_without_anybody_too(shop: Shop) -> None:
    district, somebody = shop.district, shop.neighbour()
    first, second = (a_place(district, name, kind="exclusive_part", parent=shop.place) for name in "12")
    district.register.tie(who(somebody), "owner", first)
    today = district.rules.constants.calendar.day_of(district.now())
    found = district.ask_unchecked(tied_places("exclusive_part", "owner", within=shop.street, on=today))
    assert {place.id: [tie.person for tie in tied] for place, tied in found} == {
        first: [who(somebody)],
        second: [],
    }
    (tie,) = district.ask_unchecked(ties("owner", person=who(somebody)))
    assert [tied for _, tied in found if tied] == [(tie,)]
    assert district.ask_unchecked(tied_places("building", "owner", within=shop.street, on=today)) == ()


def test_bodies_are_found_by_their_kind_and_where_they_are(shop: Shop) -> None:
    district, ask = shop.district, shop.district.ask_unchecked
    committee = an_organisation(district, "committee", shop.place)
    an_organisation(district, "office", shop.street)
    assert [one.id for one in ask(bodies("committee", place=shop.place))] == [committee]
    assert [one.id for one in ask(bodies("committee", within=shop.street))] == [committee]
    assert len(ask(bodies(within=shop.street))) == 2
    assert ask(bodies("office", place=shop.place)) == ()
    assert [one.kind for one in ask(bodies(ident=committee))] == ["committee"]
    (known,), today = ask(bodies(ident=committee)), district.rules.constants.calendar.day_of(district.now())
    district.register.end_organisation(committee, today)
    assert ask(bodies(ident=committee)) == ask(bodies("committee", on=today)) == ()
    assert ask(bodies("committee", on=today - timedelta(1))) == (known,)
    assert ask(organisation(committee)) == known
    assert ask(organisation(uuid4())) is None


def test_places_are_found_by_their_kind_where_they_lie_and_when_they_were_there(shop: Shop) -> None:
    district, ask = shop.district, shop.district.ask_unchecked
    other, today = (
        a_place(district, "幸福里", parent=shop.street),
        shop.district.rules.constants.calendar.day_of(district.now()),
    )
    assert {one.id for one in ask(places("compound", within=shop.street))} == {shop.place, other}
    assert [one.id for one in ask(places("street", "compound", within=shop.place))] == [shop.place]
    assert ask(places("street", "compound"))[0].id == shop.street
    district.register.merge_places(other, shop.place)
    assert [one.id for one in ask(places("compound"))] == [shop.place]
    assert {one.id for one in ask(places("compound", ended_too=True))} == {shop.place, other}
    assert {one.id for one in ask(places("compound", on=today - timedelta(1)))} == {shop.place, other}


def test_what_was_done_in_a_matter_is_told_by_move_by_whom_and_when_it_was_last(shop: Shop) -> None:
    district, ask, somebody = shop.district, shop.district.ask_unchecked, shop.neighbour()
    loan = shop.lend(shop.drill(), somebody)
    district.perform(Lendings.bring_back(loan), actor=somebody)
    assert [act.verb for act in ask(acts_of(loan))] == ["lending.lend", "lending.bring_back"]
    assert [act.verb for act in ask(acts_of(loan, Lendings.bring_back))] == ["lending.bring_back"]
    assert ask(acts_of(loan, "lending.lend")) == ask(acts_of(loan, Lendings.lend))
    assert ask(acts_of(loan, by=who(somebody)).count()) == 2
    assert ask(acts_of(loan, by=uuid4()).count()) == 0
    assert ask(acts_of(loan, Lendings.lend, subject=loan).last_at()) == district.history(loan)[0].at
    assert ask(acts_of(uuid4()).last_at()) is None


def test_whoever_asks_does_not_wait_for_whoever_writes_nor_they_for_whoever_asks(shop: Shop) -> None:
    district, drill = shop.district, shop.drill()
    with district.store.transaction() as writing:
        writing.ask([(Read(select(core_place.c.id)), {})])
        assert district.ask_unchecked(one(Drills, drill)) is not None
        assert district.ask(subjects(Drills), actor=district.console)
    with district.store.transaction(writes=False) as reading:
        reading.ask([(Read(select(core_place.c.id)), {})])
        shop.drill()
