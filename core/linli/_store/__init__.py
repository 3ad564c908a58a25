"""Where the record lives: tables, statements compiled once, and the transaction."""

from linli._store.columns import Row
from linli._store.statements import Read, Write
from linli._store.store import Store, Transaction

__all__ = ["Read", "Row", "Store", "Transaction", "Write"]
