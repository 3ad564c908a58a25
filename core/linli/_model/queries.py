"""What a typed question is."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

from linli._store import Read, Row

if TYPE_CHECKING:
    from linli._model.facts import Facts
    from linli._store.store import Question

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Rows = Sequence[Row]
Values = tuple[tuple[str, Any], ...]


class Query(Generic[T_co]):
    """A typed question to the record, the same wherever it is asked. Two that ask the same are equal, and asked once."""

    def questions(self) -> "Sequence[Question]":
        """What can be asked of the database at once with other queries; the rest it asks as it goes."""
        return ()

    def answer(self, facts: "Facts") -> T_co:
        """The answer."""
        raise NotImplementedError


@attrs.frozen
class RowsQuery(Query[T]):
    """A question that one statement answers.

    Attributes:
        read: the statement. values: its parameters, but for the district. load: what makes the answer of its rows.
    """

    read: Read
    values: Values
    load: Callable[[Rows], T]

    def questions(self) -> "Sequence[Question]":
        return [(self.read, dict(self.values))]

    def answer(self, facts: "Facts") -> T:
        return self.load(facts.rows(self.read, **dict(self.values)))


def given(**values: Any) -> Values:
    """The parameters that are said."""
    return tuple((name, value) for name, value in values.items() if value is not None)


def names(values: Values) -> tuple[str, ...]:
    """What is said: part of a statement, where the values are not."""
    return tuple(name for name, _ in values)
