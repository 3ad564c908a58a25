"""Where the record lives: tables, statements compiled once, and the transaction."""

from linli.store.statements import Read, Row, Write
from linli.store.store import Store, Transaction

__all__ = ["Read", "Row", "Store", "Transaction", "Write"]
