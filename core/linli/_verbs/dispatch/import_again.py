"""Requests that are in the record already: a second export says how they stand now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli._base import codec
from linli._engine.orders import AlreadySo
from linli._importing.batches import Batch
from linli._model.access import KEEPERS
from linli._model.direct import ActResult, DirectAct, DirectOrder
from linli._model.facts import Facts
from linli._model.figures import Tally
from linli._model.subjects import PLACE_IN_TREE, TREE, StoredSubject, goes_on, stored, subject_from
from linli._store import Row
from linli._store import tables as t
from linli._store.bulk import Lookup
from linli._verbs.dispatch.import_history import closing, count_as_if, ended_by, running

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
_COLUMNS: Final = (
    _s.id, _s.state, _s.outcome, _s.place, _s.holder_at, _s.opened_at, _s.accepted_at, _s.ended_at, _s.record,
)  # fmt: skip
_KNOWN: Final = Lookup(select(*_COLUMNS).where(_s.district == _d), _s.id)
# What a file alone did with a request is no act of its own.
_ACTED: Final = Lookup(
    select(t.act.c.root).where(t.act.c.district == _d, t.act.c.kind != "import"), t.act.c.root
)
OPEN: Final = "accepted"

CLOSING = DirectAct("import.closing", label="closing taken from a file", by=KEEPERS)
REOPENING = DirectAct("import.reopening", label="reopening taken from a file", by=KEEPERS)


@attrs.frozen(kw_only=True)
class End:
    """How a request stands: where it ended, when, and how; `state` is "accepted" while it goes on."""

    state: str = OPEN
    outcome: str | None = None
    at: datetime | None = None


@attrs.frozen(kw_only=True)
class Known:
    """A request that is in the record, or comes into it with this file.

    Attributes:
        touched: whether anybody went on with it here since it was imported.
    """

    end: End
    place: UUID
    holder: UUID | None
    submitted: datetime
    accepted: datetime | None
    category: str
    touched: bool = False


def known_requests(facts: Facts, idents: Sequence[UUID]) -> dict[UUID, Known]:
    """What the record has of those of the requests that are in it."""
    rows = facts.found(_KNOWN, idents)
    acted = {root for (root,) in facts.found(_ACTED, [row[0] for row in rows])} if rows else set()
    return {row[0]: _known_from(row, touched=row[0] in acted) for row in rows}


def _known_from(row: Row, *, touched: bool) -> Known:
    _, state, outcome, place, holder, opened, accepted, ended, record = row
    return Known(
        end=End(state=state, outcome=outcome, at=ended),
        place=place,
        holder=holder,
        submitted=opened,
        accepted=accepted,
        category=codec.decode(record)["category"],
        touched=touched,
    )


def known_as(subject: StoredSubject) -> Known:
    """What the record will have of a request that is new."""
    return Known(
        end=End(state=subject.state, outcome=subject.outcome, at=subject.ended_at),
        place=subject.place,
        holder=subject.holder.at if subject.holder else None,
        submitted=subject.opened_at,
        accepted=subject.accepted_at,
        category=subject.record.category,
    )


def follows(known: Known, said: End) -> bool:
    """Whether the record takes over how a file says that a request stands now."""
    if said == known.end:
        return False
    if known.touched:
        # Who went on with it here knows more than the file, but for an end that only the file knows.
        return known.end.state == OPEN and said.state != OPEN
    return known.end.state in (OPEN, "closed", "withdrawn")


def differences(known: Known, said: Known, columns: Mapping[str, Any]) -> list[str]:
    """The columns in which a file says otherwise than the record, where that stays as it is."""
    pairs = (
        ("opened", known.accepted, said.accepted),
        ("submitted", known.submitted, said.submitted),
        ("category", known.category, said.category),
        ("compound", known.place, said.place),
        ("department", known.holder if said.holder and not known.touched else said.holder, said.holder),
        ("status", known.end.state == OPEN if known.touched else None, said.end.state == OPEN if known.touched else None),
    )  # fmt: skip
    return [name for name, one, other in pairs if name in columns and one != other]


def bring_up_to_date(batch: Batch, ident: UUID, said: End, place: UUID | None = None) -> DirectOrder:
    """The order by which a request stands as a newer file says, if nobody went on with it meanwhile.

    Args:
        place: where it is, more exactly than before and in the same compound; None: where it was.
    """
    rules = batch.rules
    flow = rules.workflow("request")

    def work(facts: Facts) -> ActResult:
        row = facts.rows(TREE, id=ident)[0]
        before, (_, _, _, reporting_place, *_) = subject_from(row, flow.record), row[PLACE_IN_TREE]
        known = attrs.evolve(known_as(before), touched=bool(facts.found(_ACTED, [ident])))
        exact = None if known.touched else place
        if not follows(known, said) and exact in (None, before.place):
            raise AlreadySo
        was, before = before, attrs.evolve(before, place=exact or before.place)
        once = attrs.evolve(batch, facts=facts, tally=Tally(), writes=[])
        after = before
        if follows(known, said):
            after = _as_said(once, before, said)
            _counted_anew(once, before, after, reporting_place)
        body = {"state": after.state, "outcome": after.outcome}
        body |= {"closed_at": said.at.isoformat()} if said.at else {}
        moved = [goes_on(rules.district, after, None)] if exact else []
        writes = (*stored(rules.district, after, was), *moved, *once.writes)
        return ActResult(body=body, writes=writes, counts=once.tally.cells())

    act = REOPENING if said.state == OPEN else CLOSING
    return DirectOrder(act=act, subject=ident, work=work, place=batch.root)


def _as_said(batch: Batch, before: StoredSubject, said: End) -> StoredSubject:
    if said.at is None:
        return running(batch, attrs.evolve(before, state=OPEN, outcome=None, ended_at=None))
    return closing(batch, before, said.state, said.outcome, said.at)


def _counted_anew(batch: Batch, before: StoredSubject, after: StoredSubject, reporting_place: UUID) -> None:
    """Take back what the end counted that holds no longer, on its own day, and count the one that holds."""
    opened = before
    if before.ended_at is not None:
        opened = attrs.evolve(before, state=OPEN, outcome=None, ended_at=None)
        count_as_if(batch, "request.reopen", before.ended_at, opened, reporting_place, before=before)
    if after.ended_at is not None:
        count_as_if(batch, ended_by(after), after.ended_at, after, reporting_place, before=opened)
