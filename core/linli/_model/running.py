"""A declared move as the engine runs it: its inputs made of what was given, its callbacks called with a transition."""

import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, get_type_hints
from uuid import UUID

import attrs

from linli._base import codec
from linli._base.errors import PluginError
from linli._base.i18n import say
from linli._base.records import evolve
from linli._base.refusals import Refusal
from linli._model.access import ENGINE
from linli._model.contexts import Context, Transition
from linli._model.figures import Count, back
from linli._model.files import KeptFile
from linli._model.inputs import FACTORY, MISSING, Choice, Field, Sealed, fields_of
from linli._model.moves import Clock, Counting, Move, Opening
from linli._model.values import made

if TYPE_CHECKING:
    from linli._model.acts import Act
    from linli._model.facts import Facts
    from linli._model.subjects import StoredSubject


class _Recorded(Transition[Any, Any]):
    """A move whose inputs are read back from its act where they are asked for."""

    def __getattr__(self, name: str) -> Any:
        if name != "given":
            raise AttributeError(name)
        return self._read_back()


class Typed:
    """The callbacks of a move, with what makes its inputs of the values that were given.

    Attributes:
        needs, then, computes, reads: as the move has them, guarded once a plugin has brought it.
        fields: what it asks for.
    """

    def __init__(self, move: Move[Any, Any], fields: tuple[Field, ...]) -> None:
        self.move, self.fields = move, fields
        clocks = [clock for clock in move.flow.clocks if clock.then is move]
        # What people may make too they make when they like.
        rung = [_has_rung(clocks)] if clocks and move.by == ENGINE else []
        self.needs = (*rung, *move.needs, *move.flow.needs)
        self.then, self.computes, self.outcome = move.then, move.computes, move.path.outcome
        self.reads = move.reads
        self.when, self.label = move.when, move.label or move.name.replace("_", " ")
        self._begins_in = move.path.target.name if isinstance(move, Opening) and move.path.target else None
        self._open = tuple(one.name for one in fields if one.input.kept and not one.private)
        self._private = tuple(one.name for one in fields if one.private)
        self._else = [(one.name, one.input.else_from) for one in fields if one.input.else_from]
        self._filled = frozenset(one.name for one in fields if one.input.filled)
        self._shapes = get_type_hints(move.flow.record_type, include_extras=True)
        self._kept = tuple(name for name in self._open if name in self._shapes)
        self._names = tuple(one.name for one in attrs.fields(move.flow.record_type))
        self._values = _values_of(self._names)
        self._begun_with = tuple(one.default for one in attrs.fields(move.flow.record_type))
        self._plain = {name: _plain_types(hint) for name, hint in self._shapes.items()}

    def with_guard(self, guard: Callable[[Callable[..., Any]], Callable[..., Any]]) -> "Typed":
        """The same, with each callback guarded."""
        other = copy(self)
        other.needs, other.then = tuple(map(guard, self.needs)), tuple(map(guard, self.then))
        other.computes = guard(self.computes) if self.computes else None
        other.when = guard(self.when) if self.when else None
        other.reads = guard(self.reads) if self.reads else None
        other._else = [(name, guard(instead)) for name, instead in self._else]
        other.fields = tuple(_guarded(one, guard) for one in self.fields)
        if self.outcome is not None and not isinstance(self.outcome, Choice):
            other.outcome = guard(self.outcome)
        return other

    def completed(self, before: "StoredSubject", given: Any, scene: tuple[Any, ...]) -> Any:
        """The inputs, with what `else_from` says of those that were left out. Args: scene: as of `computed`."""
        left_out = [one for one in self._else if getattr(given, one[0]) is None]
        if not left_out:
            return given
        facts, *who = scene
        t: Transition[Any, Any] = Transition(facts, before, before, self.move, given, *who)
        found = {name: text for name, instead in left_out if (text := instead(t))}
        return evolve(given, **found)

    def fetch(self, before: "StoredSubject", given: Any, scene: tuple[Any, ...]) -> None:
        """Ask at once what its callbacks will. Args: scene: as of `computed`."""
        if self.reads:
            facts, *who = scene
            t: Transition[Any, Any] = Transition(facts, before, before, self.move, given, *who)
            facts.fetch(self.reads(t))

    def private_values(self, given: Any) -> dict[str, str]:
        """What was given in people's own words."""
        if not self._private:
            return {}
        return {name: text for name in self._private if (text := getattr(given, name))}

    def given_in(self, act: "Act") -> Any:
        """The inputs of a recorded act, read by the class of today; nothing that it lacks or has otherwise raises.

        What was private is `Sealed`, what is not there and has no default is `MISSING`.
        """
        return read_back(self.move.inputs, self.fields, act.body.get("values", {}))

    def open_values(self, given: Any) -> dict[str, object]:
        """What was given, but for private texts and what was left out, as the record has it."""
        return {name: value for name in self._open if (value := getattr(given, name)) is not None}

    def transition(
        self, act: "Act", before: "StoredSubject", after: "StoredSubject", facts: "Facts", given: Any
    ) -> Transition[Any, Any]:
        """The move as its callbacks see it."""
        before = self._begun(before)
        found: Transition[Any, Any] = Transition(
            facts, before, after, self.move, given, act.id, act.actor, act.acting_as, act.version
        )
        found.act = act
        return found

    def recorded(
        self, act: "Act", before: "StoredSubject", after: "StoredSubject", facts: "Facts"
    ) -> Transition[Any, Any]:
        """The move as a figure sees it. It may count as if it had been made, so inputs are read only where it asks."""
        who = (act.id, act.actor, act.acting_as, act.version)
        found = _Recorded(facts, self._begun(before), after, self.move, None, *who)
        vars(found).pop("given")
        vars(found).update(act=act, _read_back=partial(self.given_in, act))
        return found

    def is_time(self, subject: "StoredSubject", facts: "Facts") -> bool:
        """Whether linli makes it by itself now."""
        return bool(self.when and self.when(Context(facts, subject, self.move.flow)))

    def computed(self, before: "StoredSubject", given: Any, scene: tuple[Any, ...]) -> Mapping[str, object]:
        """What linli works out of the record, by field: what differs from the record with what was given in it.

        Args:
            scene: the facts, the act's number, who acts and as what.
        """
        outcome = self.outcome
        if self.computes is None and (outcome is None or isinstance(outcome, Choice)):
            return {"outcome": outcome.value} if outcome else {}
        kept = {name: value for name in self._kept if (value := getattr(given, name)) is not None}
        after = before = self._begun(before)
        if kept and self._begins_in is None:
            after = evolve(before, record=evolve(before.record, **kept))
        facts, ident, actor, acting_as = scene
        t: Transition[Any, Any] = Transition(facts, before, after, self.move, given, ident, actor, acting_as)
        found: dict[str, object] = {}
        if self.computes:
            found = self._differing(self.computes(t), t, kept)
            self._fit(found, given)
        if outcome is not None:
            found["outcome"] = (outcome if isinstance(outcome, Choice) else outcome(t)).value
        return found

    def _differing(
        self, record: Any, t: Transition[Any, Any], kept: Mapping[str, object]
    ) -> dict[str, object]:
        """What `record=` has worked out: what is not as it was or as it was given, and what it fills in."""
        kind = self.move.flow.record_type
        if type(record) is not kind:
            given = type(record).__name__
            raise PluginError(
                say(
                    "{move}: record= gives a {given}, not a {kind}",
                    move=self.move.code,
                    given=given,
                    kind=kind.__name__,
                )
            )
        known = self._begun_with if self._begins_in is not None else self._values(t.record)
        values = self._values(record)
        found = {
            name: value
            for name, value, was in zip(self._names, values, known, strict=True)
            # By identity first: a copy has the very values of what it is a copy of.
            if value is not was and value != was
        }
        for name, value in kept.items():
            if getattr(record, name) != value:
                raise PluginError(
                    say(
                        "{move}: record= may not change {field}, which was given",
                        move=self.move.code,
                        field=name,
                    )
                )
            found.pop(name, None)
        return found | {name: getattr(record, name) for name in self._filled - kept.keys() - found.keys()}

    def _begun(self, before: "StoredSubject") -> "StoredSubject":
        """Of an opening, the subject in the state that it opens in."""
        return before if self._begins_in is None else evolve(before, state=self._begins_in)

    def _fit(self, found: Mapping[str, object], given: Any) -> None:
        """PluginError where what was worked out could not be read again, or has in it what is private."""
        for name, value in found.items():
            if type(value) not in self._plain[name] and not _fits(self._shapes[name], value):
                problem = say(
                    "{move}: record= gives {field} a value that is none of its type",
                    move=self.move.code,
                    field=name,
                )
                raise PluginError(problem)
            if isinstance(value, str) and any(text in value for text in self.private_values(given).values()):
                raise PluginError(
                    say("{move}: record= puts private words into {field}", move=self.move.code, field=name)
                )


def _guarded(field: Field, guard: Callable[[Callable[..., Any]], Callable[..., Any]]) -> Field:
    if callable(field.input.largest):
        field = attrs.evolve(field, input=attrs.evolve(field.input, largest=guard(field.input.largest)))
    occurred = field.input.occurred
    if occurred is None or occurred.since is None:
        return field
    guarded = attrs.evolve(occurred, since=guard(occurred.since))
    return attrs.evolve(field, input=attrs.evolve(field.input, occurred=guarded))


def _values_of(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """The values of a record's fields, in their order."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _plain_types(hint: Any) -> frozenset[type]:
    """The types whose values a field always reads again: of `str | None` both; none where more must be looked at."""
    members = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
    known = {getattr(one, "__supertype__", one) for one in members}
    fine = {one for one in known if one in _ALWAYS or (isinstance(one, type) and issubclass(one, Choice))}
    return frozenset(fine)


_ALWAYS = (int, bool, date, Decimal, UUID, types.NoneType)


def _fits(shape: Any, value: Any) -> bool:
    naive = isinstance(value, datetime) and value.utcoffset() is None
    return not naive and codec.fits(shape, value)


def read_back(inputs: type, fields: tuple[Field, ...], values: Mapping[str, Any]) -> Any:
    """The inputs that an act had, of the values that it kept."""
    found: Any = object.__new__(inputs)
    for one, declared in zip(fields, attrs.fields(inputs), strict=True):
        # As it stands: a class of inputs may refuse today what it took then.
        object.__setattr__(found, declared.name, _recorded(one, declared, values))
    return found


def _recorded(field: Field, declared: "attrs.Attribute[Any]", values: Mapping[str, Any]) -> Any:
    """A value of an act that is read back, under any name that its input had."""
    value = next(
        (values[name] for name in (field.name, *field.input.was) if values.get(name) is not None), None
    )
    if value is not None and field.private:
        return Sealed()
    if value is not None:
        try:
            return field.input.from_old(value) if field.input.from_old else _read(field, value)
        except (
            Exception
        ):  # whatever an old act has there, and whatever a plugin makes of it: reading it never fails
            return MISSING
    if declared.default is attrs.NOTHING:
        return MISSING if field.required else None
    return declared.default.factory() if isinstance(declared.default, FACTORY) else declared.default


def _read(field: Field, value: Any) -> Any:
    """A value as its input has it: codes as choices, texts as what they mean."""
    if field.keyed:
        return {name: _one(field, each) for name, each in value.items()}
    return tuple(_one(field, each) for each in value) if field.many else _one(field, value)


def _one(field: Field, value: Any) -> Any:
    if field.kind == "file" and isinstance(value, Mapping):
        return KeptFile(**{**value, "id": UUID(str(value["id"]))})
    if field.fields and isinstance(value, Mapping):
        parts = ((one, value.get(one.name)) for one in field.fields)
        return made(field.type, {one.name: _read(one, found) for one, found in parts if found is not None})
    if isinstance(value, field.type) and not (field.type is int and isinstance(value, bool)):
        return value
    if not isinstance(value, str):
        raise TypeError(field.name)
    return _READERS.get(field.type, field.type)(value)


_READERS: Mapping[type, Callable[[str], Any]] = {date: date.fromisoformat, datetime: datetime.fromisoformat}


class TimeNotOver(Refusal, says="its time is not over"): ...


def _has_rung(clocks: Sequence[Clock[Any]]) -> Callable[[Transition[Any, Any]], Refusal | None]:
    """What clocks lead to is made when one that runs in its state has rung, and not before."""

    def need(t: Transition[Any, Any]) -> Refusal | None:
        here = [clock for clock in clocks if t.before.state in clock.runs_in] or clocks
        return None if any(map(t.before.rang, here)) else TimeNotOver()

    return need


def counting_by(counting: Counting) -> Callable[..., Iterable[Count]]:
    """A rule of a figure: what takes back, or one that is asked with the facts of the act."""
    rule = counting.counts
    if counting.entering is not None:
        return _entering(counting.entering)
    if rule is None:
        return back
    typed = Typed(counting.move, fields_of(counting.move.inputs))

    def counts(
        act: "Act", before: "StoredSubject | None", after: "StoredSubject | None", facts: "Facts"
    ) -> Iterable[Count]:
        assert after is not None, "a move is one of a subject"
        yield from rule(typed.recorded(act, before or after, after, facts))

    counts.with_facts = True  # type: ignore[attr-defined]
    return counts


def _entering(states: frozenset[str]) -> Callable[..., Iterable[Count]]:
    """A rule that counts who comes to be in one of some states, and takes back who is no longer."""

    def counts(act: "Act", before: "StoredSubject | None", after: "StoredSubject | None") -> Iterable[Count]:
        was = before is not None and before.state in states
        now = after is not None and after.state in states
        if now != was:
            yield Count(n=now - was)

    return counts
