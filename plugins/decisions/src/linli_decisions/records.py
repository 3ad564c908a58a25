"""What is kept with a decision and its parts: codes and numbers, no personal data."""

from datetime import date
from typing import Annotated
from uuid import UUID

import attrs

from linli import Choice, Input, KeptFile


@attrs.frozen(kw_only=True)
class VoteResult:
    """The arithmetic of the owners' vote, as it was certified.

    Attributes:
        held_at: where it was held, in a few words; "" for a vote held with linli.
        roll_heads, voted_heads, agreed_heads: owners on the roll, those that took part, those that agreed.
        roll_area, voted_area, agreed_area: the same by area, in hundredths of a square metre.
    """

    roll_heads: int
    roll_area: int
    voted_heads: int
    voted_area: int
    agreed_heads: int
    agreed_area: int
    held_at: str = ""

    def __str__(self) -> str:
        """As it is shown beside others: who took part of all, and who agreed."""
        return f"{self.voted_heads}/{self.roll_heads}, {self.agreed_heads}"


@attrs.frozen(kw_only=True)
class Decision:
    """A matter of the decision catalogue on its way.

    What the catalogue says of it is kept as it was when it was proposed: a change of the settings
    changes no matter that is on its way.

    Attributes:
        entry: its code in the catalogue.
        topic: a line, as it is made public.
        vote_kind: the owners' vote that it needs: "", "ordinary" or "special".
        tier: whose joint meeting files it: "street" or "district".
        company_silent: the property company has no say: it is about its own dismissal.
        carried_out_by: the kind of body that carries it out.
        notice_periods: of the resolution, of each stage, of the result; in days.
        working_days: whether these are days on which the desks are open.
        stages: the stages that must be disclosed, in their order; empty: as they come.
        papers_needed: what a complete proposal has; `papers` is what this one has.
        attachments: the files that were attached: a paper's is called by the paper's name.
        items: the agenda items that it was put on, the newest last.
        vote: the certified vote of the owners, and its arithmetic.
        filing_number: as the joint meeting filed it, and the day of that.
        rejected_in: the state in which it was rejected.
    """

    entry: str
    topic: str
    vote_kind: str = ""
    tier: str = "street"
    company_silent: bool = False
    carried_out_by: str = "owners_committee"
    notice_periods: tuple[int, ...] = (7, 0, 0)
    working_days: bool = False
    stages: tuple[str, ...] = ()
    papers_needed: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    attachments: tuple[KeptFile, ...] = ()
    items: tuple[UUID, ...] = ()
    vote: UUID | None = None
    vote_result: VoteResult | None = None
    filing_number: str | None = None
    filed_on: date | None = None
    rejected_in: str | None = None


@attrs.frozen(kw_only=True)
class Opinion:
    """What a body says of a matter.

    Attributes:
        reviewer: the organisation that was asked.
        stands_in_for: the kind of body that lacks, or that may not review; "" where it speaks for itself.
    """

    reviewer: UUID
    stands_in_for: str = ""


class Occasion(Choice):
    """The step of a matter that is disclosed."""

    RESOLUTION = "resolution"
    BEGUN = "begun"
    STAGE = "stage"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    ABANDONED = "abandoned"
    RESULT = "result"

    @property
    def stage(self) -> int:
        """Of the three: 1 the resolution, 2 the process, 3 the result."""
        return {Occasion.RESOLUTION: 1, Occasion.RESULT: 3}.get(self, 2)


@attrs.frozen(kw_only=True)
class Disclosure:
    """A disclosure of a matter and its notice period; its draft is given all of it.

    Attributes:
        publication: what was made public.
        stage: of its occasion.
        name: of the stage of the process, where it has one.
        days: the notice period; 0: none.
    """

    publication: UUID
    stage: Annotated[int, Input(least=1, most=3)]
    occasion: Occasion
    name: str = ""
    days: int = 0
    working_days: bool = False


@attrs.frozen(kw_only=True)
class Objection:
    """An owner's objection during a notice period.

    Attributes:
        raised_in: the act that has the owner's words.
    """

    raised_in: UUID
