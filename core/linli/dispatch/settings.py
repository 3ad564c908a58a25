"""What a district decides about requests."""

from datetime import timedelta

import attrs

from linli.config import setting
from linli.dispatch.catalogue import Service

_GENERAL = Service(code="general", name="general request")


@attrs.frozen(kw_only=True)
class DispatchSettings:
    """The [dispatch] table of a district's file."""

    services: tuple[Service, ...] = setting(
        default=(_GENERAL,), help="the catalogue of services, in the order of matching"
    )
    response_time: timedelta = setting(
        default=timedelta(hours=2),
        help="from submission until acceptance or refusal, in service hours",
        unit="duration",
    )
    reopen_days: int = setting(
        default=15, minimum=0, help="how long after closing a request can be reopened", unit="days"
    )
    anonymous: bool = setting(default=True, help="whether a request may come without its reporter's name")
    confidential: bool = setting(default=True, help="whether a reporter may be kept from all but the desk")
    duty_role: str = setting(default="duty", help="the role that urgent requests go to at once")
    ladder: tuple[str, ...] = setting(
        default=("steward", "branch_secretary", "officer", "district_officer"),
        help="the roles that hear, one after the other, of what is late",
    )
    ladder_again: timedelta = setting(
        default=timedelta(hours=4),
        help="how long after one rung of the ladder the next one hears",
        unit="duration",
    )
