"""Catalogues of a package's sentences: found in its code, kept in its `locale` folder.

    python -m linli._testing.messages core/linli plugins/bank/src/linli_bank

finds every sentence, adds the new ones to `locale/zh/LC_MESSAGES/<package>.po`, drops those that are
gone, compiles, and says how many still have no translation. docs/messages.md says what counts as a
sentence.
"""

import io
import re
import sys
from collections.abc import Container, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from linli._testing.sentences import Message, flows
from linli._testing.sentences import sentences as sentences

CORE = Path(__file__).parents[1]

LANGUAGE = "zh"


def _in_context(package: Path, known: Catalog, said: Container[Message]) -> Iterator[str]:
    """What a translator says otherwise within a workflow, "agenda_item|approved", while there are both."""
    own, core = flows(package), read(CORE)
    for one in known:
        flow, _, word = str(one.id).partition("|")
        if one.string and flow in own and (word in said or core.get(word)):
            yield str(one.id)


def catalogue_path(package: Path) -> Path:
    """Where a package's translations are kept."""
    return package / "locale" / LANGUAGE / "LC_MESSAGES" / f"{package.name}.po"


def read(package: Path) -> Catalog:
    """A package's translations; an empty catalogue where there are none yet."""
    path = catalogue_path(package)
    if not path.exists():
        return Catalog(locale=LANGUAGE, domain=package.name)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain=package.name)


def updated(package: Path) -> Catalog:
    """The catalogue as the code wants it, with the translations that there are."""
    known = read(package)
    fresh = Catalog(
        locale=LANGUAGE,
        domain=package.name,
        project=package.name,
        header_comment="# Translations.",
        fuzzy=False,
    )
    fresh.creation_date = known.creation_date
    fresh.revision_date = known.revision_date
    said = sentences(package)
    said |= {message: [] for message in _in_context(package, known, said) if message not in said}
    for message, where in sorted(said.items(), key=lambda item: str(item[0])):
        old = known.get(message)
        flags = {"python-brace-format"} if "{" in str(message) else set()
        fresh.add(
            message,
            old.string if old and old.id == message and not old.fuzzy else "",
            locations=[(p, 0) for p, _ in where],
            flags=flags,
        )
    return fresh


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as `gettext` reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> list[object]:
    """The sentences that have no translation, or one whose braces differ."""
    return [message.id for message in catalogue if message.id and not _right(message.id, message.string)]


def _right(message: object, translation: object) -> bool:
    if isinstance(message, str):
        return isinstance(translation, str) and bool(translation) and _braces(message) == _braces(translation)
    assert isinstance(message, tuple)
    # One of a pair may say less than the other, such as that it is one.
    said = translation if isinstance(translation, tuple) else ("",)
    return all(text and _braces(text) <= _braces(message[1]) for text in said)


def _braces(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", text))


def update(package: Path) -> list[object]:
    """Write and compile a package's catalogue; what is still without a translation."""
    catalogue, path = updated(package), catalogue_path(package)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False, omit_header=False)
    path.with_suffix(".mo").write_bytes(compiled(catalogue))
    return untranslated(catalogue)


def against_core(package: Path) -> tuple[set[object], list[str]]:
    """What linli itself says: the sentences that need no translation in a package, and where its own is never read."""
    core = read(CORE)
    shared = {one.id: (one.string, core.get(one.id)) for one in read(package) if one.id}
    said = {ident: (own, there.string) for ident, (own, there) in shared.items() if there and there.string}
    lost = [
        f"{ident!r}: linli says {there!r}, so {own!r} is never read; use another English word,"
        " or translate it with its workflow, 'workflow|word'"
        for ident, (own, there) in said.items()
        if any(_each(own)) and own != there
    ]
    return set(said), lost


def _each(said: object) -> tuple[object, ...]:
    return said if isinstance(said, tuple) else (said,)


def main(packages: list[str]) -> None:
    """Update the catalogues of the packages named."""
    for name in packages:
        package = Path(name).resolve()
        missing = update(package)
        known, lost = against_core(package)
        missing = [message for message in missing if message not in known]
        print(f"{name}: {len(missing)} without a translation")
        for line in (*map(repr, missing), *lost):
            print(f"  {line}")


if __name__ == "__main__":
    main(sys.argv[1:])
