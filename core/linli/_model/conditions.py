"""How the tree is asked that a subject stands in."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from linli._model.subjects import Subject


class Siblings(Protocol):
    """The tree that a subject stands in."""

    def parts(self, subject: "Subject", kind: str) -> list["Subject"]:
        """Its children of a kind, of the current round."""
        ...

    def parent(self, subject: "Subject") -> "Subject | None":
        """The subject that it is a part of."""
        ...
