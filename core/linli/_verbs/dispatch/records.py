"""What is kept with requests, tasks and offers."""

from datetime import date
from typing import Literal, get_args
from uuid import UUID

import attrs

from linli._model.access import has_post
from linli._model.inputs import Choice

Channel = Literal["desk", "phone", "web", "steward", "system", "import"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)


class Settled(Choice):
    """How a request that was resolved is closed."""

    SETTLED = "settled"
    DECLINED = "declined"


class Outcome(Choice):
    """How a closed request has ended."""

    SETTLED = "settled"
    DECLINED = "declined"
    HANDED_OVER = "handed_over"
    DUPLICATE = "duplicate"


OUTCOMES = tuple(one.value for one in Outcome)
UNDATED = "undated"
"""The outcome of an imported request that was closed, nobody says when: it is in no mean and no rate."""
UNCOUNTED = ("duplicate", UNDATED)
"""Outcomes of closed requests that do not count as closed."""
PausedFor = Literal["waiting_for_reporter", "waiting_for_parts", "waiting_for_weather", "waiting_for_others"]

CLERK = has_post("clerk")


@attrs.frozen(kw_only=True, slots=False)  # quickly copied: every act has a changed one
class Request:
    """What is kept with a request. What the resident wrote is in the vault.

    Attributes:
        category: what the reporter chose or the clerk wrote down, a word or two.
        service: the service that it gets: what the rules matched, or what the desk chose instead.
        matched: the service that the rules matched it to, by the rule `rule`; None: none fitted.
        entered_by: who filed it, where that is not the reporter.
        confidential: the reporter is known to the desk alone.
        about: the person, the organisation or the place that it complains about: it is not routed to them,
            they cannot act on it, nor see it.
        not_to_them: the reporter wants nothing of it to be given to whom it is about.
        times_reopened: how often it was reopened; its tasks have the number that it had when they were opened.
        paused_until: the day on which a pause ends; paused_for_event: the event that ends it.
        proposed_by: the matter outside whose result is proposed as the feedback.
        rating: 1 (worst) to 5, given once after the feedback.
        source: the outside system or file that it came from, with its number there.
    """

    category: str
    channel: str = "desk"
    service: str | None = None
    matched: str | None = None
    rule: str | None = None
    urgent: bool = False
    anonymous: bool = False
    confidential: bool = False
    entered_by: UUID | None = None
    duplicate_of: UUID | None = None
    about: UUID | None = None
    not_to_them: bool = False
    times_reopened: int = 0
    paused_until: date | None = None
    paused_for_event: str | None = None
    proposed_by: UUID | None = None
    rating: int | None = None
    source: str | None = None


@attrs.frozen(kw_only=True, slots=False)  # quickly copied: every act has a changed one
class Task:
    """What is kept with a task.

    Attributes:
        rule: the rule that chose its holder.
        own_words: whether whom a complaint is about has it, in the desk's own words, to put something right.
        times_reopened: how often its request had been reopened when it was opened.
        minutes: how long the work took, as who did it says.
    """

    service: str
    urgent: bool = False
    rule: str | None = None
    about: UUID | None = None
    own_words: bool = False
    times_reopened: int = 0
    minutes: int | None = None


@attrs.frozen(kw_only=True, slots=False)  # quickly copied: every act has a changed one
class Offer:
    """A task offered to the seat that should have it ("not ours")."""

    role: str | None = None
    at: UUID
    about: UUID | None = None


@attrs.frozen(kw_only=True, slots=False)  # quickly copied: every act has a changed one
class Handover:
    """A request that a body outside the record should have.

    Attributes:
        outside_body: its name.
        accepted_on: the day on which it accepted; `their_number`: the request's number there.
    """

    outside_body: str
    about: UUID | None = None
    accepted_on: date | None = None
    their_number: str | None = None
