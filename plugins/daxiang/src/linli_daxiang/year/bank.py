"""The pioneer bank: compounds that run it, their accounts, and the gifts that points are spent on."""

from datetime import timedelta
from random import Random
from uuid import UUID

from linli import Actor
from linli.errors import Refused
from linli_bank.api import Bank
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play

_GIFTS = (("洗衣皂", 2, 60), ("抽纸", 4, 40), ("食用油", 12, 20))


def plan(play: Play, cast: list[Neighbourhood], accounts: int) -> None:
    """Three of four compounds with a branch run a bank; so many people join in the first weeks."""
    random = play.random("bank")
    running = [
        where for number, where in enumerate(one for one in cast if one.compound.branch) if number % 4 != 3
    ]
    for number, where in enumerate(running):
        play.at(play.office(random, play.first + timedelta(days=1)), _opened, play, where)
        share = (number + 1) * accounts // len(running) - number * accounts // len(running)
        joiners = (*where.stewards, where.leader, *where.volunteers, *where.members[20:])[:share]
        for joiner in dict.fromkeys(joiners):
            moment = play.office(random, play.first + timedelta(days=random.randint(2, 40)))
            play.at(moment, _joined, play, where, joiner)
        for quarter in range(4):
            day = play.first + timedelta(days=85 + 91 * quarter)
            play.at(play.office(random, day), _redeemed, play, random, where, joiners)


def _opened(play: Play, where: Neighbourhood) -> None:
    bank = Bank(play.district)
    bank.open_at(where.place, actor=where.street.officer)
    for name, price, pieces in _GIFTS:
        bank.offer(where.place, name, price, pieces, actor=where.keeper)


def _joined(play: Play, where: Neighbourhood, joiner: Actor) -> None:
    assert joiner.person is not None, "who joins is somebody"
    Bank(play.district).join(joiner.person, where.place, actor=where.keeper)


def _redeemed(play: Play, random: Random, where: Neighbourhood, joiners: tuple[Actor, ...]) -> None:
    """Whoever has the points for it orders a gift and fetches it with their code within days."""
    gifts = [shelf for shelf in Bank(play.district).gifts(where.place) if shelf.free]
    for joiner in joiners:
        assert joiner.person is not None, "who joins is somebody"
        free = play.district.award.account(joiner.person).free
        payable = [shelf for shelf in gifts if shelf.price <= free]
        if payable and joiner != where.keeper:
            shelf = random.choice(payable)
            pieces = min(free // shelf.price, random.randint(1, 3))
            play.at(
                play.after(hours=random.uniform(0.1, 5)),
                _ordered,
                play,
                random,
                where,
                joiner,
                shelf.gift,
                pieces,
            )


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
