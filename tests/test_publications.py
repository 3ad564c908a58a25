"""Publications: approved where needed, corrected and withdrawn only visibly, free of personal data."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import attrs
import pytest
from hypothesis import strategies as st
from sqlalchemy import select

import linli._base.revealing
from linli import hookimpl
from linli._base.errors import NotAllowed, NotFound, Refused
from linli._base.revealing import revealing
from linli._district.district import District
from linli._hooks.audience import Audience
from linli._hooks.plugin import Plugin
from linli._model.access import Actor
from linli._model.acts import new_id
from linli._model.compiled import Move
from linli._model.facts import Facts
from linli._model.subjects import StoredSubject
from linli._store import tables as t
from linli._testing.unlucky import MARK_OF_ALL
from linli._verbs.publish.checks import PUBLICATIONS_ABOUT
from linli._verbs.publish.reading import Period, Wanted, about, naming_person, span
from linli._verbs.publish.receipts import read_receipt, receipt_text
from linli._verbs.publish.records import Consented
from linli.testing import Explorer, Tried, make_district, snapshot

TITLE = "停水通知"
BODY = """各位居民：

因二次供水水箱清洗消毒，定于11月25日（周三）8:30至17:00停水，涉及1至6栋。请提前储水。

如遇雨雪顺延。报修电话：0739-5321234。"""
PHONE = "13807391234"
IDENTITY = "11010519491231002X"


class Elsewhere:
    """A plugin whose publications also go to another place's loudspeaker."""

    place: UUID | None = None

    PLUGIN = Plugin(name="elsewhere")

    @hookimpl
    def publication_audience(self, publication: StoredSubject, facts: Facts) -> list[Audience]:
        return [Audience(place=self.place, channel="loudspeaker")] if self.place else []


@attrs.frozen(kw_only=True)
class Yard:
    """A compound with a clerk, two officers and a stranger."""

    district: District
    place: UUID
    street: UUID
    clerk: Actor
    officer: Actor
    second: Actor
    stranger: Actor

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by name."""
        return {name: getattr(self, name) for name in ("clerk", "officer", "second", "stranger")} | {
            "console": self.district.console
        }

    def out(self, title: str = TITLE, **more: Any) -> UUID:
        """A publication that went out."""
        return self.district.publish.announce(self.place, title, BODY, **more).subject


def _person(district: District, role: str | None = None, place: UUID | None = None) -> Actor:
    ident = district.register.person(name="张三", phone=f"139{next(_numbers):08}")
    if role and place:
        district.register.post(ident, role, place)
    return Actor(person=ident)


_numbers = count(1)


def yard_of(district: District) -> Yard:
    street = district.register.place("street", "红旗路街道")
    place = district.register.place("compound", "锦绣花园", street)
    return Yard(
        district=district,
        place=place,
        street=street,
        clerk=_person(district, "clerk", place),
        officer=_person(district, "officer", place),
        second=_person(district, "officer", street),
        stranger=_person(district),
    )


@pytest.fixture
def yard(district: District) -> Yard:
    return yard_of(district)


@pytest.fixture
def strict(new_district: Callable[..., District]) -> Yard:
    """A compound in a district that approves before it publishes."""
    return yard_of(new_district(more='\n[publish]\napproval = true\nchannels = ["feed"]\n'))


def _deliveries(district: District) -> list[tuple[str, str]]:
    columns = (t.delivery.c.recipient, t.delivery.c.payload)
    query = select(*columns).where(t.delivery.c.district == district.code).order_by(t.delivery.c.due_at)
    with district.store.reading() as connection:
        rows = connection.execute(query).all()
    return sorted((recipient, payload.split('"event":"')[1].split('"')[0]) for recipient, payload in rows)


def test_a_publication_goes_out_in_one_call_and_is_listed(yard: Yard) -> None:
    publish = yard.district.publish
    ident = publish.announce(
        yard.place, f"  {TITLE} ", BODY.replace("\n", "  \r\n"), actor=yard.clerk
    ).subject
    one = publish.get(ident)
    assert (one.state, one.record.title, publish.body(one)) == ("published", TITLE, BODY)
    assert [act.verb for act in yard.district.history(ident)] == ["publication.draft", "publication.publish"]
    assert publish.listed() == [one]


def test_the_list_is_by_place_and_all_below_series_and_period(yard: Yard) -> None:
    publish, day = yard.district.publish, datetime(2026, 11, 22, 9, tzinfo=UTC)
    other = yard.district.register.place("compound", "幸福里", yard.street)
    first = yard.out(at=day - timedelta(days=2))
    points = publish.announce(
        yard.place, "积分公示", BODY, series="Points", at=day - timedelta(days=1)
    ).subject
    last = publish.announce(other, "电梯改造决议公开", BODY, at=day).subject

    def found(**wanted: Any) -> list[UUID]:
        return [one.id for one in publish.listed(Wanted(**wanted))]

    assert found() == [last, points, first]
    assert found(places=(yard.street,)) == [last, points, first]
    assert found(places=(yard.street,), exactly=True) == []
    assert found(places=(yard.place,)) == [points, first]
    assert found(places=(yard.street,), without=(yard.place,)) == [last]
    assert found(without=(yard.place, other)) == []
    assert found(series="Points") == [points]
    assert found(series="points") == []
    assert found(period=Period(since=day - timedelta(days=1), until=day)) == [points]
    assert found(most=1) == [last]
    assert span(yard.district, Wanted(places=(yard.place,))) == (
        day - timedelta(days=2),
        day - timedelta(days=1),
    )
    assert span(yard.district, Wanted(series="brief")) is None


def test_where_the_district_approves_another_person_must(strict: Yard) -> None:
    publish, before = strict.district.publish, snapshot(strict.district)
    with pytest.raises(Refused, match="approves before"):
        publish.announce(strict.place, TITLE, BODY, actor=strict.officer)
    assert snapshot(strict.district) == before, "nothing is half done"
    draft = publish.draft(strict.place, TITLE, BODY, actor=strict.officer).subject
    for nobody, why in ((strict.officer, "already acted"), (strict.clerk, "may not"), (strict.district.console, "say who")):  # fmt: skip
        with pytest.raises(Refused, match=why):
            publish.approve(draft, actor=nobody)
    with pytest.raises(Refused, match="have it approved"):
        publish.publish(draft, actor=strict.officer)
    publish.approve(draft, actor=strict.second)
    publish.publish(draft, actor=strict.officer)
    assert publish.get(draft).state == "published"


def test_a_correction_names_the_old_one_which_stays_marked(yard: Yard) -> None:
    publish, old = yard.district.publish, yard.out(series="disclosure")
    text = publish.body(publish.get(old))
    new = publish.correct(old, f"{TITLE}（更正）", BODY.replace("25", "26"), actor=yard.clerk).subject
    marked, correction = publish.get(old), publish.get(new)
    assert (correction.record.corrects, correction.record.series) == (old, "disclosure")
    assert (marked.record.corrected_by, marked.state, publish.body(marked)) == (new, "published", text)
    assert marked.record.corrected_at == correction.accepted_at
    assert [one.id for one in publish.listed()] == [new, old]
    with pytest.raises(Refused, match=f"corrected already, by {new}"):
        publish.correct(old, TITLE, BODY)
    third = publish.correct(new, TITLE, BODY).subject
    assert publish.get(new).record.corrected_by == third


def test_of_two_drafted_corrections_only_the_first_goes_out(strict: Yard) -> None:
    publish = strict.district.publish
    old = publish.draft(strict.place, TITLE, BODY, actor=strict.clerk).subject
    publish.approve(old, actor=strict.officer)
    publish.publish(old)
    drafts = [publish.correct(old, title, BODY, actor=strict.clerk).subject for title in ("更正一", "更正二")]
    for draft in drafts:
        publish.approve(draft, actor=strict.officer)
    publish.publish(drafts[0])
    with pytest.raises(Refused, match="corrected already"):
        publish.publish(drafts[1])
    assert publish.get(old).record.corrected_by == drafts[0]


def test_only_what_went_out_here_can_be_corrected(yard: Yard) -> None:
    publish = yard.district.publish
    draft = publish.draft(yard.place, TITLE, BODY).subject
    with pytest.raises(Refused, match="never published"):
        publish.correct(draft, TITLE, BODY)
    with pytest.raises(NotFound):
        publish.correct(uuid4(), TITLE, BODY)
    old = yard.out()
    with pytest.raises(Refused, match="never published at this place"):
        publish.draft(yard.street, TITLE, BODY, corrects=old)
    with pytest.raises(Refused, match="series, matter and stage"):
        publish.draft(yard.place, TITLE, BODY, corrects=old, series="brief")


def test_a_withdrawal_shows_why_and_when_but_no_text(yard: Yard) -> None:
    publish, ident = yard.district.publish, yard.out()
    with pytest.raises(Refused, match="reason is missing"):
        publish.withdraw(ident, "", actor=yard.clerk)
    publish.withdraw(ident, "停水取消，恢复正常供水", actor=yard.clerk)
    one = publish.get(ident)
    assert (one.state, one.record.reason, publish.body(one)) == ("withdrawn", "停水取消，恢复正常供水", "")
    assert one.ended_at
    assert one.accepted_at
    assert [found.id for found in publish.listed()] == [ident]
    with pytest.raises(Refused, match="no receipt"):
        publish.receipt(ident)
    with pytest.raises(Refused, match="was withdrawn: nothing of it holds; publish a new one"):
        publish.correct(ident, "停水通知（改期）", BODY)
    assert publish.get(ident).record.corrected_by is None


def test_a_digest_or_the_number_of_a_matter_is_no_telephone_but_one_beside_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(linli._base.revealing, "MARK", MARK_OF_ALL)
    digest = f"ab{PHONE}cd".ljust(64, "e")
    number = "13807391-2345-4abc-8def-a13807391234"
    assert revealing(f"名册摘要：{digest}，编号 {number}。") is None
    for beside in (f"{digest} {PHONE}", f"{number}，电话 {PHONE}", f"{digest}{PHONE}", f"ab{PHONE}cd"):
        assert revealing(beside) is not None


def test_the_publications_of_a_matter_are_read_by_an_index(tmp_path: Path) -> None:
    # On SQLite alone: PostgreSQL reads a table of a few rows whole, whatever its indexes.
    with make_district(tmp_path) as district, district.store.engine.connect() as connection:
        read = PUBLICATIONS_ABOUT.on(connection.dialect)
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {read.sql}", ("", ""))
        plan = [str(row[3]) for row in rows]
    assert plan[0].startswith("SEARCH subject USING INDEX ix_subject_about"), plan


def test_disclosures_of_a_matter_come_in_their_order_and_name_the_one_before(yard: Yard) -> None:
    publish, matter = yard.district.publish, uuid4()

    def disclose(stage: int, **more: Any) -> UUID:
        title = f"电梯改造公开（{stage}）"
        return publish.announce(yard.place, title, BODY, series="disclosure", about=matter, stage=stage, **more).subject  # fmt: skip

    with pytest.raises(Refused, match="the next is 1, not 2"):
        disclose(2)
    first = disclose(1)
    second = disclose(2)
    again = disclose(2)
    with pytest.raises(Refused, match="the next is 3, not 1"):
        disclose(1)
    with pytest.raises(Refused, match="the next is 3, not 4"):
        disclose(4)
    corrected = publish.correct(first, "电梯改造决议公开（更正）", BODY).subject
    third = disclose(3)
    publish.announce(yard.place, TITLE, BODY, series="disclosure", about=uuid4(), stage=1)
    of_the_matter = about(yard.district, matter)
    assert [one.id for one in of_the_matter] == sorted([first, second, again, corrected, third])
    follows = [publish.get(one).record.follows for one in (first, second, again, corrected, third)]
    assert follows == [None, first, second, None, again]
    with pytest.raises(Refused, match="a stage is"):
        publish.announce(yard.place, TITLE, BODY, stage=1)


def test_one_delivery_goes_to_each_channel_and_the_withdrawal_goes_wherever_it_went(
    new_district: Callable[..., District],
) -> None:
    elsewhere = Elsewhere()
    district = new_district(plugins={"elsewhere": elsewhere}, more='\n[publish]\nchannels = ["feed"]\n')
    yard = yard_of(district)
    elsewhere.place = yard.street
    ident = yard.out()
    assert district.publish.get(ident).record.audience == (
        Audience(place=yard.place, channel="feed"),
        Audience(place=yard.street, channel="loudspeaker"),
    )
    carried = Wanted(places=(yard.street,), exactly=True, channel="loudspeaker")
    assert [one.id for one in district.publish.listed(carried)] == [ident]
    assert district.publish.listed(attrs.evolve(carried, channel="feed")) == []
    elsewhere.place = None
    district.publish.withdraw(ident, "停水取消")
    verbs = ("publication.publish", "publication.withdraw")
    assert _deliveries(district) == [(f"channel:{name}", verb) for name in ("feed", "loudspeaker") for verb in verbs]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        PHONE,
        "请致电138 0739 1234联系",
        "电话：+86-138-0739-1234",
        "８６１３８０７３９１２３４",
        "一三八〇七三九一二三四",
        "1 3 8 0 7 3 9 1 2 3 4",
        "138\u200b0739\u200b1234",
        f"身份证{IDENTITY}",
        "110105 19491231 002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        f"编号9{IDENTITY}",
    ],
)
@pytest.mark.parametrize("where", ["title", "body", "reason"])
def test_what_identifies_a_person_is_refused_in_one_line_that_does_not_repeat_it(
    yard: Yard, text: str, where: str
) -> None:
    publish = yard.district.publish
    given: dict[str, Any] = {"title": TITLE, "body": BODY} | {where: text}
    act: Callable[[], Any] = partial(publish.draft, yard.place, **given)
    if where == "reason":
        act = partial(publish.withdraw, yard.out(), text)
    before = snapshot(yard.district)
    with pytest.raises(Refused, match=f"{where} has what looks like") as refused:
        act()
    assert "\n" not in str(refused.value)
    assert not any(char.isdigit() for char in str(refused.value))
    assert snapshot(yard.district) == before


@pytest.mark.parametrize(
    "text",
    [
        "账号6217 0028 7000 1234 567，税号91430502MA4L16JQ9B",
        "11月25日8:30-17:00，13、14、15、16、17、18栋",
        "订单20261122138073912345，金额1380.07元",
        "1501-1502，801室；400-810-1234；0739-5321234",
    ],
)
def test_other_numbers_are_no_obstacle(yard: Yard, text: str) -> None:
    assert yard.district.publish.announce(yard.place, TITLE, text).subject


@pytest.mark.parametrize(
    ("title", "body"),
    [("", BODY), ("  ", BODY), (TITLE, "\r\n"), ("两\n行", BODY), ("铃\x07", BODY), (TITLE, "\x00"), (TITLE, "\ud800"), (TITLE, "\ufffe")],
)  # fmt: skip
def test_what_no_page_can_show_is_refused(yard: Yard, title: str, body: str) -> None:
    with pytest.raises(Refused):
        yard.district.publish.draft(yard.place, title, body)


# --- personal data ----------------------------------------------------------------------------------


def _consent(yard: Yard, person: UUID, until: datetime | None = None) -> None:
    yard.district.register.consent(person, "publish_contact", until=until)


def _steward(yard: Yard, text: str = PHONE) -> Consented:
    person = _person(yard.district).person
    assert person
    return Consented(name="phone", person=person, purpose="publish_contact", text=text)


def test_personal_data_needs_a_recorded_consent(yard: Yard) -> None:
    publish, steward = yard.district.publish, _steward(yard)
    before = snapshot(yard.district)
    with pytest.raises(Refused, match="has not consented to publish_contact"):
        publish.announce(yard.place, TITLE, BODY_WITH_PHONE, personal=[steward])
    with pytest.raises(Refused, match="does not say where phone goes"):
        yard.out(personal=[steward])
    assert snapshot(yard.district) == before


BODY_WITH_PHONE = "3栋楼栋长联系电话：{phone}。"


def _contact(yard: Yard) -> tuple[UUID, Consented]:
    steward = _steward(yard)
    _consent(yard, steward.person)
    act = yard.district.publish.announce(yard.place, "楼栋长联系方式", BODY_WITH_PHONE, personal=[steward])
    return act.subject, steward


def test_consented_data_is_shown_and_kept_in_the_vault_alone(yard: Yard) -> None:
    publish, (ident, _steward) = yard.district.publish, _contact(yard)
    assert publish.body(publish.get(ident)) == f"3栋楼栋长联系电话：{PHONE}。"
    with yard.district.store.reading() as connection:
        for table in t.metadata.sorted_tables:
            for row in connection.execute(select(table).where(table.c.district == yard.district.code)):
                assert PHONE not in repr(tuple(row)), table.name
                assert PHONE.encode() not in repr(tuple(row)).encode()


def test_a_receipt_verifies_after_the_person_was_shredded(yard: Yard) -> None:
    publish, (ident, steward) = yard.district.publish, _contact(yard)
    before = publish.receipt(ident)
    assert before.opened["phone"].text == PHONE
    yard.district.register.erase(steward.person)
    after = publish.receipt(ident)
    assert (after.opened, after.digest) == ({}, before.digest)
    assert PHONE not in publish.body(publish.get(ident))
    assert "no longer shown" in publish.body(publish.get(ident))
    for receipt in (before, after):
        verdict = publish.verify(read_receipt(receipt_text(receipt)))
        assert (verdict.problems, verdict.state) == ((), "published")


def test_a_consent_that_was_taken_back_hides_the_data(yard: Yard) -> None:
    publish, (ident, steward) = yard.district.publish, _contact(yard)
    yard.district.register.withdraw_consent(steward.person, "publish_contact")
    assert PHONE not in publish.body(publish.get(ident))
    assert publish.receipt(ident).opened == {}
    with pytest.raises(Refused, match="has not consented"):
        publish.announce(yard.place, "楼栋长联系方式", BODY_WITH_PHONE, personal=[steward])


def test_after_a_merge_the_consent_of_who_stays_counts(yard: Yard) -> None:
    publish, register, (ident, steward) = yard.district.publish, yard.district.register, _contact(yard)
    stays = _person(yard.district).person
    assert stays
    register.merge(steward.person, stays)
    assert PHONE in publish.body(publish.get(ident))
    assert [one.id for one in naming_person(yard.district, stays)] == [ident]
    register.withdraw_consent(stays, "publish_contact")
    assert PHONE not in publish.body(publish.get(ident))


def test_a_draft_does_not_go_out_when_the_consent_ended_meanwhile(yard: Yard) -> None:
    publish, steward = yard.district.publish, _steward(yard)
    now = yard.district.now()
    _consent(yard, steward.person, until=now + timedelta(hours=1))
    draft = publish.draft(yard.place, TITLE, BODY_WITH_PHONE, personal=[steward]).subject
    with pytest.raises(Refused, match="has not consented"):
        publish.publish(draft, at=now + timedelta(hours=2))


def test_an_identity_number_is_not_published_even_with_consent(yard: Yard) -> None:
    steward = _steward(yard, f"身份证 {IDENTITY}")
    _consent(yard, steward.person)
    with pytest.raises(Refused, match="never published") as refused:
        yard.out(personal=[steward])
    assert IDENTITY not in str(refused.value)


@pytest.mark.parametrize("change", ["title", "body", "digest", "opened", "publication", "personal"])
def test_a_changed_receipt_is_found_out(yard: Yard, change: str) -> None:
    publish, (ident, _steward) = yard.district.publish, _contact(yard)
    receipt = publish.receipt(ident)
    other: Mapping[str, Any] = {
        "title": "免费停水",
        "body": BODY,
        "digest": "0" * 64,
        "opened": {"phone": attrs.evolve(receipt.opened["phone"], text="13900000000")},
        "publication": yard.out(),
        "personal": {"phone": "0" * 64},
    }
    assert publish.verify(attrs.evolve(receipt, **{change: other[change]})).problems


def test_no_receipt_is_read_from_something_else() -> None:
    with pytest.raises(Refused, match="no receipt"):
        read_receipt("<html>")


def test_nobody_gives_by_hand_what_is_worked_out(yard: Yard) -> None:
    draft = yard.district.publish.draft(yard.place, TITLE, BODY).subject
    for name, value in (
        ("digest", "0" * 64),
        ("follows", uuid4()),
        ("audience", [{"place": str(yard.place), "channel": "feed"}]),
        ("audience", ["everybody"]),
    ):
        with pytest.raises(Refused, match=f"{name} is worked out"):
            yard.district.make(draft, "publish", {name: value})


def test_personal_data_given_past_the_api_is_refused(yard: Yard) -> None:
    for personal in ({"phone": PHONE}, {"phone": {"person": "x"}}):
        values = {"title": TITLE, "body": BODY_WITH_PHONE, "personal": personal}
        with pytest.raises(Refused, match=r"does not belong there|must be a number"):
            yard.district.start("publication", "draft", yard.place, values)


def test_a_stranger_may_not_publish_and_a_clerk_of_another_place_neither(yard: Yard) -> None:
    with pytest.raises(NotAllowed):
        yard.out(actor=yard.stranger)
    with pytest.raises(NotAllowed):
        yard.district.publish.announce(yard.street, TITLE, BODY, actor=yard.clerk)


def test_a_repeated_call_with_its_key_publishes_once(yard: Yard) -> None:
    key = new_id()
    assert yard.out(key=key) == yard.out(key=key)
    assert len(yard.district.publish.listed()) == 1


# --- every sequence of moves, by everybody ----------------------------------------------------------


class Publications(Explorer):
    """Every move of publications, and their corrections."""

    yard: Yard
    approval = False
    begun = "draft"
    examples = 10

    def opened(self) -> UUID:
        publish = self.district.publish
        ident = publish.draft(self.yard.place, TITLE, BODY, actor=self.yard.officer).subject
        if self.begun != "draft":
            publish.approve(ident, actor=self.yard.second)
        if self.begun == "published":
            publish.publish(ident, actor=self.yard.clerk)
        return ident

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        return {"reason": st.sampled_from(["停水取消", PHONE]), "why": st.just("写错了")} | {
            name: st.none() for name in ("follows", "audience", "digest")
        }

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        publish, history = self.district.publish, self.district.history(root)
        verbs = [act.verb for act in history]
        one, listed = publish.get(root), [found.id for found in publish.listed()]
        assert (root in listed) == ("publication.publish" in verbs), "what once went out is in the list"
        if "publication.withdraw" in verbs:
            assert one.state == "withdrawn"
            assert one.record.reason
        by = {act.verb: act.actor for act in history}
        assert by.get("publication.approve") != by["publication.draft"], "approved by who drafted it"
        if self.approval and "publication.publish" in verbs:
            assert "publication.approve" in verbs
        assert self.yard.stranger.person not in by.values()
        assert all(PHONE not in str(act.body) for act in history)


@pytest.mark.parametrize("approval", [False, True])
def test_every_sequence_of_moves_keeps_the_rules(yard: Yard, strict: Yard, approval: bool) -> None:
    tried: list[Tried] = []
    for begun in ("draft", "approved", "published"):
        chosen = strict if approval else yard
        explorer = Publications(chosen.district, chosen.actors)
        explorer.yard, explorer.approval, explorer.begun = chosen, approval, begun
        tried += explorer.explore()
    reached = {one.act.verb for one in tried if one.act}
    assert {f"publication.{name}" for name in ("publish", "withdraw", "discard")} <= reached
    assert any(one.refusal for one in tried)
