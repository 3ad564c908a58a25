"""How the tree is asked that a subject stands in."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from linli._model.subjects import StoredSubject


class Tree(Protocol):
    """The tree that a subject stands in."""

    def parts(self, subject: "StoredSubject", kind: str) -> list["StoredSubject"]:
        """Its children of a kind, of the current round."""
        ...

    def parent(self, subject: "StoredSubject") -> "StoredSubject | None":
        """The subject that it is a part of."""
        ...
