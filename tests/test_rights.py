"""Who may do what: judged from the record at the moment of recording, never from the caller's word."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import attrs
import pytest

from linli import PersonId, PlaceId
from linli._base.errors import LinliError, NotAllowed, Refused
from linli._district.district import District
from linli._engine import console
from linli._model.access import Actor, Seat
from linli._model.acts import new_id
from linli._verbs.register.appointments import Entry
from linli.testing import Moment, phone, somebody

CATALOGUE = """
[[dispatch.services]]
code = "leak"
name = "Leak"
categories = ["漏水"]
time = "8h"
holder = "steward"
"""


@attrs.frozen
class Compound:
    """Two compounds below one street, with people and posts of the first, and a resident of the second."""

    district: District
    clock: Moment
    street: UUID
    place: UUID
    other_place: UUID
    clerk: Actor
    steward: Actor
    reporter: Actor
    stranger: Actor
    officer: Actor

    def submit(self, *, confidential: bool = False, about: UUID | None = None) -> UUID:
        """A request of the reporter, filed by the clerk."""
        more = {"about": about} if about else {}
        act = self.district.dispatch.submit(
            self.place, "漏水", "厨房漏水", reporter=self.reporter.person, actor=self.clerk,
            confidential=confidential, **more,
        )  # fmt: skip
        return act.subject


@pytest.fixture
def compound(new_district: Callable[..., District]) -> Compound:
    clock = Moment()
    district = new_district(more=CATALOGUE, clock=clock)
    register = district.register
    street = register.place("street", "城北街道", parent=register.root())
    community = register.place("community", "祭旗坡社区", parent=street)
    place, other = (register.place("compound", name, parent=community) for name in ("锦绣花园", "怡园"))
    resident, elsewhere = (
        register.person(name="人甲" + "一二"[n], phone=phone(700 + n), home=home)
        for n, home in enumerate((place, other))
    )
    return Compound(
        district=district,
        clock=clock,
        street=street,
        place=place,
        other_place=other,
        clerk=somebody(district, "clerk", place),
        steward=somebody(district, "steward", place),
        reporter=Actor(person=resident),
        stranger=Actor(person=elsewhere),
        officer=somebody(district, "officer", street),
    )


def test_a_key_that_was_used_gives_its_act_to_nobody_else_and_to_no_other_order(compound: Compound) -> None:
    district, request, key = compound.district, compound.submit(), new_id()
    other = compound.submit()
    first = district.make(request, "accept", {"service": "leak"}, actor=compound.clerk, key=key)
    tries: list[tuple[Actor | None, UUID, str, dict[str, object]]] = [
        (compound.reporter, request, "accept", {"service": "leak"}),
        (None, request, "accept", {"service": "leak"}),
        (compound.clerk, request, "urge", {}),
        (compound.clerk, request, "accept", {}),
        (compound.clerk, other, "accept", {"service": "leak"}),
    ]
    for actor, subject, move, values in tries:
        with pytest.raises(Refused, match=r"used for something else|may not do this"):
            district.make(subject, move, values, actor=actor, key=key)
    with pytest.raises(Refused, match="used for something else"):
        district.start(
            "request",
            "submit",
            compound.place,
            {"category": "x", "description": "y", "anonymous": True},
            key=key,
        )
    assert district.make(request, "accept", {"service": "leak"}, actor=compound.clerk, key=key).id == first.id
    assert [len(district.history(one)) for one in (request, other)] == [2, 1]


def test_whoever_acts_does_so_now_and_a_clock_put_back_makes_nothing_earlier(compound: Compound) -> None:
    district, request = compound.district, compound.submit()
    for days in (-40, 3650):
        moment = district.now() + timedelta(days=days)
        with pytest.raises(Refused, match="leave its moment out"):
            district.make(request, "accept", actor=compound.clerk, at=moment)
    accepted = district.make(request, "accept", {"service": "leak"}, actor=compound.clerk)
    compound.clock.now -= timedelta(hours=10)
    declined = district.make(request, "decline", {"feedback": "不归本社区"}, actor=compound.clerk)
    assert declined.at >= accepted.at
    found = district.subject(request)
    assert found.ended_at
    assert found.accepted_at
    assert found.ended_at >= found.accepted_at


def test_what_only_linli_works_out_is_given_by_nobody(compound: Compound) -> None:
    district, request = compound.district, compound.submit()
    for values in ({"rule": "made up"}, {"urgent": True}):
        for actor in (compound.clerk, None):
            with pytest.raises(Refused, match="worked out by linli"):
                district.make(request, "accept", {"service": "leak", **values}, actor=actor)
    told = {"category": "x", "description": "y", "entered_by": compound.clerk.person}
    reporter = compound.reporter
    with pytest.raises(Refused, match="worked out by linli"):
        district.start("request", "submit", compound.place, told, person=reporter.person, actor=reporter)
    with pytest.raises(Refused, match="worked out by linli"):
        district.start(
            "request", "submit", compound.place, {"category": "x", "description": "y"},
            person=reporter.person, actor=reporter, holder=Seat(role="clerk", at=compound.place),
        )  # fmt: skip


def test_who_may_not_know_the_reporter_is_told_of_nobody_who_had_to_do_with_it(compound: Compound) -> None:
    district, reporter = compound.district, compound.reporter
    request = compound.submit(confidential=True)
    district.make(request, "accept", {"service": "leak"}, actor=compound.clerk)
    district.make(request, "dispatch", actor=compound.clerk)
    for one in district.see(request, compound.steward):
        assert str(reporter.person) not in repr(one)
        assert str(compound.clerk.person) not in repr(one)
    assert any(one.person == reporter.person for one in district.see(request, compound.clerk))


def test_a_stranger_is_not_told_where_a_matter_stands(compound: Compound) -> None:
    district, request = compound.district, compound.submit()
    for actor, told in ((compound.stranger, NotAllowed), (compound.reporter, Refused)):
        with pytest.raises(Refused) as refusal:
            district.make(request, "close", {"feedback": "好了"}, actor=actor)
        assert type(refusal.value) is told
        assert ("submitted" in str(refusal.value)) is (told is Refused)


def test_whom_a_complaint_is_about_is_kept_out_by_whatever_record_they_act(compound: Compound) -> None:
    district, register = compound.district, compound.district.register
    double = register.person(name="赵六", phone=phone(801), home=compound.place)
    kept = register.person(name="赵六六", phone=phone(802), home=compound.place)
    complaint = compound.submit(about=double)
    register.merge(double, kept)
    with pytest.raises(NotAllowed, match="may not see"):
        district.see(complaint, Actor(person=kept))


def test_anybody_is_somebody_who_is_registered_and_has_not_ended(compound: Compound) -> None:
    district, register = compound.district, compound.district.register
    gone = register.person(name="钱七", phone=phone(811), home=compound.place)
    register.end(gone, "moved_away")
    for nobody in (uuid4(), gone):
        with pytest.raises(NotAllowed, match="registered"):
            district.dispatch.submit(compound.place, "漏水", "x", reporter=None, actor=Actor(person=nobody))
    double, kept = (register.person(name=n, phone=phone(k)) for n, k in (("孙八", 821), ("孙八八", 822)))
    register.merge(double, kept)
    act = district.dispatch.submit(compound.place, "漏水", "x", reporter=None, actor=Actor(person=double))
    assert act.actor == kept


def test_nobody_files_in_the_name_of_somebody_else_but_the_desk(compound: Compound) -> None:
    district, values = compound.district, {"category": "漏水", "description": "x"}
    with pytest.raises(NotAllowed, match="for yourself"):
        district.start(
            "request", "submit", compound.place, values,
            person=compound.reporter.person, actor=compound.stranger,
        )  # fmt: skip


# --- posts ------------------------------------------------------------------------------------------------


def test_posts_are_given_by_whom_the_table_says_and_never_to_oneself(compound: Compound) -> None:
    register = compound.district.register
    clerk, officer, stranger = compound.clerk, compound.officer, compound.stranger.person
    assert clerk.person
    assert officer.person
    assert stranger
    for role in ("administrator", "clerk", "officer", "publisher"):
        for person in (clerk.person, stranger):
            with pytest.raises(NotAllowed):
                register.post(person, role, compound.place, actor=clerk)
    with pytest.raises(NotAllowed, match="themselves"):
        register.post(officer.person, "clerk", compound.place, actor=officer)
    with pytest.raises(NotAllowed, match="given by"):
        register.post(stranger, "officer", compound.street, actor=officer)
    with pytest.raises(Refused, match="no rule of this district knows"):
        register.post(stranger, "clrek", compound.place, actor=officer)
    post = register.post(stranger, "clerk", compound.place, actor=officer)
    with pytest.raises(NotAllowed, match="given by"):
        register.end_post(post, actor=clerk)
    register.end_post(post, actor=Actor(person=stranger))
    register.end_post(register.post(stranger, "clerk", compound.place, actor=officer), actor=officer)


def test_only_the_place_above_gives_what_reaches_its_own(compound: Compound) -> None:
    register, stranger = compound.district.register, compound.stranger.person
    assert stranger
    elsewhere = register.place("street", "城南街道", parent=register.root())
    with pytest.raises(NotAllowed):
        register.post(stranger, "clerk", elsewhere, actor=compound.officer)


def test_every_post_that_the_table_has_can_be_given(compound: Compound) -> None:
    register = compound.district.register
    for role in compound.district.rules.constants.giving.rules:
        register.check_role(role)
    assert {"operator", "auditor", "administrator"} <= {one.name for one in register.roles()}


def test_the_last_who_gives_the_districts_posts_stays(compound: Compound) -> None:
    register, root = compound.district.register, compound.district.register.root()
    one, two = (somebody(compound.district, "administrator", root) for _ in range(2))
    [first] = register.posts(person=one.person)
    [second] = register.posts(person=two.person)
    register.end_post(first.id, actor=two)
    for actor in (two, None):
        with pytest.raises(NotAllowed, match="nobody else could give posts"):
            register.end_post(second.id, actor=actor)


def test_running_the_machine_giving_posts_and_reading_the_audit_are_three_posts(compound: Compound) -> None:
    register, root = compound.district.register, compound.district.register.root()
    one, two = (somebody(compound.district, "administrator", root) for _ in range(2))
    assert two.person
    with pytest.raises(NotAllowed, match="three posts"):
        register.post(two.person, "auditor", root, actor=one)


CONFIRMED = """
[[access.posts]]
role = "publisher"
given_by = ["officer"]
confirmed_by = ["officer"]
most = 1
"""


def test_a_post_that_is_confirmed_begins_with_a_second_person(new_district: Callable[..., District]) -> None:
    district = new_district(more=CONFIRMED)
    register = district.register
    street = register.place("street", "城北街道", parent=register.root())
    one, two = (somebody(district, "officer", street) for _ in range(2))
    chosen, other = (register.person(name="李" + n, phone=phone(k)) for n, k in (("甲", 831), ("乙", 832)))
    with pytest.raises(NotAllowed, match="linli post propose"):
        register.post(chosen, "publisher", street, actor=one)
    number = register.appoint(
        [Entry(person=PersonId(chosen), role="publisher", at=PlaceId(street))], paper="任命文件", actor=one
    )
    assert register.posts(person=chosen) == []
    for actor in (one, Actor(person=chosen), Actor(person=other)):
        with pytest.raises(Refused):
            district.make(number, "confirm", actor=actor)
    district.make(number, "confirm", actor=two)
    assert [post.role for post in register.posts(person=chosen)] == ["publisher"]
    with pytest.raises(Refused, match="may have the post"):
        register.appoint([Entry(person=PersonId(other), role="publisher", at=PlaceId(street))], actor=one)


# --- people of several places ------------------------------------------------------------------------------


def test_merging_records_that_have_posts_takes_a_second_person_with_a_right_at_all_of_it(
    compound: Compound,
) -> None:
    district, register, clerk = compound.district, compound.district.register, compound.clerk
    stranger = compound.stranger.person
    officer = register.person(name="周九", phone=phone(851), home=compound.street)
    register.post(officer, "officer", compound.street)
    assert stranger
    assert clerk.person
    for gone, stays in ((officer, clerk.person), (clerk.person, stranger), (officer, stranger)):
        with pytest.raises(NotAllowed):
            register.merge(gone, stays, actor=clerk)
    keeper, second = (somebody(district, "registrar", register.root()) for _ in range(2))
    with pytest.raises(NotAllowed, match="second person"):
        register.merge(officer, stranger, actor=keeper)
    number = register.ask_to_merge(stranger, officer, actor=keeper)
    for actor in (keeper, clerk, Actor(person=stranger)):
        with pytest.raises(Refused):
            register.confirm_merge(number, actor=actor)
    register.confirm_merge(number, actor=second)
    assert register.find_one(str(stranger)) == officer


def test_people_are_moved_by_who_keeps_both_homes_or_proposed_and_released(compound: Compound) -> None:
    district, register, clerk = compound.district, compound.district.register, compound.clerk
    stranger = compound.stranger.person
    assert stranger
    with pytest.raises(NotAllowed):
        register.move(stranger, compound.place, actor=clerk)
    with pytest.raises(NotAllowed):
        register.tie(stranger, "resident", compound.place, actor=clerk)
    assert register.person(name="人甲二", phone=phone(701), home=compound.place, actor=clerk) == stranger
    number = register.propose_removal(stranger, compound.place, actor=clerk)
    assert [tie.at for tie in register.ties(person=stranger, kind="arriving")] == [compound.place]
    refusals: tuple[Callable[[], object], ...] = (
        lambda: register.reveal(stranger, ["phone"], "to call them", actor=clerk),
        lambda: register.correct(stranger, name="别人", actor=clerk),
        lambda: district.make(number, "release", actor=clerk),
        lambda: district.make(number, "release", actor=Actor(person=stranger)),
    )
    for refused in refusals:
        with pytest.raises(LinliError):
            refused()
    district.make(number, "release", actor=somebody(district, "clerk", compound.other_place))
    assert register.place_of_person(stranger) == compound.place
    assert register.reveal(stranger, ["phone"], "to call them", actor=clerk) == {"phone": phone(701)}


def test_a_removal_that_nobody_releases_climbs_to_the_place_above_both(compound: Compound) -> None:
    district, register = compound.district, compound.district.register
    assert compound.stranger.person
    number = register.propose_removal(compound.stranger.person, compound.place, actor=compound.clerk)
    compound.clock.now += timedelta(days=6)
    while district.worker.run_once(now=compound.clock.now):
        pass
    told = [one.recipient for one in district.deliveries.listed() if one.kind == "tell"]
    with register._facts() as facts:
        community = facts.place(compound.place).path[-2]
    assert told == [f"seat:clerk@{community}"], number


# --- points ------------------------------------------------------------------------------------------------


def test_points_are_moved_where_their_owner_is_and_never_to_oneself(compound: Compound) -> None:
    award, place, other = compound.district.award, compound.place, compound.other_place
    clerk, stranger, resident = compound.clerk, compound.stranger.person, compound.reporter.person
    assert stranger
    assert resident
    award.award(stranger, 100, "seed", reason="x", place=other)
    award.award(resident, 100, "seed", reason="x", place=place)
    hold = award.hold(stranger, 5, "gift", place=other).id
    refusals: tuple[Callable[[], object], ...] = (
        lambda: award.transfer("points", 40, stranger, resident, "gift", actor=clerk, place=place),
        lambda: award.transfer(
            "points", 40, resident, clerk.person or resident, "gift", actor=clerk, place=place
        ),
        lambda: award.hold(stranger, 5, "gift", actor=clerk, place=place),
        lambda: award.release(hold, actor=clerk, place=place),
        lambda: award.spend(hold, actor=clerk, place=place),
        lambda: award.award(resident, 5, "gift", reason="x", issuer=other, actor=clerk, place=place),
    )
    for refused in refusals:
        with pytest.raises(Refused):
            refused()
    award.transfer("points", 40, resident, stranger, "gift", actor=clerk, place=place)
    assert award.account(stranger).free == 135


# --- the console -------------------------------------------------------------------------------------------


def test_the_console_sets_up_and_is_nobodys_second_pair_of_eyes(
    new_district: Callable[..., District],
) -> None:
    district = new_district(more=CATALOGUE, trial=False)
    register = district.register
    street = register.place("street", "城北街道", parent=register.root())
    keepers = [register.person(name="王" + n, phone=phone(k)) for n, k in (("甲", 841), ("乙", 842))]
    for one in keepers:
        register.post(one, "administrator", register.root())
    helper = register.person(name="李丙", phone=phone(843), home=street)
    register.post(helper, "clerk", street)
    with pytest.raises(NotAllowed, match="somebody's name"):
        register.reveal(helper, ["phone"], "to call them")
    for one in keepers:
        district.dispatch.submit(street, "漏水", "x", reporter=None, actor=Actor(person=one))
    with pytest.raises(NotAllowed, match="district's own posts"):
        register.post(helper, "publisher", street)
    act = district.history(street)[0]
    assert (act.acting_as or "").startswith("console:")
    told = [one.recipient for one in district.deliveries.listed() if one.kind == "tell"]
    assert f"seat:administrator@{register.root()}" in told


def test_steps_that_check_each_other_need_a_name(new_district: Callable[..., District]) -> None:
    district = new_district()
    decided = {
        f"{flow.name}.{move.name}"
        for flow in district.rules.workflows.values()
        for move in flow.by_move.values()
        if console._decides(flow, move)
    }
    assert {"appointment.confirm", "record_merge.confirm", "request.read", "publication.approve"} <= decided


# --- conflicts ---------------------------------------------------------------------------------------------


def test_what_only_somebody_has_who_acted_before_goes_to_the_same_seat_above(compound: Compound) -> None:
    facts_of = compound.district.register._facts
    with facts_of() as facts:
        seat, place = Seat(role="clerk", at=compound.place), compound.place
        assert facts.seats(seat, place) == (seat,)
        barred = frozenset(one for one in (compound.clerk.person,) if one)
        assert facts.seats(seat, place, barred) == ()
    above = somebody(compound.district, "clerk", compound.street)
    with facts_of() as facts:
        assert facts.seats(seat, place, barred) == (Seat(role="clerk", at=compound.street),)
        assert above.person in facts.who_has(Seat(role="clerk", at=compound.street))
