"""What follows from an act: a closed set of effects, carried out in the act's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from linli._base.i18n import Text
from linli._model.access import Seat
from linli._store import Write


@attrs.frozen(kw_only=True, slots=False)
class OpenOrder:
    """Open a subject of a workflow.

    Attributes:
        parent: the subject it becomes a part of; None: a root of its own.
        key: its key among its siblings; needed where there is a parent.
        id: the new subject's; None: a new one. Give one to make the order repeatable.
        values: what the opening move asks for.
        writes: changes of other tables that come with it.
        version: of the tree that `parent` stands in, as the caller saw it; None: whatever it is now.
    """

    workflow: str
    move: str
    place: UUID
    values: Mapping[str, object] = attrs.field(factory=dict)
    id: UUID | None = None
    holder: Seat | None = None
    person: UUID | None = None
    parent: UUID | None = None
    key: str | None = None
    writes: tuple[Write, ...] = ()
    version: int | None = None


@attrs.frozen(kw_only=True, slots=False)
class MoveOrder:
    """Make a move of a subject.

    As an effect it is made by linli itself.

    Attributes:
        version: of the subject's tree, as the caller saw it; None: whatever it is now.
        writes: changes of other tables that come with it.
    """

    subject: UUID
    move: str
    values: Mapping[str, object] = attrs.field(factory=dict)
    version: int | None = None
    writes: tuple[Write, ...] = ()


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
        source, target: the owner and the part: "free", "held", "issued", "spent", "expired", "owed".
        cap_period: the period whose cap it used up, so that a reversal gives that back.
    """

    unit: str
    amount: int
    source: tuple[UUID, str]
    target: tuple[UUID, str]
    rule: str
    cause: UUID | None = None
    cap_period: str | None = None


@attrs.frozen(kw_only=True)
class Tell:
    """Let somebody hear of the act: one delivery to one recipient, after the act is stored.

    Attributes:
        recipient: "plugin:<name>", "channel:<name>", "seat:<role>@<id>", or "person:<id>".
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


@attrs.frozen(kw_only=True)
class CountFrom:
    """Let what a move ended count from when it was so, which somebody above has confirmed.

    Attributes:
        ended_at: when it ended, as recorded; where that is no longer so, the matter has gone on, and its figures stay.
        spent: by clock, its turn and the seconds that it counted then.
        version: that of the act which ended it.
        differences: what figures change by: figure, place, day, n and total.
    """

    subject: UUID
    since: datetime
    version: int = 0
    ended_at: datetime | None = None
    spent: Mapping[str, tuple[int, float]] = attrs.field(factory=dict)
    differences: tuple[tuple[str, str, str, int, int], ...] = ()


Effect = OpenOrder | MoveOrder | Assign | Transfer | Tell | Change | CountFrom


@attrs.frozen(kw_only=True)
class Hold:
    """What somebody is still party to, so that they are erased only after it; not an effect, see `person_holds`.

    Attributes:
        what: in words that they can be told, without what others wrote.
        until: when it ends, where that is known; None: it is asked again until it is over.
    """

    what: Text
    until: datetime | None = None
