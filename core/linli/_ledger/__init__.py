"""Units that are moved between owners, in double entry."""
