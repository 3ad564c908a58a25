"""Questions about who did what in a matter, and when: from the journal."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, ColumnElement, bindparam, func, or_, select

from linli._model.acts import ACT_COLUMNS, Act, act_from
from linli._model.moves import Move
from linli._model.queries import Query, Rows, RowsQuery, given, names
from linli._store import Read
from linli._store import tables as t

_a = t.act.c
_d: BindParameter[str] = bindparam("district")


@attrs.frozen
class ActQuery(RowsQuery[tuple[Act, ...]]):
    """What was done in a matter; see `acts_of`."""

    verbs: tuple[str, ...]

    def count(self) -> Query[int]:
        """How many there are."""
        return RowsQuery(_count_read(self.verbs, names(self.values)), self.values, _number)

    def last_at(self) -> Query[datetime | None]:
        """When the last of them happened; None where there is none."""
        return RowsQuery(_last_read(self.verbs, names(self.values)), self.values, _moment)


def acts_of(
    matter: UUID,
    *moves: Move[Any, Any] | str,
    subject: UUID | None = None,
    by: UUID | None = None,
    since: datetime | None = None,
) -> ActQuery:
    """What was done in a matter, in its order, before this act.

    Args:
        matter: the number of what all of it belongs to (`subject.root`).
        moves: any of these, of whatever belongs to it; none: everything. By its code, "loan.lend", where settings say it.
        subject: only of this one. by: only what somebody did, by this very number. since: only from this moment.
    """
    values = given(root=matter, subject=subject, actor=by, since=since)
    verbs = tuple(sorted(one if isinstance(one, str) else one.code for one in moves))
    return ActQuery(_acts_read(verbs, names(values)), values, _acts, verbs)


def _acts(rows: Rows) -> tuple[Act, ...]:
    return tuple(map(act_from, rows))


def _number(rows: Rows) -> int:
    return int(rows[0][0])


def _moment(rows: Rows) -> datetime | None:
    return rows[0][0] if rows else None


def _conditions(verbs: tuple[str, ...], said: tuple[str, ...]) -> list[ColumnElement[bool]]:
    wanted = {
        "root": _a.root == bindparam("root"),
        "subject": _a.subject == bindparam("subject"),
        "actor": _a.actor == bindparam("actor"),
        "since": _a.at >= bindparam("since"),
    }
    of_moves = [or_(*(_a.verb == verb for verb in verbs))] if verbs else []
    return [_a.district == _d, *of_moves, *(wanted[name] for name in said)]


@cache
def _acts_read(verbs: tuple[str, ...], said: tuple[str, ...]) -> Read:
    return Read(select(*ACT_COLUMNS).where(*_conditions(verbs, said)).order_by(_a.version))


@cache
def _count_read(verbs: tuple[str, ...], said: tuple[str, ...]) -> Read:
    return Read(select(func.count()).select_from(t.act).where(*_conditions(verbs, said)))


@cache
def _last_read(verbs: tuple[str, ...], said: tuple[str, ...]) -> Read:
    found = select(_a.at).where(*_conditions(verbs, said)).order_by(_a.at.desc(), _a.version.desc())
    return Read(found.limit(1))
