"""Where something may begin: at a place that stands, or with what began at one that has ended and goes on."""

from sqlalchemy import bindparam, select

from linli._base.i18n import Several, listed
from linli._model.compiled import Workflow
from linli._model.facts import Facts
from linli._model.lookups import PlaceEnded
from linli._model.subjects import StoredSubject
from linli._store import Read
from linli._store import tables as t

_s = t.subject.c
_OPEN_AT = Read(
    select(_s.place).where(
        _s.district == bindparam("district"), _s.id == bindparam("id"), _s.ended_at.is_(None)
    )
)


class PlaceReplaced(PlaceEnded, says="place {name} has ended; what came after it: {successors}"):
    name: str
    successors: Several


def at_ended_place(flow: Workflow, subject: StoredSubject, facts: Facts) -> PlaceReplaced | None:
    """Why something may not begin where it is; None where it may."""
    place = facts.place(subject.place)
    if not place.closed or _belongs_to_what_goes_on(flow, subject, facts):
        return None
    return PlaceReplaced(name=place.name, successors=listed(place.record.get("successors", ())))


def _belongs_to_what_goes_on(flow: Workflow, subject: StoredSubject, facts: Facts) -> bool:
    """Whether it is one with a matter that began at the place and is open: a ballot with its vote."""
    matters = [getattr(subject.record, name) for name in flow.one_with]
    rows = [row for matter in matters if matter for row in facts.rows(_OPEN_AT, id=matter)]
    return any(place == subject.place for (place,) in rows)
