"""`linli steward`."""

from uuid import UUID

import attrs

from linli import District, OpenOrder
from linli.cli import (
    Columns,
    add_lists,
    add_moves,
    add_openings,
    add_reports,
    noun,
)
from linli_stewards.api import consent_at, consenting, steward_at
from linli_stewards.contacts import ContactFlow
from linli_stewards.reports import REPORTS
from linli_stewards.stewardship import StewardshipFlow

steward = noun(
    "steward",
    "stewards of units and buildings: who they are, their contact, coverage",
    """
linli steward appoint 锦绣花园/3栋/2单元 13800000000 --as 13900000000
linli steward replace 锦绣花园/3栋/2单元 13700000000 --reason "…" --as 13900000000
linli steward consent 锦绣花园/3栋/2单元 --as 13800000000
linli steward coverage
linli steward gaps 锦绣花园
""",
)


def _steward_at(district: District, text: str) -> UUID:
    """The stewardship of a place that somebody names."""
    return steward_at(district, district.register.find_place(text))


def _consent_at(district: District, text: str) -> UUID:
    return consent_at(district, district.register.find_place(text))


def _following(district: District, order: OpenOrder) -> OpenOrder:
    """Whoever is steward there is whom they follow."""
    return attrs.evolve(order, values={**order.values, "replaces": steward_at(district, order.place)})


def _agreed(district: District, order: OpenOrder) -> OpenOrder:
    return consenting(district, order.place, order.person)


add_openings(steward, StewardshipFlow, only=("nominate", "appoint"), arguments=("place", "person"))
add_openings(
    steward,
    StewardshipFlow,
    only=("succeed",),
    called={"succeed": "replace"},
    arguments=("place", "person"),
    works_out=("replaces",),
    complete=_following,
)
add_moves(steward, StewardshipFlow, only=("end", "resign"), find=_steward_at, typed="PLACE")
add_openings(
    steward, ContactFlow, only=("give",), called={"give": "consent"}, arguments=("place",), complete=_agreed
)
add_moves(steward, ContactFlow, only=("withdraw",), suffix="consent", find=_consent_at, typed="PLACE")
add_reports(steward, REPORTS)

stewardship = noun(
    "stewardship",
    "the record of stewards: nominations, appointments and how they ended",
    """
linli stewardship list --state nominated
linli stewardship approve NUMBER --as 13900000000
""",
)


_COLUMNS = Columns(("party member",), lambda _, one: (one.record.party_member,), place=True)
add_lists(stewardship, StewardshipFlow, _COLUMNS, person=True)
add_moves(stewardship, StewardshipFlow)
