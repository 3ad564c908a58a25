"""Setting up a branch: proposed, approved by the street; or entered as it is."""

from collections.abc import Iterable
from uuid import UUID

from linli import (
    AnyTransition,
    Assign,
    Change,
    Context,
    Effect,
    Invalid,
    Limit,
    Refusal,
    Seat,
    Transition,
    Write,
    evolve,
    working_days,
)
from linli.hooks import body_begins
from linli.query import place, place_above, ties
from linli_party.branch import Approve, Branch, Enter, Propose, ProposeAgain
from linli_party.committees import BODY, SECRETARY, OwnSeat, body_of, fits, seated
from linli_party.compounds import MEMBER_TIE, HasABranch, KindOfCompoundNotSaid, compound_at, lacking
from linli_party.settings import PartySettings
from linli_party.tables import TAKE_SEAT, branches_seated
from linli_party.terms import begun


def kind_of_compound(ctx: Context[object]) -> str:
    """The kind of its compound, as the register has it; empty where that does not say."""
    return str(ctx.get(place(ctx.place)).record.get("kind") or "")


def as_proposed(t: Transition[None, Propose]) -> Branch:
    """What was proposed, with the kind of its compound."""
    given = t.given
    return Branch(
        name=given.name,
        branch_kind=given.branch_kind,
        nominees=given.nominees,
        compound_kind=kind_of_compound(t),
    )


def as_proposed_again(t: Transition[Branch, ProposeAgain]) -> Branch:
    """The same, with the kind that its compound has now."""
    return evolve(t.record, compound_kind=kind_of_compound(t))


def as_approved(t: Transition[Branch, Approve]) -> Branch:
    """What it is from the day that is given on, else from today."""
    return evolve(t.record, since=t.given.since or t.today, compound_kind=kind_of_compound(t))


def as_entered(t: Transition[None, Enter]) -> Branch:
    """What there was before this record began."""
    given = t.given
    return Branch(
        name=given.name,
        branch_kind=given.branch_kind,
        nominees=given.nominees or (),
        since=given.since,
        compound_kind=kind_of_compound(t),
    )


# --- what must hold ----------------------------------------------------------------------------------


class NoCompound(Invalid, says="{name} is no compound; a branch is one of a compound"):
    name: str
    field: str = "place"


def of_a_compound(t: AnyTransition) -> Refusal | None:
    """The check that it is of a compound whose kind is known."""
    known = t.get(place(t.place))
    if known.kind != "compound":
        return NoCompound(name=known.name)
    if not kind_of_compound(t):
        return KindOfCompoundNotSaid(name=known.name)
    return None


def _seat_of(branch: Context[Branch]) -> UUID:
    """What there may be one branch for: the compound, or its organisation where there may be several."""
    one = branch.settings(PartySettings).one_per_compound
    return branch.place if one else body_of(branch.subject)


def may_be_here(t: Transition[Branch, object]) -> Refusal | None:
    """The check that there is none yet."""
    return HasABranch(name=t.get(place(t.place)).name) if t.get(branches_seated(_seat_of(t))) else None


def conditions_hold(t: Transition[Branch, object]) -> Refusal | None:
    """The check of the district's conditions."""
    lacks = lacking(compound_at(t.facts, t.place), t.record.branch_kind, t.settings(PartySettings))
    return may_be_here(t) or next(iter(lacks), None)


def nominees_fit(t: Transition[Branch, Propose | ProposeAgain]) -> Refusal | None:
    """The check that whom it is proposed with can be its committee."""
    return fits(t, t.given.nominees)


class NomineeLeft(Refusal, says="somebody who was named is no party member any more; send it back"): ...


def nominees_stand(t: Transition[Branch, object]) -> Refusal | None:
    """The check that they still can."""
    nominees = t.record.nominees
    if t.facts.is_among(t.actor, nominees):
        return OwnSeat()
    if all(t.get(ties(MEMBER_TIE, person=one)) for one in nominees):
        return None
    return NomineeLeft()


def committee_fitted(t: Transition[Branch, Enter]) -> Refusal | None:
    """The check that who was elected could be, on a day on which there was something to elect."""
    return fits(t, t.given.nominees, as_it_is=True)


class ElectedBeforeItWas(Invalid, says="its committee was not elected before it was"):
    field: str = "elected_on"


def entered_in_order(t: Transition[Branch, Enter]) -> Refusal | None:
    """The check that it was before its committee was."""
    if t.given.elected_on and t.given.elected_on < t.given.since:
        return ElectedBeforeItWas()
    return None


# --- what follows ------------------------------------------------------------------------------------


def to_the_street(t: AnyTransition) -> Iterable[Effect]:
    """The street has to decide: that of the place, else the place itself."""
    yield Assign(holder=Seat(role="officer", at=t.get(place_above(t.place, "street")) or t.place))


def begins(t: Transition[Branch, Approve | Enter]) -> Iterable[Effect]:
    """Its body, its seat, the posts of its committee and their first term begin with it."""
    record, body = t.record, body_of(t.subject)
    assert record.since, "it is from that day on"
    elected_on = t.given.elected_on if isinstance(t.given, Enter) else None
    yield from body_begins(t.facts, BODY, record.name, t.place, since=record.since, ident=body)
    seat = {"district": t.facts.district, "seat": _seat_of(t), "branch": t.subject.id}
    yield Change(write=Write(TAKE_SEAT, seat))
    yield from seated(t, record.nominees)
    yield begun(t, body, elected_on or record.since)
    yield Assign(holder=Seat(role=SECRETARY, at=body))


def time_to_approve(ctx: Context[object]) -> Limit:
    """How long the street has to decide."""
    return working_days(ctx.settings(PartySettings).approve_within, ctx.facts)
