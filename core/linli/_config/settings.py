"""Declaring a setting: its default, its unit, its bounds and a line of explanation."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import attrs

from linli._base.errors import LinliError, PluginError
from linli._base.i18n import Text, say
from linli._config.kinds import bare, in_toml, innermost, is_list, is_supported, is_table, key

_METADATA = "linli.setting"
_WITH_BOUNDS = (int, float, Decimal, timedelta, date, time)

Validator = Callable[[Any, "attrs.Attribute[Any]", Any], object]


@attrs.frozen(kw_only=True)
class Setting:
    """A setting as its class declares it.

    Attributes:
        attribute: the attrs attribute behind it.
        help: one line of explanation, in English; shown through `translate`.
        unit: what the number counts ("days", "points"), in English; empty where it counts nothing. A timedelta's is
            "duration".
        least: least value that is allowed, itself included; of each item in a list or a table.
        most: greatest value that is allowed, itself included; likewise.
        secret: whether its value is kept out of repr, of errors and of what is shown.
        longest: most characters of a text, which then has at least one; of each item likewise.
        filled: whether a list or a table must have something in it.
        each_once: whether nothing may stand in a list twice; of settings classes, the name of what tells them apart.
    """

    attribute: "attrs.Attribute[Any]"
    help: str
    unit: str
    least: Any
    most: Any
    secret: bool
    longest: int | None = None
    filled: bool = False
    each_once: bool | str = False

    @property
    def name(self) -> str:
        """Its key in the file."""
        return self.attribute.alias or self.attribute.name

    @property
    def kind(self) -> Any:
        """Its type."""
        return self.attribute.type

    @property
    def required(self) -> bool:
        """Whether the file must have it."""
        return self.attribute.default is attrs.NOTHING

    @property
    def default(self) -> Any:
        """The value where the file is silent; None where it must not be."""
        default: Any = self.attribute.default
        if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
            return default.factory()
        return None if self.required else default


def setting(
    default: Any = attrs.NOTHING,
    help: str = "",
    *,
    unit: str = "",
    least: Any = None,
    most: Any = None,
    secret: bool = False,
    longest: int | None = None,
    filled: bool = False,
    each_once: bool | str = False,
    validator: Validator | None = None,
) -> Any:
    """Declare a field of a settings class. Without `default` the file must have it.

    `default` may be an `attrs.Factory` without `takes_self`. The other arguments are those of
    `Setting`; `validator` is an attrs validator that raises LinliError or ValueError. Bounds are
    for numbers, lengths of time, dates and times of day; they hold in Python as in the file. What
    contradicts itself between settings is told by a method `problems` of the class, which yields
    pairs: where ("ladder", "rules[2].name") and what. It is asked when a file is read.

    A setting may be str, int, float, bool, Decimal, date, time, datetime, timedelta (written as
    `duration` says), `Secret`, a Literal or an Enum of texts or whole numbers, another settings
    class, `tuple[X, ...]` or `Mapping[str, X]` of these, and each of them `| None`.

    Example:
        @attrs.frozen(kw_only=True)
        class DispatchSettings:
            review_days: int = setting(5, "Time for a review", unit="days", least=1)
    """
    declared = {
        "help": help, "unit": unit, "least": least, "most": most, "secret": secret,
        "longest": longest, "filled": filled, "each_once": each_once,
    }  # fmt: skip
    validators = [_within, validator] if validator else [_within]
    return attrs.field(default=default, validator=validators, repr=not secret, metadata={_METADATA: declared})


def out_of_bounds(one: Setting, value: Any) -> Iterator[tuple[str, Text]]:
    """What in `value` is out of bounds: the path within it ("" or "[2]"), and what is wrong."""
    if one.filled and value is not None and not value:
        yield "", say("is empty; give at least one")
    if one.each_once and value:
        yield from _repeated(one.each_once, value)
    for path, part in _parts(value):
        if one.least is not None and part < one.least:
            yield path, say("must be at least {bound}", bound=measure(one.least, one.unit))
        if one.most is not None and part > one.most:
            yield path, say("must be at most {bound}", bound=measure(one.most, one.unit))
        if one.longest is not None and not 1 <= len(part.strip()) <= one.longest:
            yield path, say("must have 1 to {longest} characters", longest=one.longest)


def _repeated(by: bool | str, items: Sequence[Any]) -> Iterator[tuple[str, Text]]:
    """What stands in a list a second time."""
    names = [getattr(one, by) for one in items] if isinstance(by, str) else list(items)
    for index, name in enumerate(names):
        if name in names[:index]:
            path = f"[{index}].{by}" if isinstance(by, str) else ""
            yield path, say("{name} is there twice; keep one", name=in_toml(name))


def measure(amount: object, unit: str) -> Text | str:
    """A value with its unit: "3 days"; a length of time says it itself: "1min"."""
    if not unit or isinstance(amount, timedelta):
        return in_toml(amount)
    return say("{amount} {unit}", amount=in_toml(amount), unit=Text(unit))


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        parts = [(f".{key(name)}", part) for name, part in value.items()]
    elif isinstance(value, tuple):
        parts = [(f"[{index}]", part) for index, part in enumerate(value)]
    else:
        if value is not None:
            yield "", value
        return
    yield from ((path + deeper, part) for path, inner in parts for deeper, part in _parts(inner))


def _within(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    one = _setting(attribute)
    for path, problem in out_of_bounds(one, value):
        raise LinliError(say("{name}: {problem}", name=one.name + path, problem=problem))


def _setting(attribute: "attrs.Attribute[Any]") -> Setting:
    found = Setting(attribute=attribute, **attribute.metadata[_METADATA])
    timed = not found.unit and innermost(attribute.type) is timedelta
    return attrs.evolve(found, unit="duration") if timed else found


def settings_of(cls: type[attrs.AttrsInstance]) -> tuple[Setting, ...]:
    """The settings of a class, in the order of declaration.

    Raises: PluginError when a field is not declared with `setting`, or is of a type or has
        bounds that a setting cannot have: a mistake of the class's author.
    """
    attrs.resolve_types(cls)
    fields = [field for field in attrs.fields(cls) if field.init]
    for field in fields:
        _refuse_badly_declared(cls, field)
    return tuple(map(_setting, fields))


def _refuse_badly_declared(cls: type, field: "attrs.Attribute[Any]") -> None:
    name = f"{cls.__module__}.{cls.__qualname__}.{field.name}"
    if _METADATA not in field.metadata:
        raise PluginError(say("{name} is not a setting; declare it with setting(help=...)", name=name))
    if not is_supported(field.type):
        raise PluginError(say("{name}: a setting cannot be of type {kind}", name=name, kind=str(field.type)))
    one = _setting(field)
    bounded = one.least is not None or one.most is not None
    # A moment with an offset and one without cannot be compared, so datetime has no bounds.
    if bounded and innermost(one.kind) not in _WITH_BOUNDS:
        raise PluginError(say("{name}: only numbers, lengths of time and dates have bounds", name=name))
    if one.longest is not None and innermost(one.kind) is not str:
        raise PluginError(say("{name}: only texts have a greatest length", name=name))
    kind = bare(one.kind)
    if (one.each_once and not is_list(kind)) or (one.filled and not (is_list(kind) or is_table(kind))):
        raise PluginError(say("{name}: only a list can be filled, and have each once", name=name))
