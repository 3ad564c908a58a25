"""The plugin: it brings settings and a command; the figures are those of the others."""

from collections.abc import Iterable

from linli import Manifest, Problem, hookimpl
from linli_brief.settings import BriefSettings, contradictions


@hookimpl
def describe() -> Manifest:
    """What the plugin brings."""
    return Manifest(name="brief", settings=BriefSettings)


@hookimpl
def settings_check(settings: BriefSettings) -> Iterable[Problem]:
    """What contradicts itself in the [brief] table."""
    return contradictions(settings)
