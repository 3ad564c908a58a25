"""Why something may not be: a reason that people read as a sentence, and programs by its code and its values.

    class NothingLeft(Refusal, says="nothing is left of {gift}"):
        gift: str

    raise Refused(NothingLeft(gift="umbrella"))

Its code is "bank.nothing_left" where `linli_bank` declares it. What is without a sentence is a family: whatever
belongs to it has its code, so that a program can rely on one code whichever of its sentences is said.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Set
from string import Formatter
from typing import TYPE_CHECKING, ClassVar, dataclass_transform
from uuid import UUID

from linli._base.i18n import Text

if sys.version_info >= (3, 14):
    from annotationlib import Format, get_annotations

_known: "dict[str, type[Refusal]]" = {}
_codes: dict[str, str] = {}


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Refusal(Text):
    """One reason why something may not be.

    Args of a class of it:
        says: the sentence; what is in its braces is declared in the class, with its type. A value that has a default,
            or that its family declares, need not be said: it is told beside the words.
        code: what comes after the package in the code, where that is not the name of the class.
    """

    code: ClassVar[str] = ""
    says: ClassVar[str] = ""
    declares: ClassVar[tuple[str, ...]] = ()
    defaults: ClassVar[Mapping[str, object]] = {}

    def __init_subclass__(cls, *, says: str = "", code: str = "") -> None:
        super().__init_subclass__()
        family = cls.__mro__[1]
        assert issubclass(family, Refusal)
        own = _declared(cls)
        cls.says, cls.declares = says, tuple(dict.fromkeys((*family.declares, *own)))
        cls.defaults = {**family.defaults, **{name: vars(cls)[name] for name in own if name in vars(cls)}}
        for name in own & vars(cls).keys():
            delattr(cls, name)  # else it would stand before the value itself
        _check(cls, family, own, says)
        if family.code and code:
            raise TypeError(f"{cls.__qualname__} has the code of its family, {family.code}; leave code= out")
        cls.code = family.code or f"{_namespace(cls.__module__)}.{code or _in_words(cls.__name__)}"
        _take_up(cls, new=not family.code)

    def __init__(self, **values: object) -> None:
        if not self.says:
            raise TypeError(f"{type(self).__qualname__} is a family; say one of those that belong to it")
        given = {**self.defaults, **values}
        if given.keys() != set(self.declares):
            wrong = sorted(given.keys() ^ set(self.declares))
            raise TypeError(
                f"{type(self).__qualname__} has the values {', '.join(self.declares) or '-'}: see {', '.join(wrong)}"
            )
        super().__init__(self.says, given)

    if not TYPE_CHECKING:  # to a type checker, values are fields

        def __getattr__(self, name: str) -> object:
            if name in type(self).declares:
                return self.values[name]
            raise AttributeError(f"{type(self).__name__!r} has no {name!r}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Refusal):
            return NotImplemented
        return (self.code, self.message, self.values) == (other.code, other.message, other.values)

    def __hash__(self) -> int:
        return hash((self.code, self.message))


def declared() -> Iterator[type[Refusal]]:
    """Every refusal and family that a module which was imported declares, by code."""
    return iter(sorted(_known.values(), key=lambda one: (one.code, one.says, one.__qualname__)))


def _declared(cls: type) -> Set[str]:
    """The names that a class declares with a type, in their order."""
    if sys.version_info >= (3, 14):
        return get_annotations(cls, format=Format.FORWARDREF).keys()
    return dict.fromkeys(vars(cls).get("__annotations__", ())).keys()


def _check(cls: type[Refusal], family: type[Refusal], own: Set[str], says: str) -> None:
    """TypeError where the sentence and what is declared differ."""
    if family.says:
        raise TypeError(
            f"{family.__qualname__} is said itself; only what is without says= has others below it"
        )
    clash = {name for name in own if hasattr(Refusal, name)}
    if clash:
        raise TypeError(f"{cls.__qualname__}: {', '.join(sorted(clash))} means something else of a refusal")
    said = {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(says) if name is not None}
    wrong = (said - set(cls.declares)) | ((own - said - cls.defaults.keys()) if says else set())
    if wrong:
        raise TypeError(
            f"{cls.__qualname__}: says= and what is declared differ in {', '.join(sorted(wrong))}"
        )


def _take_up(cls: type[Refusal], *, new: bool) -> None:
    """Keep it by where it is declared; TypeError where another has its code. A module may be loaded again."""
    where = f"{cls.__module__}:{cls.__qualname__}"
    if new and (other := _codes.setdefault(cls.code, where)) != where:
        raise TypeError(
            f"{where} has the code {cls.code}, and so has {other}; one of them needs another name"
        )
    _known[where] = cls


def _namespace(module: str) -> str:
    package = module.partition(".")[0]
    return "core" if package == "linli" else package.removeprefix("linli_")


def _in_words(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name.lstrip("_")).lower()


# --- what linli itself says, whatever it is about: a program can rely on these codes -----------------------


class NotPermitted(Refusal):
    """Whoever asks may not do this here."""


class SomebodyNeeded(Refusal, says="say who does it: --as PERSON"):
    """Nobody is named, and somebody must be."""


class WrongState(Refusal):
    """What it is about is not in a state from which this can be done."""


class ChangedMeanwhile(Refusal):
    """Somebody else was first, and what was looked at is no longer so."""


class NotFoundHere(Refusal, code="not_found"):
    """What was named is not in the record, or not for whoever asks: nothing tells which."""


class NotAsRecorded(Refusal):
    """What is kept is not what the journal says, or what was sealed: somebody changed it outside of linli, or it is damaged."""


class KeyUsed(Refusal):
    """The key of a call was used for something else."""


class Missing(Refusal):
    """A value that is needed was not given.

    Attributes:
        field: what the value is called in code, as a program gives it; told beside the words.
    """

    field: str


class Invalid(Refusal):
    """A value cannot be what it is given as.

    Attributes:
        field: as of `Missing`.
    """

    field: str


class Unfit(Invalid, says="{name} {problem}"):
    """A text that cannot be kept or shown as it is; see `linli._base.revealing`."""

    name: Text | str
    problem: Text


class Unkeepable(Invalid, says="{name} has a character that nothing can show; type it again"):
    """A text with what not every database and no page can have in it."""

    name: Text | str


class LimitReached(Refusal, code="limit"):
    """More was asked for than is allowed."""


class NothingNumbered(NotFoundHere, says="there is nothing with the number {id} in this district"):
    id: UUID | None


class NoNameRegistered(Refusal, says="no name is registered for them: linli person correct"): ...


class NotBegun(Refusal, says="it has not begun yet"):
    """What is done at or after a meeting, a session, a booking comes before that begins."""


class UntilPast(Invalid, says="until is in the past"):
    """What holds until a day cannot end before it begins."""

    field: str = "until"


class WhomNotSaid(Missing, says="say who it is for"):
    """It is for one person, and none is named."""

    field: str = "person"


class ForAnotherWhy(Missing, says="say why: it is somebody else's"):
    """Whoever acts in another's matter says why."""

    field: str = "reason"


class FileUnreadable(Invalid, says="{file} cannot be read: {why}"):
    """A file that was named is not there, or may not be read."""

    file: str
    why: str
    field: str = "file"
