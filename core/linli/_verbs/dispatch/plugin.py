"""The built-in plugin of dispatch: plain defaults, which a district's plugins go before."""

from linli._hooks.catalogue import Matched, Route, Wanted, match
from linli._hooks.hookspecs import hookimpl
from linli._hooks.plugin import Plugin
from linli._model.access import Seat
from linli._model.deadlines import Escalation, OverdueClock, filled, next_escalation
from linli._model.facts import Facts
from linli._model.subjects import StoredSubject
from linli._verbs.dispatch.figures import FIGURES
from linli._verbs.dispatch.handing_over import HandoverFlow
from linli._verbs.dispatch.impartial import kept_from, nearest
from linli._verbs.dispatch.import_again import CLOSING, REOPENING
from linli._verbs.dispatch.import_requests import REQUESTS
from linli._verbs.dispatch.late_entries import LateEntryFlow
from linli._verbs.dispatch.requests import RequestFlow
from linli._verbs.dispatch.settings import DispatchSettings
from linli._verbs.dispatch.standards import service_of
from linli._verbs.dispatch.tasks import OfferFlow, TaskFlow

PLUGIN = Plugin(
    name="dispatch",
    settings=DispatchSettings,
    workflows=(RequestFlow, TaskFlow, OfferFlow, HandoverFlow, LateEntryFlow),
    figures=FIGURES,
    importers=(REQUESTS,),
    direct_acts=(CLOSING, REOPENING),
)


@hookimpl
def request_match(wanted: Wanted, facts: Facts) -> Matched | None:
    """The first service of the catalogue that names a word of the category."""
    found = match(facts.settings(DispatchSettings).services, wanted.category)
    return Matched(service=found.code, rule="category") if found else None


@hookimpl
def request_route(subject: StoredSubject, service: str, facts: Facts) -> Route | None:
    """Whoever has the service's role at the request's place, or at the nearest place above; what is urgent: the duty role."""
    known = service_of(service, facts)
    if subject.record.urgent:
        return _to_duty(subject, facts)
    if known is None:
        return None
    about = subject.record.about
    seats = facts.seats(Seat(role=known.holder, at=subject.place), subject.place)
    free = (seat for seat in seats if not kept_from(about, seat, subject.place, facts))
    seat = next(free, None) or (nearest(known.holder, subject.place, about, facts) if about else None)
    return Route(seat=seat, rule=f"role: {known.holder}") if seat else None


def _to_duty(subject: StoredSubject, facts: Facts) -> Route:
    """It is sent at once, even where nobody is on duty: then it is late soon, and climbs."""
    role = facts.settings(DispatchSettings).duty_role
    seat = nearest(role, subject.place, subject.record.about, facts)
    if seat:
        return Route(seat=seat, rule=f"role: {role}")
    return Route(seat=Seat(role=role, at=subject.place), rule=f"role: {role}: nobody has it")


@hookimpl
def ladder_next(late: OverdueClock, facts: Facts) -> Escalation | None:
    """The next role of the district's ladder that somebody has, at the place or above; nobody it is about."""
    settings = facts.settings(DispatchSettings)
    rungs = [(role, seat) for role in settings.ladder if (seat := _rung(role, late.subject, facts))]
    step = next_escalation(late, rungs, settings.ladder_again)
    return step and filled(step, late, facts)


def _rung(role: str, subject: StoredSubject, facts: Facts) -> Seat | None:
    """Whoever hears in a role; in a complaint about them, the place above."""
    seat, about = Seat(role=role, at=subject.place), getattr(subject.record, "about", None)
    if not kept_from(about, seat, subject.place, facts):
        return seat
    return nearest(role, subject.place, about, facts)
