"""The built-in plugin of the register."""

from typing import TYPE_CHECKING

from linli.acts import Act
from linli.deadlines import Late, Step
from linli.facts import Facts
from linli.giving import PostRule
from linli.hookspecs import hookimpl
from linli.importing.companies import COMPANIES
from linli.importing.homes import HOMES
from linli.importing.people import PEOPLE
from linli.importing.posts import POSTS as POST_LISTS
from linli.manifest import Manifest
from linli.register.acts import ORGANISATION_ACTS, PERSON_ACTS, PLACE_ACTS, POST_ACTS
from linli.register.appointments import AppointmentFlow
from linli.register.joining import RecordMergeFlow
from linli.register.removals import RegisterSettings, RemovalFlow, next_rung

# Who gives which of the posts that the core's rules name. Plugins have their own; the district's file goes before.
POSTS = (
    PostRule(role="administrator", given_by=("administrator",), above=True),
    PostRule(role="operator", given_by=("administrator",), above=True),
    PostRule(role="auditor", given_by=("administrator",), above=True),
    PostRule(role="district_officer", given_by=("administrator",), above=True),
    PostRule(role="officer", given_by=("administrator", "district_officer"), above=True),
    PostRule(role="clerk", given_by=("officer", "administrator")),
    PostRule(role="registrar", given_by=("officer", "administrator")),
    PostRule(role="duty", given_by=("officer",)),
    PostRule(role="publisher", given_by=("officer",)),
    PostRule(role="approver", given_by=("officer",)),
    PostRule(role="residents_committee_member", given_by=("officer",), above=True),
    PostRule(role="owners_committee_member", given_by=("officer",), above=True),
    PostRule(role="property_management_committee_member", given_by=("officer",), above=True),
    PostRule(role="department_officer", given_by=("officer", "district_officer")),
    PostRule(role="property_manager", given_by=("officer",)),
    PostRule(role="property_staff", given_by=("property_manager",), in_body=True),
)
if TYPE_CHECKING:
    from linli.district import District


@hookimpl
def describe() -> Manifest:
    """What the register brings."""
    return Manifest(
        name="register",
        settings=RegisterSettings,
        workflows=(AppointmentFlow, RemovalFlow, RecordMergeFlow),
        importers=(HOMES, PEOPLE, POST_LISTS, COMPANIES),
        post_rules=POSTS,
        subscribes=(RecordMergeFlow.confirm,),
        direct_acts=(*PLACE_ACTS, *ORGANISATION_ACTS, *PERSON_ACTS, *POST_ACTS),
    )


@hookimpl
def act_done(act: Act, district: "District") -> None:
    """Do what two people decided, where the process that recorded it was stopped before it was done."""
    district.register.carry_out_merge(act.subject)


@hookimpl
def ladder_next(late: Late, facts: Facts) -> Step | None:
    """Who hears of a removal that nobody released."""
    return next_rung(late, facts) if late.subject.kind == "removal" else None
