"""Numbers by which nothing can be compared, replaced by what they stand for or by where they first appear.

Every run draws its own: UUIDs, short numbers, hashes. What is in the record keeps its place in the order of things, so
that gets a name made of it: a matter is told by its kind, when and where it was opened, an act by its matter and its
version, a place by its path. What has no row of its own is named after the row and the field where it appears first.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

Values = Mapping[str, Any]

# A hash first: its first half would pass for an identifier. Then keys of 32 bytes in base64, and short numbers.
_NUMBER = re.compile(
    r"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[1-9][0-9]{8,9})(?![0-9a-f])"
    r"|(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}="
)
UNKNOWN = "‹?›"
_AGAIN = re.compile(r" (?:‹\?›|[0-9]+)$")


class Names:
    """Names of numbers, those of the record first."""

    def __init__(self, tables: Mapping[str, list[Values]]) -> None:
        self._names: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._given: Counter[str] = Counter()
        for table, order, name in (
            ("place", "path", self._place),
            ("person", "registered_at", self._person),
            ("organisation", "name", self._organisation),
            ("post", "since", self._post),
            ("subject", "opened_at", self._subject),
            ("act", "at", self._act),
        ):
            for _, together in groupby(sorted(tables[table], key=itemgetter(order)), itemgetter(order)):
                self._give(list(together), name)
        for row in tables["subject"]:
            self._numbers[str(row["number"])] = f"‹number of {self._names[row['id']]}›"

    def _give(self, rows: list[Values], name: Callable[[Values], str]) -> None:
        """Names for what came at one time: whoever has the name of another is told from it by coming second."""
        here = {row["id"] for row in rows}
        while rows:
            ready = [row for row in rows if row.get("parent") not in here - self._names.keys()]
            for named, _, row in sorted(
                ((name(row), self._order(row), row) for row in ready), key=itemgetter(0, 1)
            ):
                self._given[named] += 1
                number = self._given[named]
                self._names[row["id"]] = named if number == 1 else f"{named} #{number}"
            rows = [row for row in rows if row["id"] not in self._names]

    def _order(self, row: Values) -> tuple[str, str]:
        """What is in a row, as far as it is known; then as it was made: identifiers begin with the moment of that."""
        content = (str(value) for column, value in row.items() if value is not None and column != "number")
        return self.within(" ".join(content)), row["id"]

    # --- what has a row -----------------------------------------------------------------------------

    def _place(self, row: Values) -> str:
        return f"{self.of(row['parent'])}/{row['name']}" if row["parent"] else str(row["name"])

    def _person(self, row: Values) -> str:
        return f"person {_moment(row['registered_at'])}"

    def _organisation(self, row: Values) -> str:
        return f"{row['kind']} {row['name']} @{self.of(row['place'])}"

    def _post(self, row: Values) -> str:
        return f"post {self.of(row['person'])} {row['role']} @{self.of(row['at'])} {_moment(row['since'])}"

    def _subject(self, row: Values) -> str:
        # What tells a part that is opened again, the act or its version, is no name: it comes second.
        key = _AGAIN.sub("", self.within(row["part_key"])) if row["part_key"] else _moment(row["opened_at"])
        told = f"{row['kind']} {key}"
        if row["parent"]:
            return f"{self.of(row['parent'])} > {told}"
        about = f" of {self.of(row['person'])}" if row["person"] else ""
        return f"{told}{about} @{self.of(row['place'])}"

    def _act(self, row: Values) -> str:
        if row["root"] not in self._names:
            self._give([{**row, "id": row["root"]}], self._alone)
        if row["version"] is None:
            return f"{self.of(row['root'])} {row['verb']} {self.within(row['body'])}"
        return f"{self.of(row['root'])} v{row['version']}"

    def _alone(self, row: Values) -> str:
        """A thing of its own that is only in the journal: a file that was imported, a shift."""
        return f"{row['verb']} {_moment(row['at'])} @{self.of(row['place'])}"

    # --- what has a name ----------------------------------------------------------------------------

    def of(self, ident: str | None) -> str:
        """The name of an identifier; a mark where nothing is known of it yet."""
        return self._names.get((ident or "").replace("-", ""), UNKNOWN)

    def within(self, text: str, where: str = "") -> str:
        """A text, its numbers replaced.

        Args:
            where: the place that a number is named after which appears here first; "" only marks it.
        """
        return _NUMBER.sub(lambda found: self._written(found[0], where), text)

    def _written(self, number: str, where: str) -> str:
        if number.isdigit() and len(number) < 32:
            return self._numbers.get(number, number)
        known = number.replace("-", "")
        if where and known not in self._names:
            self._names[known] = f"first in {where}"
        return f"‹{self._names[known]}›" if known in self._names else UNKNOWN


def _moment(text: str) -> str:
    return text.removesuffix("+00:00").removesuffix(".000000")
