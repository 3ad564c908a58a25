"""Somebody who asks to be erased: what an open vote keeps of them until it has ended, and what goes with them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, Table, bindparam, delete, select, union

from linli import Facts, Hold, say
from linli.store import Read, Write
from linli.store import tables as t
from linli.store.statements import write_statement
from linli_owners_vote.tables import PROXY, VOTER

_s = t.subject.c


def _open_votes(table: Table, person: str) -> Select[tuple[UUID]]:
    """The open votes in which somebody is in a table."""
    at_this_vote = (_s.district == table.c.district) & (_s.id == table.c.vote)
    theirs = (table.c.district == bindparam("district"), table.c[person] == bindparam("person"))
    return select(_s.id).join(table, at_this_vote).where(*theirs, _s.ended_at.is_(None))


_PARTY_TO = Read(union(_open_votes(VOTER, "person"), _open_votes(PROXY, "agent")))


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
    for (vote,) in sorted(facts.rows(_PARTY_TO, person=person)):
        yield Hold(what=say("the vote {id} is open, in which they may vote", id=vote))


def forgotten(person: UUID, facts: Facts) -> Iterable[Write]:
    """Who may vote for what goes with the person; the roll, with its areas and heads, stays."""
    for statement in _FORGET:
        yield Write(statement, {"district": facts.district, "person": person})
