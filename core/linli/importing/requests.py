"""Requests: a table with a row each, in any 311-style form, becomes history kept at its own times."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import BindParameter, bindparam, select

from linli.access import Seat
from linli.dispatch.catalogue import Wanted
from linli.dispatch.records import Request
from linli.dispatch.routing import service_of
from linli.errors import Refused
from linli.i18n import say
from linli.importing.history import closing, counted, late_closing, with_clocks
from linli.importing.homes import Homes
from linli.importing.importer import BadLine, Batch, Importer, Line
from linli.importing.people import Entries, claim_of
from linli.importing.request_columns import COLUMNS
from linli.register.claims import Claim
from linli.register.tree import Knot
from linli.revealing import unfit
from linli.store import tables as t
from linli.store.bulk import Lookup, bulk, bulk_into
from linli.subjects import Subject, stored
from linli.vault.crypto import DataKey, seal

_NAMESPACE: Final = UUID("3c9ad4b8-0d55-5d7e-9b1e-52f4f5c8a9d0")
_SUBJECTS = bulk_into(t.subject, rank=10)
_SUBJECT_NAMES: Final = tuple(column.name for column in t.subject.columns)
_KEYS = bulk_into(t.vault_key, rank=20)
_ITEMS = bulk_into(t.vault_item, rank=21)
_d: BindParameter[str] = bindparam("district")
_KNOWN: Final = Lookup(
    select(t.subject.c.id, t.subject.c.state).where(t.subject.c.district == _d), t.subject.c.id
)
_LONGEST_CATEGORY: Final = 80
NO_CATEGORY: Final = "general"

# Words of a status that say more than that it is closed; every other one is judged by its time.
_CLOSED_WORDS: Final = ("办结", "已办", "完成", "closed", "completed", "resolved")
_OUTCOMES: Final[Mapping[str, str]] = {
    "不予受理": "declined", "不予办理": "declined", "无法办理": "declined", "declined": "declined",
    "重复": "duplicate", "重复件": "duplicate", "duplicate": "duplicate",
    "转办": "handed_over", "已转办": "handed_over", "已移交": "handed_over", "referred": "handed_over",
}  # fmt: skip


class Requests:
    """A chunk's requests on their way into the record."""

    def __init__(self, batch: Batch, homes: Homes, entries: Entries) -> None:
        self._batch, self._homes, self._entries = batch, homes, entries
        self._code = batch.rules.district
        self._vault = batch.rules.vault
        self._known: dict[UUID, str] = {}
        self._services: dict[tuple[str, UUID], tuple[str | None, str, bool]] = {}
        self._subjects: list[tuple[Any, ...]] = []
        self._keys: list[tuple[Any, ...]] = []
        self._items: list[tuple[Any, ...]] = []

    def prepare(self, lines: Sequence[Line]) -> None:
        """Read at once which of the rows are in the record, and who their reporters are."""
        self._known = dict(self._batch.facts.found(_KNOWN, [self.number(line) for line in lines]))
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
        """Take a row: a new request, a later closing of one that is open, or nothing new."""
        ident = self.number(line)
        closed_at: datetime | None = line.values.get("closed")
        if ident in self._known:
            self._again(line, ident, closed_at)
            return
        subject = self._subject(line, ident)
        self._known[ident] = subject.state
        row = stored(self._code, subject, new=True).values
        self._subjects.append(tuple([row[name] for name in _SUBJECT_NAMES]))
        self._seal(line, ident)
        counted(self._batch, subject, self._figures_at(line))
        self._batch.took(ident, new=True, changed=True)

    def _again(self, line: Line, ident: UUID, closed_at: datetime | None) -> None:
        newly_closed = False
        if closed_at is not None and self._known[ident] == "accepted":
            newly_closed = True
            self._batch.later.append(late_closing(self._batch, ident, closed_at, _outcome(line)))
            self._known[ident] = "closed"
        self._batch.took(ident, new=False, changed=newly_closed)

    def _place(self, line: Line) -> Knot:
        return self._homes.of(line) or self._homes.tree.knot(self._batch.root)

    def _figures_at(self, line: Line) -> UUID:
        return self._place(line).figures_at

    def _subject(self, line: Line, ident: UUID) -> Subject:
        opened, accepted, closed = _times(line)
        place = self._place(line)
        reporter = self._reporter(line)
        subject = Subject(
            id=ident,
            root=ident,
            kind="request",
            state="accepted",
            place=place.id,
            compound=place.figures_at,
            opened_at=opened,
            accepted_at=accepted,
            person=reporter,
            holder=self._department(line),
            record=self._record(line, place, reporter),
        )
        if closed is not None:
            return closing(subject, closed, _outcome(line))
        return with_clocks(self._batch, subject)

    def _record(self, line: Line, place: Knot, reporter: UUID | None) -> Request:
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
        answer = facts.plugins.request_match(Wanted(category=category, place=place), facts)
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
        tables = ((_SUBJECTS, self._subjects), (_KEYS, self._keys), (_ITEMS, self._items))
        self._batch.write(bulk(statement, rows) for statement, rows in tables if rows)


def _reporter(line: Line) -> Claim | None:
    return claim_of(line, None) if line.text("phone") else None


def _times(line: Line) -> tuple[datetime, datetime, datetime | None]:
    """When it was submitted, accepted and closed, in this order."""
    accepted: datetime = line.values["opened"]
    opened: datetime = line.values.get("submitted") or accepted
    closed: datetime | None = line.values.get("closed")
    if opened > accepted:
        raise BadLine("submitted", say("it was submitted after it was accepted; one of the times is wrong"))
    if closed is not None and closed < accepted:
        raise BadLine("closed", say("it was closed before it was accepted; one of the times is wrong"))
    status = (line.text("status") or "").casefold()
    if closed is None and (status in _OUTCOMES or status.startswith(_CLOSED_WORDS)):
        raise BadLine("closed", say("it is closed, but when? Give the time, or another status"))
    return opened, accepted, closed


def _outcome(line: Line) -> str:
    return _OUTCOMES.get((line.text("status") or "").casefold(), "settled")


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

REQUESTS = Importer(kind="requests", label="requests", columns=COLUMNS, load=_load)
