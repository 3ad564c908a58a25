"""For tests: what became of a kind of subjects, as the record has them."""

from typing import Any

from linli._district.district import District
from linli._model.compiling import as_declared
from linli._model.states import States
from linli._model.subjects import StoredSubject
from linli._query.subjects import subjects


def all_of(district: District, kind: str, *states: str, **what: Any) -> list[StoredSubject]:
    """The subjects of a kind, in some states or in any, the oldest first. Args: what: further arguments of `subjects`."""
    flow = as_declared(district.rules.workflow(kind))
    query = subjects(flow, states=States(flow.states[name] for name in states), **what)
    return [one.kept for one in district.ask_unchecked(query)]
