"""What drivers raise, in our terms."""

import re
import sqlite3
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any
from uuid import UUID

from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from linli._base.errors import Refused, StoreError
from linli._base.i18n import say
from linli._base.refusals import Invalid
from linli._store.tables import metadata


class Broken(Exception):
    """An invariant kept by the database was about to break; the whole batch was rolled back.

    Attributes:
        constraint: its name, such as "ck_account_never_below_zero" or "pk_act".
        debits: what was to leave which account: owner, unit, part and amount.
    """

    debits: Sequence[tuple[UUID, str, str, int]] = ()

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class Contended(Exception):
    """The database gave this transaction up for another one (a deadlock, a lock wait): try again."""


class StoreAway(StoreError):
    """The database cannot be reached, or went away before it answered."""


class StoreDamaged(StoreError):
    """The database file is not what SQLite wrote."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            say(
                "the database is damaged ({detail}); stop linli, keep the damaged file aside, and restore the last"
                " backup (docs/operations.md)",
                detail=detail,
            )
        )


class UnshowableText(
    Invalid,
    says="a text has a character that nothing can show (a NUL, or half of a character); type it again",
):
    field: str = "text"


def not_kept() -> Refused:
    """The refusal of a text that not every database can keep; the text is not repeated."""
    return Refused(UnshowableText())


def _away(detail: str) -> StoreAway:
    return StoreAway(
        say(
            "the database cannot be reached ({detail}); start it or correct [store] url, then try again",
            detail=detail,
        )
    )


def _full() -> StoreError:
    return StoreError(
        say("the disk that holds the database is full; nothing was stored; free some space and try again")
    )


# What is wrong with a statement or with the tables, and no outage: trying again changes nothing.
_LACKING = re.compile(r"no such (table|column)|has no column named")
_WRONG = re.compile(
    r"syntax error|no such (function|index|view|module|collation)|ambiguous|values for \d+ columns|supplied|"
    r"misuse of|wrong number of arguments|already exists|cannot "
)


def _lacking(message: str) -> StoreError:
    return StoreError(
        say(
            "the database does not have the tables that this linli works with ({message}); run: linli db upgrade;"
            " where that changes nothing, the plugin's revisions are behind its tables: linli plugin check",
            message=message,
        )
    )


def _refused(state: str, message: str) -> StoreError:
    return StoreError(
        say("the database refused a statement ({state}: {message})", state=state, message=message)
    )


def _unique_columns() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for table in metadata.tables.values():
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint):
                columns = tuple(f"{table.name}.{column.name}" for column in constraint.columns)
                found[columns] = str(constraint.name) if constraint.name else f"pk_{table.name}"
    return found


def _sqlite_constraint(message: str) -> str:
    unique = re.match(r"UNIQUE constraint failed: (.*)", message)
    if unique:
        columns = tuple(part.strip() for part in unique[1].split(","))
        return _unique_columns().get(columns, f"unique {unique[1]}")
    check = re.match(r"CHECK constraint failed: (\w+)", message)
    if check:
        return check[1]
    return "foreign key" if message.startswith("FOREIGN KEY") else message


# What SQLite says of a file that something else wrote over.
_DAMAGE = (
    "malformed",
    "not a database",
    "encrypted",
    "unsupported file format",
    "disk I/O error",
    "decode to UTF-8",
    "corrupt",
)


def _sqlite_failure(error: sqlite3.Error) -> Exception:
    message = str(error)
    if isinstance(error, sqlite3.IntegrityError):
        return Broken(_sqlite_constraint(message))
    if isinstance(error, sqlite3.DatabaseError) and any(word in message for word in _DAMAGE):
        return StoreDamaged(message)
    if "full" in message:
        return _full()
    if "readonly" in message:
        return StoreError(
            say("the database may not be written by this account; correct who owns its file and folder")
        )
    if "locked" in message or "busy" in message:
        return Contended(message)
    if isinstance(error, sqlite3.OperationalError) and _LACKING.search(message):
        return _lacking(message)
    if isinstance(error, sqlite3.OperationalError) and _WRONG.search(message):
        return _refused("SQLite", message)
    if isinstance(error, sqlite3.OperationalError):
        return _away(message)
    return StoreError(
        say(
            "the database refused a statement ({state}: {message})",
            state=type(error).__name__,
            message=message,
        )
    )


# A deadlock, a serialisation failure, a lock that is not available, a prepared statement that a
# pooler or an administrator has dropped.
_TRY_AGAIN = ("40P01", "40001", "55P03", "26000", "0A000")


def postgres_failure(state: str, constraint: str, message: str) -> Exception:
    """The exception of ours for what PostgreSQL reports: its SQLSTATE, the constraint, its words."""
    if state.startswith("23"):
        return Broken(constraint or message)
    if state == "53100":
        return _full()
    if state in _TRY_AGAIN:
        return Contended(message)
    if state in ("42P01", "42703"):
        return _lacking(message)
    if state[:2] == "XX":
        return StoreDamaged(message)
    if state[:2] in ("08", "57", "53", "28", "3D", ""):
        return _away(message)
    return _refused(state, message)


def _psycopg_failure(error: Any) -> Exception:
    if type(error).__name__ == "DataError" and not error.sqlstate:
        return not_kept()  # psycopg itself refuses a NUL
    message = str(error).splitlines()[0] if str(error) else type(error).__name__
    return postgres_failure(error.sqlstate or "", error.diag.constraint_name or "", message)


def ours(error: BaseException) -> BaseException:
    """The exception of ours that stands for a driver's; the same one where none does."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return ours(error.orig)
    if isinstance(error, PoolTimeout | OperationalError):
        return _away(type(error).__name__)
    if isinstance(error, sqlite3.Error):
        return _sqlite_failure(error)
    if isinstance(error, UnicodeEncodeError):
        return not_kept()
    if type(error).__module__.startswith("psycopg") and hasattr(error, "sqlstate"):
        return _psycopg_failure(error)
    return error


class translated:
    """Raise our exceptions in place of the drivers'. A class, since each read of an act passes through one.

    Args:
        when_away: what to do when the database cannot be reached.
    """

    __slots__ = ("_when_away",)

    def __init__(self, when_away: Callable[[], None] | None = None) -> None:
        self._when_away = when_away

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raise what stands for a driver's exception."""
        if isinstance(error, Exception):
            known = ours(error)
            if self._when_away and isinstance(known, StoreAway):
                self._when_away()
            if known is not error:
                # What cannot be encoded stands in that exception: it is a text of somebody's.
                raise known from (None if isinstance(error, UnicodeError) else error)
