"""Secrets: the file says where one is, never what it is."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import attrs

from linli._base.errors import LinliError
from linli._base.i18n import Text, say, translate

_EXAMPLE = '{ env = "NAME" } or { file = "path" }'
WORDS = say("where a secret is: {example}", example=_EXAMPLE)
# A variable's name is checked so that a key or a token pasted in its place is noticed.
_ENV_PATTERN = "^[A-Za-z_][A-Za-z0-9_]*$"


def _place_schema(key: str, value: Mapping[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": {key: value}, "required": [key], "additionalProperties": False}


SCHEMA: Mapping[str, object] = {
    "oneOf": [
        _place_schema("env", {"type": "string", "pattern": _ENV_PATTERN}),
        _place_schema("file", {"type": "string", "minLength": 1}),
    ]
}


@attrs.frozen(kw_only=True)
class Secret:
    """Where a secret is: `{ env = "NAME" }` or `{ file = "path" }`; one of them, not both.

    The record never holds the secret itself, so neither its repr nor a log of it can show it.

    Attributes:
        env: name of the environment variable that holds it.
        file: path of the file that holds it, relative to the district's folder; a newline at
            the file's end is not part of the secret.
    """

    env: str | None = None
    file: str | None = None

    def __attrs_post_init__(self) -> None:
        if bool(self.env) == bool(self.file):
            raise LinliError(say("expected {example}, one of the two", example=_EXAMPLE))
        if self.env and not re.fullmatch(_ENV_PATTERN, self.env):
            raise LinliError(
                say("env is the name of an environment variable: letters, digits and _, no other characters")
            )

    def reveal(self, folder: Path) -> str:
        """Read the secret; `folder` is the district's.

        Raises: LinliError naming the variable or the file when it is not there or is empty.
        """
        found = self._from_file(folder / self.file) if self.file else os.environ.get(self.env or "", "")
        if not found:
            raise LinliError(self._missing())
        return found

    def _missing(self) -> Text:
        if self.file:
            return say("the secret file {file} is empty; put the secret into it", file=self.file)
        return say(
            "the environment variable {name} is not set; set it to the secret before starting linli",
            name=self.env,
        )

    def _from_file(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise LinliError(
                say(
                    "the secret file {file} cannot be read ({reason}); create it, readable by linli only",
                    file=self.file,
                    reason=translate(error.strerror or "?"),
                )
            ) from None
        except UnicodeDecodeError:
            # The chain is cut: that exception carries the file's bytes.
            raise LinliError(
                say("the secret file {file} is not text in UTF-8; write it again", file=self.file)
            ) from None


def read_secret(value: object) -> Secret:
    """A `Secret` from its table; a secret that stands in the file itself is refused."""
    if isinstance(value, str):
        raise LinliError(say("a secret does not belong in this file; write {example}", example=_EXAMPLE))
    if not isinstance(value, Mapping) or not _names_a_place(value):
        raise LinliError(say("expected {example}, one of the two", example=_EXAMPLE))
    return Secret(**value)


def _names_a_place(table: Mapping[object, object]) -> bool:
    return set(table) <= {"env", "file"} and all(isinstance(name, str) for name in table.values())
