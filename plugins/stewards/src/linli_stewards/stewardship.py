"""Stewardships (微网格长, 党员楼栋长): nominated, appointed by the branch, replaced, ended; one at a place at a time."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import (
    ENGINE,
    NOBODY,
    OWN,
    Act,
    Ask,
    Assign,
    Change,
    Clock,
    Facts,
    Limit,
    Make,
    Move,
    Part,
    Seat,
    State,
    Subject,
    Workflow,
    has_post,
    say,
)
from linli.deadlines import working_days
from linli.effects import Effect
from linli.i18n import Text, listed
from linli.lookups import Body, ever
from linli.register.effects import posts_become
from linli.register.living import living
from linli.store import Read, Write
from linli.store import tables as t
from linli.workflow import REASON
from linli_stewards.settings import StewardSettings
from linli_stewards.tables import PASS_ON, SEATED, TAKE, freed

KIND = "stewardship"
STEWARD = "steward"
SECRETARY = "branch_secretary"
GRIDS = {"unit": ("unit", "building"), "building": ("building",)}
"""By the level that is covered, the kinds of places that have stewards."""
GONE = ("person_gone", "place_gone")

NOMINATOR = has_post("branch_member", "residents_committee_member", "clerk")
APPOINTER = has_post(SECRETARY, "officer")

_d: BindParameter[str] = bindparam("district")
_MEMBER = Read(
    select(t.tie.c.at).where(
        t.tie.c.district == _d,
        t.tie.c.person == bindparam("person"),
        t.tie.c.kind == "party_member",
        t.tie.c.until.is_(None),
    )
)
_NOMINATED = Read(
    select(t.subject.c.id).where(
        t.subject.c.district == _d,
        ever(t.subject.c.person),
        t.subject.c.kind == KIND,
        t.subject.c.place == bindparam("place"),
        t.subject.c.state == "nominated",
    )
)


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


def branch_of(place: UUID, facts: Facts) -> Body | None:
    """The branch whose secretary appoints at a place: the compound's, or that which stands in for it."""
    return facts.body("branch", facts.place(place).figures_at)


# --- what moves work out and check ----------------------------------------------------------------------


def _membership(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return {"party_member": bool(facts.rows(_MEMBER, person=subject.person))}


def _as_the_register_says(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.party_member != bool(facts.rows(_MEMBER, person=subject.person)):
        return say("whether they are a party member is said by the register")
    return None


def _somebody(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.person is None:
        return say("say who it is")
    living(facts, subject.person)
    return None


def _member_or_reason(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    # Who was nominated as no member was so with a reason.
    given = act.value("why_not_member") is not None or (before.state and not before.record.party_member)
    if subject.record.party_member or given:
        return None
    return say("a steward is a party member where possible; say why this one is not: --why-not-member")


def _of_a_grid(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    place, level = facts.place(subject.place), facts.settings(StewardSettings).level
    if place.kind in GRIDS[level]:
        return None
    return say(
        "{name} has no steward of its own; here these have: {kinds}",
        name=place.name,
        kinds=listed(str(say(kind)) for kind in GRIDS[level]),
    )


def _by_the_branch(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """The secretary of the compound's branch, or of that which stands in; an officer only where none is or may."""
    if act.actor is None:
        return None
    body, posts = branch_of(subject.place, facts), facts.posts(act.actor)
    seat = Seat(role=SECRETARY, at=body.id) if body else None
    # A secretary who is to be steward themselves is appointed by the street.
    if seat is None or facts.who_has(seat) <= {seat.at, subject.person}:
        reach = facts.place(subject.place).path
        able = any(post.role == "officer" and post.place in reach for post in posts)
        return None if able else say("no branch here has a secretary who may; the street appoints")
    if any(post.role == seat.role and post.at == seat.at for post in posts):
        return None
    assert body, "the seat is at it"
    return say("stewards are appointed here by the secretary of {branch}", branch=body.name)


def _not_oneself(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("nobody appoints themselves") if act.actor and act.actor == subject.person else None


def _free(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if facts.rows(SEATED, place=subject.place):
        name = facts.place(subject.place).name
        return say("{name} has a steward; let another follow them: linli steward replace", name=name)
    return None


def _not_nominated_already(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    facts.hold(f"nominations {subject.place}")
    rows = facts.rows(_NOMINATED, person=subject.person, place=subject.place)
    return say("they are nominated there already: {id}", id=rows[0][0]) if rows else None


def _follows(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    for stewardship, person in facts.rows(SEATED, place=subject.place):
        if person == subject.person:
            return say("they are its steward already")
        if stewardship == subject.record.replaces:
            return None
    return say("whoever they would follow is not its steward now; look again: linli steward list")


# --- what follows ---------------------------------------------------------------------------------------


def _for_the_branch(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    body = branch_of(subject.place, facts)
    street = facts.above(subject.place, "street") or facts.place(subject.place).path[0]
    yield Assign(holder=Seat(role=SECRETARY, at=body.id) if body else Seat(role="officer", at=street))


def _posts(subject: Subject, facts: Facts, *stewards: UUID | None) -> Iterable[Change]:
    wanted = [(person, STEWARD) for person in stewards if person]
    place = subject.place
    return posts_become(facts, place, place, wanted, among=(STEWARD,), day=facts.today)


def _takes_up(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    row = {"district": facts.district, "place": subject.place, "stewardship": subject.id}
    yield Change(write=Write(TAKE, row))
    yield from _posts(subject, facts, subject.person)
    yield Assign(holder=None)


def _takes_over(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """One ends and the other begins: what the post holds is from now on the new one's."""
    old = subject.record.replaces
    row = {"the_district": facts.district, "was": old, "is_now": subject.id}
    yield Change(write=Write(PASS_ON, row))
    yield from _posts(subject, facts, subject.person)
    yield Make(subject=old, move="replace", values={"replaced_by": subject.id})


def _leaves(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield Change(write=freed(facts, subject.id))
    yield from _posts(subject, facts)


def _lapses(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """Of whoever was only nominated nothing is left to end: the post may be another's."""
    if act.body["from"] == "appointed":
        yield from _leaves(act, subject, facts)


def _time_to_decide(subject: Subject, facts: Facts) -> Limit | None:
    return working_days(facts.settings(StewardSettings).decide_within, facts)


_MEMBERSHIP = Ask(name="party_member", type=bool, required=False, computed=True)
_WHY = Ask(
    name="why_not_member",
    help="why they are steward though no party member",
    private=True,
    required=False,
)
_WHO = (_somebody, _of_a_grid, _as_the_register_says, _member_or_reason)
_APPOINTED = (*_WHO, _not_oneself, _by_the_branch)

STEWARDSHIP = Workflow(
    name=KIND,
    label="stewardship",
    read_by=OWN | NOMINATOR | APPOINTER,
    record=Stewardship,
    accepted_in="appointed",
    states=(
        State("nominated", "nominated"),
        State("appointed", "appointed", turn=NOBODY),
        State("rejected", "rejected", ends=("rejected",)),
        State("withdrawn", "withdrawn", ends=("withdrawn",)),
        State("ended", "ended", ends=("ended",)),
        State("resigned", "resigned", ends=("resigned",)),
        State("replaced", "replaced", ends=("replaced",)),
        State("lapsed", "lapsed", ends=("lapsed",)),
    ),
    moves=(
        Move(
            name="nominate",
            label="nominate",
            sources=(),
            to="nominated",
            by=NOMINATOR,
            fills=(_membership,),
            asks=(_WHY, _MEMBERSHIP),
            checks=(*_WHO, _free, _not_nominated_already),
            effects=(_for_the_branch,),
        ),
        Move(
            name="approve",
            label="appoint whom was nominated",
            sources=("nominated",),
            to="appointed",
            by=APPOINTER,
            apart_from=("nominate",),
            fills=(_membership,),
            asks=(_WHY, _MEMBERSHIP),
            checks=(*_APPOINTED, _free),
            effects=(_takes_up,),
        ),
        Move(
            name="reject",
            label="reject",
            sources=("nominated",),
            to="rejected",
            by=APPOINTER,
            apart_from=("nominate",),
            asks=(REASON,),
            checks=(_by_the_branch,),
        ),
        Move(
            name="withdraw",
            label="withdraw",
            sources=("nominated",),
            to="withdrawn",
            by=NOMINATOR,
            asks=(REASON,),
        ),
        Move(
            name="appoint",
            label="appoint",
            sources=(),
            to="appointed",
            by=APPOINTER,
            fills=(_membership,),
            asks=(_WHY, _MEMBERSHIP),
            checks=(*_APPOINTED, _free),
            effects=(_takes_up,),
        ),
        Move(
            name="succeed",
            label="replace",
            sources=(),
            to="appointed",
            by=APPOINTER,
            fills=(_membership,),
            asks=(
                Ask(name="replaces", help="the stewardship that it follows", type=UUID),
                REASON,
                _WHY,
                _MEMBERSHIP,
            ),
            checks=(*_APPOINTED, _follows),
            effects=(_takes_over,),
        ),
        Move(
            name="replace",
            label="end as another follows",
            sources=("appointed",),
            to="replaced",
            by=ENGINE,
            asks=(Ask(name="replaced_by", type=UUID),),
        ),
        Move(
            name="end",
            label="end",
            sources=("appointed",),
            to="ended",
            by=APPOINTER,
            asks=(REASON,),
            checks=(_by_the_branch,),
            effects=(_leaves,),
        ),
        Move(
            name="resign",
            label="resign",
            sources=("appointed",),
            to="resigned",
            by=OWN,
            asks=(REASON,),
            effects=(_leaves,),
        ),
        Move(
            name="lapse",
            label="lapse",
            sources=("nominated", "appointed"),
            to="lapsed",
            by=ENGINE,
            asks=(Ask(name="reason", help="what is gone", choices=GONE),),
            effects=(_lapses,),
        ),
    ),
    parts=(Part(name="contact_consent", workflow="contact_consent", start="give"),),
    clocks=(Clock(name="decision", runs_in=("nominated",), limit=_time_to_decide),),
)
