"""Requests: a table with a row each, in any 311-style form, becomes history kept at its own times."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

import attrs

from linli._base.errors import Refused
from linli._base.i18n import Text, listed, say
from linli._base.revealing import unfit
from linli._hooks.asked import plugins_of
from linli._hooks.catalogue import Wanted
from linli._hooks.importers import Importer
from linli._importing.batches import BadLine, Batch, Line
from linli._model.access import Seat
from linli._model.subjects import Participants, StoredSubject, stored_in_bulk
from linli._store import tables as t
from linli._store.bulk import bulk, bulk_into
from linli._vault.crypto import DataKey, seal
from linli._verbs.dispatch.import_again import (
    OPEN,
    End,
    Known,
    bring_up_to_date,
    differences,
    follows,
    known_as,
    known_requests,
)
from linli._verbs.dispatch.import_columns import COLUMNS, SIGNS
from linli._verbs.dispatch.import_ends import how_it_stands, times_of
from linli._verbs.dispatch.import_history import closing, counted, running
from linli._verbs.dispatch.records import Request
from linli._verbs.dispatch.standards import service_of
from linli._verbs.register.claims import PersonData
from linli._verbs.register.import_homes import Homes
from linli._verbs.register.import_people import Entries, claim_of
from linli._verbs.register.tree import PlaceNode

_NAMESPACE: Final = UUID("3c9ad4b8-0d55-5d7e-9b1e-52f4f5c8a9d0")
_KEYS = bulk_into(t.vault_key, rank=20)
_ITEMS = bulk_into(t.vault_item, rank=21)
_LONGEST_CATEGORY: Final = 80
NO_CATEGORY: Final = "general"


class Requests:
    """A chunk's requests on their way into the record."""

    def __init__(self, batch: Batch, homes: Homes, entries: Entries) -> None:
        self._batch, self._homes, self._entries = batch, homes, entries
        self._code = batch.rules.district
        self._vault = batch.rules.vault
        self._known: dict[UUID, Known] = {}
        self._services: dict[tuple[str, UUID], tuple[str | None, str, bool]] = {}
        self._subjects: list[StoredSubject] = []
        self._keys: list[tuple[Any, ...]] = []
        self._items: list[tuple[Any, ...]] = []

    def prepare(self, lines: Sequence[Line]) -> None:
        """Read at once which of the rows are in the record, and who their reporters are."""
        self._known = known_requests(self._batch.facts, [self.number(line) for line in lines])
        self._entries.prepare(claim for line in lines if (claim := _reporter(line)))

    def number(self, line: Line) -> UUID:
        """The request's number: it follows from the source and the row's own number, or what the row says."""
        own = line.text("id")
        if own is not None:
            return uuid5(_NAMESPACE, f"{self._code} {self._batch.source} {own}")
        said = "\x1f".join(str(line.values.get(name)) for name in _TELLING)
        # Keyed, since a number that anybody could compute from a text would tell who wrote it.
        return UUID(bytes=self._vault.keyring.blind("request", said))

    def take(self, line: Line) -> None:
        """Take a row: a new request, how one that is known stands now, or nothing new."""
        ident = self.number(line)
        place, times = self._place(line), times_of(line, self._batch)
        end = how_it_stands(line, times[1], self._batch)
        if ident in self._known:
            self._again(line, ident, self._said(line, place, times, end), place)
            return
        subject = self._subject(line, ident, place, times, end)
        self._known[ident] = known_as(subject)
        self._subjects.append(subject)
        self._seal(line, ident)
        counted(self._batch, subject, place.reporting_place)
        self._batch.took(ident, new=True, changed=True)
        self._batch.told[end.outcome or OPEN] += 1

    def _again(self, line: Line, ident: UUID, said: Known, place: PlaceNode) -> None:
        known = self._known[ident]
        exact = place.id if not known.touched and self._is_within(place, known.place) else None
        changed = follows(known, said.end) or exact is not None
        if changed:
            end = said.end if follows(known, said.end) else known.end
            self._batch.order(bring_up_to_date(self._batch, ident, end, exact), line)
            known = self._known[ident] = attrs.evolve(known, end=end, place=exact or known.place)
        if others := differences(known, said, line.values):
            self._batch.notice(line, self._differs(others))
        self._batch.took(ident, new=False, changed=changed)

    def _is_within(self, place: PlaceNode, known: UUID) -> bool:
        """Whether a place is a part of the known one, and of the same compound, so that figures stay where they are."""
        within = known != place.id and known.hex in place.path
        return within and self._homes.tree.node(known).reporting_place == place.reporting_place

    def _said(self, line: Line, place: PlaceNode, times: tuple[datetime, datetime], end: End) -> Known:
        name = line.text("department")
        return Known(
            end=end,
            place=place.id,
            holder=self._entries.body_number("department", name, self._batch.root) if name else None,
            submitted=times[0],
            accepted=times[1],
            category=line.text("category") or NO_CATEGORY,
        )

    def _differs(self, columns: Sequence[str]) -> Text:
        table = self._batch.table
        headings = listed(table.heading(name) or name for name in columns)
        return say("the record has otherwise: {headings}; it stays as it is", headings=headings)

    def _place(self, line: Line) -> PlaceNode:
        place, lost = self._homes.nearest(line)
        if lost is not None:
            self._batch.leave_out(line, lost.column, lost.text)
        return place

    def _subject(
        self, line: Line, ident: UUID, place: PlaceNode, times: tuple[datetime, datetime], end: End
    ) -> StoredSubject:
        reporter = self._reporter(line)
        subject = StoredSubject(
            id=ident,
            root=ident,
            kind="request",
            state=OPEN,
            place=place.id,
            compound=place.reporting_place,
            opened_at=times[0],
            accepted_at=times[1],
            person=reporter,
            holder=self._department(line),
            record=self._record(line, place, reporter),
            hands=Participants(afterwards=("accepted",)),
        )
        if end.at is not None:
            return closing(self._batch, subject, end.state, end.outcome, end.at)
        return running(self._batch, subject)

    def _record(self, line: Line, place: PlaceNode, reporter: UUID | None) -> Request:
        category = self._category(line)
        if len(category) > _LONGEST_CATEGORY:
            raise BadLine("category", say("a category is a few words; the rest belongs to the description"))
        service, rule, urgent = self._service(category, place.id)
        own = line.text("id")
        return Request(
            category=category,
            channel="import",
            service=service,
            rule=rule,
            urgent=urgent,
            anonymous=reporter is None,
            source=f"{self._batch.source}:{own}" if own else self._batch.source,
        )

    def _category(self, line: Line) -> str:
        """The category in the row; that of none where it would show somebody's number in every list."""
        text = line.text("category") or NO_CATEGORY
        problem = unfit(text)
        if problem is None:
            return text
        what = say("{name} {problem}; the row was taken without it", name=say("category"), problem=problem)
        self._batch.notice(line, what, "category")
        return NO_CATEGORY

    def _service(self, category: str, place: UUID) -> tuple[str | None, str, bool]:
        known = self._services.get((category, place))
        if known is None:
            known = self._services[category, place] = self._matched(category, place)
        return known

    def _matched(self, category: str, place: UUID) -> tuple[str | None, str, bool]:
        facts = self._batch.facts
        answer = plugins_of(facts).request_match(Wanted(category=category, place=place), facts)
        if answer is not None:
            code, rule = answer.value.service, f"{answer.plugin}: {answer.value.rule}"
        else:
            code, rule = self._batch.settings.service, "import"
        service = service_of(code, facts)
        return (service.code, rule, service.urgent) if service else (None, "none", False)

    def _reporter(self, line: Line) -> UUID | None:
        said = _reporter(line)
        return self._entries.take(line, said)[0] if said else None

    def _department(self, line: Line) -> Seat | None:
        name = line.text("department")
        if name is None:
            return None
        return Seat(role=None, at=self._entries.body("department", name, self._batch.root))

    def _seal(self, line: Line, ident: UUID) -> None:
        texts = {field: text for field in _SEALED if (text := line.text(field))}
        if "name" in texts and line.text("phone"):
            # Who reports it is a person of the register; only a mere name stays with the request.
            del texts["name"]
        if not texts:
            return
        key = DataKey.generate()
        self._keys.append((self._code, ident, self._vault.keyring.wrap(key, self._code, ident)))
        for column, text in texts.items():
            field = "reporter" if column == "name" else column
            sealed = seal(key, text.encode(), self._code, ident, field)
            self._items.append((self._code, ident, field, ident, sealed))

    def write(self) -> None:
        """Hand over all that was gathered."""
        if self._subjects:
            self._batch.write([stored_in_bulk(self._code, self._subjects, self._batch.facts.found)])
        tables = ((_KEYS, self._keys), (_ITEMS, self._items))
        self._batch.write(bulk(statement, rows) for statement, rows in tables if rows)


def _reporter(line: Line) -> PersonData | None:
    return claim_of(line, None) if line.text("phone") else None


def _load(lines: Sequence[Line], batch: Batch) -> None:
    homes, entries = Homes(batch, make=False), Entries(batch)
    homes.prepare(lines)
    requests = Requests(batch, homes, entries)
    requests.prepare(lines)
    for line in lines:
        try:
            requests.take(line)
        except Refused as refusal:
            batch.refuse(line, refusal, getattr(refusal, "field", ""))
    requests.write()
    batch.write(entries.writes())


_SEALED: Final = ("description", "address", "name")
_TELLING: Final = ("opened", "category", "description", "address", "compound", "building", "unit", "room")

REQUESTS = Importer(
    kind="requests",
    label="requests",
    done="requests taken from a file",
    columns=COLUMNS,
    load=_load,
    signs=SIGNS,
)
