"""What an examination of an installation finds: a line of a checklist each."""

from enum import StrEnum

import attrs

from linli._base.i18n import Text


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@attrs.frozen(kw_only=True)
class Finding:
    """A line of the checklist.

    Attributes:
        about: what was looked at.
        found: what was found.
        todo: what to do about it; None where there is nothing to do.
    """

    about: Text
    level: Level = Level.OK
    found: Text | str = ""
    todo: Text | str | None = None
