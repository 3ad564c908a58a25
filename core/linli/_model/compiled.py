"""Workflows as the engine runs them, made from the classes that plugins declare (`linli.contract`).

What is here has names where a class has objects: it is what the record, the commands and the pages read.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from linli._base.calendar import Hours
from linli._base.refusals import Refusal
from linli._model.access import ENGINE, NOBODY, Role, Seat

if TYPE_CHECKING:
    from linli._model.deadlines import Escalation, OverdueClock
    from linli._model.facts import Facts
    from linli._model.inputs import Field, Occurred
    from linli._model.running import Typed
    from linli._model.subjects import StoredSubject


@attrs.frozen
class State:
    """Where a subject can be.

    Attributes:
        label: what people read, in English; the catalogues have the other languages.
        ends: how a subject that stands here has ended: the outcomes to choose from; empty: open.
        visible_to: who may see a subject here, beside its holder and whom it is about; None: whoever has
            a post at its place or above.
        turn: who has to act next on what stands here; NOBODY where nothing is waited for, such as a branch in
            being. None: whoever may make the first move that leads on from here, see `Workflow.turn_in`.
    """

    name: str
    label: str = ""
    ends: tuple[str, ...] = ()
    visible_to: Role | None = None
    turn: Role | None = None


@attrs.frozen(kw_only=True)
class Quota:
    """Units of the ledger that a move takes, holds, spends or gives back.

    Attributes:
        source: the account owner, unit and amount to take for a subject.
        empty: what is said where too little is left, and what to do then; else the amounts.
    """

    name: str
    source: Callable[["StoredSubject", "Facts"], "Amount"]
    empty: Refusal | None = None


@attrs.frozen(kw_only=True)
class Amount:
    """What a quota takes: `amount` of `unit` from what `owner` has free."""

    owner: UUID
    unit: str
    amount: int


@attrs.frozen(kw_only=True)
class Move:
    """A step from states to a state.

    Attributes:
        sources: the states it leaves from; empty: it opens a subject.
        to: the state it leads to; None: it stays where it is.
        by: who may make it.
        computed: the names of what linli alone works out when it is made.
        first: the move that whoever makes this one makes before it, in the same act, where that is still to do.
        back: it leads back to the state that the subject came from; `to` is for records that do not say it.
        resets: clocks whose limit is worked out anew; what they counted stays where the hours are of one kind.
        not_by: moves of the same matter whose makers may not make this one; "opinion.approve" is one
            of any part of it, and of what it is `one_with`.
        takes, spends, releases: names of the workflow's quotas.
        when_empty: the state to go to where a quota has nothing left; None: refused.
        typed: its callbacks, and what makes its inputs.
    """

    name: str
    sources: tuple[str, ...]
    to: str | None
    by: Role = ENGINE
    label: str = ""
    computed: frozenset[str] = frozenset()
    first: str = ""
    back: bool = False
    resets: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    spends: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    when_empty: str | None = None
    typed: "Typed"

    @property
    def by_itself(self) -> bool:
        """Whether linli makes it when it is time; judged after each act."""
        return self.typed.when is not None

    @property
    def fields(self) -> "tuple[Field, ...]":
        """What it asks for; values named as a field of the record are kept in it."""
        return self.typed.fields

    @property
    def inputs(self) -> type:
        """The class of what it asks for."""
        return self.typed.move.inputs

    @cached_property
    def asked(self) -> frozenset[str]:
        """The names of what can be given, by people or by linli."""
        return frozenset(one.name for one in self.fields)

    @cached_property
    def by_engine(self) -> frozenset[str]:
        """The names of what linli alone gives."""
        return frozenset(one.name for one in self.fields if not one.asked)

    @cached_property
    def moments(self) -> "tuple[Field, ...]":
        """The moments that it asks for, and what has some in it."""
        return tuple(one for one in self.fields if one.has_moments)

    @cached_property
    def files(self) -> "tuple[Field, ...]":
        """The files that it asks for."""
        return tuple(one for one in self.fields if one.kind == "file")

    @cached_property
    def dated(self) -> "tuple[tuple[Field, Occurred], ...]":
        """What it asks of when something occurred."""
        return tuple((one, one.input.occurred) for one in self.fields if one.input.occurred)


@attrs.frozen(kw_only=True)
class PartKey:
    """One child to open: its key among its siblings, who holds it, what its first move is given."""

    key: str
    holder: Seat | None = None
    values: Mapping[str, object] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Part:
    """A child subject with a workflow of its own, one per key.

    Attributes:
        start: the child's opening move.
        opens_in: the state on whose entering the engine opens one child per key of `one_per`;
            None: effects open the children.
    """

    name: str
    workflow: str
    start: str
    opens_in: str | None = None
    one_per: Callable[["StoredSubject", "Facts"], Iterable[PartKey]] | None = None


@attrs.frozen(kw_only=True)
class Limit:
    """How long a clock may run: a span, counted in elapsed or in service hours."""

    span: timedelta
    hours: Hours = Hours.ELAPSED


@attrs.frozen(kw_only=True)
class Clock:
    """A deadline of the subject, not of a move: routing again, sending again and reopening never restart it.

    Attributes:
        runs_in: the states in which time counts.
        pauses_in: the states in which it stops; a move into one must ask for a reason. In all
            other states the clock has stopped for good, or until it runs again.
        limit: how long; None: this subject has no such deadline.
        then: the move that linli makes when it passes: what was not fetched expires. None: nobody's
            silence decides anything, and the ladder is climbed.
        ladder: who hears of it next when it has passed; None: whom the plugins' hook names.
        afresh: each time that it begins it counts from nothing, with a limit of its own: the end of a pause.
    """

    name: str
    runs_in: tuple[str, ...]
    limit: Callable[["StoredSubject", "Facts"], Limit | None]
    pauses_in: tuple[str, ...] = ()
    then: str | None = None
    ladder: "Callable[[OverdueClock, Facts], Escalation | None] | None" = None
    afresh: bool = False


@attrs.frozen(kw_only=True)
class Workflow:
    """A mechanism of the district.

    Attributes:
        name: also the subject's kind, and the first half of its verbs ("request.submit").
        record: an attrs class of what is kept with each subject: no personal data.
        accepted_in: the state on whose first entering `Subject.accepted_at` is set.
        was: old names of states to new ones, so that old records stay readable.
        summary_fields: the fields of the record that say in a list which one it is: its title, its kind.
        hidden_fields: fields of the record with the district's own codes: programs have them, `show` in words does not.
        one_with: fields of the record that name what is one matter with this one: a gate names its matter.
        reading: the move by which people read what was written, where nothing more is asked of it than why.
        holds_person: whether whom it is from is erased only when it has ended.
    """

    name: str
    label: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    record: type
    parts: tuple[Part, ...] = ()
    clocks: tuple[Clock, ...] = ()
    quotas: tuple[Quota, ...] = ()
    accepted_in: str | None = None
    was: Mapping[str, str] = attrs.field(factory=dict)
    summary_fields: tuple[str, ...] = ()
    hidden_fields: tuple[str, ...] = ()
    one_with: tuple[str, ...] = ()
    reading: Move | None = None
    holds_person: bool = False

    @cached_property
    def by_state(self) -> Mapping[str, State]:
        """The states by name, old names included."""
        found = {state.name: state for state in self.states}
        return found | {old: found[new] for old, new in self.was.items()}

    @cached_property
    def by_move(self) -> Mapping[str, Move]:
        """The moves by name, reading among them."""
        reading = (self.reading,) if self.reading else ()
        return {move.name: move for move in (*self.moves, *reading)}

    @cached_property
    def by_quota(self) -> Mapping[str, Quota]:
        """The quotas by name."""
        return {quota.name: quota for quota in self.quotas}

    @cached_property
    def by_clock(self) -> Mapping[str, Clock]:
        """The clocks by name."""
        return {clock.name: clock for clock in self.clocks}

    @cached_property
    def after_clock(self) -> Mapping[str, str]:
        """By clock, the move that linli makes when it passes."""
        return {clock.name: clock.then for clock in self.clocks if clock.then}

    @cached_property
    def fields(self) -> frozenset[str]:
        """The names of the record's fields."""
        return frozenset(field.name for field in attrs.fields(self.record))

    @cached_property
    def led_back_from(self) -> frozenset[str]:
        """The states that a move leads back out of, to where the subject came from."""
        return frozenset(state for move in self.moves if move.back for state in move.sources)

    @cached_property
    def own_moves(self) -> tuple[Move, ...]:
        """The moves that the engine makes by itself, in the order declared."""
        return tuple(move for move in self.moves if move.by_itself)

    def moves_from(self, state: str) -> list[Move]:
        """The moves that leave from `state`."""
        return [move for move in self.moves if state in move.sources]

    def turn_in(self, state: str) -> Role:
        """Whose turn it is in a state: as it declares, else whose move is the first that leads on.

        A move that ends the subject from several states is no step on: one can withdraw or cancel at any time.
        """
        known = self.by_state[state]
        if known.ends or known.turn is not None:
            return known.turn or NOBODY
        return next((move.by for move in self.moves_from(known.name) if self._leads_on(move)), NOBODY)

    @cached_property
    def once_accepted(self) -> frozenset[str]:
        """The states in which a subject can be that was accepted."""
        found, new = set[str](), {self.accepted_in} if self.accepted_in else set()
        while new:
            found |= new
            moves = [move for state in new for move in self.moves_from(str(state))]
            new = {to for move in moves for to in (move.to, move.when_empty) if to} - found
        return frozenset(found)

    def _leads_on(self, move: Move) -> bool:
        by_people = not move.by_itself and bool(move.by.posts or move.by.holder or move.by.own)
        if not by_people or move.to in (None, *move.sources):
            return False
        return not (self.by_state[str(move.to)].ends and len(move.sources) > 1)
