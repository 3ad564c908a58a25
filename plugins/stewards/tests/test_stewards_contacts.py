"""The published contact: given by the steward alone, shown on one page, gone at once when consent or post ends."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from linli import Actor, District, NotAllowed, Private, Refused, Why
from linli._store import tables as t
from linli.testing import somebody
from linli_stewards.api import consent_at, consenting, replacing, steward_at
from linli_stewards.contacts import ContactFlow, keep_true, publication_of, purpose_of
from linli_stewards.stewardship import StewardshipFlow
from linli_stewards.tables import TABLES
from linli_stewards.testing import Yard, a_yard, who

NAME = "安小平"


@pytest.fixture
def yard(new_district: Callable[..., District]) -> Yard:
    return a_yard(new_district)


def _files(yard: Yard) -> dict[Path, str]:
    folder = yard.district.configuration.folder / "board"
    return {path: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}


def _showing(yard: Yard, text: str) -> set[str]:
    """Which kinds of files of the board have a text."""
    return {f"{path.parent.name}{path.suffix}" for path, held in _files(yard).items() if text in held}


def _rows_with(yard: Yard, *texts: str) -> list[str]:
    """The tables in which a text stands in the open, the vault's among them."""
    found = []
    with yard.district.store.reading() as connection:
        for table in (*t.metadata.sorted_tables, *TABLES.sorted_tables):
            query = select(table).where(table.c.district == yard.district.code)
            rows = repr([tuple(row) for row in connection.execute(query)])
            found += [table.name for text in texts if text in rows or repr(text.encode())[2:-1] in rows]
    return found


def _publication(yard: Yard, consent: UUID, edition: int = 1) -> Any:
    return yard.district.publish.get(publication_of(consent, edition))


def test_the_contact_is_on_its_own_page_in_its_compound_and_in_no_feed_and_no_row(yard: Yard) -> None:
    consent = yard.published()
    assert yard.district.subject(consent).state == "posted"
    publication = _publication(yard, consent)
    assert (publication.state, publication.place) == ("published", yard.compound)
    assert publication.record.title == "1栋1单元楼栋长（微网格长）联系方式"
    text = yard.district.publish.body(publication)
    assert f"楼栋长（微网格长）：{NAME}" in text
    assert f"电话：{yard.phones['ann']}" in text
    assert "可以找楼栋长办理：上门检测 · 突发应急 · 邻里调解" in text
    assert (
        _showing(yard, yard.phones["ann"])
        == _showing(yard, NAME)
        == {"publications.html", "publications.json"}
    )
    assert any(path.suffix == ".atom" for path in _files(yard)), "there are feeds"
    assert _rows_with(yard, yard.phones["ann"], NAME) == []


def _withdrawn(yard: Yard) -> None:
    yard.district.perform(
        ContactFlow.withdraw(ContactFlow.ref(consent_at(yard.district, yard.units[0]))), actor=yard.ann
    )


def _told_the_desk(yard: Yard) -> None:
    purpose = purpose_of(yard.district.subject(steward_at(yard.district, yard.units[0])).id)
    yard.district.register.withdraw_consent(who(yard.ann), purpose, actor=yard.clerk)


def _resigned(yard: Yard) -> None:
    yard.district.perform(
        StewardshipFlow.resign(steward_at(yard.district, yard.units[0]), Why(reason=Private("身体原因"))),
        actor=yard.ann,
    )


def _replaced(yard: Yard) -> None:
    yard.district.perform(
        replacing(yard.district, yard.units[0], who(yard.ben), "搬家"), actor=yard.secretary
    )


def _ended(yard: Yard) -> None:
    yard.district.perform(
        StewardshipFlow.end(steward_at(yard.district, yard.units[0]), Why(reason=Private("调整"))),
        actor=yard.secretary,
    )


def _moved_away(yard: Yard) -> None:
    yard.district.register.end(who(yard.ann), "moved_away")


def _erased(yard: Yard) -> None:
    yard.district.register.erase(who(yard.ann))


@pytest.mark.parametrize(
    "how", [_withdrawn, _told_the_desk, _resigned, _replaced, _ended, _moved_away, _erased]
)
def test_whatever_ends_consent_or_post_takes_the_contact_down_with_the_same_act(
    yard: Yard, how: Callable[[Yard], None]
) -> None:
    consent = yard.published()
    publication = _publication(yard, consent)
    purpose = publication.record.personal["phone"].purpose
    how(yard)
    assert yard.district.subject(consent).ended_at is not None
    now = _publication(yard, consent)
    assert (now.state, yard.district.publish.body(now)) == ("withdrawn", "")
    (_, until) = yard.district.register.consents(who(yard.ann))[purpose]
    assert until is not None
    yard.work()
    phone = yard.phones["ann"]
    assert _showing(yard, phone) == _showing(yard, NAME) == set()
    assert any(now.record.reason in text for text in _files(yard).values()), "withdrawn visibly"
    assert _rows_with(yard, phone, NAME) == []


def test_a_steward_of_two_places_takes_one_contact_down_and_leaves_the_other(yard: Yard) -> None:
    yard.published()
    yard.appointed(yard.units[1])
    other = yard.district.perform(
        consenting(yard.district, yard.units[1], yard.ann.person), actor=yard.ann
    ).subject
    yard.work()
    yard.district.perform(
        ContactFlow.withdraw(ContactFlow.ref(consent_at(yard.district, yard.units[0]))), actor=yard.ann
    )
    yard.work()
    assert _publication(yard, other).state == "published"
    assert yard.phones["ann"] in yard.district.publish.body(_publication(yard, other))


@pytest.mark.parametrize("name", ["secretary", "clerk", "ben"])
def test_nobody_else_gives_the_consent_or_takes_it_back(yard: Yard, name: str) -> None:
    yard.appointed()
    actor = yard.actors[name]
    with pytest.raises(Refused, match="only whoever is steward there"):
        yard.district.perform(consenting(yard.district, yard.units[0], actor.person), actor=actor)
    yard.district.perform(consenting(yard.district, yard.units[0], yard.ann.person), actor=yard.ann)
    with pytest.raises(NotAllowed):
        yard.district.perform(
            ContactFlow.withdraw(ContactFlow.ref(consent_at(yard.district, yard.units[0]))), actor=actor
        )


def test_nobody_gives_it_in_the_steward_s_name(yard: Yard) -> None:
    steward = yard.appointed()
    with pytest.raises(NotAllowed):
        yard.district.start(
            "contact_consent", "give", yard.units[0], person=who(yard.ann), actor=yard.secretary
        )
    with pytest.raises(NotAllowed):
        yard.district.start("contact_consent", "give", yard.units[0], person=who(yard.ann))
    with pytest.raises(Refused, match="linli steward consent"):
        yard.district.register.consent(who(yard.ann), purpose_of(steward), actor=yard.clerk)


def test_it_is_given_once_and_can_be_given_again_after_it_was_taken_back(yard: Yard) -> None:
    first = yard.published()
    with pytest.raises(Refused, match="stands already"):
        yard.district.perform(consenting(yard.district, yard.units[0], yard.ann.person), actor=yard.ann)
    yard.district.perform(
        ContactFlow.withdraw(ContactFlow.ref(consent_at(yard.district, yard.units[0]))), actor=yard.ann
    )
    second = yard.district.perform(
        consenting(yard.district, yard.units[0], yard.ann.person), actor=yard.ann
    ).subject
    yard.work()
    assert second != first
    assert _showing(yard, yard.phones["ann"]) == {"publications.html", "publications.json"}


def test_who_has_no_phone_on_record_has_nothing_to_publish(yard: Yard) -> None:
    nobody = somebody(yard.district, None, yard.compound)
    yard.district.register.tie(who(nobody), "party_member", yard.branch)
    yard.appointed(yard.units[0], nobody)
    with pytest.raises(Refused, match="no name and phone on record"):
        yard.district.perform(consenting(yard.district, yard.units[0], nobody.person), actor=nobody)


def test_a_consent_taken_back_before_it_was_published_is_never_published(yard: Yard) -> None:
    yard.appointed()
    consent = yard.district.perform(
        consenting(yard.district, yard.units[0], yard.ann.person), actor=yard.ann
    ).subject
    yard.district.perform(
        ContactFlow.withdraw(ContactFlow.ref(consent_at(yard.district, yard.units[0]))), actor=yard.ann
    )
    yard.work()
    assert yard.district.subject(consent).state == "withdrawn"
    assert yard.district.publish.listed() == []


def test_a_corrected_phone_is_published_anew_and_the_old_one_is_gone(yard: Yard) -> None:
    consent, old = yard.published(), yard.phones["ann"]
    yard.district.register.correct(who(yard.ann), phone="13812345678")
    yard.work()
    assert _publication(yard, consent).state == "withdrawn"
    assert _publication(yard, consent, 2).state == "published"
    assert _showing(yard, old) == set()
    assert _showing(yard, "13812345678") == {"publications.html", "publications.json"}


def test_what_no_act_of_the_register_told_is_found_by_the_chore(yard: Yard) -> None:
    consent = yard.published()
    keep_true(yard.district)
    assert yard.district.subject(consent).state == "posted"
    twin = yard.district.register.person(name="安晓萍", phone="13812345678")
    yard.district.register.merge(who(yard.ann), twin)
    keep_true(yard.district)
    yard.work()
    assert yard.district.subject(consent).record.edition == 2
    assert "安晓萍" in yard.district.publish.body(_publication(yard, consent, 2))
    yard.district.perform(
        ContactFlow.withdraw(ContactFlow.ref(consent_at(yard.district, yard.units[0]))),
        actor=Actor(person=twin),
    )
    yard.work()
    assert _showing(yard, "安晓萍") == set()


def test_where_the_district_approves_first_somebody_does_and_a_withdrawal_drops_the_draft(
    new_district: Callable[..., District],
) -> None:
    yard = a_yard(new_district, "\n[publish]\napproval = true\n")
    consent = yard.published()
    draft = publication_of(consent, 1)
    assert yard.district.publish.get(draft).state == "draft"
    yard.district.publish.approve(draft, actor=yard.officer)
    yard.district.perform(
        ContactFlow.withdraw(ContactFlow.ref(consent_at(yard.district, yard.units[0]))), actor=yard.ann
    )
    assert yard.district.publish.get(draft).state == "discarded"
    with pytest.raises(Refused):
        yard.district.publish.publish(draft, actor=yard.clerk)


def test_a_channel_that_carries_everything_does_not_carry_contacts(
    new_district: Callable[..., District],
) -> None:
    yard = a_yard(new_district, '\n[publish]\nchannels = ["robot"]\n')
    publication = _publication(yard, yard.published())
    assert {one.channel for one in publication.record.audience} == {"board"}
    notice = yard.district.publish.announce(yard.compound, "停水通知", "明天停水。", actor=yard.clerk)
    channels = {one.channel for one in yard.district.publish.get(notice.subject).record.audience}
    assert channels == {"board", "robot"}


def test_a_worker_that_was_away_publishes_once_and_late(yard: Yard) -> None:
    yard.appointed()
    yard.district.perform(consenting(yard.district, yard.units[0], yard.ann.person), actor=yard.ann)
    yard.clock.now += timedelta(days=2)
    yard.work()
    yard.work()
    assert len(yard.district.publish.listed()) == 1
