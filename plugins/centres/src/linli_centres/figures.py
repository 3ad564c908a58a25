"""Figures of centres and of their halls, under the brief's names."""

from collections.abc import Callable, Iterable, Mapping

from linli import Act, Count, Figure, Subject
from linli.figures import Cells, Counts, once
from linli_centres.centres import CENTRE, COURIER_STATION, FACILITIES, Centre

_CHANGES = ("centre.open", "centre.suspend", "centre.resume", "centre.close", "centre.equip")


def _in_service(test: Callable[[Centre], bool]) -> Counts:
    """Counts centres in service that pass a test: what an act makes of it, less what it was before."""

    def counts(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
        n = _passes(after, test) - _passes(before, test)
        if n:
            yield Count(n=n)

    return counts


def _passes(subject: Subject | None, test: Callable[[Centre], bool]) -> bool:
    return subject is not None and subject.state == "in_service" and test(subject.record)


def _stock(name: str, *, help: str, label: str, test: Callable[[Centre], bool]) -> Figure:
    return Figure(
        name=f"centres.{name}",
        help=help,
        label=label,
        stock=True,
        on=dict.fromkeys(_CHANGES, _in_service(test)),
    )


def _has(facility: str) -> Callable[[Centre], bool]:
    return lambda centre: centre.centre_kind == CENTRE and facility in centre.facilities


def _held(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
    assert after is not None, "a booking's act has a booking"
    yield Count(total=round((after.record.ends_at - after.record.starts_at).total_seconds()))


def _hours(cells: Mapping[str, Cells]) -> float:
    return cells["centres.bookings_held"].total / 3600


_HALLS, _STATIONS, _GARDENS, _BOARDS = FACILITIES
FIGURES = (
    _stock(
        "total", help="service centres in service", label="centres", test=lambda c: c.centre_kind == CENTRE
    ),
    _stock(
        "courier_stations",
        help="courier stations in service",
        label="courier stations",
        test=lambda c: c.centre_kind == COURIER_STATION,
    ),
    _stock("halls", help="centres in service that have a hall", label="halls", test=_has(_HALLS)),
    _stock("stations", help="centres in service that have a station", label="stations", test=_has(_STATIONS)),
    _stock("gardens", help="centres in service that have a garden", label="gardens", test=_has(_GARDENS)),
    _stock("boards", help="centres in service that have a board", label="boards", test=_has(_BOARDS)),
    Figure(
        name="centres.bookings_held",
        help="bookings of halls that were held in the period",
        label="bookings held",
        on={"hall_booking.hold": _held},
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
        on={"hall_booking.miss": once},
    ),
)
