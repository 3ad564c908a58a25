"""What a district decides about requests."""

from collections.abc import Mapping
from datetime import timedelta

import attrs

from linli._config import setting
from linli._hooks.catalogue import Service

_BODIES = {"property_manager": "property_company", "branch_secretary": "branch"}
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
    pause_days: int = setting(
        default=15,
        minimum=1,
        help="how long a request can be paused at most; then it goes on by itself",
        unit="days",
    )
    handover_days: int = setting(
        default=3,
        minimum=1,
        help="within how many working days whoever a request is handed over to must accept; then it climbs",
        unit="days",
    )
    urgent_time: timedelta = setting(
        default=timedelta(hours=1),
        help="how long what the desk makes urgent may take, by day and night, where its service gives it more",
        unit="duration",
    )
    complaints_go_to: tuple[str, ...] = setting(
        default=("officer", "district_officer"),
        help="the roles that have a complaint whose usual seat is passed over, from its place upwards",
    )
    bodies: Mapping[str, str] = setting(
        default=attrs.Factory(lambda: dict(_BODIES)),
        help="which kind of body a role belongs to: a complaint about the body is kept from whoever has the role "
        "where it serves, and whoever stands in for the body has the role's tasks",
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
