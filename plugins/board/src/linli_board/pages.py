"""Pages from templates: everything a person wrote is escaped, every link is relative."""

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from linli_board import words

_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

_TEMPLATES = Environment(
    loader=PackageLoader("linli_board"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def page(template: str, at: str, **values: Any) -> str:
    """A page that will be at the path `at` of the folder."""
    return _TEMPLATES.get_template(template).render(
        link=linker(at), lang=language_of, paragraphs=paragraphs, words=words.WORDS, **_FORMATS, **values
    )


def linker(at: str) -> Callable[[str], str]:
    """From the path of a page in the folder, what leads there from the page at `at`."""
    start = posixpath.dirname(at)
    return lambda target: posixpath.relpath(target, start or ".")


_FORMATS: Mapping[str, Callable[..., str]] = {
    "day": words.day,
    "minute": words.minute,
    "month": words.month,
    "year_name": words.year_name,
    "series_name": words.series_name,
}


def paragraphs(text: str) -> list[list[str]]:
    """The paragraphs of a plain text, each as its lines."""
    found = re.split(r"\n[ \t\u3000]*\n+", text.strip("\n"))
    return [one.split("\n") for one in found if one.strip()]


def language_of(text: str) -> str:
    """The language that a reading aid should read `text` in."""
    return "zh-Hans" if _IDEOGRAPH.search(text) else "en"
