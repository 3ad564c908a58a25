"""Workflows: mechanisms declared as data. One engine (`linli.engine`) runs them all.

Seven words: state, move, part, clock, role, check, effect (and a move may take a quota). There is no
expression language: what does not fit is a plugin's own table and a check.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_type_hints
from uuid import UUID

import attrs

from linli.access import ENGINE, NOBODY, Role, Seat
from linli.calendar import Hours
from linli.errors import LinliError
from linli.flaws import flaws
from linli.i18n import Text, say

if TYPE_CHECKING:
    from linli._model.running import Typed
    from linli.acts import Act
    from linli.conditions import Siblings
    from linli.deadlines import Late, Step
    from linli.effects import Effect
    from linli.facts import Facts
    from linli.subjects import Subject


@attrs.frozen
class State:
    """Where a subject can be.

    Attributes:
        label: what people read, in English; the catalogues have the other languages.
        ends: how a subject that stands here has ended: the outcomes to choose from; empty: open.
        seen_by: who may see a subject here, beside its holder and whom it is about; None: whoever has
            a post at its place or above.
        turn: who has to act next on what stands here; NOBODY where nothing is waited for, such as a branch in
            being. None: whoever may make the first move that leads on from here, see `Workflow.turn_in`.
    """

    name: str
    label: str = ""
    ends: tuple[str, ...] = ()
    seen_by: Role | None = None
    turn: Role | None = None


@attrs.frozen(kw_only=True)
class Was:
    """What is asked is when something was so: not in the future, not before the matter began. See decision 36.

    Attributes:
        counts: it is the moment that the move counts from. What begins with the move, its clocks and its
            acceptance, counts from then at once; what ends with it only when somebody above has confirmed that.
        since: when that began which it is about, where that is not the matter; None from it: nobody knows.
    """

    counts: bool = False
    since: Callable[["Subject", "Facts"], date | None] | None = None


@attrs.frozen(kw_only=True)
class Ask:
    """Something that a move asks of whoever makes it.

    Attributes:
        each: of a list that is no field of the record, what is in it; None: texts or numbers of linli's.
        type: what the value must be; text is at most `longest` characters, a number from `least` to `most`.
        private: what residents and staff write in their own words: it goes to the vault, and the
            journal keeps a keyed commitment to it.
        kept: False: only `fills`, and what those `Facts.hear`, have it; no keyed commitment, which few choices would tell.
        choices: the values allowed; empty: any. `labels`: by code, what people read.
        public: a text that is published, which the move looks at itself; see `linli.engine.border`.
        default: what holds where nothing is given.
        computed: linli alone works it out (a fill of the move, or the act that it follows from); nobody gives it.
        proposed: a fill of the move gives it where the caller does not.
        of: "seat" where a number is that of a place or an organisation: people may give its name; "person" where it is
            somebody's: a phone or an identity number may stand for it.
        was: it says when something was so, which is not when it is recorded.
        by_engine: the engine alone gives it, in an act that follows from another.
        records: of a list of small records, what each of them is asked for.
        only_if: the name of another ask and its values with which alone this one is asked for; then it must be given.
    """

    name: str
    help: str = ""
    each: type | None = None
    type: type = str
    of: Literal["", "seat", "person"] = ""
    required: bool = True
    private: bool = False
    kept: bool = True
    choices: tuple[object, ...] = ()
    labels: Mapping[str, str] = attrs.field(factory=dict)
    longest: int = 4000
    least: int | None = None
    most: int | None = None
    public: bool = False
    default: object = None
    computed: bool = False
    proposed: bool = False
    was: Was | None = None
    by_engine: bool = False
    records: tuple["Ask", ...] = ()
    only_if: tuple[str, tuple[object, ...]] | None = None

    @property
    def of_people(self) -> bool:
        """Whether somebody is asked for it: else linli gives it."""
        return not (self.computed or self.by_engine)


REASON = Ask(name="reason", help="why", private=True)
READ_REASON = Ask(name="reason", help="why it is read; it is kept", longest=200, private=True)


class Test(Protocol):
    """A check of the subject as the act would leave it, and as it was: None, or why it may not happen."""

    def __call__(
        self, act: "Act", subject: "Subject", before: "Subject", facts: "Facts", /
    ) -> Text | None: ...


def in_turn(*tests: Test) -> Test:
    """One check of several, of which the later say nothing useful where an earlier one fails."""
    return lambda *scene: next((reason for test in tests if (reason := test(*scene))), None)


@attrs.frozen(kw_only=True)
class Quota:
    """Units of the ledger that a move takes, holds, spends or gives back.

    Attributes:
        source: the account owner, unit and amount to take for a subject.
        empty: what is said where too little is left, and what to do then; else the amounts.
    """

    name: str
    source: Callable[["Subject", "Facts"], "Taking"]
    empty: Text | None = None


@attrs.frozen(kw_only=True)
class Taking:
    """What a quota takes: `amount` of `unit` from what `owner` has free."""

    owner: UUID
    unit: str
    amount: int


Produces = Callable[["Act", "Subject", "Facts"], Iterable["Effect"]]
Fills = Callable[["Subject", Mapping[str, object], "Facts"], Mapping[str, object]]


@attrs.frozen(kw_only=True)
class Move:
    """A step from states to a state.

    Attributes:
        sources: the states it leaves from; empty: it opens a subject.
        to: the state it leads to; None: it stays where it is.
        by: who may make it.
        when: for the engine's own moves: whether it is time. Judged after each act.
        asks: what whoever makes it must give; values named as a field of the record are kept in it.
        fills: what linli works out: values of asks that are `computed`, and of those `proposed` that were not given.
        first: the move that whoever makes this one makes before it, in the same act, where that is still to do.
        back: it leads back to the state that the subject came from; `to` is for records that do not say it.
        clears: fields of the record that are as at first again.
        resets: clocks whose limit is worked out anew; what they counted stays where the hours are of one kind.
        apart_from: moves of the same matter whose makers may not make this one; "opinion.approve" is one
            of any part of it, and of what it is `one_with`.
        takes, spends, releases: names of the workflow's quotas.
        when_empty: the state to go to where a quota has nothing left; None: refused.
        typed: what a move that is declared in a class has instead of fills, checks and effects.
    """

    name: str
    sources: tuple[str, ...]
    to: str | None
    by: Role = ENGINE
    label: str = ""
    when: Callable[["Subject", "Siblings"], bool] | None = None
    asks: tuple[Ask, ...] = ()
    fills: tuple[Fills, ...] = ()
    checks: tuple[Test, ...] = ()
    first: str = ""
    back: bool = False
    clears: tuple[str, ...] = ()
    resets: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    spends: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    when_empty: str | None = None
    effects: tuple[Produces, ...] = ()
    typed: "Typed | None" = None

    @cached_property
    def given(self) -> tuple[Ask, ...]:
        """What can be given: of a move that is declared in a class, nothing that linli works out."""
        return tuple(ask for ask in self.asks if not (self.typed and ask.computed))

    @cached_property
    def asked(self) -> frozenset[str]:
        """The names of what it asks for."""
        return frozenset(ask.name for ask in self.asks)

    @cached_property
    def computed(self) -> frozenset[str]:
        """The names of what linli alone works out."""
        return frozenset(ask.name for ask in self.asks if ask.computed)

    @cached_property
    def by_engine(self) -> frozenset[str]:
        """The names of what the engine alone gives."""
        return frozenset(ask.name for ask in self.asks if ask.by_engine)

    @cached_property
    def filled(self) -> frozenset[str]:
        """The names of what its fills may give."""
        return frozenset(ask.name for ask in self.asks if ask.computed or ask.proposed)

    @cached_property
    def moments(self) -> frozenset[str]:
        """The names of the moments that it asks for."""
        return frozenset(ask.name for ask in self.asks if ask.type is datetime)

    @cached_property
    def dated(self) -> tuple[Ask, ...]:
        """What it asks of when something was so."""
        return tuple(ask for ask in self.asks if ask.was)


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
    one_per: Callable[["Subject", "Facts"], Iterable[PartKey]] | None = None


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
    limit: Callable[["Subject", "Facts"], Limit | None]
    pauses_in: tuple[str, ...] = ()
    then: str | None = None
    ladder: "Callable[[Late, Facts], Step | None] | None" = None
    afresh: bool = False


@attrs.frozen
class Nothing:
    """The record of a workflow that keeps none."""


@attrs.frozen(kw_only=True)
class Workflow:
    """A mechanism of the district.

    Attributes:
        name: also the subject's kind, and the first half of its verbs ("request.submit").
        record: an attrs class of what is kept with each subject: no personal data.
        accepted_in: the state on whose first entering `Subject.accepted_at` is set.
        renamed: old names of states to new ones, so that old records stay readable.
        told_by: the fields of the record that say in a list which one it is: its title, its kind.
        not_told: fields of the record with the district's own codes: programs have them, `show` in words does not.
        one_with: fields of the record that name what is one matter with this one: a gate names its matter.
        read_by: who may read what people wrote, by a move `read` that is kept with its reason; None: nobody.
        holds_person: whether whom it is from is erased only when it has ended.
    """

    name: str
    label: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    record: type = Nothing
    parts: tuple[Part, ...] = ()
    clocks: tuple[Clock, ...] = ()
    quotas: tuple[Quota, ...] = ()
    accepted_in: str | None = None
    renamed: Mapping[str, str] = attrs.field(factory=dict)
    told_by: tuple[str, ...] = ()
    not_told: tuple[str, ...] = ()
    one_with: tuple[str, ...] = ()
    read_by: Role | None = None
    holds_person: bool = False

    def __attrs_post_init__(self) -> None:
        problems = list(flaws(self))
        if problems:
            raise LinliError(say("workflow {name}: {problem}", name=self.name, problem=problems[0]))

    @cached_property
    def by_state(self) -> Mapping[str, State]:
        """The states by name, old names included."""
        found = {state.name: state for state in self.states}
        return found | {old: found[new] for old, new in self.renamed.items()}

    @cached_property
    def by_move(self) -> Mapping[str, Move]:
        """The moves by name, reading among them."""
        return {move.name: move for move in (*self.moves, *self._reading())}

    def _reading(self) -> Iterable[Move]:
        if self.read_by is not None and all(move.name != "read" for move in self.moves):
            states = tuple(state.name for state in self.states)
            yield Move(
                name="read", label="read", sources=states, to=None, by=self.read_by, asks=(READ_REASON,)
            )

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
    def shapes(self) -> Mapping[str, Any]:
        """The types of the record's fields."""
        return get_type_hints(self.record)

    @cached_property
    def led_back_from(self) -> frozenset[str]:
        """The states that a move leads back out of, to where the subject came from."""
        return frozenset(state for move in self.moves if move.back for state in move.sources)

    @cached_property
    def own_moves(self) -> tuple[Move, ...]:
        """The moves that the engine makes by itself, in the order declared."""
        return tuple(move for move in self.moves if move.when is not None)

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
        by_people = move.when is None and bool(move.by.posts or move.by.holder or move.by.own)
        if not by_people or move.to in (None, *move.sources):
            return False
        return not (self.by_state[str(move.to)].ends and len(move.sources) > 1)
