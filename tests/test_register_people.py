"""People: one record each however they come, found by their keys; merged, moved, ended, erased, revealed."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

import linli
from linli._base.errors import NotAllowed, NotFound, Refused, VaultError
from linli._base.identity import BadValue
from linli._district.district import District
from linli._hooks.matching import Candidate, Match
from linli._model.access import Actor, Seat
from linli._model.facts import Facts
from linli._model.figures import Cell
from linli._store import Write
from linli._store import tables as t
from linli._verbs.register.claims import Contradiction
from linli.testing import a_place, phone, resident_id, somebody


def rows_of(district: District, table: Any) -> int:
    with district.store.reading() as connection:
        query = select(func.count()).select_from(table).where(table.c.district == district.code)
        return int(connection.execute(query).scalar_one())


@pytest.fixture
def zhang(district: District) -> UUID:
    return district.register.person(name="张三", phone="138 0013 8000", resident_id=resident_id(1))


# --- one record each ----------------------------------------------------------------------------------


def test_a_phone_or_an_identity_number_finds_one_person_in_every_spelling(
    district: District, zhang: UUID
) -> None:
    register = district.register
    assert register.person(phone="+86 138-0013-8000") == zhang
    assert register.person(resident_id=resident_id(1).lower()) == zhang
    for text in ("１３８００１３８０００", resident_id(1), str(zhang)):
        assert register.find(text) == register.find_one(text) == zhang
    assert len(district.history(zhang)) == 1


def test_what_is_missing_is_added_and_what_is_there_stays(district: District) -> None:
    register = district.register
    person = register.person(phone="13800138000")
    assert register.person(name="张三", phone="13800138000", fields={"address": "3栋501"}) == person
    assert register.person(phone="13800138000", resident_id=resident_id(2)) == person
    assert register.person(phone="13800138000", fields={"address": "elsewhere"}) == person
    assert register.masked(person)["address"].startswith("3栋")
    assert [act.body["fields"] for act in district.history(person)] == [
        ["phone"], ["address", "name"], ["resident_id"],
    ]  # fmt: skip


def test_who_shares_a_phone_with_somebody_of_another_name_is_a_person_of_their_own(
    district: District, zhang: UUID
) -> None:
    register = district.register
    wife = register.person(name="李四", phone="13800138000")
    child = register.person(name="张小三", phone="13800138000", resident_id=resident_id(3))
    assert len({zhang, wife, child}) == 3
    assert register.person(name="李四", phone="13800138000") == wife
    assert register.person(name="张小三", phone="13800138000", resident_id=resident_id(3)) == child
    assert register.person(name="李四", phone="13800138000", resident_id=resident_id(4)) == wife
    assert register.find("13800138000") == zhang


def test_who_shares_a_phone_is_said_at_registering_and_asked_for_when_somebody_acts_by_it(
    district: District, zhang: UUID
) -> None:
    register = district.register
    wife = register.person(name="李四", phone="13800138000")
    assert district.history(wife)[-1].body["shares_phone_with"] == str(zhang)
    assert "shares_phone_with" not in district.history(zhang)[-1].body
    assert set(register.find_all("13800138000")) == {zhang, wife}
    with pytest.raises(Refused, match="2 people share this phone") as asked:
        register.find_one("13800138000")
    assert str(zhang) in str(asked.value)
    assert str(wife) in str(asked.value)
    assert "13800138000" not in str(asked.value)
    register.end(zhang, "moved_away")
    assert register.find_one("13800138000") == wife
    register.correct(wife, phone="13600136000")
    assert register.find_all("13800138000") == [zhang]


def test_two_records_of_one_person_that_share_a_phone_are_one_when_they_are_merged(
    district: District, zhang: UUID
) -> None:
    register = district.register
    again = register.person(name="张叁", phone="13800138000")
    register.merge(again, zhang)
    assert register.find_one("13800138000") == zhang


def test_a_second_phone_of_a_known_person_finds_them_too(district: District, zhang: UUID) -> None:
    register = district.register
    again = register.person(name="张三", phone="13900139000", resident_id=resident_id(1))
    assert again == zhang == register.find("13900139000") == register.find("13800138000")
    assert sorted(register.masked(zhang)) == ["name", "phone", "phone_2", "resident_id"]


def test_keys_of_two_people_are_refused_with_both_to_be_merged(district: District, zhang: UUID) -> None:
    other = district.register.person(name="张三", phone="13900139000")
    with pytest.raises(Contradiction, match=f"linli person merge {other} {zhang}"):
        district.register.person(phone="13900139000", resident_id=resident_id(1))
    with pytest.raises(Contradiction, match="another name"):
        district.register.person(name="李四", resident_id=resident_id(1))
    with pytest.raises(Contradiction, match="another identity number"):
        district.register.person(name="张三", phone="13800138000", resident_id=resident_id(9))


def test_what_identifies_nobody_is_refused_without_repeating_it(district: District) -> None:
    register = district.register
    with pytest.raises(Refused, match="who it is"):
        register.person(fields={"address": "3栋"})
    with pytest.raises(BadValue) as refusal:
        register.person(name="张三", phone="1380013800")
    assert "1380013800" not in str(refusal.value)
    assert register.find("13800138000") is None
    assert register.find("not a number") is None
    with pytest.raises(Refused, match="finds nobody") as nobody:
        register.find_one("13800138000")
    assert "138" not in str(nobody.value)
    assert rows_of(district, t.person) == 0


def test_nothing_of_a_person_stands_in_the_open(district: District, zhang: UUID) -> None:
    district.register.reveal(zhang, ["phone"], "张三来电核实")
    everything = ""
    for table in t.metadata.tables.values():
        with district.store.reading() as connection:
            everything += str([tuple(row) for row in connection.execute(select(table))])
    for secret in ("张三", "13800138000", resident_id(1), "核实"):
        assert secret not in everything
        assert secret.encode() not in everything.encode("unicode_escape")


_serial = count(1)
Claimed = tuple[str | None, int | None, int | None]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["张三", "李四", "王五", None]),
            st.sampled_from([1, 2, 3, None]),
            st.sampled_from([1, 2, 3, None]),
        ),
        max_size=8,
    )
)
def test_however_people_come_a_key_finds_one_of_them_and_coming_again_changes_nothing(
    district: District, claims: list[Claimed]
) -> None:
    base = next(_serial) * 10
    keyed = [claim for claim in claims if claim[1] or claim[2]]
    people = [_come(district, base, claim) for claim in keyed]
    taken = [(claim, person) for claim, person in zip(keyed, people, strict=True) if person]
    before = [rows_of(district, table) for table in (t.act, t.person, t.vault_item, t.vault_index)]
    for claim, person in taken:
        assert _come(district, base, claim) == person
        if claim[2]:
            assert district.register.find(resident_id(base + claim[2])) == person
    assert before == [rows_of(district, table) for table in (t.act, t.person, t.vault_item, t.vault_index)]
    # One person to an identity number, and one identity number to a person.
    pairs = {(claim[2], person) for claim, person in taken if claim[2]}
    assert len(pairs) == len({ident for ident, _ in pairs}) == len({person for _, person in pairs})


def _come(district: District, base: int, claim: Claimed) -> UUID | None:
    """Register somebody; None where that was refused. Who had the phone first has it still."""
    name, phone_number, ident = claim
    number = phone(base + phone_number) if phone_number else None
    holder = district.register.find(number) if number else None
    try:
        person = district.register.person(
            name=name, phone=number, resident_id=resident_id(base + ident) if ident else None
        )
    except Contradiction:
        return None
    if number:
        assert district.register.find(number) == (holder or person)
    return person


def test_two_who_register_one_person_at_once_make_one(district: District) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def register(_: int) -> UUID:
        return district.register.person(name="张三", phone="13800138000", resident_id=resident_id(1))

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(register, range(48)))) == 1
    assert rows_of(district, t.person) == 1


# --- what plugins say ---------------------------------------------------------------------------------


class Cards:
    """A plugin that knows members by their cards, and keeps a table about people."""

    def __init__(self) -> None:
        self.known: UUID | None = None

    PLUGIN = linli.Plugin(name="cards")

    @linli.hookimpl
    def person_match(self, candidate: Candidate, facts: Facts) -> Iterator[Match]:
        if candidate.extra.get("card") == "7" and self.known:
            yield Match(person=self.known, why=linli.say("has the same card"))

    @linli.hookimpl
    def person_erase(self, person: UUID) -> Iterator[Write]:
        from linli._model.figures import _add

        yield _add(self.code, Cell(figure="cards.erased", place=person, day=date(2024, 1, 1)), 1, 0)

    code = ""


def test_a_plugins_match_is_shown_and_never_merges(new_district: Callable[..., District]) -> None:
    cards = Cards()
    district = new_district(plugins={"cards": cards})
    cards.known = district.register.person(name="张三", extra={"card": "7"})
    other = district.register.person(name="张叁", extra={"card": "7"})
    assert other != cards.known
    assert district.history(other)[0].body["may_be"] == [str(cards.known)]


# --- what becomes of people ---------------------------------------------------------------------------


def test_two_records_of_one_person_become_one(district: District, zhang: UUID) -> None:
    register = district.register
    home = register.place("compound", "锦绣花园")
    gone = register.person(name="张三", phone="13900139000", fields={"address": "3栋"}, home=home)
    register.post(gone, "steward", home)
    register.consent(gone, "publish_contact")
    register.merge(gone, zhang)
    assert register.find("13900139000") == register.find(gone) == zhang
    assert [post.person for post in register.posts(at=home)] == [zhang]
    assert [tie.at for tie in register.ties(person=gone, kind="resident")] == [home]
    assert list(register.consents(gone)) == ["publish_contact"]
    assert register.masked(gone)["phone_2"] == "139****9000"
    assert register.masked(gone)["address"].startswith("3栋")
    assert register.person_record(gone).id == zhang
    register.merge(gone, zhang)
    assert [act.verb for act in district.history(zhang)].count("person.merge") == 1


def test_open_matters_and_free_points_of_a_duplicate_follow(district: District, zhang: UUID) -> None:
    register = district.register
    place = register.place("compound", "锦绣花园")
    gone = register.person(name="张三", phone="13900139000")
    asked = district.start(
        "request", "submit", place, {"category": "general", "description": "灯坏了"}, person=gone
    )
    given = linli.Transfer(
        unit="points", amount=5, source=(place, "issued"), target=(gone, "free"), rule="test"
    )
    from linli._engine.orders import constant
    from linli._model.direct import DirectOrder
    from linli._verbs.award.acts import POINTS_AWARD

    order = DirectOrder(act=POINTS_AWARD, subject=uuid4(), place=place, work=constant(effects=[given]))
    district.perform(order)
    register.merge(gone, zhang)
    assert district.subject(asked.subject).person == zhang
    district.make(asked.subject, "urge", actor=Actor(person=zhang))
    with register._facts() as facts:
        assert (facts.balance(zhang, "points"), facts.balance(gone, "points")) == (5, 0)


def test_who_have_two_identity_numbers_are_two_people(district: District, zhang: UUID) -> None:
    other = district.register.person(name="张三", resident_id=resident_id(5))
    with pytest.raises(Refused, match="different identity numbers"):
        district.register.merge(other, zhang)
    with pytest.raises(Refused, match="no duplicate of themselves"):
        district.register.merge(zhang, zhang)
    assert district.register.find(resident_id(5)) == other


def test_who_moves_home_lives_in_the_new_one_only(district: District, zhang: UUID) -> None:
    register = district.register
    old, new = register.place("compound", "东风"), register.place("compound", "锦绣花园")
    register.tie(zhang, "resident", old, since=date(2020, 1, 1))
    register.tie(zhang, "owner", old)
    register.move(zhang, new, date(2024, 5, 1))
    register.move(zhang, new, date(2024, 5, 1))
    assert [tie.at for tie in register.ties(person=zhang, kind="resident")] == [new]
    assert [tie.until for tie in register.ties(person=zhang, at=old, kind="resident", ended=True)] == [
        date(2024, 5, 1)
    ]
    assert register.place_of_person(zhang) == new
    assert [tie.kind for tie in register.ties(at=old)] == ["owner"]


def test_with_a_persons_end_posts_ties_and_consents_end(district: District, zhang: UUID) -> None:
    register = district.register
    home = register.place("compound", "锦绣花园")
    register.tie(zhang, "resident", home)
    register.consent(zhang, "publish_contact")
    register.post(zhang, "steward", home)
    register.end(zhang, "moved_away", date(2024, 5, 1))
    register.end(zhang, "moved_away")
    assert register.posts(person=zhang) == []
    assert register.ties(person=zhang) == []
    with register._facts() as facts:
        assert not facts.consents(zhang, "publish_contact")
    with pytest.raises(Refused, match="has moved away"):
        register.post(zhang, "steward", home)
    assert register.person(name="张三", phone="13800138000", fields={"address": "x"}) == zhang
    assert "address" not in register.masked(zhang)
    register.back(zhang)
    register.post(zhang, "steward", home)
    with pytest.raises(Refused, match="died, moved_away"):
        register.end(zhang, "vanished")


def test_an_erased_person_is_unreadable_their_requests_too_and_the_acts_remain(
    new_district: Callable[..., District],
) -> None:
    cards = Cards()
    district = new_district(plugins={"cards": cards})
    cards.code = district.code
    register = district.register
    home = register.place("compound", "锦绣花园")
    zhang = register.person(name="张三", phone="13800138000", home=home)
    twin = register.person(name="张三", phone="13900139000")
    register.merge(twin, zhang)
    asked = district.start(
        "request", "submit", home, {"category": "general", "description": "灯坏了"}, person=zhang
    )
    others = district.start(
        "request", "submit", home, {"category": "general", "description": "x", "anonymous": True}
    )
    district.make(asked.subject, "withdraw", {"reason": "it is on again"})
    register.erase(zhang)
    register.erase(zhang)
    assert register.find("13800138000") is register.find("13900139000") is None
    assert register.masked(zhang) == {}
    with pytest.raises(VaultError, match="shredded"):
        register.reveal(zhang, ["name"], "need it")
    assert register.ties(person=zhang, ended=True) == []
    assert [act.verb for act in district.history(asked.subject)] == ["request.submit", "request.withdraw"]
    assert [act.verb for act in district.history(zhang)][-1] == "person.erase"
    with district.store.reading() as connection:
        keys = set(
            connection.execute(
                select(t.vault_key.c.owner).where(t.vault_key.c.district == district.code)
            ).scalars()
        )
        erased = connection.execute(
            select(func.count()).where(
                t.figure.c.name == "cards.erased", t.figure.c.district == district.code
            )
        ).scalar_one()
    assert others.subject in keys
    assert not keys & {zhang, twin, asked.subject}
    assert erased == 2
    assert register.person(name="张三", phone="13800138000") not in (zhang, twin)


def test_a_correction_replaces_what_was_there_and_the_keys(district: District, zhang: UUID) -> None:
    register = district.register
    wife = register.person(name="李四", phone="13800138000")
    register.correct(wife, name="李思")
    assert register.person(name="李思", phone="13800138000") == wife
    register.correct(zhang, phone="13700137000", resident_id=resident_id(8))
    assert register.find("13700137000") == register.find(resident_id(8)) == zhang
    assert register.find("13800138000") is register.find(resident_id(1)) is None
    register.correct(wife, phone="13600136000")
    with pytest.raises(Contradiction, match=f"merge {zhang} {wife}"):
        register.correct(wife, phone="13700137000")
    assert register.find("13600136000") == wife
    with pytest.raises(Refused, match="what is to be put right"):
        register.correct(wife)


# --- showing people -----------------------------------------------------------------------------------


def test_masks_are_shown_without_an_act_and_the_whole_only_with_one(district: District, zhang: UUID) -> None:
    register = district.register
    assert register.masked(zhang) == {
        "name": "张*", "phone": "138****8000", "resident_id": resident_id(1)[0] + "*" * 16 + resident_id(1)[-1],
    }  # fmt: skip
    assert len(district.history(zhang)) == 1
    assert register.reveal(zhang, ["phone"], "call back about the lift") == {"phone": "13800138000"}
    act = district.history(zhang)[-1]
    assert (act.verb, act.body["fields"], list(act.body["reason"])) == (
        "person.reveal",
        ["phone"],
        ["sealed"],
    )
    auditor = somebody(district, "auditor", district.register.root())
    assert register.reasons(zhang, "yearly review", actor=auditor) == [(act.id, "call back about the lift")]
    assert district.history(zhang)[-1].verb == "person.audit"
    with pytest.raises(NotAllowed):
        register.reasons(zhang, "curious", actor=Actor(person=zhang))


def test_nothing_is_revealed_without_a_reason_a_field_and_a_permission(
    district: District, zhang: UUID
) -> None:
    register = district.register
    for fields, reason, wrong in (
        (["phone"], " ", Refused),
        ([], "reason enough", Refused),
        (["shoe_size"], "reason enough", NotFound),
    ):
        with pytest.raises(wrong):
            register.reveal(zhang, fields, reason)
    nosy = register.person(name="李四", phone="13900139000")
    with pytest.raises(NotAllowed):
        register.reveal(zhang, ["phone"], "curious", actor=Actor(person=nosy))
    assert len(district.history(zhang)) == 1


# --- posts, organisations, ties, consents --------------------------------------------------------------


def test_a_post_given_twice_is_one_and_ends_once(district: District, zhang: UUID) -> None:
    register = district.register
    place = register.place("compound", "锦绣花园")
    committee = register.organisation("owners_committee", "锦绣花园业委会", place)
    assert register.organisation("owners_committee", "锦绣花园业委会", place) == committee
    since = datetime.now(UTC) - timedelta(days=9)
    post = register.post(zhang, "chair", committee, since)
    assert register.post(zhang, "chair", committee) == post
    assert [(one.place, one.role) for one in register.posts(person=zhang)] == [(place, "chair")]
    with pytest.raises(Refused, match="cannot end before"):
        register.end_post(post, since - timedelta(days=1))
    register.end_post(post, reason="resigned")
    register.end_post(post)
    assert register.posts(at=committee) == []
    assert len(register.posts(at=committee, ended=True)) == 1
    assert [act.verb for act in district.history(post)] == ["post.begin", "post.end"]


def test_with_an_organisation_its_posts_end_and_who_stands_in_has_what_they_held(
    district: District, zhang: UUID
) -> None:
    register = district.register
    place = register.place("compound", "锦绣花园")
    company = register.organisation("property_company", "好物业", place)
    register.post(zhang, "manager", company)
    register.end_organisation(company)
    register.end_organisation(company)
    assert register.posts(person=zhang) == []
    assert register.organisations(place=place) == []
    with pytest.raises(Refused, match="has ended"):
        register.post(zhang, "manager", company)
    with pytest.raises(Refused, match="another name"):
        register.organisation("property_company", "好物业", place)
    with register._facts() as facts:
        assert facts.seats(Seat(role="manager", at=company), place) == ()


def test_what_a_body_held_that_has_gone_is_the_nearest_place_aboves_where_nobody_stands_in(
    district: District, zhang: UUID
) -> None:
    register = district.register
    street = register.place("street", "城北街道", parent=register.root())
    place = register.place("compound", "锦绣花园", parent=street)
    branch = register.organisation("branch", "锦绣支部", place)
    register.end_organisation(branch)
    held = Seat(role=None, at=branch)
    with register._facts() as facts:
        assert facts.seats(held, place) == ()
    register.post(zhang, "officer", street)
    with register._facts() as facts:
        assert facts.seats(held, place) == (Seat(role=None, at=street),)
        assert facts.seats(held, place, barred=frozenset({zhang})) == ()


def test_a_seat_that_nobody_had_in_a_body_that_ended_goes_where_it_went_while_the_body_was_there(
    district: District, zhang: UUID
) -> None:
    register = district.register
    place = register.place("compound", "锦绣花园")
    old = register.organisation("property_company", "好物业", place)
    register.post(zhang, "clerk", place)
    held = Seat(role="clerk", at=old)
    with register._facts() as facts:
        assert facts.seats(held, place) == (Seat(role="clerk", at=place),)
    new = register.organisation("property_company", "新物业", place)
    register.end_organisation(old)
    register.post(zhang, "property_manager", new)
    with register._facts() as facts:
        assert facts.seats(held, place) == (Seat(role="clerk", at=place),)
        managed = Seat(role="property_manager", at=old)
        assert facts.seats(managed, place) == (Seat(role="property_manager", at=new),)
        assert facts.seats(Seat(role=None, at=old), place) == (Seat(role=None, at=new),)


def test_wrong_numbers_are_one_clear_line(district: District, zhang: UUID) -> None:
    register, wrong = district.register, uuid4()
    place = register.place("compound", "锦绣花园")
    calls: list[Callable[[], object]] = [
        lambda: register.post(zhang, "steward", wrong),
        lambda: register.post(wrong, "steward", place),
        lambda: register.end_post(wrong),
        lambda: register.tie(zhang, "resident", wrong),
        lambda: register.tie(wrong, "resident", place),
        lambda: register.end_tie(zhang, "resident", place),
        lambda: register.person(name="王五", home=wrong),
        lambda: register.merge(wrong, zhang),
        lambda: register.end(wrong, "died"),
        lambda: register.erase(wrong),
        lambda: register.masked(wrong),
        lambda: register.withdraw_consent(zhang, "publish_contact"),
        lambda: register.end_organisation(wrong),
        lambda: register.organisation("property_company", "x", wrong),
        lambda: register.move_place(place, wrong),
    ]
    before = rows_of(district, t.act)
    for call in calls:
        with pytest.raises(Refused) as refusal:
            call()
        assert "\n" not in str(refusal.value)
    assert rows_of(district, t.act) == before


def test_a_withdrawn_consent_no_longer_stands_and_can_be_given_again(district: District, zhang: UUID) -> None:
    register = district.register
    register.consent(zhang, "publish_contact")
    register.withdraw_consent(zhang, "publish_contact")
    register.withdraw_consent(zhang, "publish_contact")
    with register._facts() as facts:
        assert not facts.consents(zhang, "publish_contact")
    register.consent(zhang, "publish_contact")
    with register._facts(district.now() + timedelta(seconds=1)) as facts:
        assert facts.consents(zhang, "publish_contact")
    assert len(district.history(zhang)) == 4


def test_an_ended_tie_can_begin_anew(district: District, zhang: UUID) -> None:
    register = district.register
    home = register.place("compound", "锦绣花园")
    register.tie(zhang, "owner", home, since=date(2020, 1, 1), record={"share": "1/2"})
    with pytest.raises(Refused, match="cannot end before"):
        register.end_tie(zhang, "owner", home, date(2019, 1, 1))
    register.end_tie(zhang, "owner", home, date(2024, 1, 1))
    register.end_tie(zhang, "owner", home)
    assert register.ties(at=home) == []
    register.tie(zhang, "owner", home, since=date(2024, 6, 1))
    assert [attrs.astuple(tie)[1:5] for tie in register.ties(at=home)] == [
        ("owner", home, date(2024, 6, 1), None)
    ]


def test_a_tie_is_a_fact_of_today_and_not_of_a_day_to_come(district: District, zhang: UUID) -> None:
    place, tomorrow = a_place(district, "锦绣花园"), district.now().date() + timedelta(days=2)
    with pytest.raises(Refused, match="is in the future"):
        district.register.tie(zhang, "volunteer", place, since=tomorrow)
    district.register.tie(zhang, "volunteer", place)
    with pytest.raises(Refused, match="is in the future"):
        district.register.end_tie(zhang, "volunteer", place, tomorrow)
