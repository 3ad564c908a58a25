"""The built-in plugin of the ledger."""

from collections.abc import Iterable

from linli.access import has_post
from linli.award.settings import AwardSettings, contradictions
from linli.errors import Problem
from linli.hookspecs import hookimpl
from linli.manifest import Manifest


@hookimpl
def describe() -> Manifest:
    """What the ledger brings."""
    return Manifest(
        name="award",
        settings=AwardSettings,
        permissions={
            "points.award": has_post("clerk", "bank_keeper"),
            "points.transfer": has_post("clerk", "bank_keeper"),
            "points.hold": has_post("clerk", "bank_keeper"),
            "points.release": has_post("clerk", "bank_keeper"),
            "points.spend": has_post("clerk", "bank_keeper"),
            "points.reverse": has_post("officer", "administrator"),
            "points.expire": has_post("administrator"),
        },
    )


@hookimpl
def settings_check(settings: AwardSettings) -> Iterable[Problem]:
    """What contradicts itself in the [award] table."""
    return contradictions(settings)
