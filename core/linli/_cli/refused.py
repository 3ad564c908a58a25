"""A refusal as programs get it: its code, and each reason with its code and its values."""

from collections.abc import Callable, Mapping

import attrs

from linli._base import codec
from linli._base.errors import Refused
from linli._base.i18n import Several, Text, Word


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
