"""What is kept with a branch (小区党组织), who acts on it, and what several of its moves ask and check."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

import attrs
from sqlalchemy import bindparam, or_, select

from linli import Act, Ask, Facts, Subject, has_post, say
from linli.i18n import Text
from linli.store import Read
from linli.store import tables as t
from linli_party.committees import body_of
from linli_party.settings import PartySettings

PROPOSER = has_post("clerk", "residents_committee_member", "branch_secretary")
STREET = has_post("officer")
KEEPER = has_post("officer", "registrar")
COMPOUND_KIND = Ask(name="compound_kind", required=False, computed=True)

_s = t.subject.c
BRANCH_BY_ID = Read(
    select(_s.state, _s.place, _s.record).where(
        _s.district == bindparam("district"), _s.id == bindparam("id"), _s.kind == "branch"
    )
)
PROPOSALS = Read(
    select(_s.id, _s.record).where(
        _s.district == bindparam("district"),
        _s.kind == "branch",
        _s.place == bindparam("place"),
        _s.ended_at.is_(None),
        or_(_s.state == "proposed", _s.state == "returned"),
    )
)


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


def kind_of_compound(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """What fills in the kind of the compound."""
    return {"compound_kind": facts.place(subject.place).record.get("kind")}


def of_a_compound(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """The check that it is of a compound, and of which kind."""
    place = facts.place(subject.place)
    if place.kind != "compound":
        return say("{name} is no compound; a branch is one of a compound", name=place.name)
    if place.record.get("kind") is None:
        return say("say first which kind of compound {name} is", name=place.name)
    if subject.record.compound_kind != place.record["kind"]:
        return say("which kind of compound it is, is said by the register")
    return None


def seat_of(subject: Subject, facts: Facts) -> UUID:
    """What there may be one branch for: the compound, or its organisation where there may be several."""
    return subject.place if facts.settings(PartySettings).one_per_compound else body_of(subject)


def day_of_act(name: str) -> Callable[..., Mapping[str, object]]:
    """What fills in the day of the act."""
    return lambda subject, values, facts: {name: facts.today}


def since_it_was(branch: Subject, facts: Facts) -> date | None:
    """Its first day, before which nothing of it was; None for one that is only proposed."""
    return branch.record.since  # type: ignore[no-any-return]
