"""The built-in plugin of the register."""

from typing import TYPE_CHECKING

from linli.access import OWN, has_post
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
from linli.register.appointments import AppointmentFlow
from linli.register.joining import RecordMergeFlow
from linli.register.keeping import KEEPERS
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

# What people call the register's acts, by verb.
WORDS = {
    "place.register": "place registered",
    "place.rename": "place renamed",
    "place.locate": "place located on the map",
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


@hookimpl
def describe() -> Manifest:
    """What the register brings."""
    return Manifest(
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
def act_done(act: Act, district: "District") -> None:
    """Do what two people decided, where the process that recorded it was stopped before it was done."""
    district.register.carry_out_merge(act.subject)


@hookimpl
def ladder_next(late: Late, facts: Facts) -> Step | None:
    """Who hears of a removal that nobody released."""
    return next_rung(late, facts) if late.subject.kind == "removal" else None
