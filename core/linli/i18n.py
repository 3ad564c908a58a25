"""Sentences for people, in the reader's language.

Code states a sentence once, in English, with `say`; the catalogues under each package's
`locale/` folder hold the other languages. Chinese is the language of who says nothing.
"""

from collections.abc import Mapping

import attrs

from linli.catalogues import DEFAULT_LANGUAGE, LANGUAGES, add_catalogue, language, speaking, translate

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "Text",
    "add_catalogue",
    "language",
    "say",
    "speaking",
    "translate",
]


@attrs.frozen
class Text:
    """A sentence that is put into words when it is read, in the reader's language then.

    Attributes:
        message: the English sentence, a format string.
        values: what goes into its braces; a `Text` among them is translated too.
    """

    message: str
    values: Mapping[str, object] = attrs.field(factory=dict, hash=False)

    def __str__(self) -> str:
        sentence = translate(self.message)
        return sentence.format(**self.values) if self.values else sentence


def say(message: str, /, **values: object) -> Text:
    """State a sentence: `say("{free} points free", free=3)`. Extracted for the catalogues."""
    return Text(message, values)
