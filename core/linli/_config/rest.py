"""What a plugin may see of its district's file beside its own table, when its settings are checked."""

from collections.abc import Mapping
from typing import TypeVar

import attrs

S = TypeVar("S")


@attrs.frozen
class OtherSections:
    """The rest of the district's file: never another plugin's settings.

    Attributes:
        enabled: the names of the enabled plugins, in their order.
    """

    enabled: tuple[str, ...]
    _core: Mapping[type, object]

    def section(self, kind: type[S]) -> S:
        """A table of the core's own: `rest.section(DispatchSettings)`."""
        found = self._core[kind]
        assert isinstance(found, kind)
        return found
