"""What is kept with requests, tasks and offers."""

from uuid import UUID

import attrs

from linli.access import has_post

CHANNELS = ("desk", "phone", "web", "steward", "system", "import")
OUTCOMES = ("settled", "declined", "handed_over", "duplicate")
UNDATED = "undated"
"""The outcome of an imported request that was closed, nobody says when: it is in no mean and no rate."""
UNCOUNTED = ("duplicate", UNDATED)
"""Outcomes of closed requests that do not count as closed."""
PAUSES = ("waiting_for_reporter", "waiting_for_parts", "waiting_for_weather", "waiting_for_others")

CLERK = has_post("clerk")


@attrs.frozen(kw_only=True)
class Request:
    """What is kept with a request. What the resident wrote is in the vault.

    Attributes:
        category: what the reporter chose or the clerk wrote down, a word or two.
        service: the service it was matched to, by the rule `rule`.
        entered_by: who filed it, where that is not the reporter.
        confidential: the reporter is known to the desk alone.
        about: the person or the organisation that it complains about: it is not routed to them, they
            cannot act on it, nor see it.
        rating: 1 (worst) to 5, given once after the feedback.
        source: the outside system or file that it came from, with its number there.
    """

    category: str
    channel: str = "desk"
    service: str | None = None
    rule: str | None = None
    urgent: bool = False
    anonymous: bool = False
    confidential: bool = False
    entered_by: UUID | None = None
    duplicate_of: UUID | None = None
    about: UUID | None = None
    rating: int | None = None
    source: str | None = None


@attrs.frozen(kw_only=True)
class Task:
    """What is kept with a task.

    Attributes:
        rule: the rule that chose its holder.
        minutes: how long the work took, as who did it says.
    """

    service: str
    urgent: bool = False
    rule: str | None = None
    about: UUID | None = None
    minutes: int | None = None


@attrs.frozen(kw_only=True)
class Offer:
    """A task offered to the seat that should have it ("not ours")."""

    role: str | None = None
    at: UUID
