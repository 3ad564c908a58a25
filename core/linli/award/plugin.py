"""The built-in plugin of the ledger."""

from linli.access import has_post
from linli.hookspecs import hookimpl
from linli.manifest import Manifest


@hookimpl
def describe() -> Manifest:
    """What the ledger brings."""
    return Manifest(
        name="award",
        permissions={
            "points.award": has_post("clerk", "bank_keeper"),
            "points.transfer": has_post("clerk", "bank_keeper"),
            "points.reverse": has_post("officer", "administrator"),
            "points.expire": has_post("administrator"),
        },
    )
