"""Acts: everything that happens is one, and the journal holds each exactly once."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import attrs
from sqlalchemy import bindparam, select
from uuid_utils.compat import uuid7

from linli._base import codec
from linli._model.access import Seat
from linli._store import Read, Row, Write
from linli._store import tables as t
from linli._store.statements import insert_into


@attrs.frozen(kw_only=True, slots=False)  # quickly made and copied: every act has several
class Act:
    """Somebody did something to something somewhere.

    Attributes:
        id: UUIDv7, made before the act is stored; it is the idempotency key.
        verb: the subject's kind and the move: "request.submit".
        root: the subject at the top of the tree; `version` counts the acts on it from 1.
        subject: what was acted on, of kind `kind`.
        person: whom it concerns, where it concerns one: who is paid, who reported.
        place: where; None only for what has no place yet.
        actor: the person; None for linli itself and the console.
        acting_as: the post ("clerk@…"), "own", "engine" or "console".
        at: when it happened; `recorded_at`: when linli learned of it.
        settings: the version of the district's settings that held.
        body: what was given and what changed: plain values, no personal data.
    """

    id: UUID
    verb: str
    kind: str
    root: UUID
    version: int
    subject: UUID
    at: datetime
    recorded_at: datetime
    settings: str
    place: UUID | None = None
    person: UUID | None = None
    actor: UUID | None = None
    acting_as: str | None = None
    body: Mapping[str, Any] = attrs.field(factory=dict, hash=False)

    @property
    def seat(self) -> Seat | None:
        """The post that it was done by; None where somebody acted for themselves, or linli did, or the console."""
        return Seat.read(self.acting_as or "")

    @property
    def afterwards(self) -> str:
        """Where the moment comes from at which it was so, where it was entered afterwards; else empty."""
        return str(self.body.get("afterwards", ""))

    def value(self, name: str, default: Any = None) -> Any:
        """What was given for `name` when the act was made."""
        return self.body.get("values", {}).get(name, default)


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


draw_id: Callable[[], UUID] = uuid7
"""What `new_id` draws with; tests draw numbers that look like somebody's, see `linli._testing.unlucky`."""


def new_id(key: UUID | None = None) -> UUID:
    """A new identifier: UUIDv7, so that later ones sort later.

    Args:
        key: of the call that begins it: repeated, it begins the same.
    """
    return draw_id() if key is None else uuid5(key, "what it begins")


INSERT_ACT = insert_into(t.act, rank=0)


def journal(district: str, act: Act) -> Write:
    """The write that records an act. Its key is the optimistic lock."""
    return Write(
        INSERT_ACT,
        {
            "district": district,
            "root": act.root,
            "version": act.version,
            "id": act.id,
            "verb": act.verb,
            "kind": act.kind,
            "subject": act.subject,
            "place": act.place,
            "actor": act.actor,
            "acting_as": act.acting_as,
            "at": act.at,
            "recorded_at": act.recorded_at,
            "settings": act.settings,
            "body": codec.encode({**act.body, "person": act.person} if act.person else act.body),
        },
        key=f"{act.root.hex}{act.version:06}",
    )


ACT_COLUMNS = (
    t.act.c.id,
    t.act.c.verb,
    t.act.c.kind,
    t.act.c.root,
    t.act.c.version,
    t.act.c.subject,
    t.act.c.place,
    t.act.c.actor,
    t.act.c.acting_as,
    t.act.c.at,
    t.act.c.recorded_at,
    t.act.c.settings,
    t.act.c.body,
)


def act_from(row: Row) -> Act:
    """An act from a row of ACT_COLUMNS."""
    (ident, verb, kind, root, version, subject, place, actor, acting_as, at, recorded_at, settings, body) = (
        row
    )
    found = codec.decode(body)
    person = found.get("person")
    return Act(
        id=ident,
        verb=verb,
        kind=kind,
        root=root,
        version=version,
        subject=subject,
        place=place,
        person=UUID(person) if person else None,
        actor=actor,
        acting_as=acting_as,
        at=at,
        recorded_at=recorded_at,
        settings=settings,
        body=found,
    )


ACT_BY_ID = Read(
    select(*ACT_COLUMNS).where(t.act.c.district == bindparam("district"), t.act.c.id == bindparam("id"))
)
ACTS_OF_ROOT = Read(
    select(*ACT_COLUMNS)
    .where(t.act.c.district == bindparam("district"), t.act.c.root == bindparam("root"))
    .order_by(t.act.c.version)
)
LAST_VERSION = Read(
    select(t.act.c.version, t.act.c.at)
    .where(t.act.c.district == bindparam("district"), t.act.c.root == bindparam("root"))
    .order_by(t.act.c.version.desc())
    .limit(1)
)
