"""Fixtures: a real database of both kinds, and districts in it."""

from linli.testing import command, district, new_district, postgres_url, store_url

__all__ = ["command", "district", "new_district", "postgres_url", "store_url"]
