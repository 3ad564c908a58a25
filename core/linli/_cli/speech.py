"""What click itself says, in the reader's language and as wide as it is on a terminal."""

import gettext
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from linli._base.i18n import language
from linli._cli.shared import columns, padded

# A Chinese character may end a line, except before the punctuation that follows it; other words stay whole.
_PIECES = re.compile(r"\s+|[\u2e80-\u9fff][\u3001\u3002\uff01-\uff1f\u201d]*|[^\s\u2e80-\u9fff]+")


class Formatter(click.HelpFormatter):
    """Help whose lines are folded and lined up by columns, where click counts characters."""

    def write_text(self, text: str) -> None:
        super().write_text(folded(text, self.width - self.current_indent))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        listed = list(rows)
        first = min(max((columns(name) for name, _ in listed), default=0), col_max) + col_spacing
        margin = " " * (self.current_indent + first)
        for name, text in listed:
            lines = lines_of(text, max(self.width - len(margin), 10))
            fits = columns(name) <= first - col_spacing
            head = padded(name, first) + next(lines, "") if fits else name
            self.write(" " * self.current_indent + head.rstrip() + "\n")
            for line in lines:
                self.write(margin + line + "\n")


def folded(text: str, width: int) -> str:
    """Paragraphs folded to `width` columns, marked for click to leave them so."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        one if one.startswith("\b") else "\b\n" + "\n".join(lines_of(one, width)) for one in paragraphs
    )


def lines_of(text: str, width: int) -> Iterator[str]:
    """A text in lines of at most `width` columns, as far as its words allow."""
    line = ""
    for piece in _PIECES.findall(" ".join(text.split())):
        if line and columns(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    if line:
        yield line.rstrip()


def speak() -> None:
    """Let click speak the reader's language, in this process."""
    gettext.bindtextdomain("linli", Path(__file__).parents[1] / "locale")
    gettext.textdomain("linli")
    # `gettext` asks the environment what to speak, and click asks `gettext`.
    os.environ["LANGUAGE"] = language()
    click.Context.formatter_class = Formatter
