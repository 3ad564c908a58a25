"""Somebody's data made public by what follows from acts: a consent, a disclosure, its end; and who stands in for a role."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from uuid import UUID, uuid5

import pytest

from linli import (
    ANYONE,
    HOLDER,
    OWN,
    Actor,
    District,
    Figure,
    Moves,
    NoRecord,
    Plugin,
    Purpose,
    Seat,
    StandIn,
    State,
    Transition,
    Workflow,
    hookimpl,
)
from linli._base.errors import NotAllowed, Refused
from linli._hooks.audience import Audience
from linli._model.effects import Effect
from linli._model.facts import Facts
from linli._model.figures import BriefQuestion
from linli._model.subjects import StoredSubject
from linli._verbs.dispatch.records import CLERK
from linli._verbs.dispatch.settings import DispatchSettings
from linli._verbs.publish.disclosing import disclosed, taken_down
from linli._verbs.publish.records import Consented
from linli._verbs.register.effects import consent_begins, consent_ends
from linli.testing import a_place, an_organisation, phone, somebody, who

PURPOSE = "warden_contact"
PHONE = phone(7)


def _agrees(t: Transition[NoRecord, object]) -> Iterable[Effect]:
    assert t.subject.person
    yield from consent_begins(t.facts, t.subject.person, PURPOSE)


def _shown(t: Transition[NoRecord, object]) -> Iterable[Effect]:
    assert t.subject.person
    text = t.facts.said(t.subject.person, "phone")
    assert text
    one = Consented(name="phone", person=t.subject.person, purpose=PURPOSE, text=text)
    yield disclosed(
        t.facts, uuid5(t.subject.id, "contact"), t.place, "铲雪电话", "电话 {phone}", [one], series="warden"
    )


def _over(t: Transition[NoRecord, object]) -> Iterable[Effect]:
    assert t.subject.person
    yield from taken_down(t.facts, uuid5(t.subject.id, "contact"), "不再公开")
    yield from consent_ends(t.facts, t.subject.person, PURPOSE)


class ContactFlow(Workflow[NoRecord], name="warden_contact", label="contact"):
    move = Moves(NoRecord)
    given = State()
    shown = State()
    over = State(ends=True)
    give = move.opening(given, by=OWN, then=[_agrees])
    show = move(given.to(shown), by=ANYONE, then=[_shown])
    stop = move((given | shown).to(over), by=OWN, then=[_over])


class PathFlow(Workflow[NoRecord], name="path"):
    move = Moves(NoRecord)
    open = State()
    cleared = State(ends=True, name="clear")
    report = move.opening(open, by=CLERK)
    clear = move(open.to(cleared), by=HOLDER)


def _days(question: BriefQuestion) -> int:
    return question.settings(DispatchSettings).reopen_days


PLUGIN = Plugin(
    name="wardens",
    workflows=(ContactFlow, PathFlow),
    purposes=(Purpose(PURPOSE, label="contact of the warden"),),
    stand_ins=(StandIn(lacking="warden", by=("branch", "residents_committee")),),
    figures=(Figure(name="wardens.days", help="as the district's file says", stock=True, query=_days),),
)


@hookimpl
def publication_audience(publication: StoredSubject, facts: Facts) -> Iterable[Audience]:
    yield Audience(place=publication.place, channel="page")


@pytest.fixture
def wardens(new_district: Callable[..., District]) -> District:
    module = SimpleNamespace(PLUGIN=PLUGIN, publication_audience=publication_audience)
    return new_district(plugins={"wardens": module}, more='[publish]\nchannels = ["robot"]\n')


@pytest.fixture
def warden(wardens: District) -> Actor:
    return Actor(person=wardens.register.person(name="安小平", phone=PHONE))


def _given(wardens: District, warden: Actor) -> UUID:
    place = a_place(wardens, "锦绣花园")
    return wardens.start("warden_contact", "give", place, person=warden.person, actor=warden).subject


def test_a_consent_begins_with_an_act_and_what_was_agreed_to_is_shown_until_another_ends_both(
    wardens: District, warden: Actor
) -> None:
    contact = _given(wardens, warden)
    assert wardens.register.consents(who(warden))[PURPOSE][1] is None
    wardens.make(contact, "show", actor=warden)
    number = uuid5(contact, "contact")
    assert wardens.publish.body(wardens.publish.get(number)) == f"电话 {PHONE}"
    assert wardens.publish.body(wardens.publish.get(number), personal=False) == "电话 [on its own page]"
    receipt = wardens.publish.receipt(number)
    assert (receipt.opened["phone"].text, wardens.publish.verify(receipt).problems) == (PHONE, ())
    wardens.make(contact, "stop", actor=warden)
    assert wardens.register.consents(who(warden))[PURPOSE][1] is not None
    gone = wardens.publish.get(number)
    assert (gone.state, gone.record.reason, wardens.publish.body(gone)) == ("withdrawn", "不再公开", "")
    assert PHONE not in repr(wardens.history(number)) + repr(wardens.history(contact))


def test_what_was_never_published_is_taken_down_without_a_trace(wardens: District, warden: Actor) -> None:
    contact = _given(wardens, warden)
    wardens.make(contact, "stop", actor=warden)
    assert wardens.publish.listed() == []


def test_nothing_is_disclosed_without_a_consent_in_force(wardens: District, warden: Actor) -> None:
    contact = _given(wardens, warden)
    wardens.register.withdraw_consent(who(warden), PURPOSE)
    with pytest.raises(Refused, match="has not consented"):
        wardens.make(contact, "show", actor=warden)
    assert wardens.publish.listed() == []


def test_personal_data_goes_only_where_a_plugin_names_the_channel(wardens: District, warden: Actor) -> None:
    contact = _given(wardens, warden)
    wardens.make(contact, "show", actor=warden)
    shown = wardens.publish.get(uuid5(contact, "contact"))
    notice = wardens.publish.announce(shown.place, "停水通知", "明天停水。").subject
    channels = [
        {one.channel for one in wardens.publish.get(number).record.audience} for number in (shown.id, notice)
    ]
    assert channels == [{"page"}, {"page", "robot"}]


def test_for_a_post_that_nobody_has_the_body_that_stands_in_for_the_role_acts(wardens: District) -> None:
    place = a_place(wardens, "锦绣花园")
    committee = an_organisation(wardens, "residents_committee", place)
    member = somebody(wardens, "residents_committee_member", place, at=committee)
    seat = Seat(role="warden", at=place)
    path = wardens.start("path", "report", place, holder=seat).subject
    assert wardens.make(path, "clear", actor=member).acting_as == f"residents_committee_member@{committee}"
    branch = an_organisation(wardens, "branch", place)
    secretary = somebody(wardens, "branch_secretary", place, at=branch)
    path = wardens.start("path", "report", place, holder=seat).subject
    with pytest.raises(NotAllowed):
        wardens.make(path, "clear", actor=member)
    assert wardens.make(path, "clear", actor=secretary)
    path = wardens.start("path", "report", place, holder=seat).subject
    warden = somebody(wardens, "warden", place)
    with pytest.raises(NotAllowed):
        wardens.make(path, "clear", actor=secretary)
    assert wardens.make(path, "clear", actor=warden)


def test_a_body_without_people_is_not_another_of_its_kind_but_who_came_after_it_is(wardens: District) -> None:
    street = a_place(wardens, "城北街道", kind="street")
    fire, water = (an_organisation(wardens, "department", street, name) for name in ("消防大队", "水务站"))
    chief = somebody(wardens, "chief", street, at=water)
    path = wardens.start("path", "report", street, holder=Seat(role="chief", at=fire)).subject
    with pytest.raises(NotAllowed):
        wardens.make(path, "clear", actor=chief)
    wardens.register.end_organisation(fire)
    assert wardens.make(path, "clear", actor=chief).acting_as == f"chief@{water}"


def test_a_figure_that_asks_the_store_knows_the_district_s_settings(wardens: District) -> None:
    assert wardens.brief().figures["wardens.days"] == 15
