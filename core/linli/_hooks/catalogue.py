"""The catalogue of services (服务清单): what can be done, by whom, in what time."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import attrs

from linli._base.calendar import Hours
from linli._config import setting
from linli._model.access import Seat


@attrs.frozen(kw_only=True)
class Service:
    """A service of the catalogue.

    Attributes:
        code: its name in the record, stable.
        holder: the role whose seat does it, found at the request's place or above.
    """

    code: str = setting(help="its short name in the record; never change it")
    name: str = setting(help="what residents read")
    holder: str = setting("steward", "the role that does it, at the request's place or above")
    categories: tuple[str, ...] = setting((), "words of a request's category that ask for it")
    time: timedelta = setting(timedelta(hours=8), "from acceptance until it is resolved")
    hours: Hours = setting(Hours.SERVICE, "how the time counts: elapsed or service hours")
    urgent: bool = setting(False, "goes to the duty rota at once and counts elapsed hours")
    takes: str = setting("", "whom it takes: residents, owners, the old; empty: everybody")
    cost: str = setting("", "what it costs whoever asks for it; empty: nothing")


@attrs.frozen(kw_only=True)
class Wanted:
    """What a resident needs, as matching sees it: the category they chose, not their words.

    Attributes:
        request: its number; None where there is none yet. What they wrote is in the vault:
            `facts.said(wanted.request, "description")` reads it within the act.
    """

    category: str
    place: UUID
    request: UUID | None = None


@attrs.frozen(kw_only=True)
class Matched:
    """The service that a need was matched to, and the rule that did it."""

    service: str
    rule: str


@attrs.frozen(kw_only=True)
class Route:
    """The seat that a request's task goes to, and the rule that chose it."""

    seat: Seat
    rule: str


def match(services: Sequence[Service], category: str) -> Service | None:
    """The first service that names a word of the category."""
    for service in services:
        if category == service.code or any(word in category for word in service.categories):
            return service
    return None
