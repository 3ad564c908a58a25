"""A declared workflow as today's engine runs it. It goes when no workflow is left that is declared in the old way.

A move takes its typed callbacks along (`linli.workflow.Move.typed`); the engine calls them with a `Transition`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, get_type_hints

import attrs

from linli import codec
from linli import workflow as old
from linli._model.contexts import Context, Transition
from linli._model.inputs import Choice, Field, Occurred, fields_of, plain_values
from linli._model.ladders import Ladder
from linli._model.loading import problems_of
from linli._model.moves import Amount, Clock, Counting, Move, Opening, Part, Quota
from linli._model.states import Outcome
from linli._model.workflows import Workflow
from linli.deadlines import Late, Step, again_in, rung_now
from linli.errors import PluginError, Refused
from linli.figures import Count, back
from linli.i18n import Text, say
from linli.records import changed

if TYPE_CHECKING:
    from linli.acts import Act
    from linli.facts import Facts
    from linli.subjects import Subject

Flow = type[Workflow[Any]]
AnyFlow = old.Workflow | Flow


_COMPILED: dict[Flow, old.Workflow] = {}


def compiled(flow: Flow) -> old.Workflow:
    """The workflow as the engine runs it, made once.

    Raises: PluginError with every problem of it, a line each with its file and line.
    """
    if flow not in _COMPILED:
        problems = list(problems_of(flow))
        if problems:
            lines = "\n".join(map(str, problems))
            raise PluginError(
                say("workflow {name} cannot be used:\n{problems}", name=flow.name, problems=lines)
            )
        _COMPILED[flow] = _compiled(flow)
    return _COMPILED[flow]


def _compiled(flow: Flow) -> old.Workflow:
    return old.Workflow(
        name=flow.name,
        label=flow.label,
        record=flow.record_type,
        states=tuple(
            old.State(one.name, one.label, ends=one.outcomes, seen_by=one.visible_to, turn=one.turn)
            for one in flow.states.values()
        ),
        moves=tuple(_move(flow, one) for one in flow.moves.values()),
        parts=tuple(_part(flow, one) for one in flow.part_kinds),
        clocks=tuple(_clock(flow, one) for one in flow.clocks),
        quotas=tuple(_quota(flow, one) for one in flow.quotas),
        accepted_in=flow.accepted_in.name if flow.accepted_in else None,
        renamed=flow.was,
        told_by=flow.summary_fields,
        not_told=flow.hidden_fields,
        one_with=flow.one_with,
        read_by=flow.readable_by,
        holds_person=flow.holds_person,
    )


def as_run(flow: AnyFlow) -> old.Workflow:
    """A workflow as the engine runs it, however it is declared."""
    return compiled(flow) if isinstance(flow, type) else flow


def all_as_run(flows: Iterable[AnyFlow]) -> tuple[old.Workflow, ...]:
    """The same of several."""
    return tuple(map(as_run, flows))


def _move(flow: Flow, move: Move[Any, Any]) -> old.Move:
    fields = fields_of(move.inputs)
    given = {field.name for field in fields}
    computed = [one.name for one in attrs.fields(flow.record_type) if one.name not in given]
    outcome = move.path.outcome
    if outcome is not None:
        computed.append("outcome")
    return old.Move(
        name=move.name,
        label=move.label or move.name.replace("_", " "),
        sources=tuple(one.name for one in flow.states.values() if one in move.path.sources),
        to=move.path.target.name if move.path.target else None,
        by=move.by,
        when=_not_asked if move.when else None,
        asks=(
            *(_ask(flow, one) for one in fields),
            *(
                old.Ask(name=name, type=object, required=False, computed=True)
                for name in computed
                if move.computes or name == "outcome"
            ),
        ),
        first=move.first.name if move.first else "",
        back=move.path.back,
        resets=tuple(one.name for one in move.resets),
        apart_from=tuple(
            one.name if one.flow is flow else one.code for one in (*move.not_by, *move.barred_by)
        ),
        takes=tuple(one.name for one in move.holds),
        spends=tuple(one.name for one in move.spends),
        releases=tuple(one.name for one in move.releases),
        when_empty=move.when_empty.name if move.when_empty else None,
        typed=Typed(move, fields),
    )


def _ask(flow: Flow, field: Field) -> old.Ask:
    occurred = field.input.occurred
    return old.Ask(
        name=field.name,
        help=field.input.help,
        type=tuple if field.many else str if field.kind == "choice" else field.type,
        each=_EACH.get(field.kind, field.type) if field.many and field.kind != "choice" else None,
        required=field.required,
        private=field.private,
        choices=() if field.many else field.choices,
        labels=field.labels,
        of="seat" if field.kind in _NAMED and not field.many else "",
        longest=field.input.longest,
        least=field.input.least,
        most=field.input.most,
        public=field.input.public,
        default=field.default,
        kept=field.input.kept,
        was=_was(flow, occurred) if occurred else None,
        records=tuple(_ask(flow, one) for one in field.fields),
        only_if=field.input.only_if,
    )


_NAMED = ("place", "organisation", "place or organisation")
_EACH: Mapping[str, type] = {"record": Mapping}


def _was(flow: Flow, occurred: Occurred) -> old.Was:
    since = occurred.since
    if since is None:
        return old.Was(counts=occurred.counts)
    return old.Was(counts=occurred.counts, since=lambda subject, facts: since(Context(facts, subject, flow)))


def _not_asked(subject: "Subject", tree: Any) -> bool:
    """That linli makes a move by itself; the engine asks `Typed.is_time`, which has facts."""
    raise AssertionError("a move that is declared in a class is asked with facts")


def _quota(flow: Flow, quota: Quota[Any]) -> old.Quota:
    def source(subject: "Subject", facts: "Facts") -> old.Taking:
        found: Amount = quota.amount(Context(facts, subject, flow))
        return old.Taking(owner=found.owner, unit=found.unit, amount=found.n)

    return old.Quota(name=quota.name, source=source, empty=quota.empty)


def _clock(flow: Flow, clock: Clock[Any]) -> old.Clock:
    return old.Clock(
        name=clock.name,
        runs_in=tuple(one.name for one in flow.states.values() if one in clock.runs_in),
        pauses_in=tuple(one.name for one in flow.states.values() if one in clock.pauses_in),
        limit=lambda subject, facts: clock.limit(Context(facts, subject, flow)),
        then=clock.then.name if clock.then else None,
        ladder=_ladder(flow, clock.ladder) if clock.ladder else None,
        afresh=clock.afresh,
    )


def _ladder(flow: Flow, ladder: Ladder[Any]) -> Callable[[Late, "Facts"], Step | None]:
    def next_rung(late: Late, facts: "Facts") -> Step | None:
        seats = ladder.seats(Context(facts, late.subject, flow))
        again = facts.settings(ladder.settings).ladder_again
        return rung_now(late, seats, again if isinstance(again, timedelta) else again_in(again, late, facts))

    return next_rung


def _part(flow: Flow, part: Part[Any, Any, Any]) -> old.Part:
    def one_per(subject: "Subject", facts: "Facts") -> Iterator[old.PartKey]:
        for one in part.one_per(Context(facts, subject, flow)):
            yield old.PartKey(key=one.key, holder=one.holder, values=plain_values(one.given))

    return old.Part(
        name=part.name,
        workflow=part.start.flow.name,
        start=part.start.name,
        opens_in=part.in_.name if part.in_ else None,
        one_per=one_per if part.one_per else None,
    )


# --- what the engine calls ---------------------------------------------------------------------------


class Typed:
    """The callbacks of a move, with what makes its inputs of the values that were given.

    Attributes:
        needs, then, computes: as the move has them, guarded once a plugin has brought it.
    """

    def __init__(self, move: Move[Any, Any], fields: tuple[Field, ...]) -> None:
        self.move = move
        rung = [_has_rung(clock) for clock in move.flow.clocks if clock.then is move]
        self.needs, self.then, self.computes = (
            (*rung, *move.needs, *move.flow.needs),
            move.then,
            move.computes,
        )
        self.when, self.label = move.when, move.label or move.name.replace("_", " ")
        self.outcome = _worked_out(move.path.outcome)
        self._fields = {one.name: one for one in fields}
        self._shapes = get_type_hints(move.flow.record_type, include_extras=True)

    def with_guard(self, guard: Callable[[Callable[..., Any]], Callable[..., Any]]) -> "Typed":
        """The same, with each callback guarded."""
        other = copy(self)
        other.needs, other.then = tuple(map(guard, self.needs)), tuple(map(guard, self.then))
        other.computes = guard(self.computes) if self.computes else None
        other.when = guard(self.when) if self.when else None
        other.outcome = guard(self.outcome) if self.outcome else None
        return other

    def given(self, values: Mapping[str, object]) -> Any:
        """The inputs, of values by name. Refused where the class of inputs does not take them."""
        found = {name: value for name, value in values.items() if name in self._fields}
        try:
            read = {name: _read(self._fields[name], value) for name, value in found.items()}
            return self.move.inputs(**read)
        except (ValueError, TypeError, ArithmeticError):
            # Without what was given: it may be somebody's words.
            raise Refused(say("{move}: what was given is not taken", move=say(self.label))) from None

    def given_in(self, act: "Act") -> Any:
        """The inputs of a recorded act. What was private in it is empty: the journal has a commitment to it."""
        values = act.body.get("values", {})
        found = {name: one for name, one in self._fields.items() if values.get(name) is not None}
        return self.move.inputs(
            **{name: "" if one.private else _read(one, values[name]) for name, one in found.items()}
        )

    def open_values(self, given: Any) -> dict[str, object]:
        """What was given, but for private texts and what was left out, as the record has it."""
        return {
            name: value
            for name, field in self._fields.items()
            if not field.private and field.input.kept and (value := getattr(given, name)) is not None
        }

    def transition(
        self, act: "Act", before: "Subject", after: "Subject", facts: "Facts", given: Any
    ) -> Transition[Any, Any]:
        """The move as its callbacks see it."""
        before = self._begun(before)
        return Transition(facts, before, after, self.move, given, act.id, act.actor, act.acting_as)

    def is_time(self, subject: "Subject", facts: "Facts") -> bool:
        """Whether linli makes it by itself now."""
        return bool(self.when and self.when(Context(facts, subject, self.move.flow)))

    def computed(self, before: "Subject", given: Any, scene: tuple[Any, ...]) -> Mapping[str, object]:
        """What linli works out of the record, by field: what differs from the record with what was given in it.

        Args:
            scene: the facts, the act's number, who acts and as what.
        """
        if self.computes is None and self.outcome is None:
            return {}
        opening = isinstance(self.move, Opening)
        before = self._begun(before)
        kept = {name: value for name, value in self.open_values(given).items() if name in self._shapes}
        after = before if opening else changed(before, record=attrs.evolve(before.record, **kept))
        facts, ident, actor, acting_as = scene
        t = Transition[Any, Any](facts, before, after, self.move, given, ident, actor, acting_as)
        found = {"outcome": self.outcome(t).value} if self.outcome else {}
        if self.computes is None:
            return found
        record = self.computes(t)
        differing = _differing(self.move, record, None if opening else before.record, kept)
        self._fit(differing, [getattr(given, name) for name, one in self._fields.items() if one.private])
        return {**found, **differing}

    def _begun(self, before: "Subject") -> "Subject":
        """Of an opening, the subject in the state that it opens in."""
        target = self.move.path.target
        return changed(before, state=target.name) if isinstance(self.move, Opening) and target else before

    def _fit(self, found: Mapping[str, object], private: Sequence[str | None]) -> None:
        """PluginError where what was worked out could not be read again, or has in it what is private."""
        for name, value in found.items():
            naive = isinstance(value, datetime) and value.utcoffset() is None
            if naive or not codec.fits(self._shapes[name], value):
                problem = say(
                    "{move}: record= gives {field} a value that is none of its type",
                    move=self.move.code,
                    field=name,
                )
                raise PluginError(problem)
            if isinstance(value, str) and any(text and text in value for text in private):
                raise PluginError(
                    say("{move}: record= puts private words into {field}", move=self.move.code, field=name)
                )


def _worked_out(outcome: Outcome | None) -> Callable[[Any], Choice] | None:
    return (lambda t: outcome) if isinstance(outcome, Choice) else outcome


def _read(field: Field, value: Any) -> Any:
    """A value as its input has it: codes as choices, texts as what they mean."""
    return tuple(_one(field, each) for each in value) if field.many else _one(field, value)


def _one(field: Field, value: Any) -> Any:
    if field.fields and isinstance(value, Mapping):
        given = {one.name: value.get(one.name) for one in field.fields}
        return field.type(
            **{one.name: _read(one, given[one.name]) for one in field.fields if given[one.name] is not None}
        )
    if isinstance(value, field.type) and not (field.type is int and isinstance(value, bool)):
        return value
    if not isinstance(value, str):
        raise TypeError(field.name)
    return _READERS.get(field.type, field.type)(value)


_READERS: Mapping[type, Callable[[str], Any]] = {date: date.fromisoformat, datetime: datetime.fromisoformat}


def _has_rung(clock: Clock[Any]) -> Callable[[Transition[Any, Any]], Text | None]:
    """What a clock leads to is made when it has rung, and not before."""
    return lambda t: None if t.before.rang(clock) else say("its time is not over")


def _differing(
    move: Move[Any, Any], record: Any, before: Any, kept: Mapping[str, object]
) -> Mapping[str, object]:
    kind = move.flow.record_type
    if type(record) is not kind:
        raise PluginError(
            say(
                "{move}: record= gives a {given}, not a {kind}",
                move=move.code,
                given=type(record).__name__,
                kind=kind.__name__,
            )
        )
    found: dict[str, object] = {}
    for one in attrs.fields(kind):
        value = getattr(record, one.name)
        if one.name in kept:
            if value != kept[one.name]:
                raise PluginError(
                    say(
                        "{move}: record= may not change {field}, which was given",
                        move=move.code,
                        field=one.name,
                    )
                )
        elif value != (one.default if before is None else getattr(before, one.name)):
            found[one.name] = value
    return found


def counting_by(counting: Counting) -> Callable[..., Iterable[Count]]:
    """A rule of a figure: what takes back, or one that is asked with the facts of the act."""
    rule = counting.counts
    if rule is None:
        return back
    typed = Typed(counting.move, fields_of(counting.move.inputs))

    def counts(
        act: "Act", before: "Subject | None", after: "Subject | None", facts: "Facts"
    ) -> Iterable[Count]:
        assert after is not None, "a move is one of a subject"
        yield from rule(typed.transition(act, before or after, after, facts, typed.given_in(act)))

    counts.with_facts = True  # type: ignore[attr-defined]
    return counts
