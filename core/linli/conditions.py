"""When linli makes a move by itself: what a move's `when` asks of the parts and the parent of its subject."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from linli.subjects import Subject


class Siblings(Protocol):
    """The tree that a subject stands in."""

    def parts(self, subject: "Subject", kind: str) -> list["Subject"]:
        """Its children of a kind, of the current round."""
        ...

    def parent(self, subject: "Subject") -> "Subject | None":
        """The subject that it is a part of."""
        ...


_When = Callable[["Subject", Siblings], bool]


def _asking(test: _When, kind: str | None, states: tuple[str, ...]) -> _When:
    """A test that says which states of which parts it asks for (of the parent: None), so that a slip is found."""
    test.asks_for = (kind, states)  # type: ignore[attr-defined]
    return test


def all_parts(
    kind: str, *states: str, or_else: tuple[str, ...] = ()
) -> Callable[["Subject", Siblings], bool]:
    """When every child of `kind` is in one of `states` or of `or_else`, and at least one in `states`."""

    def test(subject: "Subject", tree: Siblings) -> bool:
        reached = [child.state for child in tree.parts(subject, kind)]
        return any(state in states for state in reached) and all(
            state in states + or_else for state in reached
        )

    return _asking(test, kind, states + or_else)


def any_part(kind: str, *states: str) -> Callable[["Subject", Siblings], bool]:
    """When a child of `kind` is in one of `states`."""

    def test(subject: "Subject", tree: Siblings) -> bool:
        return any(child.state in states for child in tree.parts(subject, kind))

    return _asking(test, kind, states)


def parent_in(*states: str) -> Callable[["Subject", Siblings], bool]:
    """When what the subject is a part of is in one of `states`."""

    def test(subject: "Subject", tree: Siblings) -> bool:
        parent = tree.parent(subject)
        return parent is not None and parent.state in states

    return _asking(test, None, states)
