"""What people give: files to be published, lists of consented data, and their consent."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs

from linli._base.errors import Refused, StoreError
from linli._base.i18n import Text, listed, say, translate
from linli._base.refusals import Invalid, Refusal
from linli._cli.shared import minute, table
from linli._district.district import District
from linli._hooks.plugin import declared, purposes_of
from linli._model.files import GivenFile
from linli._verbs.publish.records import Consented

_NAMES = tuple(field.name for field in attrs.fields(Consented))


def given_files(paths: tuple[Path, ...]) -> tuple[GivenFile, ...]:
    """Files with their contents."""
    return tuple(GivenFile(name=path.name, content=path.read_bytes()) for path in paths)


class FileExists(Refusal, says="{file} is there already; name another folder: --to"):
    file: Path


def save(path: Path, content: bytes) -> Path:
    """Write a file that is not there yet; where it is."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise Refused(FileExists(file=path)) from None
    except OSError as error:
        why = translate(error.strerror or type(error).__name__)
        raise StoreError(say("{file} cannot be written: {why}", file=path, why=why)) from error
    return path


def consented_in(path: Path | None) -> tuple[Consented, ...]:
    """The consented data in a JSON file; Refused with the entry and the field that are wrong, never with what they say."""
    if path is None:
        return ()
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise _no_list(path, say("it is no text in UTF-8")) from None
    except json.JSONDecodeError as error:
        where = say("line {line}, column {column}: this is no JSON", line=error.lineno, column=error.colno)
        raise _no_list(path, where) from None
    if not isinstance(found, list):
        raise _no_list(path, say("it begins with no [: a list is wanted, also of one"))
    return tuple(_consented(path, number, one) for number, one in enumerate(found, 1))


def _consented(path: Path, number: int, given: Any) -> Consented:
    problem = _problem(given)
    if problem:
        raise _no_list(path, say("entry {number}: {problem}", number=number, problem=problem))
    return Consented(**{**given, "person": UUID(given["person"])})


def _problem(given: Any) -> Text | None:
    if not isinstance(given, dict):
        return say("is no object with {names}", names=listed(_NAMES))
    missing = [name for name in _NAMES if name not in given]
    if missing:
        return say("{names} is missing", names=listed(missing))
    # What somebody wrote as a name may be what must not be shown.
    if len(given) > len(_NAMES):
        return say("has more than {names}", names=listed(_NAMES))
    wrong = [name for name in _NAMES if not isinstance(given[name], str) or not given[name].strip()]
    if wrong:
        return say("{names} must be a text", names=listed(wrong))
    try:
        UUID(given["person"])
    except ValueError:
        return say("person must be a record number; find it with: linli person find")
    return None


class NoListOfData(
    Invalid,
    says='{file} is no list of consented data: {problem}; write [{{"name": "phone", "person": "NUMBER", "purpose": "publish_contact", "text": "…"}}]',
):
    file: str
    problem: Text
    field: str = "file"


def _no_list(path: Path, problem: Text) -> Refused:
    return Refused(NoListOfData(file=path.name, problem=problem))


def print_consents(district: District, consents: Mapping[str, tuple[datetime, datetime | None]]) -> None:
    """What somebody agreed to, and from when to when; what ended stays visible."""
    known = purposes_of(district.rules.plugins.declarations.values())
    rows = [
        (purpose, translate(known[declared(purpose)]) if declared(purpose) in known else "-",
         minute(district, since), minute(district, until))
        for purpose, (since, until) in sorted(consents.items())
    ]  # fmt: skip
    table(["purpose", "what for", "since", "until"], rows, False)
