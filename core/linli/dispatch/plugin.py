"""The built-in plugin of dispatch: plain defaults, which a district's plugins go before."""

from linli.access import Seat
from linli.deadlines import Late, Step
from linli.dispatch.catalogue import Matched, Route, Wanted, match
from linli.dispatch.figures import FIGURES
from linli.dispatch.requests import REQUEST, service_of
from linli.dispatch.settings import DispatchSettings
from linli.dispatch.tasks import OFFER, TASK
from linli.facts import Facts
from linli.hookspecs import hookimpl
from linli.importing.requests import REQUESTS
from linli.manifest import Manifest
from linli.subjects import Subject


@hookimpl
def describe() -> Manifest:
    """What dispatch brings."""
    return Manifest(
        name="dispatch",
        settings=DispatchSettings,
        workflows=(REQUEST, TASK, OFFER),
        figures=FIGURES,
        importers=(REQUESTS,),
    )


@hookimpl
def request_match(wanted: Wanted, facts: Facts) -> Matched | None:
    """The first service of the catalogue that names a word of the category."""
    found = match(facts.settings(DispatchSettings).services, wanted.category)
    return Matched(service=found.code, rule="category") if found else None


@hookimpl
def request_route(subject: Subject, service: str, facts: Facts) -> Route | None:
    """Whoever has the service's role at the request's place, or at the nearest place above."""
    known = service_of(service, facts)
    if known is None:
        return None
    seats = facts.seats(Seat(role=known.holder, at=subject.place), subject.place)
    return Route(seat=seats[0], rule=f"role {known.holder}") if seats else None


@hookimpl
def ladder_next(late: Late, facts: Facts) -> Step | None:
    """The next role of the district's ladder that somebody has, at the place or above."""
    settings = facts.settings(DispatchSettings)
    if late.step >= len(settings.ladder):
        return None
    role = settings.ladder[late.step]
    seats = facts.seats(Seat(role=role, at=late.subject.place), late.subject.place)
    seat = seats[0] if seats else Seat(role=role, at=late.subject.place)
    last = late.step + 1 == len(settings.ladder)
    return Step(seat=seat, rung=role, again=None if last else settings.ladder_again)
