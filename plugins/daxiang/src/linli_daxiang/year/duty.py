"""Who is on duty, month by month: what cannot wait goes to them."""

from datetime import timedelta

from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play
from linli_three_lists.api import Needs

_A_MONTH = timedelta(days=30)


def plan(play: Play, cast: list[Neighbourhood]) -> None:
    """Each desk puts the next month's duty down as the last one ends."""
    day = play.first
    while day <= play.last:
        for where in cast:
            play.at(play.on(day, 0.1), _put_down, play, where)
        day += _A_MONTH


def _put_down(play: Play, where: Neighbourhood) -> None:
    assert where.duty.person is not None, "who is on duty is somebody"
    now = play.clock.now
    Needs(play.district).rota.add(where.duty.person, where.place, now, now + _A_MONTH, actor=where.clerk)
