"""Every command that a page of documentation shows exists, with its options."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from linli._cli.top import cli

ROOT = Path(__file__).resolve().parents[1]
_FENCED = re.compile(r"^ *```[^\n]*\n(.*?)^ *```$", re.M | re.S)
_INLINE = re.compile(r"`(linli [^`]+)`")
# What a page writes for something else: NOUN, NUMBER, NAME…
_PLACEHOLDER = re.compile(r"[A-Z][A-Z_]*…?|…|\.\.\.|<.*>|\[.*\]?")


def _pages() -> list[Path]:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*/README.md")]
    pages += ROOT.glob("adapters/*/README.md")
    # These tell what was, not what is.
    return [
        page
        for page in pages
        if page.name not in ("CHANGELOG.md", "trials.md") and "decisions" not in page.parts
    ]


def _commands(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    blocks = [
        line.strip().removeprefix("$ ") for block in _FENCED.findall(text) for line in block.splitlines()
    ]
    yield from (line for line in blocks if line.startswith("linli "))
    yield from (" ".join(found.split()) for found in _INLINE.findall(_FENCED.sub("", text)))


def _words(line: str) -> list[str]:
    line = re.split(r"\s[|>#]\s?|\s{3,}| && ", line)[0]
    try:
        return shlex.split(line)[1:]
    except ValueError:
        return line.split()[1:]


def _option(command: click.Command, name: str) -> click.Option | None:
    options = (one for one in command.params if isinstance(one, click.Option))
    return next((one for one in options if name in (*one.opts, *one.secondary_opts)), None)


def _problem(line: str) -> str | None:
    command: click.Command = cli
    words = _words(line)
    if words[:1] == ["snow"]:  # the tutorial's own plugin, whose commands its own tests run
        return None
    while words:
        word = words.pop(0)
        if word.startswith("--"):
            words, problem = _past_option(command, word, words)
            if problem:
                return problem
        elif isinstance(command, click.Group):
            if _PLACEHOLDER.fullmatch(word):
                return None
            found = command.get_command(click.Context(command), word)
            if found is None:
                return f"{command.name} has no command {word}"
            command = found
    return None


def _past_option(command: click.Command, word: str, words: list[str]) -> tuple[list[str], str | None]:
    """The words after an option and its values, and what is wrong with it."""
    name, sign, _ = word.partition("=")
    option = _option(command, name)
    if name == "--help":
        return words, None
    if option is None:
        return words, f"{command.name} has no option {name}"
    return words if option.is_flag or sign else words[option.nargs :], None


@pytest.mark.parametrize("page", _pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_shows_exists_with_its_options(page: Path) -> None:
    problems = [f"{line}: {problem}" for line in _commands(page) if (problem := _problem(line))]
    assert problems == []


def test_a_command_that_does_not_exist_is_found() -> None:
    assert _problem("linli person withdraw-consent 13800000000") == "person has no command withdraw-consent"
    assert _problem("linli request list --mine") == "list has no option --mine"
    assert _problem("linli --district demo request list --open --most 5") is None
