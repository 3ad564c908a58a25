"""What a command answers where it prints nothing itself: what was done, in which capacity, and what it came to."""

import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from typing import IO, Any, TypeVar, cast
from uuid import UUID

from linli._base.i18n import Text, language, say, within
from linli._cli.shared import print_json, show, tell
from linli._district.district import District
from linli._model.acts import Act

R = TypeVar("R")


def answered(district: District, command: Callable[..., R], given: Mapping[str, Any]) -> R:
    """Carry out a command, and say what came of it where it says nothing itself."""
    listening = _Listening(sys.stdout)
    with redirect_stdout(cast(IO[str], listening)):
        found = command(**given)
    if not listening.heard:
        tell_what_was_done(district, district.last_act, as_json=bool(given.get("as_json")))
    return found


class _Listening:
    """A stream that knows whether something was written to it."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.heard = False

    def write(self, text: str) -> int:
        """Hand it on."""
        self.heard = self.heard or bool(text.strip())
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        self.heard = self.heard or name == "buffer"  # bytes go past `write`
        return getattr(self._stream, name)


def tell_what_was_done(district: District, act: Act | None, *, as_json: bool) -> None:
    """The line of an act, and what it came to: what moved, what ended."""
    if as_json:
        print_json({"act": act.id if act else None})
        return
    if act is None:
        tell(say("it was so already; nothing was recorded"))
        return
    done = say("{done}: {what}", done=district.rules.called(act.verb), what=act.subject)
    tell(say("{done} (as {capacity})", done=done, capacity=capacity_of(act)))
    told = {
        within(act.kind, name): _plain_value(v) for name, v in act.body.items() if _has_words(act.kind, name)
    }
    show({name: value for name, value in told.items() if value not in (None, "", [], {})}, False)


def _has_words(kind: str, name: str) -> bool:
    """Whether people have a word for what the journal keeps under this name."""
    return name not in ("person", "values") and (language() == "en" or within(kind, name) != name)


def _plain_value(value: object) -> object:
    """What the journal keeps of an act, with identifiers as such: people read names in their place."""
    if isinstance(value, list | tuple):
        return [_plain_value(one) for one in value]
    if isinstance(value, Mapping):
        return [say("{name}: {value}", name=say(str(n)), value=_plain_value(v)) for n, v in value.items()]
    try:
        return UUID(value) if isinstance(value, str) else value
    except ValueError:
        return value


def capacity_of(act: Act) -> Text | UUID:
    """In which capacity an act was done: a post, one's own matter, the console."""
    seat = act.seat
    if seat is None:
        return say("own" if act.acting_as == "person" else act.acting_as or "-")
    return say("{at} · {role}", at=seat.at, role=say(seat.role)) if seat.role else seat.at
