"""Statements and public lists: who is shown what, in numbers or by a consented name."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select

from linli import District, NotAllowed, NotFound, Refused
from linli._district.worker import Worker
from linli._store import tables as t
from linli.testing import a_place, somebody
from linli_bank.lists import publish_due
from linli_bank.testing import BankCompound, bank_compound, open_bank, who
from linli_bank.testing.year import Year, year

New = Callable[..., District]
LISTS = """
[[bank.ledgers]]
lists = ["points", "ineligible"]
threshold = 5
"""


@pytest.fixture
def compound(new_district: New) -> BankCompound:
    return bank_compound(new_district, LISTS)


def _named(compound: BankCompound, name: str, *purposes: str) -> UUID:
    """A registered member who consents to be named on lists."""
    person = compound.district.register.person(name=name, home=compound.place)
    compound.bank.join(person, compound.place)
    for purpose in purposes:
        compound.district.register.consent(person, purpose)
    return person


def _text(compound: BankCompound, publication: UUID) -> str:
    return compound.district.publish.body(compound.district.publish.get(publication))


def _next_quarter(compound: BankCompound) -> None:
    compound.clock.now = compound.clock.now.replace(month=4, day=2)


# --- lists ---------------------------------------------------------------------------------------------


def test_a_list_has_masked_names_of_those_who_agreed_and_numbers_of_the_others(
    compound: BankCompound,
) -> None:
    agreed, silent = _named(compound, "张晓明", "points_list"), _named(compound, "李雷")
    for person, points in ((agreed, 7), (silent, 9)):
        compound.district.award.award(person, points, "by hand", reason="x", place=compound.place)
    _next_quarter(compound)
    publication = compound.bank.publish_list(compound.place, "points").subject
    text = _text(compound, publication)
    assert "张**  7" in text
    assert f"{compound.bank.list_number(silent, '2026-Q1')}  9" in text
    assert not any(secret in text for secret in ("张晓明", "李", str(agreed), str(silent)))
    compound.district.register.withdraw_consent(agreed, "points_list")
    assert "张" not in _text(compound, publication)


def test_whoever_agreed_to_be_praised_did_not_agree_to_be_listed_as_ineligible(
    compound: BankCompound,
) -> None:
    person = _named(compound, "张晓明", "points_list")
    _next_quarter(compound)
    text = _text(compound, compound.bank.publish_list(compound.place, "ineligible").subject)
    assert "张" not in text
    assert compound.bank.list_number(person, "2026-Q1") in text


def test_nobody_is_followed_from_list_to_list(compound: BankCompound) -> None:
    person = who(compound.member)
    numbers = {compound.bank.list_number(person, f"2026-Q{n}") for n in range(1, 5)}
    assert len(numbers) == 4
    assert compound.bank.list_number(person, "2026-Q1", actor=compound.member) in numbers
    for actor in (compound.keeper, compound.other_member):
        with pytest.raises(NotAllowed):
            compound.bank.list_number(person, "2026-Q1", actor=actor)


def test_a_list_goes_out_once_and_is_of_a_period_that_is_over(compound: BankCompound) -> None:
    with pytest.raises(Refused, match="2026-Q1 is not over yet"):
        compound.bank.publish_list(compound.place, "points", day=date(2026, 3, 2))
    _next_quarter(compound)
    first = compound.bank.publish_list(compound.place, "points", day=date(2026, 3, 2))
    assert compound.bank.publish_list(compound.place, "points").id == first.id


def test_a_list_that_the_district_does_not_publish_is_refused(new_district: New) -> None:
    compound = bank_compound(new_district)
    with pytest.raises(Refused, match="is not published here"):
        compound.bank.list_of(compound.place, "points")


def test_where_the_district_approves_a_list_waits_and_a_discarded_one_is_made_anew(new_district: New) -> None:
    compound = bank_compound(new_district, LISTS + "[publish]\napproval = true\n")
    _next_quarter(compound)
    publish_due(compound.district)
    drafted = compound.bank.publish_list(compound.place, "points").subject
    assert compound.district.publish.get(drafted).state == "draft"
    compound.district.publish.discard(drafted, "错了")
    again = compound.bank.publish_list(compound.place, "points").subject
    assert again != drafted
    assert publish_due(compound.district) == []


def test_the_worker_publishes_what_is_due_once_for_each_bank(compound: BankCompound) -> None:
    elsewhere = a_place(compound.district, "春江里")
    open_bank(compound.district, elsewhere)
    closed = a_place(compound.district, "停办里")
    compound.district.make(open_bank(compound.district, closed), "close", {"reason": "x"})
    worker = Worker(compound.district)
    worker.keep_house()
    assert _publications(compound) == 0, "no bank was open in the quarter before"
    _next_quarter(compound)
    for _ in range(2):
        Worker(compound.district).keep_house()
    assert _publications(compound) == 4


def _publications(compound: BankCompound) -> int:
    query = select(func.count()).select_from(t.subject)
    query = query.where(t.subject.c.district == compound.district.code, t.subject.c.kind == "publication")
    with compound.district.store.reading() as connection:
        return int(connection.execute(query).scalar_one())


def test_a_list_agrees_with_a_count_of_the_ledger(compound: BankCompound) -> None:
    people = [somebody(compound.district, None, compound.place) for _ in range(6)]
    for place, one in enumerate(people):
        compound.bank.join(who(one), compound.place)
        for _ in range(place):
            compound.give(place, one)
    stranger = somebody(compound.district, None, compound.place)
    compound.give(50, stranger)
    _next_quarter(compound)
    compound.give(100, people[0])
    found = {line.person: line.amount for line in compound.bank.list_of(compound.place, "points")}
    members = [*people, compound.member, compound.other_member, compound.second_keeper]
    assert found == {who(one): n * n for n, one in enumerate(people)} | dict.fromkeys(
        map(who, members[6:]), 0
    )
    amounts = [line.amount for line in compound.bank.list_of(compound.place, "points")]
    assert amounts == sorted(amounts, reverse=True)
    low = {line.person for line in compound.bank.list_of(compound.place, "ineligible")}
    assert low == {one for one in map(who, members) if compound.district.award.account(one).free < 5}


# --- statements ------------------------------------------------------------------------------------------


def test_a_statement_is_for_its_owner_and_the_banks_desk(compound: BankCompound) -> None:
    compound.give(12)
    compound.order(compound.offer(price=5))
    person = who(compound.member)
    for actor in (compound.member, compound.keeper, None):
        (page,) = compound.bank.statement(person, actor=actor).pages
        assert (page.account.free, page.account.held, page.pending, page.may_not_redeem) == (7, 5, 0, ())
        assert [line.amount for line in page.lines] == [-5, 12]
    steward = somebody(compound.district, "steward", compound.place)
    for stranger in (compound.other_member, steward):
        with pytest.raises(NotAllowed):
            compound.bank.statement(person, actor=stranger)
    with pytest.raises(NotFound):
        compound.bank.statement(who(compound.resident))


def test_the_reason_of_a_suspension_is_for_them_and_for_whoever_set_it(compound: BankCompound) -> None:
    person = who(compound.member)
    account = compound.bank.account(person).id
    values = {"reason": "冒领礼品", "until": "2026-05-01", "bars": "redeem"}
    compound.district.make(account, "suspend", values, actor=compound.keeper)
    shown = {}
    for name, actor in {**compound.actors, "console": None}.items():
        if name not in ("other_member", "resident"):
            shown[name] = compound.bank.statement(person, actor=actor).suspension
    assert all(one and (one.bars, one.until) == ("redeem", date(2026, 5, 1)) for one in shown.values())
    knows = {name for name, one in shown.items() if one and one.reason == "冒领礼品"}
    assert knows == {"member", "keeper"}
    assert "冒领" not in str(compound.district.history(account))
    own = compound.bank.account(who(compound.second_keeper)).id
    with pytest.raises(Refused, match="it is about you"):
        compound.district.make(own, "suspend", {"reason": "x"}, actor=compound.second_keeper)


@pytest.mark.parametrize(
    ("bars", "earned", "redeems"), [("earn", 0, True), ("redeem", 5, False), ("both", 0, False)]
)
def test_a_suspension_keeps_from_what_it_says(
    new_district: New, bars: str, earned: int, redeems: bool
) -> None:
    rule = '[[bank.rules]]\nname = "x"\nact = "seat.attend"\npays = "person"\npoints = 5\n'
    here: Year = year(new_district, rule)
    account = here.compound.bank.account(who(here.compound.member)).id
    here.district.make(account, "suspend", {"reason": "x", "bars": bars}, actor=here.compound.keeper)
    here.attends(60)
    assert here.free() == earned
    assert (
        here.compound.bank.may_not_redeem(who(here.compound.member), here.compound.place) == ()
    ) == redeems


def test_the_reason_of_a_breach_is_for_them_and_for_whoever_reported_it(new_district: New) -> None:
    compound = bank_compound(new_district, "[[bank.breaches]]\nname = 'x'\nfactor = 0.5\n")
    person = who(compound.member)
    compound.bank.report_breach(person, "x", "酒后滋事", actor=compound.keeper)
    seen = {
        name: compound.bank.statement(person, actor=actor).breaches[0].reason
        for name, actor in compound.actors.items()
        if name in ("member", "keeper", "second_keeper")
    }
    assert seen == {"member": "酒后滋事", "keeper": "酒后滋事", "second_keeper": None}


# --- figures ---------------------------------------------------------------------------------------------


def test_the_banks_own_sessions_are_counted_when_its_organisation_held_them(new_district: New) -> None:
    here = year(new_district, "")
    for kind, run_by_bank in (("wish", True), ("civility", True), ("wish", False), ("cleaning", True)):
        values = {"kind": kind, "run_by_bank": run_by_bank}
        session = here.district.start("session", "plan", here.compound.place, values).subject
        here.district.make(session, "hold")
    assert here.district.brief().figures["bank.wish_and_civility_sessions"] == 2
    assert len(here.district.explain("bank.wish_and_civility_sessions").counted) >= 2


def test_a_rule_whose_act_nothing_here_makes_is_pointed_out(new_district: New) -> None:
    rule = '[[bank.rules]]\nname = "{}"\nact = "{}"\npoints = 1\n'
    acts = {"typo": "seat.atend", "right": "seat.attend", "by hand": "points.award"}
    here = year(new_district, "".join(rule.format(name, act) for name, act in acts.items()))
    assert here.compound.bank.unknown_acts() == ["typo"]
