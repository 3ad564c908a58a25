"""Direct acts: what is no workflow's move, such as points given by hand, a shift put on a rota, somebody registered.

@attrs.frozen(kw_only=True)
class Lend:
    tool: Annotated[str, Input("which tool", longest=40)]

def lent(ctx: ActContext[Lend]) -> ActResult:
    return ActResult(writes=(Write(LENT, {"tool": ctx.given.tool, "to": ctx.person}),))

LEND = DirectAct("tools.lend", Lend, label="tool lent", by=has_post("clerk"), does=lent)

district.perform(LEND(Lend(tool="ladder"), place=here, person=ann), actor=clerk)
"""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar, Unpack, overload
from uuid import UUID

import attrs

from linli._base.errors import Refused
from linli._base.refusals import Missing
from linli._model.access import ENGINE, Actor, Role
from linli._model.awards import Award
from linli._model.contexts import AnyAct
from linli._model.declared import line_of_caller
from linli._model.effects import Effect
from linli._model.figures import Cell
from linli._model.inputs import Field, NoInputs, PersonId, PlaceId, fields_of, plain_values
from linli._model.lookups import root_id
from linli._model.moves import NO_INPUTS, Move
from linli._model.queries import Query
from linli._model.running import read_back
from linli._model.workflows import Workflow
from linli._store import Write

if TYPE_CHECKING:
    from linli._model.acts import Act
    from linli._model.facts import Facts

I = TypeVar("I")  # noqa: E741 - inputs
I_co = TypeVar("I_co", covariant=True)


@attrs.frozen(kw_only=True)
class ActResult:
    """What a direct act comes to, once its facts are known.

    Attributes:
        body: what the journal keeps: plain values, no personal data; None: the inputs that are kept, as of a move.
        counts: figures that are not counted by the act's verb: cells with what to add.
        private: what somebody wrote beside the act's own private inputs, by name: it goes to the vault under the key of
            the order's person (or of its subject), and the journal keeps a commitment among the body's values.
        awards: points given beside what the plugins say the act earns.
        was: the days or moments at which it says that something was so: refused where they have not come.
    """

    body: Mapping[str, Any] | None = None
    writes: tuple[Write, ...] = ()
    effects: tuple[Effect, ...] = ()
    counts: tuple[tuple[Cell, int, int], ...] = ()
    private: Mapping[str, str] = attrs.field(factory=dict)
    awards: tuple[Award, ...] = ()
    was: tuple[date | None, ...] = ()


class NobodyNamed(Missing, says="say whom it is about"):
    field: str = "person"


class ActContext(AnyAct, Generic[I_co]):
    """A direct act that is being made.

    Attributes: beside those of `AnyAct`
        given: what whoever acts has given; nothing where the order brought its `work` along.
        subject: the number of what it is about.
    """

    given: I_co
    subject: UUID
    acting_as: str

    def __init__(
        self, facts: "Facts", order: "DirectOrder", given: I_co, ident: UUID, acting_as: str
    ) -> None:
        super().__init__(facts)
        self._order, self.id, self.given, self.acting_as = order, ident, given, acting_as
        self.subject = order.subject or ident
        self.actor = PersonId(facts.actor) if facts.actor else None

    @property
    def verb(self) -> str:
        """As the journal calls it."""
        return self._order.verb

    @property
    def place(self) -> PlaceId:
        """Where; the district itself where the order names no other."""
        return PlaceId(self._order.place or root_id(self.facts.district))

    @property
    def person(self) -> PersonId | None:
        """Whom it is about."""
        return PersonId(self._order.person) if self._order.person else None

    @property
    def whom(self) -> PersonId:
        """Whom it is about; Refused where the order names nobody."""
        if self.person is None:
            raise Refused(NobodyNamed())
        return self.person

    def _is(self, kind: object) -> bool:
        # By the declaration: two acts can be one in the record, as points that are given and that are issued.
        return isinstance(kind, DirectAct) and kind.declared is self._order.act.declared


Work = Callable[["Facts"], ActResult]


@attrs.frozen(kw_only=True)
class DirectOrder:
    """The order to make a direct act; calling the act gives one.

    Attributes:
        subject: what it is about; None: the act is a matter of its own, with its own number.
        values: what the act asks for, by name.
        place: where it is; permission is judged there. None: the district as a whole.
        fresh: nobody has acted on `subject` before, so that its version need not be read.
        work: what it comes to, of an act that is planned before, and asks for nothing; None: as the act says.
        also_at: every other place that it touches, from the facts: the right is needed at each.
        judge: as what the actor may do it, where a table says so and not the act's `by`; raises NotAllowed.
        says: what was asked for beside `values`, where the same key may not come to something else.
        named: a name that everybody will read: asked about where somebody registered there is called so.
        version: of what has been done about `subject`, as the caller saw it; None: whatever it is now.
    """

    act: "DirectAct[Any]"
    subject: UUID | None = None
    values: Mapping[str, object] = attrs.field(factory=dict)
    place: UUID | None = None
    person: UUID | None = None
    fresh: bool = False
    work: Work | None = None
    also_at: "Callable[[Facts], Iterable[UUID]] | None" = None
    judge: "Callable[[Facts, Actor], str] | None" = None
    says: Mapping[str, object] = attrs.field(factory=dict)
    named: str | None = None
    version: int | None = None

    @property
    def verb(self) -> str:
        """As the record calls the act."""
        return self.act.verb

    @property
    def kind(self) -> str:
        """The first half of its verb."""
        return self.act.kind


class DirectOptions(TypedDict, Generic[I], total=False):
    """What a direct act may have beside its inputs and its label; every callback takes the one context.

    by: who may make it, at the order's place and at each of `also_at`; linli alone where it is left out.
    does: what it comes to; called again where the transaction is tried again. Left out: each order brings its `work`.
    also_at: every other place that it touches: the right is needed at each.
    reads: the questions (`linli.query`) that `does` asks, so that they come in one round trip.
    """

    by: Role
    does: Callable[[ActContext[I]], ActResult]
    also_at: Callable[[ActContext[I]], Iterable[UUID]]
    reads: Callable[[ActContext[I]], Iterable[Query[object]]]


class DirectAct(Generic[I]):
    """An act that is no workflow's move; called, it gives the order to make it: `LEND(Lend(..), place=here)`.

    Args:
        verb: as the record calls it: "points.award".
        inputs: a class of what is asked.
        label: what people call the act, in English; the catalogues have the other languages.

    Attributes:
        where: the file and the line of the declaration.
        declared: itself, of a guarded one what the plugin declared.
    """

    @overload
    def __init__(
        self: "DirectAct[NoInputs]", verb: str, *, label: str, **options: Unpack[DirectOptions[NoInputs]]
    ) -> None: ...
    @overload
    def __init__(
        self, verb: str, inputs: type[I], *, label: str, **options: Unpack[DirectOptions[I]]
    ) -> None: ...
    def __init__(self, verb: str, inputs: type[Any] = NoInputs, *, label: str, **options: Any) -> None:
        unknown = options.keys() - DirectOptions.__annotations__.keys()
        if unknown:
            known = ", ".join(DirectOptions.__annotations__)
            raise TypeError(f"a direct act has no {', '.join(sorted(unknown))}; it can have: {known}")
        self.verb, self.inputs, self.label = verb, inputs, label
        self.by: Role = options.get("by", ENGINE)
        self.does: Callable[[ActContext[I]], ActResult] | None = options.get("does")
        self.also_at: Callable[[ActContext[I]], Iterable[UUID]] | None = options.get("also_at")
        self.reads: Callable[[ActContext[I]], Iterable[Query[object]]] | None = options.get("reads")
        self.where, self.declared = line_of_caller(), self

    def __repr__(self) -> str:
        return self.verb

    @property
    def code(self) -> str:
        """As the record calls it, as of a move."""
        return self.verb

    @property
    def name(self) -> str:
        """The second half of its verb."""
        return self.verb.partition(".")[2]

    @property
    def kind(self) -> str:
        """The first half of its verb."""
        return self.verb.partition(".")[0]

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """What it asks for."""
        return fields_of(self.inputs)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The names of what it asks for."""
        return frozenset(one.name for one in self.fields)

    @cached_property
    def moments(self) -> tuple[Field, ...]:
        """The moments that it asks for, and what has some in it."""
        return tuple(one for one in self.fields if one.has_moments)

    @overload
    def __call__(
        self: "DirectAct[NoInputs]",
        *,
        subject: UUID | None = None,
        place: UUID | None = None,
        person: UUID | None = None,
        fresh: bool = False,
    ) -> DirectOrder: ...
    @overload
    def __call__(
        self,
        given: I,
        *,
        subject: UUID | None = None,
        place: UUID | None = None,
        person: UUID | None = None,
        fresh: bool = False,
    ) -> DirectOrder: ...
    def __call__(
        self,
        given: Any = NO_INPUTS,
        *,
        subject: UUID | None = None,
        place: UUID | None = None,
        person: UUID | None = None,
        fresh: bool = False,
    ) -> DirectOrder:
        """The order to make it. Args: as of `DirectOrder`."""
        values = plain_values(given)
        return DirectOrder(act=self, subject=subject, values=values, place=place, person=person, fresh=fresh)

    def given_in(self, act: "Act") -> I:
        """The inputs of a recorded act, read by the class of today; nothing that it lacks or has otherwise raises.

        What was private is `Sealed`, what is not there and has no default is `MISSING`.
        """
        found: I = read_back(self.inputs, self.fields, act.body.get("values", {}))
        return found

    def with_guard(self, guard: Callable[[Callable[..., Any]], Callable[..., Any]]) -> "DirectAct[I]":
        """The same, with each callback guarded."""
        other = copy(self)
        other.does = guard(self.does) if self.does else None
        other.also_at = guard(self.also_at) if self.also_at else None
        other.reads = guard(self.reads) if self.reads else None
        return other


def verb_of(act: Move[Any, Any] | type[Workflow[Any]] | DirectAct[Any] | str) -> str:
    """The verb of a move or a direct act, "loan.*" for all of a workflow."""
    if isinstance(act, str):
        return act
    return f"{act.name}.*" if isinstance(act, type) else act.code
