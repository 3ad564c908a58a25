"""What may differ between a year of an earlier commit and one of today: two tables, each line with its reason.

`WORDS` has what is called otherwise now, `CHANGES` what is done otherwise. Everything else that differs is a fault. A line
that nothing meets any more fails its test: these tables do not grow old.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from golden.compare import NOTHING, Difference, differences
from golden.export import Row


@attrs.frozen
class Word:
    """A word that was renamed.

    Attributes:
        at: where the record says it: `act.verb`, `subject.record.kind`; `subject.record.` as the name of what is there;
            `names` in names of rows, where matters have their kinds.
    """

    old: str
    new: str
    at: tuple[str, ...]
    why: str


@attrs.frozen(eq=False)
class Change:
    """A value that is another one, for a reason.

    Attributes:
        table: where; `what`: the verb of the act, the kind of the matter.
        path: the column and the way to it within that; "" for a whole row.
        old: what it was, or a pattern of it; NOTHING: it was not there. `new`: likewise.
        only: what the old row has besides, where not all of its kind change.
        seldom: it is met in larger years only than the suite's.
    """

    table: str
    what: str
    path: str
    old: Any
    new: Any
    why: str
    only: tuple[tuple[str, Any], ...] = ()
    seldom: bool = False

    def fits(self, difference: Difference, what: str, row: Mapping[str, Any]) -> bool:
        """Whether this is why something differs."""
        return (
            (self.table, self.what, self.path) == (difference.table, what, difference.path)
            and _is(self.old, difference.old)
            and _is(self.new, difference.new)
            and all(_at(row, path) == value for path, value in self.only)
        )


WORDS: tuple[Word, ...] = (
    Word("figures_at", "reporting_place", ("place.",), "the column is called as the field calls it"),
)

_NOT_SAID = "what equals what the record has already, or what holds where nothing is given, is no longer said"
_SAID = "what nobody gives is said as it is then kept"
_KEY = "a part that may be opened again is told by a number, of its act or its own, and no longer by the act's version"

CHANGES: tuple[Change, ...] = (
    *(
        Change("act", verb, f"body.values.{name}", value, NOTHING, _NOT_SAID)
        for verb, name, value in (
            ("agenda_item.propose", "member_rules", []),
            ("decision.propose", "carried_out_by", "owners_committee"),
            ("decision.propose", "company_silent", False),
            ("decision.propose", "papers_needed", []),
            ("decision.propose", "stages", []),
            ("decision.propose", "tier", "street"),
            ("decision.propose", "working_days", False),
            ("gift.offer", "ledger", "points"),
            ("membership_report.announce", "stood_in", False),
            ("redemption.order", "ledger", "points"),
            ("request.accept", "urgent", False),
            ("seat.check_in", "late", False),
            ("stewardship.appoint", "party_member", False),
            ("whistle.blow", "tasks", []),
        )
    ),
    Change("act", "survey.hand_in", "body.values.not_noted", 0, NOTHING, _NOT_SAID, seldom=True),
    Change("act", "decision.add_file", "body.values.papers", ["方案", "预算"], NOTHING, _NOT_SAID),
    Change(
        "act",
        "decision.file",
        "body.values.serial",
        re.compile(r"\d+"),
        NOTHING,
        "the filing number has it, and no field of a decision",
    ),
    *(
        Change("act", verb, f"body.values.{name}", NOTHING, value, _SAID)
        for verb, name, value in (
            ("decision.vote_passed", "vote_result.held_at", ""),
            ("disclosure.draft", "name", ""),
            ("opinion.ask", "stands_in_for", ""),
            ("party_opinion.ask", "stands_in_for", ""),
        )
    ),
    Change("act", "publication.approve", "body.values", NOTHING, {"seen": []}, "what a move empties is said"),
    Change(
        "act",
        "request.resume",
        "body.values",
        NOTHING,
        {"paused_for_event": None, "paused_until": None},
        "what a move empties is said",
    ),
    Change(
        "subject",
        "circulation",
        "part_key",
        re.compile(r"circulation \d+"),
        re.compile(r"circulation ‹agenda_item .* v\d+›"),
        _KEY,
    ),
    Change(
        "subject",
        "agenda_entry",
        "part_key",
        re.compile(r"‹agenda_item .*› \d+"),
        re.compile(r"‹agenda_item .*› ‹meeting .* > agenda_entry .*›"),
        _KEY,
    ),
    *(
        Change(table, what, path, old, new, "whoever stands in for two rungs of a ladder hears once", only)
        for table, what, path, old, new, only in (
            ("act", "survey.late", "", re.compile(".*"), NOTHING, (("body.rung", "district"),)),
            (
                "delivery",
                "survey.late",
                "",
                re.compile(".*"),
                NOTHING,
                (("payload.clock", "finding"), ("payload.turn", 3)),
            ),
            ("subject", "survey", "clocks.finding.step", 3, 2, ()),
            ("subject", "survey", "clocks.finding.turn", 4, 3, ()),
        )
    ),
    *(
        Change("place", kind, column, NOTHING, None, "where a place is can be said, and nobody said it")
        for kind in ("district", "street", "community", "compound", "building", "unit", "exclusive_part")
        for column in ("latitude_e6", "longitude_e6", "outline", "coordinate_system", "coordinate_source")
    ),
)


def undeclared(
    old: Iterable[Row], new: Iterable[Row], words: Iterable[Word] = WORDS, changes: Iterable[Change] = CHANGES
) -> list[Difference]:
    """What differs and should not."""
    return [one for one, why in explained(list(old), list(new), words, changes) if why is None]


def explained(
    old: list[Row], new: list[Row], words: Iterable[Word] = WORDS, changes: Iterable[Change] = CHANGES
) -> Iterator[tuple[Difference, Change | None]]:
    """Each difference that no renamed word makes, with its reason."""
    old, changes = list(renamed(old, list(words))), list(changes)
    there = {(table, name): values for table, name, values in (*new, *old)}
    verbs = {
        f"‹{values['id'].strip('‹›')}›": values["verb"] for table, _, values in (*new, *old) if table == "act"
    }
    gone: dict[str, Change] = {}
    for one in differences(old, new):
        row = there[one.table, one.row]
        act = str(row.get("act"))
        what = verbs.get(act) or row.get("verb") or row.get("kind")
        why = next((change for change in changes if change.fits(one, str(what), row)), None)
        if why and one.table == "act" and one.new is NOTHING:
            gone[row["id"]] = why
        # What hangs on an act that is no more is no more either: its seal, what was told.
        yield one, why or (gone.get(act) if one.path == "" and one.new is NOTHING else None)


def _is(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, re.Pattern):
        return found is not NOTHING and bool(wanted.fullmatch(str(found)))
    return bool(wanted == found) and type(wanted) is type(found)


def _at(row: Mapping[str, Any], path: str) -> Any:
    found: Any = row
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def renamed(rows: Iterable[Row], words: list[Word]) -> Iterator[Row]:
    for table, name, values in rows:
        yield table, _in_names(name, words), _with_words(values, table, words)


def _with_words(value: Any, path: str, words: list[Word]) -> Any:
    match value:
        case dict():
            named = {_said(key, f"{path}.", words): key for key in value}
            return {name: _with_words(value[key], f"{path}.{key}", words) for name, key in named.items()}
        case list():
            return [_with_words(one, path, words) for one in value]
        case str():
            return _said(value, path, words)
        case _:
            return value


def _said(text: str, path: str, words: list[Word]) -> str:
    return next((word.new for word in words if word.old == text and path in word.at), _in_names(text, words))


def _in_names(text: str, words: list[Word]) -> str:
    for word in words:
        if "names" in word.at and word.old in text:
            text = re.sub(rf"(?:(?<=[‹ ])|^){re.escape(word.old)}(?= )", word.new, text)
    return text
