"""The built-in plugin of the register."""

from typing import Any

from linli._hooks.hookspecs import hookimpl
from linli._hooks.plugin import Plugin
from linli._model.acts import Act
from linli._model.deadlines import Escalation, OverdueClock
from linli._model.facts import Facts
from linli._model.giving import PostRule
from linli._verbs.register.acts import ORGANISATION_ACTS, PERSON_ACTS, PLACE_ACTS, POST_ACTS
from linli._verbs.register.appointments import AppointmentFlow
from linli._verbs.register.import_companies import COMPANIES
from linli._verbs.register.import_homes import HOMES
from linli._verbs.register.import_people import PEOPLE
from linli._verbs.register.import_posts import POSTS as POST_LISTS
from linli._verbs.register.joining import RecordMergeFlow
from linli._verbs.register.removals import RegisterSettings, RemovalFlow, next_rung

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


PLUGIN = Plugin(
    name="register",
    settings=RegisterSettings,
    workflows=(AppointmentFlow, RemovalFlow, RecordMergeFlow),
    importers=(HOMES, PEOPLE, POST_LISTS, COMPANIES),
    post_rules=POSTS,
    subscribes=(RecordMergeFlow.confirm,),
    direct_acts=(*PLACE_ACTS, *ORGANISATION_ACTS, *PERSON_ACTS, *POST_ACTS),
)


@hookimpl
def act_done(act: Act, district: Any) -> None:
    """Do what two people decided, where the process that recorded it was stopped before it was done."""
    district.register.carry_out_merge(act.subject)


@hookimpl
def ladder_next(late: OverdueClock, facts: Facts) -> Escalation | None:
    """Who hears of a removal that nobody released."""
    return next_rung(late, facts) if late.subject.kind == "removal" else None
