"""The database's own clock: leases are counted by it, so that no two machines' clocks matter."""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from linli._store.columns import Moment
from linli._store.statements import Read


class _Shifted(FunctionElement[datetime]):
    type = Moment()
    inherit_cache = True
    name = "moment"


def moment(seconds: ColumnElement[float] | None = None) -> ColumnElement[datetime]:
    """The database's present moment, `seconds` later.

    The statement takes a parameter `now`: None for the clock, or another moment, for tests.
    """
    now: BindParameter[datetime] = bindparam("now", type_=Moment())
    return _Shifted(now, literal_column("0") if seconds is None else seconds)


@compiles(_Shifted, "postgresql")
def _on_postgres(element: _Shifted, compiler: SQLCompiler, **options: Any) -> str:
    now, seconds = (compiler.process(clause, **options) for clause in element.clauses)
    shift = f"make_interval(secs => CAST({seconds} AS double precision))"
    return f"(coalesce(CAST({now} AS timestamptz), now()) + {shift})"


@compiles(_Shifted, "sqlite")
def _on_sqlite(element: _Shifted, compiler: SQLCompiler, **options: Any) -> str:
    given, shift = (compiler.process(clause, **options) for clause in element.clauses)
    # As `columns.moment_text` writes it. SQLite counts in milliseconds: of its clock, what became due within this one
    # is due; what a given moment has beyond them stays as it is.
    shape, shift = "'%Y-%m-%dT%H:%M:%f'", f"{shift} || ' seconds'"
    then = f"strftime({shape}, substr({given}, 1, 23), {shift}) || substr({given}, 24)"
    return f"coalesce({then}, strftime({shape}, 'now', {shift}) || '999+00:00')"


MOMENT = Read(select(moment().label("moment")))
