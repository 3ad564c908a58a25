"""What a move asks for: a class of inputs. From its types come validation, commands, JSON, forms, documentation, tests.

@attrs.frozen(kw_only=True)
class Borrow:
    tool: Annotated[Ref[Tool], Input("its number")]
    purpose: Annotated[Private, Input("what for", longest=200)]
    days: int = 3
"""

import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, NewType, Self, TypeVar, Union, cast
from uuid import UUID

import attrs

from linli._base.coordinates import LATITUDES, LONGITUDES, SYSTEMS
from linli._base.errors import LinliError
from linli._base.i18n import say
from linli._model.access import Seat
from linli._model.files import GivenFile, KeptFile
from linli._model.values import Fen, Point

if TYPE_CHECKING:
    from linli._model.contexts import Context, Transition
    from linli._model.facts import Facts

R = TypeVar("R")

Private = NewType("Private", str)
"""What people write in their own words: it goes to the vault, and stands in no record."""
PersonId = NewType("PersonId", UUID)
PlaceId = NewType("PlaceId", UUID)
BodyId = NewType("BodyId", UUID)


@attrs.frozen
class Of:
    """What subjects a number is of, by their record."""

    record: Any


if TYPE_CHECKING:

    class Ref(UUID, Generic[R]):
        """The number of a subject whose record is an R. At run time a plain UUID; `Loans.ref(number)` says what it is of."""

else:

    class Ref:
        """The number of a subject: `Ref[Loan]`. It is a plain UUID, of which its annotation says what it is of."""

        def __class_getitem__(cls, record: Any) -> Any:
            return Annotated[UUID, Of(record)]


class Choice(StrEnum):
    """A closed list of codes, each with what people read: `DESK = "desk", "at the desk"`. A code alone is its own label."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        one = str.__new__(cls, code)
        one._value_ = code
        one.label = label or code
        return one


@attrs.frozen(kw_only=True)
class Occurred:
    """That an input says when something occurred: not in the future, not before the matter began.

    Attributes:
        counts: the move counts from then. What begins with it does so at once, what ends with it once somebody above has
            confirmed the earlier moment.
        since: when that began which it is about, where that is not the matter; None from it: nobody knows.
    """

    counts: bool = False
    since: "Callable[[Context[Any]], date | None] | None" = None


@attrs.frozen
class Input:
    """What is known of an input beside its type: `category: Annotated[str, Input("in a word", longest=40)]`.

    Attributes:
        help: what is asked, in English.
        longest: characters of a text.
        least, most: of a number; of money, in fen, where nothing below 0 is taken unless it says so; of files, how many.
        kinds: media types of files, such as `PHOTOS`; none: what every desk can open.
        largest: of a file, in bytes; or a function of the facts that says it.
        public: a text that is published as it is: it may name people, by a check of its own. Of a file: it is published, so
            that its content has a key of its own, and not the matter's.
        kept: False: the record has neither it nor a commitment to it, which few choices would tell; `record=` alone has it.
        occurred: it says when something occurred, which is not when it is recorded.
        by_engine: linli alone gives it, in an act that follows from another; nobody is asked for it.
        else_from: what holds where it is left out, a text of people's too: worked out of what the move finds.
        filled: where nobody gives it, `record=` says what it is, and the journal has that, also where it is as before.
        only_if: another input and the values of it with which alone this one is asked for; it must be given then:
            `only_if=("way", (Way.PAPER,))`. Its type ends with `| None`.
        was: what it was called in acts that are recorded.
        from_old: what makes its value of one that an earlier version recorded, where that has another type.
    """

    help: str = ""
    longest: int = 4000
    least: int | None = None
    most: int | None = None
    kinds: tuple[str, ...] = ()
    largest: "int | Callable[[Facts], int]" = 10_000_000
    public: bool = False
    kept: bool = True
    by_engine: bool = False
    occurred: Occurred | None = None
    else_from: "Callable[[Transition[Any, Any]], str | None] | None" = None
    filled: bool = False
    only_if: tuple[str, tuple[object, ...]] | None = None
    was: tuple[str, ...] = ()
    from_old: "Callable[[Any], Any] | None" = None


@attrs.frozen(kw_only=True)
class NoInputs:
    """The inputs of a move that asks for nothing."""


class Sealed(str):
    """What somebody gave in their own words, in an act that is read back: it is in the vault, so that this has no text.

    `district.read(subject, reason)` opens it. It is true, as what was given is.
    """

    def __bool__(self) -> bool:
        return True


class Missing:
    """What an act that is read back does not have: nobody was asked for it then, or it is kept nowhere."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()

Reason = Annotated[Private, Input("why")]


@attrs.frozen(kw_only=True)
class Reading:
    """The inputs of reading what people wrote."""

    reason: Annotated[Private, Input("why it is read; it is kept", longest=200)]


@attrs.frozen(kw_only=True)
class Why:
    """The inputs of the many moves that ask for a reason alone."""

    reason: Reason


# --- the fields of a class of inputs ----------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Field:
    """An input as everything sees it that is made from it.

    Attributes:
        kind: "text", "private", "whole number", "yes or no", "number", "day", "moment", "person", "place", "organisation",
            "place or organisation", "subject", "choice", "money", "seat", "point", "file", "record"; "any" of what linli
            alone gives.
        type: what a value is, of a list what is in it.
        many: whether it is a list, or a table by names.
        keyed: whether it is a table by names.
        choices: the codes allowed; empty: any.
        labels: by code, what people read.
        of: the record of the subjects that a number may be of; None: it is no such number.
        fields: of a small record, a seat and a point, what it is asked for.
    """

    name: str
    kind: str
    type: type
    required: bool
    default: object = None
    many: bool = False
    keyed: bool = False
    choices: tuple[object, ...] = ()
    labels: Mapping[str, str] = attrs.field(factory=dict)
    input: Input = Input()
    of: Any = None
    fields: "tuple[Field, ...]" = ()

    @property
    def private(self) -> bool:
        """Whether it goes to the vault."""
        return self.kind == "private"

    @property
    def asked(self) -> bool:
        """Whether people are asked for it: else linli alone gives it."""
        return not self.input.by_engine

    @property
    def has_moments(self) -> bool:
        """Whether it is a moment, or has some in it."""
        return self.kind == "moment" or any(one.has_moments for one in self.fields)


class WrongInput(LinliError):
    """A class of inputs has something that is none."""


_KINDS: Mapping[Any, tuple[str, type]] = {
    str: ("text", str), Private: ("private", str), int: ("whole number", int), bool: ("yes or no", bool),
    Decimal: ("number", Decimal), date: ("day", date), datetime: ("moment", datetime), UUID: ("subject", UUID),
    PersonId: ("person", UUID), PlaceId: ("place", UUID), BodyId: ("organisation", UUID),
    Fen: ("money", int), Seat: ("seat", Seat), Point: ("point", Point), KeptFile: ("file", KeptFile),
}  # fmt: skip


def fields_of(inputs: type) -> tuple[Field, ...]:
    """The fields of a class of inputs, in their order.

    Raises: WrongInput where it is no attrs class, or has something in it that no input can be.
    """
    if not (isinstance(inputs, type) and attrs.has(inputs)):
        raise WrongInput(say("{name} is no attrs class, so nothing can be asked by it", name=str(inputs)))
    hints = typing.get_type_hints(inputs, include_extras=True)
    return tuple(_field(inputs, one, hints[one.name]) for one in attrs.fields(inputs))


def _field(inputs: type, one: "attrs.Attribute[Any]", hint: Any) -> Field:
    inner, known, several = _unwrapped(hint)
    many = several is not None
    if any(isinstance(extra, Input) and extra.by_engine for extra in known) and not _is_known(inner):
        # Nobody is asked for it: it is as the record has it.
        several, many = None, False
        found: tuple[str, type, dict[str, Any]] = ("any", object, {})
    else:
        found = _kind(inputs, one.name, inner)
    kind, type_, more = found
    more["of"] = next((extra.record for extra in known if isinstance(extra, Of)), None)
    optional = types.NoneType in known or one.default is not attrs.NOTHING
    _must_be_sensible(f"{inputs.__name__}.{one.name}", kind, many, known)
    default = None if one.default is attrs.NOTHING or isinstance(one.default, FACTORY) else one.default
    return Field(
        name=one.name,
        kind=kind,
        type=type_,
        required=not optional,
        default=default.value if isinstance(default, Choice) else default,
        many=many,
        keyed=several is Mapping,
        input=next((extra for extra in known if isinstance(extra, Input)), Input()),
        **more,
    )


FACTORY: Any = type(attrs.Factory(list))


def _must_be_sensible(name: str, kind: str, many: bool, known: list[Any]) -> None:
    """WrongInput for what cannot be asked for: a list of private texts, limits of what is no number."""
    if many and kind == "private":
        raise WrongInput(say("{name}: private texts are asked for one by one", name=name))
    if kind not in ("day", "moment") and any(isinstance(one, Input) and one.occurred for one in known):
        raise WrongInput(say("{name}: only a day or a moment says when something occurred", name=name))
    for one in known:
        limited = isinstance(one, Input) and (one.least is not None or one.most is not None)
        fine = kind == "file" if many else kind in ("whole number", "number", "money")
        if limited and not fine:
            raise WrongInput(say("{name}: only a number has least and most", name=name))


def _unwrapped(hint: Any) -> tuple[Any, list[Any], type | None]:
    """A type without `Annotated`, `| None` and what holds several, what these say, and what holds them."""
    known: list[Any] = []
    several: type | None = None
    while True:
        origin = typing.get_origin(hint)
        if origin is Annotated:
            hint, *extra = typing.get_args(hint)
            known += extra
        elif origin in (Union, types.UnionType) and types.NoneType in typing.get_args(hint):
            known.append(types.NoneType)
            hint = Union[tuple(one for one in typing.get_args(hint) if one is not types.NoneType)]  # noqa: UP007
        elif origin is tuple and typing.get_args(hint)[1:] == (Ellipsis,):
            several, hint = tuple, typing.get_args(hint)[0]
        elif origin is Mapping and typing.get_args(hint)[0] is str:
            several, hint = Mapping, typing.get_args(hint)[1]
        else:
            return hint, known, several


def _is_known(hint: Any) -> bool:
    return hint in _KINDS or typing.get_origin(hint) is Literal or isinstance(hint, type)


def _kind(inputs: type, name: str, hint: Any) -> tuple[str, type, dict[str, Any]]:
    if typing.get_origin(hint) is Literal and all(isinstance(one, str) for one in typing.get_args(hint)):
        return "choice", type(typing.get_args(hint)[0]), {"choices": typing.get_args(hint)}
    if isinstance(hint, type) and issubclass(hint, Choice):
        labels = {str(one.value): one.label for one in hint}
        return "choice", hint, {"choices": tuple(labels), "labels": labels}
    if set(typing.get_args(hint)) == {PlaceId, BodyId}:
        return "place or organisation", UUID, {}
    if hint not in _KINDS and isinstance(hint, type) and attrs.has(hint):
        return "record", hint, {"fields": _small(hint)}
    if hint not in _KINDS:
        raise WrongInput(
            say(
                "{name}: {type} can be no input; there are: {known}",
                name=f"{inputs.__name__}.{name}",
                type=getattr(hint, "__name__", str(hint)),
                known=", ".join(sorted({one.__name__ for one in _KINDS} | {"Choice", "Literal", "Ref"})),
            )
        )
    kind, type_ = _KINDS[hint]
    return kind, type_, {"fields": _PARTS.get(kind, ())}


# What is asked for of a seat and of a point; see `linli._model.values.made`.
_PARTS: Mapping[str, tuple[Field, ...]] = {
    "seat": (
        Field(name="role", kind="text", type=str, required=False, input=Input("the role; none: any post there", longest=40)),
        Field(name="at", kind="place or organisation", type=UUID, required=True, input=Input("where it is")),
    ),
    "point": (
        Field(name="latitude", kind="number", type=Decimal, required=True, input=Input("in degrees", least=LATITUDES[0], most=LATITUDES[1])),
        Field(name="longitude", kind="number", type=Decimal, required=True, input=Input("in degrees", least=LONGITUDES[0], most=LONGITUDES[1])),
        Field(
            name="coordinate_system", kind="choice", type=str, required=False, choices=tuple(SYSTEMS), labels=SYSTEMS,
            input=Input("the map that it is from; none: WGS-84"),
        ),
    ),
}  # fmt: skip


def _small(kind: type) -> tuple[Field, ...]:
    """The fields of a small record; WrongInput for what only a move itself can be asked for."""
    fields = fields_of(kind)
    for one in fields:
        plain = not (one.many or one.fields or one.private or one.kind == "file")
        if not plain or one.input.occurred or not one.input.kept:
            raise WrongInput(
                say("{name}: a small record has plain values alone", name=f"{kind.__name__}.{one.name}")
            )
    return fields


def plain_values(given: object) -> dict[str, Any]:
    """The values of inputs by their names, codes for choices, without those that are None."""
    return {name: value for name, value in _plain(given) if value is not None}


def _plain(given: object) -> Iterator[tuple[str, Any]]:
    for one in attrs.fields(cast(Any, type(given))):
        value = getattr(given, one.name)
        if isinstance(value, tuple):
            value = tuple(_code(each) for each in value)
        elif isinstance(value, Mapping):
            value = {name: _code(each) for name, each in value.items()}
        yield one.name, _code(value)


def _code(value: Any) -> Any:
    if isinstance(value, GivenFile):
        return value  # its content goes to the vault once the act is made
    if attrs.has(type(value)):
        return plain_values(value)
    return value.value if isinstance(value, Choice) else value
