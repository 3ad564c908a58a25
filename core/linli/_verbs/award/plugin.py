"""The built-in plugin of the ledger."""

from collections.abc import Iterable

from linli._base.errors import Problem
from linli._hooks.hookspecs import hookimpl
from linli._hooks.plugin import Plugin
from linli._verbs.award.acts import POINTS_ACTS
from linli._verbs.award.settings import AwardSettings, contradictions

PLUGIN = Plugin(
    name="award",
    settings=AwardSettings,
    direct_acts=POINTS_ACTS,
)


@hookimpl
def settings_check(settings: AwardSettings) -> Iterable[Problem]:
    """What contradicts itself in the [award] table."""
    return contradictions(settings)
