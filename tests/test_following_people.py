"""What is counted of somebody is counted under every number that they ever had: no read forgets a merge."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

from sqlalchemy import BinaryExpression, BindParameter, Column, ColumnElement, select
from sqlalchemy.sql import operators, visitors

from linli._hooks.plugins import installed
from linli._model import lookups
from linli._model.lookups import ever
from linli._store import Read
from linli._store import tables as t
from linli._verbs.register import erasing, merging

# Whose something is: columns that keep the number that somebody had then.
OWNERS = (t.subject.c.person, t.posting.c.to_owner, t.posting.c.from_owner, t.cap.c.owner)
# What is about one number, and not about the person: its own rows, moved or written as they stand.
OF_ONE_NUMBER = {
    merging.OPEN_MATTERS: "the matters of the number that is merged away, to let them follow",
    erasing._OWN_MATTERS: "what is erased is asked for by each number",
    erasing._OPEN: "what is still open of somebody is asked for by each number",
    lookups.HELD_BY: "a hold's own number, which is nobody's",
    lookups.CAP_OF_NUMBER: "one row of a cap, beside what all their numbers used up",
}


def _modules() -> Iterator[str]:
    """Every module of the core and of every plugin and adapter that is installed."""
    packages = {point.value.partition(".")[0] for points in installed().values() for point in points}
    for name in sorted({"linli", *packages}):
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not re.search(r"\.(testing|migrations)\b", found.name):
                yield found.name


def _reads() -> Iterator[tuple[Read, str]]:
    for name in _modules():
        for key, one in vars(importlib.import_module(name)).items():
            if isinstance(one, Read):
                yield one, f"{name}.{key}"


def _compares_one_number(read: Read) -> bool:
    """Whether it asks for what has exactly the number that is given."""
    clauses = [read._clause_on(kind) for kind in ("sqlite", "postgresql")]
    return any(
        isinstance(part, BinaryExpression)
        and part.operator is operators.eq
        and isinstance(part.right, BindParameter)
        and any(_is(part.left, owner) for owner in OWNERS)
        for clause in clauses
        for part in visitors.iterate(clause)
    )


def _is(left: object, owner: Column[object]) -> bool:
    name, table = getattr(left, "name", None), getattr(left, "table", None)
    return name == owner.name and getattr(getattr(table, "element", table), "name", None) == owner.table.name


def test_every_read_of_what_is_somebodys_follows_merges() -> None:
    reads = dict(_reads())
    assert len(reads) > 50
    found = {read for read in reads if _compares_one_number(read)}
    others = [reads[read] for read in found - set(OF_ONE_NUMBER)]
    assert others == [], "ask by linli._model.lookups.ever, or say above why one number is meant"
    assert set(OF_ONE_NUMBER) <= found, "no such read any more; take it out"


def test_the_check_of_reads_finds_a_plain_comparison() -> None:
    def asking(condition: ColumnElement[bool]) -> Read:
        return Read(select(t.subject.c.id).where(condition))

    assert _compares_one_number(asking(t.subject.c.person == BindParameter("person")))
    assert not _compares_one_number(asking(ever(t.subject.c.person)))
