"""Rows of a form: what was counted for a figure, and the places of a kind. No personal data is in them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import attrs

from linli import District, StoredSubject, translate
from linli._verbs.dispatch.records import UNDATED
from linli.query import Counted, any_numbered

Value = str | int | float | None


@attrs.frozen(kw_only=True)
class Line:
    """A row of a list.

    Attributes:
        subject: as it is written; None where what was counted is none.
    """

    number: int
    counted: Counted
    district: District
    subject: StoredSubject | None
    places: Mapping[UUID, str]

    def when(self, take: Callable[[StoredSubject], datetime | None]) -> str | None:
        """A moment of its subject on the district's clock."""
        return self.minute(take(self.subject)) if self.subject else None

    def minute(self, moment: datetime | None) -> str | None:
        """A moment on the district's clock."""
        return f"{moment.astimezone(self.district.rules.zone):%Y-%m-%d %H:%M}" if moment else None

    def state(self) -> str | None:
        """The state that its subject is in, in words."""
        if not self.subject:
            return None
        state = self.district.rules.workflow(self.subject.kind).by_state[self.subject.state]
        return translate(state.label or state.name)

    def place(self) -> str | None:
        """Where: names below the district."""
        return self.places.get(self.counted.place) if self.counted.place else None

    def field(self, name: str) -> Value:
        """A field of its subject's record."""
        found = self.subject.record.get(name) if self.subject else None
        if found is None:
            return None
        if isinstance(found, bool):
            return translate("yes" if found else "no")
        return found if isinstance(found, int | float) else translate(str(found))


def _ended_at(subject: StoredSubject) -> datetime | None:
    """When it ended; nothing where a file said that it was closed and not when."""
    return None if subject.outcome == UNDATED else subject.ended_at


_Take = Callable[[Line], Value]
_COLUMNS: Mapping[str, tuple[str, _Take]] = {
    "no": ("序号", lambda one: one.number),
    "id": ("编号", lambda one: str(one.counted.subject)),
    "place": ("地点", Line.place),
    "at": ("时间", lambda one: one.minute(one.counted.at)),
    "date": ("日期", lambda one: (one.minute(one.counted.at) or "")[:10]),
    "what": ("事项", lambda one: str(one.district.rules.called(one.counted.what))),
    "note": ("备注", lambda one: str(one.counted.note) if one.counted.note else None),
    "state": ("状态", Line.state),
    "outcome": ("结果", lambda one: translate(one.subject.outcome or "") if one.subject else None),
    "opened": ("提出时间", lambda one: one.when(lambda it: it.opened_at)),
    "accepted": ("受理时间", lambda one: one.when(lambda it: it.accepted_at)),
    "ended": ("办结时间", lambda one: one.when(_ended_at)),
    "due": ("期限", lambda one: one.when(lambda it: it.due_at)),
}
_PLACE_COLUMNS: Mapping[str, str] = {
    "no": "序号",
    "name": "名称",
    "place": "地点",
    "id": "编号",
    "kind": "类别",
}


def list_columns(district: District) -> Mapping[str, str]:
    """By what people write, the columns of a list: those above, and the fields of any workflow's record."""
    fields = {field: field for flow in district.rules.workflows.values() for field in flow.fields}
    written = {word: name for name, (chinese, _) in _COLUMNS.items() for word in (name, chinese)}
    return fields | written


def place_columns() -> Mapping[str, str]:
    """By what people write, the columns of a row for each place."""
    return {word: name for name, chinese in _PLACE_COLUMNS.items() for word in (name, chinese)}


def named_columns() -> Mapping[str, str]:
    """The columns of lists: in code, and as people write them."""
    return {name: chinese for name, (chinese, _) in _COLUMNS.items()}


def named_place_columns() -> Mapping[str, str]:
    """The columns of rows for places: in code, and as people write them."""
    return _PLACE_COLUMNS


def rows(
    district: District, counted: Sequence[Counted], columns: Sequence[str]
) -> Iterable[tuple[Value, ...]]:
    """A row for each of what was counted."""
    places = district.register.name_paths({one.place for one in counted if one.place})
    subjects = district.ask_unchecked(any_numbered(one.subject for one in counted))
    for number, one in enumerate(counted, start=1):
        line = Line(
            number=number,
            counted=one,
            district=district,
            subject=subjects.get(one.subject),
            places=places,
        )
        yield tuple(_COLUMNS[name][1](line) if name in _COLUMNS else line.field(name) for name in columns)


@attrs.frozen(kw_only=True)
class Spot:
    """A place that has a row."""

    id: UUID
    name: str
    path: str
    kind: str

    def word(self, column: str, number: int) -> Value:
        """What stands in a column that is no figure."""
        found: Mapping[str, Value] = {
            "no": number,
            "name": self.name,
            "place": self.path,
            "id": str(self.id),
            "kind": translate(self.kind),
        }
        return found[column]


def spots(district: District, below: UUID | None, kind: str) -> list[Spot]:
    """The places of a kind that have not ended, by their names."""
    nodes = district.register.places(below, kind=kind)
    paths = district.register.name_paths([node.id for node in nodes])
    found = [
        Spot(id=one.id, name=one.name, path=paths[one.id], kind=str(one.record.get("kind") or one.kind))
        for one in nodes
    ]
    return sorted(found, key=lambda one: one.path)
