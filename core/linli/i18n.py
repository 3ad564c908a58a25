"""Sentences for people, in the reader's language.

Code states a sentence once, in English, with `say`; the catalogues under each package's
`locale/` folder hold the other languages. Chinese is the language of who says nothing.
"""

import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import attrs

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"

_chosen: ContextVar[str | None] = ContextVar("linli_language", default=None)
_catalogue_folders: list[Path] = [Path(__file__).with_name("locale")]


def language() -> str:
    """The reader's language: what `speaking` set, else LINLI_LANG, else Chinese."""
    asked = _chosen.get() or os.environ.get("LINLI_LANG", "")
    tag = asked[:2].lower()
    return tag if tag in LANGUAGES else DEFAULT_LANGUAGE


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Within the block, sentences come out in the language `tag`."""
    token = _chosen.set(tag)
    try:
        yield
    finally:
        _chosen.reset(token)


def add_catalogue(folder: Path) -> None:
    """Let sentences of a plugin be found in its `locale` folder."""
    if folder not in _catalogue_folders and folder.is_dir():
        _catalogue_folders.append(folder)
        _catalogues.cache_clear()


@cache
def _catalogues(tag: str) -> gettext.NullTranslations:
    chain = gettext.NullTranslations()
    for folder in _catalogue_folders:
        for domain in folder.glob(f"{tag}/LC_MESSAGES/*.mo"):
            found = gettext.translation(domain.stem, str(folder), languages=[tag])
            found.add_fallback(chain)
            chain = found
    return chain


def translate(message: str) -> str:
    """`message` in the reader's language; English where no catalogue has it."""
    if language() == "en" or not message:
        return message
    return _catalogues(language()).gettext(message)


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
