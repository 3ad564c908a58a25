"""Where the record lives: tables, statements compiled once, and the transaction."""

from linli.store.columns import Row
from linli.store.statements import Read, Write
from linli.store.store import Store, Transaction

__all__ = ["Read", "Row", "Store", "Transaction", "Write"]
