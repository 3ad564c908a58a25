"""A delivery as a record and as a row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import attrs

from linli._base import codec
from linli._store import Row, Write
from linli._store import tables as t
from linli._store.statements import insert_into, upsert_into


@attrs.frozen(kw_only=True)
class Delivery:
    """Something that is due to one recipient.

    Attributes:
        id: the idempotency key that its receiver gets, the same at every attempt.
        kind: "act", "channel", "timer", "tell", or "fan" for a row that a worker makes many of.
        recipient: "plugin:<name>", "channel:<name>", "clock:<name>", "seat:<role>@<id>", "person:<id>".
        act: the act that it follows from.
        due_at: when it is tried next; while a worker has it, when its lease ends.
        attempts: how often it was claimed.
        lease: the token of the claim that has it.
        state: "due", "done" or "dead".
        error: why the last attempt failed, without personal data.
    """

    id: UUID
    kind: str
    recipient: str
    act: UUID | None
    payload: Mapping[str, Any]
    due_at: datetime
    attempts: int
    lease: UUID | None
    state: str
    ended_at: datetime | None
    error: str | None

    @property
    def name(self) -> str:
        """The recipient without its kind: a plugin's, a channel's, a clock's, a seat."""
        return self.recipient.partition(":")[2]


_d = t.delivery.c
DELIVERY_COLUMNS = (
    _d.id, _d.kind, _d.recipient, _d.act, _d.payload, _d.due_at, _d.attempts, _d.lease, _d.state, _d.ended_at, _d.error,
)  # fmt: skip


def delivery_from(row: Row) -> Delivery:
    """A delivery from a row of DELIVERY_COLUMNS."""
    values = dict(zip((column.name for column in DELIVERY_COLUMNS), row, strict=True))
    return Delivery(**{**values, "payload": codec.decode(values["payload"])})


_DUE = insert_into(t.delivery, rank=40)
# A fan-out that is expanded again, after a crash, meets its own rows.
_DUE_ONCE = upsert_into(t.delivery, keys=("district", "id"), change=lambda _table, _new: {}, rank=40)


def due(
    district: str, act: UUID, at: datetime, kind: str, recipient: str, payload: Mapping[str, Any]
) -> Write:
    """The write that makes something due. Its identifier follows from the act and the recipient."""
    body = codec.encode(codec.plain(payload))
    ident = uuid5(act, f"{kind} {recipient} {body}")
    return Write(_DUE, _values(district, ident, act, at, kind, recipient, body))


def expanded(district: str, fan: Delivery, at: datetime) -> list[Write]:
    """The writes of what a fan-out row stands for: one delivery, due `at`, for each of its recipients.

    Its payload is {"kind": of the deliveries, "recipients": [...], "payload": of each}.
    """
    kind, body = fan.payload["kind"], codec.encode(fan.payload.get("payload", {}))
    return [
        Write(
            _DUE_ONCE,
            _values(district, uuid5(fan.id, recipient), fan.act, at, kind, recipient, body),
            recipient,
        )
        for recipient in sorted(set(fan.payload["recipients"]))
    ]


def _values(
    district: str, ident: UUID, act: UUID | None, at: datetime, kind: str, recipient: str, body: str
) -> dict[str, Any]:
    return {
        "district": district,
        "id": ident,
        "due_at": at,
        "kind": kind,
        "recipient": recipient,
        "act": act,
        "payload": body,
        "attempts": 0,
        "lease": None,
        "state": "due",
        "ended_at": None,
        "error": None,
    }
