"""Fixtures: a real database of both kinds, and districts in it."""

from linli.testing import district, new_district, postgres_url, store_url

__all__ = ["district", "new_district", "postgres_url", "store_url"]
