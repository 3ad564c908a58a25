"""Service centres with their four facilities, and stations for couriers, which are counted apart."""

from linli_centres.api import Centres
from linli_daxiang.year.cast import Neighbourhood
from linli_daxiang.year.play import Play


def opened(play: Play, cast: list[Neighbourhood]) -> None:
    """A centre in every compound that has a branch, and at every sixth a courier station."""
    centres = Centres(play.district)
    reached = [where for where in cast if where.compound.branch]
    for number, where in enumerate(reached):
        officer, name = where.street.officer, where.compound.name
        centres.open(where.place, f"{name}党群服务中心", seats=40, actor=officer)
        if number % 6 == 5:
            station = f"{name}快递外卖红色驿站"
            centres.open(where.place, station, kind="courier_station", actor=officer)
