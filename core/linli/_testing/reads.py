"""Whether a move asks by `t.get(..)` for what it declares with `reads=`, so that all of it comes in one round trip."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from linli._model.facts import Facts, _key
from linli._model.queries import Query

_get = Facts.get


@contextmanager
def undeclared_reads() -> Iterator[list[Query[Any]]]:
    """The questions, asked while it lasts, that were not fetched before; those that depend on another's answer never are.

    with undeclared_reads() as found:
        district.perform(LoanFlow.borrow.at(place, Borrow(tool=tool)), actor=who)
    assert found == []
    """
    found: list[Query[Any]] = []

    def noticed(facts: Facts, query: Query[Any]) -> Any:
        known = query in facts._answers or all(_key(*one) in facts._known for one in query.questions())
        if not known:
            found.append(query)
        return _get(facts, query)

    with patch.object(Facts, "get", noticed):
        yield found
