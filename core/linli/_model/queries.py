"""What a typed question is."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from linli.facts import Facts
    from linli.store.store import Question

T_co = TypeVar("T_co", covariant=True)


class Query(Generic[T_co]):
    """A typed question to the record, the same wherever it is asked. Two that ask the same are equal, and asked once."""

    def questions(self) -> "Sequence[Question]":
        """What can be asked of the database at once with other queries; the rest it asks as it goes."""
        return ()

    def answer(self, facts: "Facts") -> T_co:
        """The answer."""
        raise NotImplementedError
