"""Deliveries and timers: rows that are due, written with the act, carried out after it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from linli import codec
from linli.store import Write
from linli.store import tables as t
from linli.store.statements import insert_into

_DUE = insert_into(t.delivery, rank=40)


def due(
    district: str, act: UUID, at: datetime, kind: str, recipient: str, payload: Mapping[str, Any]
) -> Write:
    """The write that makes something due. Its identifier follows from the act and the recipient."""
    body = codec.encode(codec.plain(payload))
    values = {
        "district": district,
        "id": uuid5(act, f"{kind} {recipient} {body}"),
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
    return Write(_DUE, values)
