"""The engine on a small workflow of its own: quotas, parts, rounds, standing in, the engine's own moves."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import attrs
import pytest

import linli
from linli import (
    ANYONE,
    ENGINE,
    HOLDER,
    OWN,
    Actor,
    Amount,
    Clock,
    Context,
    District,
    Limit,
    Moves,
    NoInputs,
    NoRecord,
    Part,
    PartKey,
    Plugin,
    Quota,
    Seat,
    StandIn,
    State,
    Workflow,
    all_parts,
    any_part,
    has_post,
    hookimpl,
)
from linli._base.errors import LinliError, NotAllowed, PluginError, Refused
from linli._engine.orders import constant
from linli._model.compiling import compiled
from linli._model.direct import DirectAct, DirectOrder
from linli._model.effects import MoveOrder, OpenOrder, Tell, Transfer
from linli.testing import a_place, an_organisation, snapshot, somebody


@attrs.frozen(kw_only=True)
class Booking:
    session: UUID


def _seat(ctx: Context[Booking]) -> Amount:
    return Amount(owner=ctx.record.session, unit="seats", n=1)


class BookingFlow(Workflow[Booking], name="booking"):
    move = Moves(Booking)
    asked = State()
    waiting_list = State()
    booked = State()
    attended = State(ends=True)
    cancelled = State(ends=True)
    seat = Quota(_seat)
    ask = move.opening(asked, Booking, by=ANYONE)
    book = move((asked | waiting_list).to(booked), by=OWN, holds=[seat], when_empty=waiting_list)
    move_up = move(waiting_list.to(booked), by=ENGINE, holds=[seat])
    insist = move((asked | waiting_list).to(booked), by=OWN, holds=[seat])
    attend = move(booked.to(attended), by=OWN, spends=[seat])
    cancel = move(booked.to(cancelled), by=OWN, releases=[seat])


def _reviewers(ctx: Context[NoRecord]) -> Iterable[PartKey[NoInputs]]:
    for kind in ("owners_committee", "property_company"):
        body = ctx.facts.body(kind, ctx.place)
        if body:
            yield PartKey(key=kind, given=NoInputs(), holder=Seat(role=None, at=body.id))


class OpinionFlow(Workflow[NoRecord], name="opinion"):
    move = Moves(NoRecord)
    asked = State()
    approved = State(ends=True)
    returned = State(ends=True)
    ask = move.opening(asked)
    approve = move(asked.to(approved), by=HOLDER)
    return_ = move(asked.to(returned), by=HOLDER)


class MatterFlow(Workflow[NoRecord], name="matter"):
    move = Moves(NoRecord)
    proposed = State()
    review = State()
    resolved = State(ends=True)
    opinion = Part(OpinionFlow.ask, in_=review, one_per=_reviewers)
    propose = move.opening(proposed, by=ANYONE, bars=[OpinionFlow.approve])
    submit = move(proposed.to(review), by=ANYONE)
    resolve = move(review.to(resolved), when=all_parts(OpinionFlow.approved))
    send_back = move(review.to(proposed), when=any_part(OpinionFlow.returned))


OPEN_SEATS = DirectAct("seats.open", label="seats opened", by=has_post("clerk"))


def _plugin(name: str = "toy", **hooks: Callable[..., object]) -> SimpleNamespace:
    """A plugin of the two workflows, with whatever hooks a test wants."""

    PLUGIN = Plugin(
        name=name,
        workflows=(BookingFlow, MatterFlow, OpinionFlow) if name == "toy" else (),
        stand_ins=(StandIn(lacking="owners_committee", by=("residents_committee",)),)
        if name == "toy"
        else (),
        direct_acts=(OPEN_SEATS,) if name == "toy" else (),
    )

    return SimpleNamespace(PLUGIN=PLUGIN, **{hook: hookimpl(function) for hook, function in hooks.items()})


@pytest.fixture
def toy(new_district: Callable[..., District]) -> District:
    return new_district(plugins={"toy": _plugin()})


def _session(district: District, seats: int) -> tuple[UUID, UUID]:
    """A session with so many free seats, and where it is."""
    place = a_place(district, "锦绣花园")
    session = linli._model.acts.new_id()
    opening = Transfer(
        unit="seats", amount=seats, source=(place, "issued"), target=(session, "free"), rule="open"
    )
    district.perform(
        DirectOrder(
            act=OPEN_SEATS,
            subject=session,
            place=place,
            work=constant(effects=[opening]),
            fresh=True,
        )
    )
    return session, place


def _asked(district: District, session: UUID, place: UUID) -> tuple[UUID, Actor]:
    actor = somebody(district, None, place)
    act = district.start("booking", "ask", place, {"session": session}, person=actor.person, actor=actor)
    return act.subject, actor


def test_who_comes_when_all_seats_are_taken_goes_on_the_waiting_list_and_gets_what_is_given_back(
    toy: District,
) -> None:
    session, place = _session(toy, 1)
    (first, one), (second, two) = _asked(toy, session, place), _asked(toy, session, place)
    toy.make(first, "book", actor=one)
    toy.make(second, "book", actor=two)
    assert [toy.subject(each).state for each in (first, second)] == ["booked", "waiting_list"]
    with pytest.raises(Refused, match="1 seats are needed, 0 are there"):
        toy.make(second, "insist", actor=two)
    toy.make(first, "cancel", actor=one)
    toy.make(second, "insist", actor=two)
    toy.make(second, "attend", actor=two)
    assert [toy.subject(each).state for each in (first, second)] == ["cancelled", "attended"]


def test_what_is_given_back_is_taken_by_the_next_in_the_same_act(
    new_district: Callable[..., District],
) -> None:
    waiting: list[UUID] = []

    def next_one(t: linli.AnyAct) -> Iterable[object]:
        if t.verb == "booking.cancel":
            yield from (MoveOrder(subject=one, move="move_up") for one in waiting)

    district = new_district(plugins={"toy": _plugin(), "queue": _plugin("queue", act_effects=next_one)})
    session, place = _session(district, 1)
    bookings = [_asked(district, session, place) for _ in range(3)]
    for booking, actor in bookings:
        district.make(booking, "book", actor=actor)
    (first, one), (second, _), (third, _) = bookings
    waiting[:] = [second, third]
    with pytest.raises(Refused, match="1 seats are needed, 0 are there"):
        district.make(first, "cancel", actor=one)
    waiting[:] = [second]
    district.make(first, "cancel", actor=one)
    states = [district.subject(each).state for each in (first, second, third)]
    assert states == ["cancelled", "booked", "waiting_list"]


def test_all_bodies_must_approve_and_who_stands_in_may(toy: District) -> None:
    street = a_place(toy, "城南街道", kind="street")
    compound = a_place(toy, "锦绣花园", parent=street, path=f"{street.hex}/")
    residents = an_organisation(toy, "residents_committee", street)
    company = an_organisation(toy, "property_company", compound)
    owner = somebody(toy, None, compound)
    committee, manager = (
        somebody(toy, "member", street, at=residents),
        somebody(toy, "manager", compound, at=company),
    )
    matter = toy.start("matter", "propose", compound, actor=owner).subject
    toy.make(matter, "submit", actor=owner)
    opinions = {one.key: one.id for one in toy.tree(matter) if one.kind == "opinion"}
    with pytest.raises(NotAllowed):
        toy.make(opinions["owners_committee"], "approve", actor=manager)
    toy.make(opinions["owners_committee"], "approve", actor=committee)
    assert toy.subject(matter).state == "review"
    toy.make(opinions["property_company"], "return", actor=manager)
    assert toy.subject(matter).state == "proposed"
    toy.make(matter, "submit", actor=owner)
    second = {one.key: one.id for one in toy.tree(matter) if one.kind == "opinion" and one.state == "asked"}
    assert set(second) == {"owners_committee#2", "property_company#2"}, "a new round asks everybody again"
    for key, actor in (("owners_committee#2", committee), ("property_company#2", manager)):
        toy.make(second[key], "approve", actor=actor)
    assert toy.subject(matter).state == "resolved"


def test_who_has_posts_in_two_bodies_acts_for_the_first_they_acted_for(toy: District) -> None:
    compound = a_place(toy, "锦绣花园")
    committee = an_organisation(toy, "owners_committee", compound)
    company = an_organisation(toy, "property_company", compound)
    both = somebody(toy, "member", compound, at=committee)
    assert both.person
    toy.register.post(both.person, "manager", company, since=datetime(2021, 1, 1, tzinfo=UTC))
    matter = toy.start("matter", "propose", compound, actor=somebody(toy, None, compound)).subject
    toy.make(matter, "submit", actor=somebody(toy, None, compound))
    opinions = {one.key: one.id for one in toy.tree(matter) if one.kind == "opinion"}
    toy.make(opinions["owners_committee"], "approve", actor=both)
    with pytest.raises(NotAllowed):
        toy.make(opinions["property_company"], "approve", actor=both)
    toy.make(opinions["property_company"], "approve", actor=somebody(toy, "manager", compound, at=company))
    assert toy.subject(matter).state == "resolved"


def test_only_who_holds_it_whom_it_is_about_and_the_place_s_posts_see_a_subject(toy: District) -> None:
    session, place = _session(toy, 1)
    booking, owner = _asked(toy, session, place)
    clerk = somebody(toy, "clerk", place)
    elsewhere = somebody(toy, "clerk", a_place(toy, "幸福里"))
    for actor in (owner, clerk, toy.console):
        assert [one.id for one in toy.see(booking, actor)] == [booking]
    for actor in (elsewhere, somebody(toy, None, place), Actor()):
        with pytest.raises(NotAllowed):
            toy.see(booking, actor)


def test_the_journal_takes_nothing_that_identifies_a_person(district: District) -> None:
    place = a_place(district, "锦绣花园")
    before = snapshot(district)
    for category in ("漏水 13800138000", "请回电１３８ ００１３ ８０００", "11010519491231002X"):
        with pytest.raises(Refused, match="looks like"):
            district.dispatch.submit(place, category, "漏水了")
    assert snapshot(district) == before


@pytest.mark.parametrize(
    ("hook", "failing"),
    [
        ("act_check", lambda t: 1 / 0),
        ("act_effects", lambda t: ["not an effect"]),
        ("points_for_act", lambda t: iter([object()])),
    ],
)
def test_a_plugin_that_fails_inside_an_act_is_named_and_nothing_is_stored(
    new_district: Callable[..., District], hook: str, failing: Callable[..., object]
) -> None:
    district = new_district(plugins={"toy": _plugin(), "broken": _plugin("broken", **{hook: failing})})
    place = a_place(district, "锦绣花园")
    owner = somebody(district, None, place)
    before = snapshot(district)
    with pytest.raises(PluginError, match=rf"'broken'.*{hook}"):
        district.start("matter", "propose", place, actor=owner)
    assert snapshot(district) == before


def test_what_a_plugin_wants_to_follow_happens_in_the_same_act_or_not_at_all(
    new_district: Callable[..., District],
) -> None:
    def follow(t: linli.AnyAct) -> Iterable[object]:
        subject = t.after
        if t.verb == "booking.ask" and subject:
            yield OpenOrder(workflow="matter", move="propose", place=t.place)
            yield Tell(recipient="seat:clerk@x", payload={"subject": subject.id})
            if subject.record.session == subject.place:
                yield MoveOrder(subject=subject.id, move="attend")

    chain = _plugin("chain", act_effects=follow)
    district = new_district(plugins={"toy": _plugin(), "chain": chain})
    place = a_place(district, "锦绣花园")
    owner = somebody(district, None, place)
    before = snapshot(district)
    with pytest.raises(LinliError):
        district.start("booking", "ask", place, {"session": place}, actor=owner)
    assert snapshot(district) == before


class Circle(Workflow[NoRecord], name="w"):
    move = Moves(NoRecord)
    a = State()
    b = State()
    open = move.opening(a)
    there = move(a.to(b), when=all_parts(OpinionFlow.approved))
    back = move(b.to(a), when=all_parts(OpinionFlow.approved))


class Unopened(Workflow[NoRecord], name="w"):
    move = Moves(NoRecord)
    a = State()
    b = State(ends=True)
    go = move(a.to(b))


class Unexplained(Workflow[NoRecord], name="w"):
    move = Moves(NoRecord)
    a = State()
    b = State()
    c = State(ends=True)
    open = move.opening(a)
    go = move(a.to(b))
    end = move(b.to(c))
    late = Clock[NoRecord](a, lambda ctx: Limit(span=timedelta(hours=1)), pauses_in=b)


@pytest.mark.parametrize(
    ("flow", "complaint"),
    [
        (Circle, "linli's own moves lead in a circle: there, back"),
        (Unopened, "no move opens it"),
        (Unexplained, "it stops a clock, so it must ask for a reason"),
    ],
)
def test_a_workflow_that_contradicts_itself_is_refused_when_it_is_loaded(
    flow: type[Workflow[NoRecord]], complaint: str
) -> None:
    with pytest.raises(LinliError, match=complaint):
        compiled(flow)


def test_a_renamed_state_stays_readable() -> None:
    class Filed(Workflow[NoRecord], name="w", was={"registered": "filed"}):
        move = Moves(NoRecord)
        filed = State(ends=True)
        open = move.opening(filed)

    assert Filed.state("registered") is Filed.filed
    assert compiled(Filed).by_state["registered"].name == "filed"
