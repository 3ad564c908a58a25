"""Award: the ledger of points (and of stock and seats), double-entry and append-only."""
