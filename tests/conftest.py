"""Fixtures for every test: those that plugins use too."""

from linli._testing.fixtures import command, district, new_district, postgres_url, store_url

__all__ = ["command", "district", "new_district", "postgres_url", "store_url"]
