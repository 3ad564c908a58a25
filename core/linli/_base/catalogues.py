"""Which language the reader wants, and the catalogues that have its words.

Without attrs and pathlib, because `linli --help` should be there at once.
"""

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"

_chosen: ContextVar[str | None] = ContextVar("linli_language", default=None)
_folders: list[str] = [os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale")]


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


def add_catalogue(folder: str | os.PathLike[str]) -> None:
    """Let sentences of a plugin be found in its `locale` folder."""
    path = os.fspath(folder)
    if path not in _folders and os.path.isdir(path):
        _folders.append(path)
        _catalogues.cache_clear()


@cache
def _catalogues(tag: str) -> gettext.NullTranslations:
    """All of them, the core's first: no plugin changes the words of another."""
    chain = gettext.NullTranslations()
    for folder in _folders:
        for name in _compiled(os.path.join(folder, tag, "LC_MESSAGES")):
            chain.add_fallback(gettext.translation(name, folder, languages=[tag]))
    return chain


def _compiled(folder: str) -> list[str]:
    if not os.path.isdir(folder):
        return []
    return sorted(name[:-3] for name in os.listdir(folder) if name.endswith(".mo"))


def translate(message: str) -> str:
    """`message` in the reader's language; English where no catalogue has it."""
    if language() == "en" or not message:
        return message
    return _catalogues(language()).gettext(message)
