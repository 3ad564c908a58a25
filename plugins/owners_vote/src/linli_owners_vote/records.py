"""What is kept with a vote, its ballots, proxies and contested parts: codes and numbers, no personal data."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import attrs

from linli import Choice, Input, PersonId, PlaceId, Ref
from linli_owners_vote.arithmetic import Majority, Result, Weight
from linli_owners_vote.settings import Ballots


@attrs.frozen(kw_only=True)
class Vote:
    """A vote of the owners of a compound.

    Attributes:
        topic: what is put to the vote, in a line, as it is made public.
        majority: see Civil Code art. 278.
        matter: the decision that waits for it; None: it stands alone.
        organiser: the body that holds it, and the kind of body for which it stands in.
        ways: how ballots are cast.
        ballots: "secret" or "by_name", fixed when it is announced.
        keepers: the organisations any two of which open the ballots; `keys`: their public keys, in that order.
        opens_from, until: the earliest opening; the closing.
        roll: SHA-256 of the frozen roll; `box`: of the receipts of all ballots that were counted;
            `sealed`: of what tells the sealed ballots from any others.
        opened_by: the keepers whose codes opened the box.
        roll_area, voted_area, agreed_area, against_area, abstained_area: hundredths of a square metre.
    """

    topic: str
    majority: Majority = "ordinary"
    matter: UUID | None = None
    organiser: UUID | None = None
    stands_in_for: str | None = None
    ways: tuple[str, ...] = ()
    ballots: Ballots = "secret"
    keepers: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    opens_from: datetime | None = None
    until: datetime | None = None
    roll: str | None = None
    roll_parts: int | None = None
    roll_area: int | None = None
    roll_heads: int | None = None
    box: str | None = None
    sealed: str | None = None
    opened_by: tuple[str, ...] = ()
    voted_parts: int | None = None
    voted_area: int | None = None
    voted_heads: int | None = None
    agreed_area: int | None = None
    agreed_heads: int | None = None
    against_area: int | None = None
    against_heads: int | None = None
    abstained_area: int | None = None
    abstained_heads: int | None = None


_WEIGHTS = ("roll", "voted", "agreed", "against", "abstained")


def result_of(vote: Vote) -> Result | None:
    """What was counted; None before."""
    if vote.box is None or vote.roll_parts is None or vote.voted_parts is None:
        return None
    weights = {
        name: Weight(area=getattr(vote, f"{name}_area"), heads=getattr(vote, f"{name}_heads"))
        for name in _WEIGHTS
    }
    return Result(parts=vote.roll_parts, voted_parts=vote.voted_parts, **weights)


def fields_of(result: Result) -> dict[str, Any]:
    """A result as the fields of a vote."""
    found: dict[str, Any] = {"voted_parts": result.voted_parts}
    for name in _WEIGHTS[1:]:
        weight: Weight = getattr(result, name)
        found |= {f"{name}_area": weight.area, f"{name}_heads": weight.heads}
    return found


OfVote = Annotated[Ref[Vote], Input("the number of the vote")]
OfPart = Annotated[PlaceId, Input("for which part")]


@attrs.frozen(kw_only=True)
class Ballot:
    """A ballot: for which part, never how.

    Attributes:
        mark: which sealed ballot it is, of its bytes.
        way: "online", "paper" or "proxy".
        sheet: the number on a paper.
        same: whether who checked a paper has read from it what was entered.
    """

    vote: Ref[Vote]
    part: PlaceId
    way: str
    mark: UUID | None = None
    sheet: str | None = None
    same: bool | None = None


class As(Choice):
    """A proxy; or for whom they speak who do not vote in person."""

    PROXY = "proxy"
    ORGANISATION = "organisation"
    GUARDIAN = "guardian"
    HEIRS = "heirs"
    DEVELOPER = "developer"


@attrs.frozen(kw_only=True)
class Proxy:
    """Somebody who may cast a part's ballot: what is kept, and what is asked of whoever enters a written one."""

    vote: OfVote
    part: OfPart
    agent: Annotated[PersonId, Input("who may cast the ballot")]
    why: Annotated[As, Input("as what they vote")] = As.PROXY


@attrs.frozen(kw_only=True)
class Keeper:
    """A body that keeps one of the codes of a vote.

    Attributes:
        organisation: the body.
        public: what of its key everybody may know; None until it has taken its code.
    """

    organisation: UUID
    public: str | None = None


class Held(Choice):
    """Where a vote was held that linli did not hold."""

    PLATFORM = "platform", "on the authority's platform"
    PAPER = "paper", "on paper, under an older rule"


@attrs.frozen(kw_only=True)
class Elsewhere:
    """A vote held outside linli, by the numbers of its certified result.

    Attributes:
        way: where it was held; `by`: whose, in a line.
        ended_on: its last day; `paper`: the number of the paper that certifies it.
        same: whether who checked has read the same numbers from the paper.
    """

    topic: str
    majority: Majority
    way: Held
    by: str
    ended_on: date
    paper: str
    roll_parts: int
    roll_area: int
    roll_heads: int
    voted_parts: int
    voted_area: int
    voted_heads: int
    agreed_area: int
    agreed_heads: int
    against_area: int
    against_heads: int
    abstained_area: int
    abstained_heads: int
    matter: UUID | None = None
    same: bool | None = None


NUMBERS = (
    "roll_parts",
    "voted_parts",
    *(f"{name}_{of}" for name in _WEIGHTS for of in ("area", "heads")),
)
"""What the paper of a certified result says; areas in hundredths of a square metre."""


def certified_elsewhere(known: Elsewhere) -> Result:
    """The numbers of a vote held outside linli, as a result."""
    weights = {
        name: Weight(area=getattr(known, f"{name}_area"), heads=getattr(known, f"{name}_heads"))
        for name in _WEIGHTS
    }
    return Result(parts=known.roll_parts, voted_parts=known.voted_parts, **weights)


def numbers_of(result: Result) -> dict[str, int]:
    """A result as the numbers of a vote held outside linli."""
    found = {"roll_parts": result.parts, "voted_parts": result.voted_parts}
    for name in _WEIGHTS:
        weight: Weight = getattr(result, name)
        found |= {f"{name}_area": weight.area, f"{name}_heads": weight.heads}
    return found
