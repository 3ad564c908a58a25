"""What gets its name from the class that it is declared in, and knows the line where that is."""

import sys
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from linli._model.workflows import Workflow

_HERE = (str(Path(__file__).parent), str(Path(__file__).parents[1] / "_query"), typing.__file__)


def line_of_caller() -> str:
    """The file and the line that a declaration is written on: the nearest that is none of these modules."""
    frame = sys._getframe(1)
    # `Clock[Loan](..)` is called through typing.
    while frame.f_code.co_filename.startswith(_HERE) and frame.f_back:
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"


class Declared:
    """An attribute of a workflow: a state, a move, a clock, a part, a quota.

    Attributes:
        name: what the record calls it: the attribute's name, without an underscore at its end (`return_ = move(..)` is
            "return"), or the `name=` that is given where a state and a move are called alike.
        flow: the workflow that it is declared in.
        where: the file and the line.
    """

    name: str = ""
    flow: "type[Workflow[Any]]"

    def __init__(self, name: str = "") -> None:
        self.where = line_of_caller()
        self.name = name

    def __set_name__(self, owner: type, name: str) -> None:
        if not hasattr(self, "flow"):
            self.name = self.name or name.rstrip("_")
            self.flow = cast("type[Workflow[Any]]", owner)

    def changes(self, by: str) -> None:
        """That a whole changes it: its workflow is made anew where it was only looked at, by a command.

        Raises: TypeError where a district has it already: what changes it then would be lost, and nobody would know.
        """
        flow = vars(getattr(self, "flow", Declared))
        if "compiled_as" in flow:
            del self.flow.compiled_as
        if "in_use" in flow:
            raise TypeError(
                f"{by} changes {self!r}, which is in use already: import it where {self.flow.__name__} is"
            )

    @property
    def code(self) -> str:
        """What the record calls it: "request.accept"."""
        return f"{self.flow.name}.{self.name}"

    def __repr__(self) -> str:
        flow = getattr(self, "flow", None)
        return f"{flow.__name__ if flow else '?'}.{self.name or '?'}"
