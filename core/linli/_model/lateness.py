"""That something is late, as hooks of acts get it."""

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from linli._model.access import Seat
from linli._model.contexts import AnyAct, Context, Subject
from linli._model.inputs import NoInputs, PersonId

if TYPE_CHECKING:
    from linli._model.acts import Act
    from linli._model.facts import Facts
    from linli._model.subjects import StoredSubject
    from linli._model.workflows import Workflow

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Lateness(Context[R_co], AnyAct, Generic[R_co]):
    """That a clock of a subject has passed: linli says so by itself, and nobody has given anything.

    Attributes:
        clock: its name.
        rung: of the ladder, who hears now; None where nobody does.
        tells: the seat that hears.
    """

    clock: str
    rung: str | None
    tells: Seat | None

    def __init__(
        self, facts: "Facts", after: "StoredSubject", flow: "type[Workflow[Any]]", act: "Act"
    ) -> None:
        super().__init__(facts, after, flow)
        self.act, self.id, self.given = act, act.id, NoInputs()
        self.actor, self.acting_as = None, act.acting_as
        self.clock, self.rung = act.body["clock"], act.body["rung"]
        self.tells = Seat.read(act.body["seat"] or "")

    @property
    def person(self) -> PersonId | None:
        """Whom the subject is about or from."""
        return self.subject.person

    @property
    def after(self) -> Subject[R_co]:
        """The subject, late as it is."""
        return self.subject

    def late(self, flow: "type[Workflow[R]]") -> "Lateness[R] | None":
        """This act with its types, where it says that a subject of this workflow is late."""
        return cast("Lateness[R]", self) if flow is self._flow else None

    def _is(self, kind: object) -> bool:
        return False
