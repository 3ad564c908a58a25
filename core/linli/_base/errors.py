"""What can go wrong, said so that a person can act on it: what, where, what to do."""

from collections.abc import Callable, Sequence

import attrs

from linli._base.i18n import Text, one_a_line, say, sentences
from linli._base.refusals import ChangedMeanwhile, NotFoundHere, NotPermitted, Refusal


class LinliError(Exception):
    """A refusal or failure that is one clear line for a person.

    The command line prints it and leaves with `exit_code`; no other code catches it to print.
    """

    exit_code = 1

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return str(self.text)


class Refused(LinliError):
    """Somebody asked for what may not be; nothing was changed.

    Args:
        reasons: why; one at least.
        doing: what was tried, which the sentence begins with.

    Attributes:
        words: each reason as people read it.
    """

    reasons: tuple[Refusal, ...] = ()
    words: tuple[Text, ...] = ()

    def __init__(self, *reasons: Refusal, doing: Text | None = None) -> None:
        first, *others = reasons
        text: Text = first if not others else Text("{reasons}", {"reasons": sentences(reasons)})
        if doing is not None:
            text = say("{doing}: {reasons}", doing=doing, reasons=sentences(reasons))
        super().__init__(text)
        self.reasons = self.words = reasons

    @property
    def code(self) -> str:
        """That of the first reason; "" of what is said of a line of a file, which no program asked for."""
        return self.reasons[0].code if self.reasons else ""

    def put(self, read: Callable[[Text], Text]) -> None:
        """Let it be read otherwise, such as with names in place of identifiers."""
        self.text, self.words = read(self.text), tuple(read(one) for one in self.reasons)


class NotFound(Refused):
    """What was named is not in the record, or not for whoever asks."""

    def __init__(self, *reasons: NotFoundHere, doing: Text | None = None) -> None:
        super().__init__(*reasons, doing=doing)


class NotAllowed(Refused):
    """The actor may not do this here."""

    def __init__(self, *reasons: NotPermitted, doing: Text | None = None) -> None:
        super().__init__(*reasons, doing=doing)


class Conflict(Refused):
    """Somebody else was first, and the move no longer holds."""

    def __init__(self, *reasons: ChangedMeanwhile, doing: Text | None = None) -> None:
        super().__init__(*reasons, doing=doing)


class PluginError(LinliError):
    """A plugin failed; the text names it."""


class PluginErrors(PluginError):
    """Plugins cannot be used; everything that is wrong with all of them is in `problems`."""

    def __init__(self, problems: Sequence[Text]) -> None:
        self.problems = tuple(problems)
        super().__init__(one_a_line(self.problems))


class StoreError(LinliError):
    """The database is away, full, or not the one that was expected."""


class Altered(LinliError):
    """What is kept is not what the journal says; it is not shown."""


class VaultError(LinliError):
    """Personal data cannot be opened or closed: a wrong or missing key, or shredded."""


@attrs.frozen(kw_only=True)
class Problem:
    """One thing that is wrong in something a person wrote.

    Attributes:
        where: the path to it, as its writer sees it: "dispatch.services[3].hours".
        what: what is wrong there and what to do.
    """

    where: str
    what: Text

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else str(self.what)


class ConfigError(LinliError):
    """A district's file has problems; every one of them is in `problems`."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(say("{source}: {count} problems", source=source, count=len(self.problems)))

    def __str__(self) -> str:
        return "\n".join([str(self.text), *(f"  {problem}" for problem in self.problems)])
