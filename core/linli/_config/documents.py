"""The TOML file itself: reading it, and telling one version of it from another."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

import msgspec

from linli._base.errors import ConfigError, Problem
from linli._base.i18n import Text, say, translate

# Signs that a Chinese keyboard gives where TOML wants the plain one.
_PLAIN = dict(zip("＝“”‘’，［］｛｝．＃　", "=\"\"'',[]{}.# ", strict=True))


def read_toml(path: Path) -> Mapping[str, object]:
    """Read a TOML file in UTF-8, with or without a byte order mark.

    Numbers with a decimal point come as Decimal, digit for digit.

    Raises: ConfigError, with the line and column where there are some.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text, parse_float=_number)
    except OSError as error:
        what = _unreadable(error)
    except UnicodeDecodeError as error:
        what = _not_utf8(error)
    except RecursionError:
        what = say("lists or tables are nested too deeply; write them with fewer levels")
    except ValueError as error:
        what = _not_toml(str(error), text)
    raise ConfigError(str(path), [Problem(where="", what=what)]) from None


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        # Beyond any exponent that Decimal has; refused later, at its path, as not finite.
        return Decimal("inf")


def _unreadable(error: OSError) -> Text:
    if isinstance(error, FileNotFoundError):
        return say("there is no such file; `linli init DIR` makes a district")
    return say("the file cannot be read: {reason}", reason=translate(error.strerror or "?"))


def _not_utf8(error: UnicodeDecodeError) -> Text:
    line = error.object.count(b"\n", 0, error.start) + 1
    return say("line {line}: this is not UTF-8; save the file in UTF-8 and try again", line=line)


def _not_toml(reason: str, text: str) -> Text:
    # Python 3.11 to 3.13 say the place only within the message.
    complaint, _, place = reason.rpartition(" (at ")
    lines = text.replace("\r\n", "\n").split("\n")
    if place == "end of document)":
        line, column = len(lines), len(lines[-1]) + 1
    elif found := re.fullmatch(r"line (\d+), column (\d+)\)", place):
        line, column = map(int, found.groups())
    else:
        return say("this is not TOML: {reason}", reason=reason)
    what = _syntax(complaint, lines[line - 1][column - 1 : column])
    return say("line {line}, column {column}: {what}", line=line, column=column, what=what)


def _syntax(complaint: str, sign: str) -> Text:
    if sign in _PLAIN:
        return say("{sign} is a full-width sign; write {plain}", sign=sign, plain=_PLAIN[sign])
    return say("this is not TOML: {reason}", reason=complaint)


def digest(table: Mapping[str, object]) -> str:
    """A short, stable name for a version of settings: 12 hexadecimal digits.

    Equal tables have equal digests, whatever the order of their keys. Of `table` as it was read
    (its secrets are then only the places of secrets), not of records.
    """
    encoder = msgspec.json.Encoder(order="deterministic", decimal_format="number", enc_hook=_plain)
    return hashlib.sha256(encoder.encode(dict(table))).hexdigest()[:12]


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not TOML data")
