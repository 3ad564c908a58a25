"""Fixtures: a real database of both kinds, districts in it, and a town."""

from collections.abc import Callable

import pytest

from linli import District
from linli.testing import command, district, new_district, postgres_url, store_url
from linli_three_lists.testing import Town
from linli_three_lists.testing import town as make_town

__all__ = ["command", "district", "new_district", "postgres_url", "store_url", "town"]


@pytest.fixture
def town(new_district: Callable[..., District]) -> Town:
    """A compound in a street, with the rules of the tests."""
    return make_town(new_district)
