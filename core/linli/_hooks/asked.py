"""The plugins, for a move that asks a hook: what imports this loads none of them."""

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from linli._hooks.plugins import Plugins
    from linli._model.facts import Facts


def plugins_of(facts: "Facts") -> "Plugins":
    """The typed door to the plugins."""
    return cast("Plugins", facts.constants.plugins)
