"""The built-in plugin of the register."""

from typing import Any

from linli._hooks.hookspecs import hookimpl
from linli._hooks.plugin import Plugin
from linli._model.access import OWN, has_post
from linli._model.acts import Act
from linli._model.deadlines import Escalation, OverdueClock
from linli._model.facts import Facts
from linli._model.giving import PostRule
from linli._verbs.register.appointments import AppointmentFlow
from linli._verbs.register.import_companies import COMPANIES
from linli._verbs.register.import_homes import HOMES
from linli._verbs.register.import_people import PEOPLE
from linli._verbs.register.import_posts import POSTS as POST_LISTS
from linli._verbs.register.joining import RecordMergeFlow
from linli._verbs.register.keeping import KEEPERS
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
# What people call the register's acts, by verb.
WORDS = {
    "place.register": "place registered",
    "place.rename": "place renamed",
    "place.move": "place moved",
    "place.merge": "places merged",
    "place.split": "place split",
    "place.choose": "part of a split place chosen",
    "place.end": "place ended",
    "organisation.register": "organisation registered",
    "organisation.end": "organisation ended",
    "organisation.move": "organisation moved",
    "person.register": "person registered",
    "person.correct": "person's data corrected",
    "person.move": "person moved home",
    "person.end": "person's record ended",
    "person.back": "person came back",
    "person.erase": "personal data erased",
    "person.merge": "two records of a person merged",
    "person.follow": "matter moved to the merged record",
    "person.prove_phone": "phone proved face to face",
    "person.reveal": "personal data shown",
    "person.audit": "reasons of showing personal data looked at",
    "person.tie": "tie to a place begun",
    "person.untie": "tie to a place ended",
    "person.consent": "consent recorded",
    "person.withdraw_consent": "consent withdrawn",
    "post.begin": "post begun",
    "post.end": "post ended",
    "import.closing": "closing taken from a file",
    "import.reopening": "reopening taken from a file",
    "import.homes": "homes taken from a file",
    "import.property_companies": "property companies taken from a file",
    "import.people": "people taken from a file",
    "import.posts": "posts taken from a file",
    "import.requests": "requests taken from a file",
}


PLUGIN = Plugin(
    name="register",
    settings=RegisterSettings,
    workflows=(AppointmentFlow, RemovalFlow, RecordMergeFlow),
    importers=(HOMES, PEOPLE, POST_LISTS, COMPANIES),
    posts=POSTS,
    hears=("record_merge.confirm",),
    permissions={
        "place.*": KEEPERS,
        "organisation.*": KEEPERS,
        "person.*": KEEPERS,
        "person.audit": has_post("auditor"),
        "person.consent": KEEPERS | OWN,
        "person.withdraw_consent": KEEPERS | OWN,
        "import.*": KEEPERS,
    },
    verbs=WORDS,
)


@hookimpl
def act_done(act: Act, district: Any) -> None:
    """Do what two people decided, where the process that recorded it was stopped before it was done."""
    district.register.carry_out_merge(act.subject)


@hookimpl
def ladder_next(late: OverdueClock, facts: Facts) -> Escalation | None:
    """Who hears of a removal that nobody released."""
    return next_rung(late, facts) if late.subject.kind == "removal" else None
