"""Sentences for people, in the reader's language.

Code states a sentence once, in English, with `say`; the catalogues under each package's
`locale/` folder hold the other languages. Chinese is the language of who says nothing.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from linli._base.catalogues import DEFAULT_LANGUAGE, LANGUAGES, add_catalogue, language, speaking, translate

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "Several",
    "Text",
    "Word",
    "add_catalogue",
    "language",
    "listed",
    "one_a_line",
    "say",
    "sentences",
    "speaking",
    "translate",
    "within",
]


class Text:
    """A sentence that is put into words when it is read, in the reader's language then. It never changes.

    Not of attrs, so that type checkers do not take what it has for fields of the classes below it (`linli._base.refusals`).

    Attributes:
        message: the English sentence, a format string.
        values: what goes into its braces; a `Text` among them is translated too.
    """

    __slots__ = ("message", "values")

    def __init__(self, message: str, values: Mapping[str, object] = MappingProxyType({})) -> None:
        self.message: Final = message
        self.values: Final = values

    def __str__(self) -> str:
        sentence = translate(self.message)
        return sentence.format(**self.values) if self.values else sentence

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return (self.message, self.values) == (other.message, other.values)

    def __hash__(self) -> int:
        return hash(self.message)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.message!r}, {dict(self.values)!r})"


def say(message: str, /, **values: object) -> Text:
    """State a sentence: `say("{free} points free", free=3)`. Extracted for the catalogues."""
    return Text(message, values)


def within(context: str, word: str) -> str:
    """A word as a mechanism uses it: "approved" of an agenda item is another word than that of a publication.

    Catalogues may have "agenda_item|approved" beside "approved", which stands for all others.

    Args:
        context: the name of the workflow.
    """
    special = f"{context}|{word}"
    found = translate(special)
    return found if found != special else translate(word)


@attrs.frozen
class Word:
    """A word of a mechanism, put into the reader's language when it is read; see `within`."""

    context: str
    word: str

    def __str__(self) -> str:
        return within(self.context, self.word)


@attrs.frozen
class Several:
    """Words or sentences one after the other, parted as the reader's language parts them; "-" for none.

    Attributes:
        two: how two of them stand beside each other.
    """

    items: tuple[object, ...]
    two: Text

    def __str__(self) -> str:
        return str(self.two).join(map(str, self.items)) or "-"


def listed(words: Iterable[object]) -> Several:
    """Words one after the other: "hall, garden", "大厅、花园"."""
    return Several(tuple(words), say("{one}, {other}", one="", other=""))


def sentences(said: Iterable[object]) -> Several:
    """Sentences one after the other: "it is late; it is paused"."""
    return Several(tuple(said), say("{one}; {other}", one="", other=""))


def one_a_line(said: Iterable[Text]) -> Text:
    """Sentences, each on its own line; one alone as it is."""
    first, *others = said
    return Text("{lines}", {"lines": Several((first, *others), Text("\n"))}) if others else first
