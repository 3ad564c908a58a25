"""The plugin: it brings settings and a command; the figures are those of the others."""

from collections.abc import Iterable

from linli import Plugin, Problem, hookimpl
from linli_brief.settings import BriefSettings, contradictions

PLUGIN = Plugin(name="brief", settings=BriefSettings)


@hookimpl
def settings_check(settings: BriefSettings) -> Iterable[Problem]:
    """What contradicts itself in the [brief] table."""
    return contradictions(settings)
