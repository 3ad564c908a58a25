"""Codes for check-in and check-out: they change with the time and follow from the district's key.

Nothing is kept that could be read: a code is worked out of the session, what it is for and the span
of time it belongs to. A photograph of it is worth nothing once that span has passed.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from hmac import compare_digest
from math import ceil
from typing import Literal
from uuid import UUID

import attrs

from linli_volunteers.settings import VolunteerSettings

Purpose = Literal["check-in", "check-out"]
Commit = Callable[[str, str], str]
# Eight, not six: whoever is not there has two minutes to guess it.
_DIGITS = 8


@attrs.frozen(kw_only=True)
class Code:
    """A code on show.

    Attributes:
        changes_at: when the next one comes up; `until`: how long this one is taken.
    """

    text: str
    changes_at: datetime
    until: datetime


def _code(commit: Commit, session: UUID, purpose: Purpose, span: int) -> str:
    mark = int(commit(f"{session} {purpose} {span}", "session code")[:16], 16)
    return f"{mark % 10**_DIGITS:0{_DIGITS}}"


def code_at(
    commit: Commit, session: UUID, purpose: Purpose, moment: datetime, settings: VolunteerSettings
) -> Code:
    """The code of a session at a moment."""
    every = settings.code_every.total_seconds()
    span = int(moment.timestamp() // every)
    begins = datetime.fromtimestamp(span * every, UTC)
    return Code(
        text=_code(commit, session, purpose, span),
        changes_at=begins + settings.code_every,
        until=begins + settings.code_valid_for,
    )


def code_fits(
    text: str,
    commit: Commit,
    session: UUID,
    purpose: Purpose,
    moment: datetime,
    settings: VolunteerSettings,
) -> bool:
    """Whether a code came up no longer ago than the district allows."""
    now, every = moment.timestamp(), settings.code_every.total_seconds()
    newest = int(now // every)
    for span in range(newest, newest - ceil(settings.code_valid_for.total_seconds() / every) - 1, -1):
        right = _code(commit, session, purpose, span)
        if compare_digest(text.strip().encode(), right.encode()):
            return now < span * every + settings.code_valid_for.total_seconds()
    return False


def qr_text(address: str, session: UUID, purpose: Purpose, code: str) -> str:
    """What stands in the QR: a page of the district's with the session and the code, or the code alone."""
    if not address:
        return code
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}session={session}&for={purpose}&code={code}"
