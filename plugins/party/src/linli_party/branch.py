"""What is kept with a branch (小区党组织), who acts on it, and what its moves ask."""

from datetime import date
from typing import Annotated
from uuid import UUID

import attrs

from linli import BodyId, Context, Input, Occurred, PersonId, Reason, Ref, has_post
from linli_party.compounds import BranchKind

PROPOSER = has_post("clerk", "residents_committee_member", "branch_secretary")
STREET = has_post("officer")
KEEPER = has_post("officer", "registrar")


@attrs.frozen(kw_only=True)
class Branch:
    """What is kept with a branch. Who sits on its committee is said by the posts of its organisation.

    Attributes:
        branch_kind: "ordinary" or "functional"; `compound_kind`: "old", "commercial", "courtyard".
        nominees: whom it was proposed with, the secretary first.
        associations: organisations of the compound that it leads (一核多元).
        since, until: the first day on which it was, and on which it was no more.
        into: the branch it was merged into.
    """

    name: str
    branch_kind: str
    compound_kind: str = ""
    nominees: tuple[UUID, ...] = ()
    associations: tuple[UUID, ...] = ()
    since: date | None = None
    until: date | None = None
    into: UUID | None = None


def _since_it_was(branch: Context[Branch]) -> date | None:
    """Its first day, before which nothing of it was; None for one that is only proposed."""
    return branch.record.since


_OF_IT = Occurred(since=_since_it_was)
Name = Annotated[str, Input("what it is called: 锦绣花园小区党支部", longest=80)]
Kind = Annotated[BranchKind, Input("ordinary or functional")]
People = Annotated[
    tuple[PersonId, ...],
    Input("its people one by one, the secretary first: a phone, an identity number or a number"),
]
Until = Annotated[date | None, Input("the first day on which it is no more; else today", occurred=_OF_IT)]


@attrs.frozen(kw_only=True)
class Propose:
    """What it is to be, and with whom."""

    name: Name
    branch_kind: Kind
    nominees: People


@attrs.frozen(kw_only=True)
class ProposeAgain:
    """What is another now."""

    branch_kind: Kind | None = None
    nominees: People | None = None


@attrs.frozen(kw_only=True)
class Approve:
    """From when on it is."""

    since: Annotated[date | None, Input("the first day on which it is; else today", occurred=_OF_IT)] = None


@attrs.frozen(kw_only=True)
class Enter:
    """What it is, since when, and who was elected when."""

    name: Name
    branch_kind: Kind
    since: Annotated[date, Input("the first day on which it was", occurred=_OF_IT)]
    nominees: People | None = None
    elected_on: Annotated[
        date | None, Input("the day of the last election; else the first day", occurred=Occurred())
    ] = None


@attrs.frozen(kw_only=True)
class ChangeCommittee:
    """Who sits on it for the rest of the term, and why."""

    committee: People
    reason: Reason


@attrs.frozen(kw_only=True)
class ReElect:
    """Who was elected, and when."""

    committee: People
    elected_on: Annotated[date | None, Input("the day of the election; else today", occurred=_OF_IT)] = None


@attrs.frozen(kw_only=True)
class Lead:
    """Which association."""

    association: Annotated[BodyId, Input("the association: its name or its number")]


@attrs.frozen(kw_only=True)
class Release(Lead):
    """Which association, and why."""

    reason: Reason


@attrs.frozen(kw_only=True)
class Recount:
    """The kind of the compound, where linli changes it: it cannot be read in the register yet."""

    compound_kind: Annotated[str | None, Input(by_engine=True)] = None


@attrs.frozen(kw_only=True)
class Absorb:
    """Which branch was merged into it, and what it leads from now on."""

    branch: Ref[Branch]
    associations: tuple[UUID, ...]


@attrs.frozen(kw_only=True)
class Merge:
    """Into which branch, why, and from when on."""

    into: Annotated[Ref[Branch], Input("the number of the branch that goes on")]
    reason: Reason
    until: Until = None


@attrs.frozen(kw_only=True)
class Dissolve:
    """Why, and from when on."""

    reason: Reason
    until: Until = None
