"""The pioneer bank: compounds that run it, their accounts, and the gifts that points are spent on."""

from datetime import timedelta
from random import Random
from uuid import UUID

from linli import Actor
from linli.errors import Refused
from linli_bank.api import Bank
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play

_GIFTS = (("洗衣皂", 2, 110), ("抽纸", 3, 90), ("毛巾", 4, 60), ("食用油", 12, 20))
_ROUNDS = 9


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


def _opened(play: Play, where: Neighbourhood) -> None:
    bank = Bank(play.district)
    bank.open_at(where.place, actor=where.street.officer)
    for name, price, pieces in _GIFTS:
        bank.offer(where.place, name, price, pieces, actor=where.keeper)


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
    bank = Bank(play.district)
    bank.hand_over(order, bank.code(order, actor=joiner), actor=where.keeper)
