"""Figures of centres and of their halls, under the brief's names."""

from collections.abc import Callable, Iterable, Mapping

from linli import Cells, Count, Figure, Subject, Transition
from linli_centres.bookings import BookingFlow
from linli_centres.centres import CentreFlow
from linli_centres.records import FACILITIES, Booking, Centre, Kind

Test = Callable[[Centre], bool]


def _stock(name: str, *, help: str, label: str, test: Test) -> Figure:
    """Centres in service that pass a test: what an act makes of it, less what it was before."""

    def passes(centre: Subject[Centre]) -> bool:
        return centre.state is CentreFlow.in_service and test(centre.record)

    def opened(t: Transition[Centre, object]) -> Iterable[Count]:
        if passes(t.subject):
            yield Count()

    def changed(t: Transition[Centre, object]) -> Iterable[Count]:
        if n := passes(t.subject) - passes(t.before):
            yield Count(n=n)

    return Figure(
        name=f"centres.{name}",
        help=help,
        label=label,
        stock=True,
        on=(
            CentreFlow.open.count(opened),
            CentreFlow.suspend.count(changed),
            CentreFlow.resume.count(changed),
            CentreFlow.close.count(changed),
            CentreFlow.equip.count(changed),
        ),
    )


def _has(facility: str) -> Test:
    return lambda centre: centre.centre_kind is Kind.CENTRE and facility in centre.facilities


def _held(t: Transition[Booking, object]) -> Iterable[Count]:
    yield Count(total=round((t.record.ends_at - t.record.starts_at).total_seconds()))


def _hours(cells: Mapping[str, Cells]) -> float:
    return cells["centres.bookings_held"].total / 3600


_HALLS, _STATIONS, _GARDENS, _BOARDS = FACILITIES
FIGURES = (
    _stock(
        "total",
        help="service centres in service",
        label="centres",
        test=lambda c: c.centre_kind is Kind.CENTRE,
    ),
    _stock(
        "courier_stations",
        help="courier stations in service",
        label="courier stations",
        test=lambda c: c.centre_kind is Kind.COURIER_STATION,
    ),
    _stock("halls", help="centres in service that have a hall", label="halls", test=_has(_HALLS)),
    _stock("stations", help="centres in service that have a station", label="stations", test=_has(_STATIONS)),
    _stock("gardens", help="centres in service that have a garden", label="gardens", test=_has(_GARDENS)),
    _stock("boards", help="centres in service that have a board", label="boards", test=_has(_BOARDS)),
    Figure(
        name="centres.bookings_held",
        help="bookings of halls that were held in the period",
        label="bookings held",
        on=(BookingFlow.hold.count(_held),),
    ),
    Figure(
        name="centres.hall_hours",
        help="hours of the bookings that were held",
        label="hours halls were used",
        unit="hours",
        uses=("centres.bookings_held",),
        derived=_hours,
    ),
    Figure(
        name="centres.no_shows",
        help="bookings of halls to which nobody came",
        label="bookings nobody came to",
        on=(BookingFlow.miss,),
    ),
)
