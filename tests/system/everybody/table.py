"""The table of who may what, written from the domain's page: in three files, whose headers explain their words."""

from collections.abc import Iterator
from pathlib import Path

import attrs

FLAGS = frozenset(
    (
        "holder", "own", "anyone", "engine", "all", "seen", "district", "branch", "owner", "program", "everybody", "machine", "masked", "public", "uncalled", "above", "body",
    )
)  # fmt: skip
_HERE = Path(__file__).parent


@attrs.frozen
class Line:
    """What the table says of something: the posts whose holders may, and further words; of a call, the acts it makes."""

    posts: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    acts: frozenset[str] = frozenset()


def _rows(name: str) -> Iterator[tuple[str, list[str]]]:
    for row in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            what, _, words = row.partition(":")
            yield what.strip(), words.split()


def _line(words: list[str]) -> Line:
    flags = {word.strip("<>") for word in words if word.startswith("<")}
    assert flags <= FLAGS, f"the header explains no {flags - FLAGS}"
    acts = words[words.index("->") + 1 :] if "->" in words else []
    posts = words[: words.index("->")] if "->" in words else words
    return Line(
        posts=frozenset(word for word in posts if not word.startswith("<")),
        flags=frozenset(flags),
        acts=frozenset(word for word in acts if not word.startswith("<")),
    )


MOVES = {what: _line(words) for what, words in _rows("moves.txt")}
POSTS = {what: _line(words) for what, words in _rows("posts.txt")}
CALLS = {what: _line(words) for what, words in _rows("calls.txt")}


def line_of(verb: str) -> Line:
    """Who may do an act: the verb's line, or that of everything of its kind."""
    return MOVES.get(verb) or MOVES[f"{verb.partition('.')[0]}.*"]
