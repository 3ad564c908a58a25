"""The built-in plugin of the ledger."""

from collections.abc import Iterable

from linli._base.errors import Problem
from linli._hooks.hookspecs import hookimpl
from linli._hooks.plugin import Plugin
from linli._model.access import has_post
from linli._verbs.award.settings import AwardSettings, contradictions

# What people call the ledger's acts, by verb.
WORDS = {
    "points.award": "points given by hand",
    "points.transfer": "points moved",
    "points.hold": "points held",
    "points.release": "held points given back",
    "points.spend": "held points spent",
    "points.reverse": "points taken back",
    "points.expire": "points expired",
}


PLUGIN = Plugin(
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
    verbs=WORDS,
)


@hookimpl
def settings_check(settings: AwardSettings) -> Iterable[Problem]:
    """What contradicts itself in the [award] table."""
    return contradictions(settings)
