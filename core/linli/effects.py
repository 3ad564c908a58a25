"""What follows from an act: a closed set of effects, carried out in the act's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from linli.access import Seat
from linli.store import Write


@attrs.frozen(kw_only=True)
class OpenSubject:
    """Open a subject of a workflow.

    Attributes:
        parent: the subject it becomes a part of; None: a root of its own.
        key: its key among its siblings; needed where there is a parent.
        values: what its opening move asks for.
    """

    workflow: str
    move: str
    place: UUID
    parent: UUID | None = None
    key: str | None = None
    holder: Seat | None = None
    person: UUID | None = None
    values: Mapping[str, object] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class MakeMove:
    """Make a move of another subject, or of this one, as linli itself."""

    subject: UUID
    move: str
    values: Mapping[str, object] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Assign:
    """Give a subject, by default the one that the act is on, to another seat."""

    holder: Seat | None
    subject: UUID | None = None


@attrs.frozen(kw_only=True)
class Transfer:
    """Move units from one account to another, once for a cause and a rule.

    Attributes:
        amount: in whole units, more than 0.
        cause: the act that is paid; None: the act itself.
        rule: why, in the words of the rule; an act is paid once by a rule and payee.
        source, target: the owner and the part: "free", "held", "issued", "spent", "expired".
    """

    unit: str
    amount: int
    source: tuple[UUID, str]
    target: tuple[UUID, str]
    rule: str
    cause: UUID | None = None


@attrs.frozen(kw_only=True)
class Tell:
    """Let somebody hear of the act: one delivery to one recipient, after the act is stored.

    Attributes:
        recipient: "plugin:<name>", "channel:<name>", or "seat:<role>@<id>".
        at: not before this moment; None: at once.
    """

    recipient: str
    kind: str = "tell"
    payload: Mapping[str, Any] = attrs.field(factory=dict)
    at: datetime | None = None


@attrs.frozen(kw_only=True)
class Change:
    """Change a plugin's own table in the act's transaction."""

    write: Write


Effect = OpenSubject | MakeMove | Assign | Transfer | Tell | Change
