"""The built-in plugin of the register."""

from collections.abc import Iterable

from linli.access import has_post
from linli.acts import Act
from linli.facts import Facts
from linli.hookspecs import hookimpl
from linli.i18n import Text, say
from linli.importing.homes import HOMES
from linli.importing.people import PEOPLE
from linli.importing.posts import POSTS
from linli.manifest import Manifest
from linli.subjects import Subject

KEEPERS = has_post("clerk", "registrar", "administrator")


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
    )


@hookimpl
def act_check(act: Act, subject: Subject | None, facts: Facts) -> Iterable[Text]:
    """Nothing begins at a place that has ended; what began there before goes on."""
    if subject is None or subject.parent is not None or act.body.get("from") != "":
        return
    place = facts.place(subject.place)
    if place.closed:
        successors = ", ".join(place.record.get("successors", ())) or "-"
        yield say(
            "place {name} has ended; what came after it: {successors}", name=place.name, successors=successors
        )
