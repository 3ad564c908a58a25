"""What is wrong with a form, all of it at once."""

from collections.abc import Sequence
from difflib import get_close_matches

from linli import LinliError, Problem, Text, listed, say

_SHORT = 4
# What a name can be unknown as.
WORDS = ("figure", "column", "kind of place")


class FormError(LinliError):
    """A form has names that mean nothing, or cannot be filled; nothing was written."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            say("{source}: {count} problems; nothing was written", source=source, count=len(self.problems))
        )

    def __str__(self) -> str:
        return "\n".join([str(self.text), *(f"  {problem}" for problem in self.problems)])


class Unclear(ValueError):
    """What a cell says means nothing."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


def unknown(name: str, known: Sequence[str], kind: str) -> Unclear:
    """A name that is not known, with the nearest one that is."""
    # Of a short word, half of the letters is chance: "foo" is not meant to be "from".
    near = get_close_matches(name, known, n=1, cutoff=0.5 if len(name) > _SHORT else 0.65)
    if near:
        return Unclear(
            say("there is no {kind} '{name}'; did you mean {near}?", kind=say(kind), name=name, near=near[0])
        )
    if len(known) <= 25:
        shown = listed(known)
        return Unclear(
            say("there is no {kind} '{name}'; there are: {known}", kind=say(kind), name=name, known=shown)
        )
    return Unclear(
        say("there is no {kind} '{name}'; see them all: linli report names", kind=say(kind), name=name)
    )
