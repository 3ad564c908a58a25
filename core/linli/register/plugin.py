"""The built-in plugin of the register."""

from collections.abc import Iterable

from linli.access import has_post
from linli.acts import Act
from linli.facts import Facts
from linli.hookspecs import hookimpl
from linli.i18n import Text, listed, say
from linli.importing.companies import COMPANIES
from linli.importing.homes import HOMES
from linli.importing.people import PEOPLE
from linli.importing.posts import POSTS
from linli.manifest import Manifest
from linli.subjects import Subject

KEEPERS = has_post("clerk", "registrar", "administrator")
# What people call the register's acts, by verb.
WORDS = {
    "place.register": "place registered",
    "place.rename": "place renamed",
    "place.move": "place moved",
    "place.merge": "places merged",
    "place.split": "place split",
    "place.end": "place ended",
    "organisation.register": "organisation registered",
    "organisation.end": "organisation ended",
    "person.register": "person registered",
    "person.correct": "person's data corrected",
    "person.move": "person moved home",
    "person.end": "person's record ended",
    "person.back": "person came back",
    "person.erase": "personal data erased",
    "person.merge": "two records of a person merged",
    "person.follow": "matter moved to the merged record",
    "person.reveal": "personal data shown",
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
        importers=(HOMES, PEOPLE, POSTS, COMPANIES),
        permissions={
            "place.*": KEEPERS,
            "organisation.*": KEEPERS,
            "person.*": KEEPERS,
            "post.*": KEEPERS,
            "import.*": KEEPERS,
        },
        verbs=WORDS,
    )


@hookimpl
def act_check(act: Act, subject: Subject | None, facts: Facts) -> Iterable[Text]:
    """Nothing begins at a place that has ended; what began there before goes on."""
    if subject is None or subject.parent is not None or act.body.get("from") != "":
        return
    place = facts.place(subject.place)
    if place.closed:
        successors = listed(place.record.get("successors", ()))
        yield say(
            "place {name} has ended; what came after it: {successors}", name=place.name, successors=successors
        )
