"""The workflow of branches (小区党组织): set up, then with committees and associations, merged or dissolved."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from linli import (
    ENGINE,
    NOBODY,
    OWN,
    Change,
    Clock,
    Effect,
    Invalid,
    Moves,
    NotFoundHere,
    Part,
    Refusal,
    State,
    Subject,
    Transition,
    Why,
    Workflow,
    Write,
    evolve,
    has_post,
    in_turn,
)
from linli.hooks import body_ends
from linli.query import bodies, one, place, posts, subjects
from linli_party.branch import (
    KEEPER,
    PROPOSER,
    STREET,
    Absorb,
    Approve,
    Branch,
    ChangeCommittee,
    Dissolve,
    Enter,
    Lead,
    Merge,
    Propose,
    ProposeAgain,
    Recount,
    ReElect,
    Release,
)
from linli_party.committees import body_of, fits, ladder, seated
from linli_party.founding import (
    as_approved,
    as_entered,
    as_proposed,
    as_proposed_again,
    begins,
    committee_fitted,
    conditions_hold,
    entered_in_order,
    kind_of_compound,
    may_be_here,
    nominees_fit,
    nominees_stand,
    of_a_compound,
    time_to_approve,
    to_the_street,
)
from linli_party.tables import FREE_SEAT
from linli_party.terms import TermFlow, begun, current

# --- proposals ---------------------------------------------------------------------------------------


class ProposedAlready(Refusal, says="it has been proposed already: {id}"):
    id: UUID


def _not_proposed_already(t: Transition[Branch, object]) -> Refusal | None:
    """No proposal of its name waits."""
    t.facts.hold(f"branch of {t.place}")
    waiting = t.get(subjects(BranchFlow, place=t.place, states=BranchFlow.proposed | BranchFlow.returned))
    found = (ProposedAlready(id=one.id) for one in waiting if one.record.name == t.record.name)
    return next(found, None)


# --- committees --------------------------------------------------------------------------------------


def _committee_fits(t: Transition[Branch, ChangeCommittee | ReElect]) -> Refusal | None:
    return fits(t, t.given.committee)


def _committee_changes(t: Transition[Branch, ChangeCommittee | ReElect]) -> Iterable[Effect]:
    yield from seated(t, t.given.committee)


def _day(t: Transition[object, ReElect]) -> date:
    return t.given.elected_on or t.today


class ElectedTooEarly(Invalid, says="the committee was elected on {day}; a re-election is after that"):
    day: date
    field: str = "elected_on"


def _after_the_last(t: Transition[Branch, ReElect]) -> Refusal | None:
    term = current(t)
    if term is None or _day(t) > term.record.elected_on:
        return None
    return ElectedTooEarly(day=term.record.elected_on)


def _next_term(t: Transition[Branch, ReElect]) -> Iterable[Effect]:
    term = current(t)
    if term:
        yield TermFlow.finish(term.id)
    yield from _committee_changes(t)
    yield begun(t, body_of(t.subject), _day(t))


# --- what it leads, and the kind of its compound -----------------------------------------------------


def _led(t: Transition[Branch, Lead]) -> Branch:
    led = dict.fromkeys((*t.record.associations, t.given.association))
    return evolve(t.record, associations=tuple(led))


def _released(t: Transition[Branch, Release]) -> Branch:
    led = (one for one in t.record.associations if one != t.given.association)
    return evolve(t.record, associations=tuple(led))


class NoAssociation(
    NotFoundHere, says="it is no association that the register has; register it first: linli organisation add"
): ...


class OfAnotherCompound(Invalid, says="it is not one of this compound"):
    field: str = "associations"


def _of_the_compound(t: Transition[Branch, Lead]) -> Refusal | None:
    found = t.get(bodies("association", ident=t.given.association))
    if not found:
        return NoAssociation()
    return None if t.place in t.get(place(found[0].place)).path else OfAnotherCompound()


def _recounted(t: Transition[Branch, Recount]) -> Branch:
    return evolve(t.record, compound_kind=t.given.compound_kind or kind_of_compound(t))


class NothingChanges(Refusal, says="nothing would change"): ...


def _changes_something(t: Transition[Branch, object]) -> Refusal | None:
    return NothingChanges() if t.record == t.before.record else None


def _as_registered(t: Transition[Branch, Recount]) -> Refusal | None:
    return None if t.given.compound_kind else of_a_compound(t)


# --- how it ends -------------------------------------------------------------------------------------


def _other(t: Transition[Branch, Merge]) -> Subject[Branch] | None:
    """The branch that one is merged into."""
    return t.get(one(BranchFlow, t.given.into))


def _ended(t: Transition[Branch, Merge | Dissolve]) -> Branch:
    return evolve(t.record, until=t.given.until or t.today)


class NoSuchBranch(NotFoundHere, says="there is no branch {id} in this district"):
    id: UUID


class IntoItself(Invalid, says="a branch is not merged into itself; name another one"):
    field: str = "into"


class BranchNotInBeing(Refusal, says="the branch to merge into is not in being"): ...


def _into_another(t: Transition[Branch, Merge]) -> Refusal | None:
    found = _other(t)
    if found is None:
        return NoSuchBranch(id=t.given.into)
    if t.given.into == t.subject.id:
        return IntoItself()
    return None if found.state is BranchFlow.in_being else BranchNotInBeing()


class OfAnotherStreet(
    Refusal, says="the branch to merge into is of another street; an officer of the district merges them"
): ...


def _over_both(t: Transition[Branch, Merge]) -> Refusal | None:
    """A street says nothing of another street's branches: that is for an officer of both, the district's."""
    found = _other(t)
    if found is None or t.actor is None:
        return None
    path = t.get(place(found.place)).path
    if any(post.role in STREET.posts and post.place in path for post in t.get(posts(t.actor))):
        return None
    return OfAnotherStreet()


def _ends(t: Transition[Branch, object], successor: UUID | None = None) -> Iterable[Effect]:
    assert t.record.until, "it is no more from that day on"
    yield from body_ends(t.facts, body_of(t.subject), t.record.until, successor=successor)
    free = {"the_district": t.facts.district, "the_branch": t.subject.id}
    yield Change(write=Write(FREE_SEAT, free))


def _merged(t: Transition[Branch, Merge]) -> Iterable[Effect]:
    into = _other(t)
    assert into is not None, "_into_another has seen it"
    yield from _ends(t, body_of(into))
    led = dict.fromkeys((*into.record.associations, *t.record.associations))
    yield BranchFlow.absorb(t.given.into, Absorb(branch=t.subject.id, associations=tuple(led)))


def _dissolved(t: Transition[Branch, Dissolve]) -> Iterable[Effect]:
    yield from _ends(t)


_LEADER = STREET | has_post("branch_secretary")


class BranchFlow(
    Workflow[Branch], name="branch", summary_fields=("name",), readable_by=OWN | PROPOSER | KEEPER
):
    """Proposed, sent back, approved or rejected; or entered as it is. In being, then merged or dissolved."""

    move = Moves(Branch)
    proposed = State("proposed")
    returned = State("sent back")
    in_being = accepted_in = State("in being", turn=NOBODY)
    rejected = State("rejected", ends=True)
    withdrawn = State("withdrawn", ends=True)
    merged = State("merged", ends=True)
    dissolved = State("dissolved", ends=True)
    propose = move.opening(
        proposed,
        Propose,
        by=PROPOSER,
        record=as_proposed,
        needs=[_not_proposed_already, of_a_compound, conditions_hold, nominees_fit],
        then=[to_the_street],
    )
    propose_again = move(
        returned.to(proposed),
        ProposeAgain,
        by=PROPOSER,
        record=as_proposed_again,
        needs=[of_a_compound, conditions_hold, nominees_fit],
        then=[to_the_street],
    )
    approve = move(
        proposed.to(in_being),
        Approve,
        by=STREET,
        not_by=[propose, propose_again],
        record=as_approved,
        needs=[of_a_compound, conditions_hold, nominees_stand],
        then=[begins],
    )
    return_ = move(proposed.to(returned), Why, label="send back", by=STREET, not_by=[propose, propose_again])
    reject = move(proposed.to(rejected), Why, by=STREET, not_by=[propose, propose_again])
    withdraw = move((proposed | returned).to(withdrawn), Why, by=PROPOSER)
    enter = move.opening(
        in_being,
        Enter,
        label="enter one that there is",
        by=KEEPER,
        record=as_entered,
        needs=[of_a_compound, may_be_here, committee_fitted, entered_in_order],
        then=[begins],
    )
    change_committee = move(
        in_being.stay(),
        ChangeCommittee,
        label="change the committee",
        by=STREET,
        needs=[_committee_fits],
        then=[_committee_changes],
    )
    re_elect = move(
        in_being.stay(),
        ReElect,
        label="re-elect the committee",
        by=STREET,
        needs=[_committee_fits, _after_the_last],
        then=[_next_term],
    )
    lead = move(
        in_being.stay(),
        Lead,
        label="lead an association",
        by=_LEADER,
        record=_led,
        needs=[_of_the_compound, _changes_something],
    )
    release = move(
        in_being.stay(),
        Release,
        label="lead an association no more",
        by=_LEADER,
        record=_released,
        needs=[_changes_something],
    )
    recount = move(
        in_being.stay(),
        Recount,
        label="take over the compound's kind",
        by=ENGINE | KEEPER,
        record=_recounted,
        needs=[in_turn(_changes_something, _as_registered)],
    )
    absorb = move(in_being.stay(), Absorb)
    merge = move(
        in_being.to(merged),
        Merge,
        label="merge into another branch",
        by=STREET,
        record=_ended,
        needs=[_into_another, _over_both],
        then=[_merged],
    )
    dissolve = move(in_being.to(dissolved), Dissolve, by=STREET, record=_ended, then=[_dissolved])
    term = Part(TermFlow.begin)
    # What is to be approved has no branch yet.
    approval = Clock[Branch](proposed, time_to_approve, ladder=ladder(lambda _: None))
