"""The pioneer bank: compounds that run it, their accounts, and the gifts that points are spent on."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from linli import Actor, NoInputs, PlaceId, Private, Refused
from linli.query import subjects
from linli_bank.api import Bank
from linli_bank.banks import BankFlow, Carry, bank_at
from linli_bank.gifts import GiftFlow, Offer
from linli_bank.redemptions import HandOver, RedemptionFlow
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_volunteers.seats import SeatFlow

_GIFTS = (("洗衣皂", 2, 110), ("抽纸", 3, 90), ("毛巾", 4, 60), ("食用油", 12, 20))
_ROUNDS = 9
_LONG = 120  # minutes


def running(cast: list[Neighbourhood]) -> list[Neighbourhood]:
    """Three of four compounds with a branch run a bank."""
    branched = [one for one in cast if one.compound.branch]
    return [where for number, where in enumerate(branched) if number % 4 != 3]


def plan(play: Play, banks: list[Neighbourhood], accounts: int) -> None:
    """So many people join the banks of these compounds in the first weeks."""
    random = play.random("bank")
    for number, where in enumerate(banks):
        play.at(play.office(random, play.first + timedelta(days=1)), _opened, play, where)
        share = (number + 1) * accounts // len(banks) - number * accounts // len(banks)
        joiners = tuple(
            dict.fromkeys((*where.stewards, where.leader, *where.volunteers, *where.members[30:]))
        )[:share]
        for joiner in joiners:
            moment = play.office(random, play.first + timedelta(days=random.randint(2, 40)))
            play.at(moment, _joined, play, where, joiner)
        for number in range(_ROUNDS):
            day = play.first + timedelta(days=48 + 38 * number)
            play.at(play.office(random, day), _redeemed, play, random, where)


def put_right(play: Play, cast: list[Neighbourhood], banks: list[Neighbourhood]) -> None:
    """Late in the year a bank closes and another takes its place; hours that were taken down too long are put right."""
    random = play.random("bank, put right")
    alone = [one for one in cast if one.compound.branch and one not in banks]
    if alone:
        where, into = alone[0], banks[0]
        play.at(play.office(random, play.first + timedelta(days=1)), _opened, play, where)
        for joiner in where.volunteers[:2]:
            play.at(play.office(random, play.first + timedelta(days=3)), _joined, play, where, joiner)
        play.at(play.office(random, play.first + timedelta(days=342)), _closed, play, where)
        play.at(play.office(random, play.first + timedelta(days=356)), _carried, play, where, into)
    play.at(play.office(random, play.first + timedelta(days=344)), _corrected, play, banks)


def _closed(play: Play, where: Neighbourhood) -> None:
    [bank] = play.district.ask_unchecked(subjects(BankFlow, states=BankFlow.runs, within=where.place))
    play.district.make(bank.id, "close", {"reason": "志愿组织并入相邻小区"}, actor=where.street.officer)


def _carried(play: Play, where: Neighbourhood, into: Neighbourhood) -> None:
    play.district.perform(
        BankFlow.carry(
            BankFlow.ref(bank_at(where.place)),
            Carry(carried_to=PlaceId(into.place), worth=Decimal(1), reason=Private("由相邻小区先锋银行接续")),
        ),
        actor=where.street.officer,
    )


def _corrected(play: Play, banks: list[Neighbourhood]) -> None:
    """Of somebody who has spent all that they had, so that the difference is owed until they serve again."""
    district = play.district
    for where in banks:
        for person, free in sorted(Bank(district).points(where.place).items()):
            served = subjects(SeatFlow, person=person, states=SeatFlow.attended, most=1)
            long = [one for one in district.ask_unchecked(served) if one.record.minutes >= _LONG]
            if long and free == 0:
                reason = {"reason": "时长登记有误"}
                district.make(long[0].id, "annul", reason, actor=where.secretary)
                district.make(
                    long[0].id, "count_again", {**reason, "minutes": _LONG // 2}, actor=where.street.officer
                )
                return


def _opened(play: Play, where: Neighbourhood) -> None:
    play.district.perform(
        BankFlow.open.at(PlaceId(where.place), NoInputs(), id=bank_at(where.place)),
        actor=where.street.officer,
    )
    for name, price, pieces in _GIFTS:
        play.district.perform(
            GiftFlow.offer.at(PlaceId(where.place), Offer(name=name, price=price, pieces=pieces)),
            actor=where.keeper,
        )


def _joined(play: Play, where: Neighbourhood, joiner: Actor) -> None:
    assert joiner.person is not None, "who joins is somebody"
    Bank(play.district).join(joiner.person, where.place, actor=where.keeper)


def _redeemed(play: Play, random: Random, where: Neighbourhood) -> None:
    """Whoever has the points for it orders a gift and fetches it with their code within days."""
    bank = Bank(play.district)
    gifts = [shelf for shelf in bank.gifts(where.place) if shelf.free]
    for person, free in sorted(bank.points(where.place).items()):
        payable = [shelf for shelf in gifts if shelf.price <= free]
        if payable and random.random() < 0.9:
            shelf = random.choice(payable)
            pieces = min(free // shelf.price, random.randint(1, 4))
            moment = play.after(hours=random.uniform(0.1, 5))
            play.at(moment, _ordered, play, random, where, Actor(person=person), shelf.gift, pieces)


def _ordered(
    play: Play, random: Random, where: Neighbourhood, joiner: Actor, gift: UUID, pieces: int
) -> None:
    bank = Bank(play.district)
    assert joiner.person is not None, "who joins is somebody"
    try:
        order = bank.order(gift, joiner.person, pieces, actor=joiner).subject
    except Refused:
        return  # The last piece has gone to somebody quicker.
    moment = play.office(random, (play.clock.now + timedelta(days=random.randint(1, 6))).date())
    play.at(moment, _fetched, play, where, joiner, order)


def _fetched(play: Play, where: Neighbourhood, joiner: Actor, order: UUID) -> None:
    code = Bank(play.district).code(order, actor=joiner)
    play.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=code)), actor=where.keeper
    )
