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
        (_GENERAL,), "the catalogue of services, in the order of matching"
    )
    response_time: timedelta = setting(
        timedelta(hours=2), "from submission until acceptance or refusal, in service hours"
    )
    reopen_days: int = setting(15, "how long after closing a request can be reopened", unit="days", least=0)
    pause_days: int = setting(
        15, "how long a request can be paused at most; then it goes on by itself", unit="days", least=1
    )
    handover_days: int = setting(
        3,
        "within how many working days whoever a request is handed over to must accept; then it climbs",
        unit="days",
        least=1,
    )
    urgent_time: timedelta = setting(
        timedelta(hours=1),
        "how long what the desk makes urgent may take, by day and night, where its service gives it more",
    )
    complaints_go_to: tuple[str, ...] = setting(
        ("officer", "district_officer"),
        "the roles that have a complaint whose usual seat is passed over, from its place upwards",
    )
    bodies: Mapping[str, str] = setting(
        attrs.Factory(lambda: dict(_BODIES)),
        "which kind of body a role belongs to: a complaint about the body is kept from whoever has the role "
        "where it serves, and whoever stands in for the body has the role's tasks",
    )
    anonymous: bool = setting(True, "whether a request may come without its reporter's name")
    confidential: bool = setting(True, "whether a reporter may be kept from all but the desk")
    duty_role: str = setting("duty", "the role that urgent requests go to at once")
    ladder: tuple[str, ...] = setting(
        ("steward", "branch_secretary", "officer", "district_officer"),
        "the roles that hear, one after the other, of what is late",
    )
    ladder_again: timedelta = setting(
        timedelta(hours=4), "how long after one rung of the ladder the next one hears"
    )
