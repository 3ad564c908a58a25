"""The built-in plugin of the register."""

from linli.access import has_post
from linli.hookspecs import hookimpl
from linli.importing.homes import HOMES
from linli.importing.people import PEOPLE
from linli.importing.posts import POSTS
from linli.manifest import Manifest

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
