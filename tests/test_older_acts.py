"""Acts of a record that was made before acts kept what they add to figures: what stands behind a figure all the same."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from linli.testing import a_place, make_district, somebody


def _forget_what_was_added(file: Path) -> int:
    """How many acts had kept it."""
    with sqlite3.connect(file) as connection:
        rows = [(json.loads(body), ident) for ident, body in connection.execute("SELECT id, body FROM act")]
        old = [(body, ident) for body, ident in rows if body.pop("adds", None)]
        connection.executemany("UPDATE act SET body=? WHERE id=?", [(json.dumps(b), i) for b, i in old])
        return len(old)


def test_older_acts_are_explained_without_a_transaction_that_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    district = make_district(tmp_path)
    place = a_place(district, "锦绣花园")
    clerk = somebody(district, "clerk", place)
    for number in range(3):
        district.publish.announce(place, f"停水通知 {number}", "明天九点至十一点停水。", actor=clerk)
    assert _forget_what_was_added(tmp_path / "linli.db") == 3
    begun: list[int] = []
    begin = district.store.transaction

    @contextmanager
    def counted() -> Iterator[Any]:
        begun.append(1)
        entered: AbstractContextManager[Any] = begin()
        with entered as transaction:
            yield transaction

    monkeypatch.setattr(district.store, "transaction", counted)
    assert len(district.explain("publications.published").counted) == 3
    assert begun == [], "a reader of figures waits for nobody who writes"
    district.close()
