"""Stewardships (微网格长, 党员楼栋长): nominated, appointed by the branch, replaced, ended; one at a place at a time."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    NOBODY,
    OWN,
    AnyTransition,
    Assign,
    Change,
    ChangedMeanwhile,
    Choice,
    Clock,
    Context,
    Effect,
    Input,
    Invalid,
    Ladder,
    Limit,
    Missing,
    Moves,
    Part,
    Private,
    Reason,
    Ref,
    Refusal,
    Seat,
    Several,
    State,
    Transition,
    Why,
    Workflow,
    Write,
    evolve,
    has_post,
    listed,
    officer_of,
    query,
    say,
    working_days,
)
from linli.hooks import living, posts_become
from linli.query import Body, Query, one, subjects, ties
from linli_stewards.contacts import ContactFlow
from linli_stewards.settings import StewardSettings
from linli_stewards.tables import PASS_ON, TAKE, freed, seated

STEWARD = "steward"
SECRETARY = "branch_secretary"
GRIDS = {"unit": ("unit", "building"), "building": ("building",)}
"""By the level that is covered, the kinds of places that have stewards."""

NOMINATOR = has_post("branch_member", "residents_committee_member", "clerk")
APPOINTER = has_post(SECRETARY, "officer")


@attrs.frozen(kw_only=True)
class Stewardship:
    """What is kept with a stewardship. Whose it is, and of which place, is the subject's own.

    Attributes:
        party_member: as the register had it when they were appointed.
        replaces, replaced_by: the stewardship of the same place before it, and after.
    """

    party_member: bool = False
    replaces: UUID | None = None
    replaced_by: UUID | None = None


def _branch(ctx: Context[object]) -> Body | None:
    """The branch whose secretary appoints there: the compound's, or that which stands in for it."""
    return ctx.get(query.body("branch", ctx.get(query.place(ctx.place)).reporting_place))


# --- what moves ask -------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Named:
    """Somebody as steward; of whoever is no party member, why."""

    why_not_member: Annotated[Private | None, Input("why they are steward though no party member")] = None


@attrs.frozen(kw_only=True)
class Succeed(Named):
    """Whose stewardship they follow, and why it changes."""

    replaces: Annotated[Ref[Stewardship], Input("the stewardship that it follows")]
    reason: Reason


@attrs.frozen(kw_only=True)
class Followed:
    """Who follows."""

    replaced_by: Ref[Stewardship]


class Gone(Choice):
    """With what a stewardship lapses."""

    PERSON = "person_gone"
    PLACE = "place_gone"


@attrs.frozen(kw_only=True)
class Lapse:
    """With what it lapses."""

    reason: Annotated[Gone, Input("what is gone")]


# --- what moves work out and check ----------------------------------------------------------------------


def _asked(t: Transition[object, Named]) -> Iterable[Query[object]]:
    """What is asked whenever somebody is to be steward."""
    yield seated(t.place)
    yield query.place(t.place)
    if t.subject.person:
        yield ties("party_member", person=t.subject.person)


def _is_member(ctx: Context[object]) -> bool:
    person = ctx.subject.person
    return bool(person and ctx.get(ties("party_member", person=person)))


def _as_registered(t: Transition[Stewardship | None, Named]) -> Stewardship:
    return evolve(t.record or Stewardship(), party_member=_is_member(t))


def _following(t: Transition[None, Succeed]) -> Stewardship:
    return Stewardship(party_member=_is_member(t), replaces=t.given.replaces)


class WhoNotSaid(Missing, says="say who it is"):
    field: str = "person"


def _somebody(t: AnyTransition) -> Refusal | None:
    if t.subject.person is None:
        return WhoNotSaid()
    living(t.facts, t.subject.person)
    return None


class NotAMember(
    Missing, says="a steward is a party member where possible; say why this one is not: --why-not-member"
):
    field: str = "why_not_member"


def _member_or_reason(t: Transition[Stewardship, Named]) -> Refusal | None:
    # Who was nominated as no member was so with a reason.
    known = t.of(StewardshipFlow.approve) and not t.before.record.party_member
    if t.record.party_member or t.given.why_not_member is not None or known:
        return None
    return NotAMember()


class NoGrid(Invalid, says="{name} has no steward of its own; here these have: {kinds}"):
    name: str
    kinds: Several
    field: str = "place"


def _of_a_grid(t: AnyTransition) -> Refusal | None:
    place, level = t.get(query.place(t.place)), t.settings(StewardSettings).level
    if place.kind in GRIDS[level]:
        return None
    return NoGrid(name=place.name, kinds=listed(str(say(kind)) for kind in GRIDS[level]))


class StreetAppoints(Refusal, says="no branch here has a secretary who may; the street appoints"): ...


class SecretaryAppoints(Refusal, says="stewards are appointed here by the secretary of {branch}"):
    branch: str


def _by_the_branch(t: AnyTransition) -> Refusal | None:
    """The secretary of the compound's branch, or of that which stands in; an officer only where none is or may."""
    if t.actor is None:
        return None
    body, posts = _branch(t), t.get(query.posts(t.actor))
    seat = Seat(role=SECRETARY, at=body.id) if body else None
    # A secretary who is to be steward themselves is appointed by the street.
    if seat is None or t.get(query.who_has(seat)) <= {seat.at, t.subject.person}:
        reach = t.get(query.place(t.place)).path
        able = any(post.role == "officer" and post.place in reach for post in posts)
        return None if able else StreetAppoints()
    if any(post.role == seat.role and post.at == seat.at for post in posts):
        return None
    assert body, "the seat is at it"
    return SecretaryAppoints(branch=body.name)


class AppointsThemselves(Refusal, says="nobody appoints themselves"): ...


def _not_oneself(t: AnyTransition) -> Refusal | None:
    # Not by the role: that would keep the console, which takes over lists of stewards, from appointing too.
    return AppointsThemselves() if t.actor and t.actor == t.subject.person else None


class HasASteward(Refusal, says="{name} has a steward; let another follow them: linli steward replace"):
    name: str


def _free(t: AnyTransition) -> Refusal | None:
    if t.get(seated(t.place)):
        name = t.get(query.place(t.place)).name
        return HasASteward(name=name)
    return None


class NominatedAlready(Refusal, says="they are nominated there already: {id}"):
    id: UUID


def _not_nominated_already(t: AnyTransition) -> Refusal | None:
    t.facts.hold(f"nominations {t.place}")
    nominated = subjects(
        StewardshipFlow, person=t.subject.person, place=t.place, states=StewardshipFlow.nominated
    )
    return next((NominatedAlready(id=one.id) for one in t.get(nominated)), None)


class StewardAlready(Refusal, says="they are its steward already"): ...


class PredecessorGone(
    ChangedMeanwhile, says="whoever they would follow is not its steward now; look again: linli steward list"
): ...


def _follows(t: Transition[Stewardship, Succeed]) -> Refusal | None:
    stewardship = t.get(seated(t.place))
    steward = t.get(one(StewardshipFlow, StewardshipFlow.ref(stewardship))) if stewardship else None
    if steward and steward.person == t.subject.person:
        return StewardAlready()
    return None if steward and steward.id == t.given.replaces else PredecessorGone()


# --- what follows ---------------------------------------------------------------------------------------


def _secretary(ctx: Context[object]) -> Seat | None:
    body = _branch(ctx)
    return Seat(role=SECRETARY, at=body.id) if body else None


def _for_the_branch(t: AnyTransition) -> Iterable[Effect]:
    yield Assign(holder=_secretary(t) or officer_of("street")(t) or officer_of("district")(t))


def _posts(t: AnyTransition, *stewards: UUID | None) -> Iterable[Change]:
    wanted = [(person, STEWARD) for person in stewards if person]
    return posts_become(t.facts, t.place, t.place, wanted, among=(STEWARD,), day=t.today)


def _takes_up(t: AnyTransition) -> Iterable[Effect]:
    row = {"district": t.facts.district, "place": t.place, "stewardship": t.subject.id}
    yield Change(write=Write(TAKE, row))
    yield from _posts(t, t.subject.person)
    yield Assign(holder=None)


def _takes_over(t: Transition[Stewardship, Succeed]) -> Iterable[Effect]:
    """One ends and the other begins: what the post holds is from now on the new one's."""
    old, new = t.given.replaces, t.subject.id
    yield Change(write=Write(PASS_ON, {"the_district": t.facts.district, "was": old, "is_now": new}))
    yield from _posts(t, t.subject.person)
    yield StewardshipFlow.replace(old, Followed(replaced_by=new))


def _leaves(t: AnyTransition) -> Iterable[Effect]:
    yield Change(write=freed(t.facts, t.subject.id))
    yield from _posts(t)


def _lapses(t: AnyTransition) -> Iterable[Effect]:
    """Of whoever was only nominated nothing is left to end: the post may be another's."""
    if t.before.state is StewardshipFlow.appointed:
        yield from _leaves(t)


def _time_to_decide(ctx: Context[object]) -> Limit:
    return working_days(ctx.settings(StewardSettings).decide_within, ctx.facts)


_LADDER = Ladder(
    StewardSettings,
    {"branch": _secretary, "street": officer_of("street"), "district": officer_of("district")},
)
_WHO = (_somebody, _of_a_grid, _member_or_reason)
_APPOINTED = (*_WHO, _not_oneself, _by_the_branch)


class StewardshipFlow(Workflow[Stewardship], name="stewardship", readable_by=OWN | NOMINATOR | APPOINTER):
    """Nominated, appointed, replaced; or at an end."""

    move = Moves(Stewardship)
    nominated = State("nominated")
    appointed = accepted_in = State("appointed", turn=NOBODY)
    rejected = State("rejected", ends=True)
    withdrawn = State("withdrawn", ends=True)
    ended = State("ended", ends=True)
    resigned = State("resigned", ends=True)
    replaced = State("replaced", ends=True)
    lapsed = State("lapsed", ends=True)
    nominate = move.opening(
        nominated,
        Named,
        by=NOMINATOR,
        reads=_asked,
        record=_as_registered,
        needs=[*_WHO, _free, _not_nominated_already],
        then=[_for_the_branch],
    )
    approve = move(
        nominated.to(appointed),
        Named,
        label="appoint whom was nominated",
        by=APPOINTER,
        not_by=[nominate],
        reads=_asked,
        record=_as_registered,
        needs=[*_APPOINTED, _free],
        then=[_takes_up],
    )
    reject = move(nominated.to(rejected), Why, by=APPOINTER, not_by=[nominate], needs=[_by_the_branch])
    withdraw = move(nominated.to(withdrawn), Why, by=NOMINATOR)
    appoint = move.opening(
        appointed,
        Named,
        by=APPOINTER,
        reads=_asked,
        record=_as_registered,
        needs=[*_APPOINTED, _free],
        then=[_takes_up],
    )
    succeed = move.opening(
        appointed,
        Succeed,
        label="replace",
        by=APPOINTER,
        reads=_asked,
        record=_following,
        needs=[*_APPOINTED, _follows],
        then=[_takes_over],
    )
    replace = move(appointed.to(replaced), Followed, label="end as another follows")
    end = move(appointed.to(ended), Why, by=APPOINTER, needs=[_by_the_branch], then=[_leaves])
    resign = move(appointed.to(resigned), Why, by=OWN, then=[_leaves])
    lapse = move((nominated | appointed).to(lapsed), Lapse, then=[_lapses])
    contact_consent = Part(ContactFlow.give)
    decision = Clock(nominated, _time_to_decide, ladder=_LADDER)
