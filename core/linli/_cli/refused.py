"""A refusal as programs get it: its code, and each reason with its code and its values."""

from collections.abc import Callable, Mapping

import attrs
import click

from linli._base import codec
from linli._base.errors import Refused
from linli._base.i18n import Several, Text, Word
from linli._base.refusals import Invalid, Missing


def document(refusal: Refused, scrubbed: Callable[[str], str]) -> str:
    """One line of JSON; see docs/decisions/0042. Args: scrubbed: what takes out of a text what may not be shown."""
    reasons = zip(refusal.reasons, refusal.words, strict=True)
    told = {
        "code": refusal.code,
        "message": refusal.text,
        "reasons": [
            {"code": reason.code, "message": words, "values": dict(reason.values)}
            for reason, words in reasons
        ],
    }
    return codec.encode({"refused": _plain(told, scrubbed)})


class OptionMissing(Missing, says="{problem}"):
    problem: str


class OptionUnfit(Invalid, says="{problem}"):
    problem: str


def unusable(error: click.UsageError) -> Refused | None:
    """What click refuses of an option as what linli itself says of an input; None where it is about none."""
    option = getattr(error, "param", None)
    named = getattr(error, "option_name", None)
    field = option.name if option is not None else str(named).lstrip("-").replace("-", "_") if named else None
    if field is None:
        return None
    kind = OptionMissing if isinstance(error, click.MissingParameter) else OptionUnfit
    return Refused(kind(field=field, problem=error.format_message()))


def _plain(value: object, scrubbed: Callable[[str], str]) -> object:
    """A value as JSON has it; sentences and words in the reader's language."""
    match value:
        case Mapping():
            return {str(name): _plain(one, scrubbed) for name, one in value.items()}
        case Several():
            return [_plain(one, scrubbed) for one in value.items]
        case list() | tuple() | set() | frozenset():
            return [_plain(one, scrubbed) for one in value]
        case _ if isinstance(value, Text | Word | str) or attrs.has(type(value)):
            return scrubbed(str(value))
    return codec.plain(value)
