"""The services of the catalogue, and how long each may take."""

from typing import Protocol

from linli._base.calendar import Hours
from linli._hooks.catalogue import Service
from linli._model.compiled import Limit
from linli._model.contexts import Context
from linli._model.facts import Facts
from linli._verbs.dispatch.settings import DispatchSettings


def service_of(code: str | None, facts: Facts) -> Service | None:
    """A service of the catalogue by its code."""
    return next((s for s in facts.settings(DispatchSettings).services if s.code == code), None)


class _Served(Protocol):
    @property
    def service(self) -> str | None: ...
    @property
    def urgent(self) -> bool: ...


def time_standard(ctx: Context[_Served]) -> Limit | None:
    """How long the service of a request or task may take; what is urgent, by day and night."""
    service = service_of(ctx.record.service, ctx.facts)
    if service is None:
        return None
    if not ctx.record.urgent:
        return Limit(span=service.time, hours=service.hours)
    most = ctx.settings(DispatchSettings).urgent_time
    return Limit(span=service.time if service.urgent else min(service.time, most), hours=Hours.ELAPSED)
