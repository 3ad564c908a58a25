"""States of a workflow, and the paths between them: `(asked | taken).to(melted)`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import attrs

from linli._model.declared import Declared
from linli._model.inputs import Choice

if TYPE_CHECKING:
    from linli._model.access import Role
    from linli._model.contexts import Transition

    Outcome = Choice | Callable[[Transition[Any, Any]], Choice]


class States(frozenset["State"]):
    """Several states, joined with `|`."""

    def __or__(self, other: object) -> "States":
        return States(frozenset(self) | states_of(other))

    def to(self, target: "State", outcome: "Outcome | None" = None) -> "Path":
        """From any of these to `target`."""
        return Path(self, target, outcome)

    def stay(self) -> "Path":
        """In any of these, changing none."""
        return Path(self, None)

    def back(self, otherwise: "State") -> "Path":
        """From any of these to where the subject came from; `otherwise` for records that do not say it."""
        return Path(self, otherwise, back=True)


class State(Declared):
    """Where a subject can be.

    Args:
        label: what people read, in English; empty: the name.
        ends: how a subject that stands here has ended: True, or the outcomes to choose from. Else it is open.
        visible_to: who may see it here, beside its holder and whom it is about; None: whoever has a post at its place
            or above.
        turn: who has to act next on what stands here; None: whoever may make the first move that leads on.
        name: what the record calls it, where that is not the attribute's name.
    """

    def __init__(
        self,
        label: str = "",
        *,
        ends: bool | type[Choice] = False,
        visible_to: "Role | None" = None,
        turn: "Role | None" = None,
        name: str = "",
    ) -> None:
        super().__init__(name)
        self.label, self.ends, self.visible_to, self.turn = label, ends, visible_to, turn

    def __or__(self, other: "State | States") -> States:
        return States({self}) | other

    def to(self, target: "State", outcome: "Outcome | None" = None) -> "Path":
        """From here to `target`."""
        return States({self}).to(target, outcome)

    def stay(self) -> "Path":
        """Here, without leaving."""
        return States({self}).stay()

    def back(self, otherwise: "State") -> "Path":
        """From here to where the subject came from; `otherwise` for records that do not say it."""
        return States({self}).back(otherwise)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """How a subject that stands here has ended: the codes to choose from; empty: it is open."""
        if isinstance(self.ends, bool):
            return (self.name,) if self.ends else ()
        return tuple(str(one.value) for one in self.ends)


@attrs.frozen
class Path:
    """From states to a state.

    Attributes:
        target: None: it stays where it is.
        outcome: how it ends there, where the state has several outcomes and the move decides; or what works it out.
        back: it leads to where the subject came from, and to `target` where nothing says that.
    """

    sources: States
    target: State | None
    outcome: "Outcome | None" = None
    back: bool = False


def states_of(one: "State | States | object") -> frozenset[State]:
    """A state, or several, as a set. What is no state is found when the workflow is loaded."""
    return one if isinstance(one, frozenset) else frozenset({cast(State, one)})
