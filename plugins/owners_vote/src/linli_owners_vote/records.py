"""What is kept with a vote, its ballots, proxies and contested parts: codes and numbers, no personal data."""

from datetime import datetime
from uuid import UUID

import attrs

from linli_owners_vote.arithmetic import Result, Weight


@attrs.frozen(kw_only=True)
class Vote:
    """A vote of the owners of a compound.

    Attributes:
        topic: what is put to the vote, in a line, as it is made public.
        majority: "ordinary" or "special" (Civil Code art. 278).
        matter: the decision that waits for it; None: it stands alone.
        organiser: the body that holds it, and the kind of body for which it stands in.
        ways: how ballots are cast.
        opens_from, until: the earliest opening; the closing.
        roll: SHA-256 of the frozen roll; `box`: of the receipts of all ballots that were counted.
        roll_area, voted_area, agreed_area, against_area, abstained_area: hundredths of a square metre.
    """

    topic: str
    majority: str = "ordinary"
    matter: UUID | None = None
    organiser: UUID | None = None
    stands_in_for: str | None = None
    ways: tuple[str, ...] = ()
    opens_from: datetime | None = None
    until: datetime | None = None
    roll: str | None = None
    roll_parts: int | None = None
    roll_area: int | None = None
    roll_heads: int | None = None
    box: str | None = None
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


def fields_of(result: Result) -> dict[str, int]:
    """A result as the fields of a vote."""
    found = {"voted_parts": result.voted_parts}
    for name in _WEIGHTS[1:]:
        weight: Weight = getattr(result, name)
        found |= {f"{name}_area": weight.area, f"{name}_heads": weight.heads}
    return found


@attrs.frozen(kw_only=True)
class Ballot:
    """A ballot: for which part, never how.

    Attributes:
        mark: the choice, sealed.
        way: "online", "paper" or "proxy".
        sheet: the number printed on a paper.
        again: the mark that whoever checked a paper came to.
    """

    vote: UUID
    part: UUID
    mark: UUID
    way: str
    sheet: str | None = None
    again: UUID | None = None


@attrs.frozen(kw_only=True)
class Proxy:
    """Somebody who may cast a part's ballot."""

    vote: UUID
    part: UUID
    agent: UUID


@attrs.frozen(kw_only=True)
class Contest:
    """A part whose entry on the roll somebody contests.

    Attributes:
        was: what tells the register's entry then from any other.
        finding: "register_right" or "register_corrected".
    """

    part: UUID
    was: str = ""
    finding: str | None = None
