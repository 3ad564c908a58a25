"""Somebody who asks to be erased: what an open vote keeps of them until it has ended, and what goes with them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, Table, bindparam, delete, select, union

from linli import Facts, Hold, Write, say
from linli.query import Rows, is_open, own_query, write_statement
from linli_owners_vote.tables import PROXY, VOTER


def _open_votes(table: Table, person: str) -> Select[tuple[UUID]]:
    """The open votes in which somebody is in a table."""
    theirs = (table.c.district == bindparam("district"), table.c[person] == bindparam("person"))
    return select(table.c.vote).where(*theirs, is_open(table.c.vote))


@own_query(union(_open_votes(VOTER, "person"), _open_votes(PROXY, "agent")))
def _party_to(rows: Rows, person: UUID) -> Sequence[UUID]:
    return sorted(vote for (vote,) in rows)


_FORGET = tuple(
    write_statement(
        delete(table).where(
            table.c.district == bindparam("district"), table.c[person] == bindparam("person")
        ),
        rank=33,
        name=name,
    )
    for table, person, name in ((VOTER, "person", "forget voter"), (PROXY, "agent", "forget agent"))
)


def holds(person: UUID, facts: Facts) -> Iterable[Hold]:
    """Each open vote on whose frozen roll they are, or in which they speak for somebody."""
    for vote in facts.get(_party_to(person)):
        yield Hold(what=say("the vote {id} is open, in which they may vote", id=vote))


def forgotten(person: UUID, facts: Facts) -> Iterable[Write]:
    """Who may vote for what goes with the person; the roll, with its areas and heads, stays."""
    for statement in _FORGET:
        yield Write(statement, {"district": facts.district, "person": person})
