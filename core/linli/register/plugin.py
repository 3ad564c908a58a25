"""The built-in plugin of the register."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from linli.access import has_post
from linli.acts import Act
from linli.facts import Facts
from linli.hookspecs import hookimpl
from linli.i18n import Text, listed, say
from linli.importing.homes import HOMES
from linli.importing.people import PEOPLE
from linli.importing.posts import POSTS
from linli.manifest import Manifest
from linli.store import Read
from linli.store import tables as t
from linli.subjects import Subject

_OPEN_AT = Read(
    select(t.subject.c.place).where(
        t.subject.c.district == bindparam("district"),
        t.subject.c.id == bindparam("id"),
        t.subject.c.ended_at.is_(None),
    )
)
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
    "person.prove_phone": "phone proved face to face",
    "person.reveal": "personal data shown",
    "person.tie": "tie to a place begun",
    "person.untie": "tie to a place ended",
    "person.consent": "consent recorded",
    "person.withdraw_consent": "consent withdrawn",
    "post.begin": "post begun",
    "post.end": "post ended",
    "import.closing": "closing taken from a file",
    "import.homes": "homes taken from a file",
    "import.people": "people taken from a file",
    "import.posts": "posts taken from a file",
    "import.requests": "requests taken from a file",
}


@hookimpl
def describe() -> Manifest:
    """What the register brings."""
    return Manifest(
        name="register",
        importers=(HOMES, PEOPLE, POSTS),
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
    """Nothing begins at a place that has ended; what began there before goes on, with all that belongs to it."""
    if subject is None or subject.parent is not None or act.body.get("from") != "":
        return
    place = facts.place(subject.place)
    if place.closed and not _belongs_to_what_goes_on(subject, facts):
        successors = listed(place.record.get("successors", ()))
        yield say(
            "place {name} has ended; what came after it: {successors}", name=place.name, successors=successors
        )


def _belongs_to_what_goes_on(subject: Subject, facts: Facts) -> bool:
    """Whether it is one with a matter that began at the place and is open: a ballot with its vote."""
    flows = (flow for manifest in facts.plugins.manifests.values() for flow in manifest.workflows)
    names = next((flow.one_with for flow in flows if flow.name == subject.kind), ())
    matters = [getattr(subject.record, name) for name in names]
    rows = [row for matter in matters if matter for row in facts.rows(_OPEN_AT, id=matter)]
    return any(place == subject.place for (place,) in rows)
