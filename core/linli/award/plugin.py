"""The built-in plugin of the ledger."""

from collections.abc import Iterable

from linli.award.acts import POINTS_ACTS
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
        direct_acts=POINTS_ACTS,
    )


@hookimpl
def settings_check(settings: AwardSettings) -> Iterable[Problem]:
    """What contradicts itself in the [award] table."""
    return contradictions(settings)
