"""Somebody else's spreadsheet form (台账), filled in: its cells name figures and lists, its looks stay."""
