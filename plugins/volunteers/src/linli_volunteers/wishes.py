"""Micro-wishes (微心愿): approved and posted, claimed, fulfilled, thanked; or given back, withdrawn, expired."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated

import attrs

from linli import (
    ANYONE,
    OWN,
    Clock,
    Context,
    Effect,
    Hours,
    Input,
    Invalid,
    Ladder,
    Limit,
    Missing,
    Moves,
    NoRecord,
    Part,
    Private,
    Reading,
    Reason,
    Refusal,
    Refused,
    State,
    Subject,
    Transition,
    WhomNotSaid,
    Why,
    Workflow,
)
from linli.hooks import living
from linli.query import Query, subjects
from linli_volunteers.guardians import guarded
from linli_volunteers.records import Wish
from linli_volunteers.roles import (
    APPROVER,
    HELPER,
    WhyForOthers,
    is_volunteer,
    memberships,
    why_for_others,
)
from linli_volunteers.settings import VolunteerSettings

# --- claims ----------------------------------------------------------------------------------------------


class WishNotSaid(Missing, says="a claim is of a wish; claim one: linli wish claim"):
    field: str = "parent"


def _wish(t: Transition[NoRecord, object]) -> Subject[Wish]:
    wish = t.parent(WishFlow)
    if wish is None:
        raise Refused(WishNotSaid())
    return wish


class ClaimedAlready(Refusal, says="it has been claimed already"): ...


class NotToBeClaimed(Refusal, says="this wish cannot be claimed now"): ...


def _still_open(t: Transition[NoRecord, object]) -> Refusal | None:
    state = _wish(t).state
    if state is WishFlow.posted:
        return None
    return ClaimedAlready() if state is WishFlow.claimed else NotToBeClaimed()


def _may_claim(t: Transition[NoRecord, object]) -> Refusal | None:
    wrong = is_volunteer(t)
    if wrong or t.subject.person is None:
        return wrong
    return guarded(t.subject.person, t.today, t)


class ClaimedAtTheDesk(
    Refusal, says="a claim is made through the volunteers' desk, which gives it its key"
): ...


class ClaimedBefore(Refusal, says="you have claimed it before; leave it to others"): ...


def _asked(t: Transition[object, object]) -> Iterable[Query[object]]:
    if t.subject.person and t.subject.parent:
        yield memberships(t.subject.person, t)
        yield subjects(ClaimFlow, matter=t.subject.parent, person=t.subject.person).count()


def _once_each(t: Transition[NoRecord, object]) -> Refusal | None:
    one = t.subject
    if one.person is None or one.parent is None or one.key != one.person.hex:
        return ClaimedAtTheDesk()
    theirs = t.get(subjects(ClaimFlow, matter=one.parent, person=one.person).count())
    return ClaimedBefore() if theirs else None


class OwnWish(Refusal, says="nobody claims their own wish"): ...


def _not_ones_own(t: Transition[NoRecord, object]) -> Refusal | None:
    wisher = _wish(t).person
    return OwnWish() if wisher and t.is_among((wisher,)) else None


def _back_to_others(t: Transition[NoRecord, object]) -> Iterable[Effect]:
    yield WishFlow.reopen(_wish(t).id)


def _fulfilled_in_time(ctx: Context[object]) -> Limit:
    return Limit(span=ctx.settings(VolunteerSettings).claim_within)


class ClaimFlow(Workflow[NoRecord], name="claim", label="claim of a wish", readable_by=OWN | HELPER):
    """Made by a claimant, delivered, thanked; or given back, by them or by time."""

    move = Moves(NoRecord)
    claimed = State("claimed", turn=OWN)
    delivered = State("fulfilled")
    thanked = State("thanked", ends=True)
    released = State("given back", ends=True)
    lapsed = State("given back: the time was over", ends=True)
    called_off = State("the wish ended", ends=True)
    claim = move.opening(
        claimed,
        label="claim the wish",
        by=OWN,
        reads=_asked,
        needs=[_still_open, _may_claim, _once_each, _not_ones_own],
    )
    deliver = move(claimed.to(delivered), label="fulfilled")
    release = move(
        claimed.to(released), Why, label="give the claim back", by=OWN | HELPER, then=[_back_to_others]
    )
    lapse = move(claimed.to(lapsed), label="given back: the time was over", then=[_back_to_others])
    thank = move(delivered.to(thanked), label="thanked")
    call_off = move((claimed | delivered).to(called_off), label="the wish ended")
    fulfil = Clock(claimed, _fulfilled_in_time, then=lapse)


STANDING = (ClaimFlow.claimed, ClaimFlow.delivered)
"""Claims that count: made, and not given back."""

# --- wishes ----------------------------------------------------------------------------------------------

Needs = Annotated[int, Input("how many claimants it takes")]


@attrs.frozen(kw_only=True)
class Propose:
    """What is wished for."""

    title: Annotated[str, Input("what is wished for, in a few words; everybody reads it", longest=60)]
    needs: Needs = 1
    wanted_by: Annotated[date, Input("the last day on which it is of use")] = date.max
    details: Annotated[Private | None, Input("what its claimants must know; kept in the vault")] = None


@attrs.frozen(kw_only=True)
class Reduce:
    """Fewer claimants, and why."""

    needs: Needs
    reason: Reason


def _of_somebody(t: Transition[Wish, object]) -> Refusal | None:
    if t.subject.person is None:
        return WhomNotSaid()
    living(t.facts, t.subject.person)
    return None


class ImpossibleClaimants(Invalid, says="a wish needs 1 to {most} claimants"):
    most: int
    field: str = "needs"


def _few_claimants(t: Transition[Wish, object]) -> Refusal | None:
    most = t.settings(VolunteerSettings).most_claimants
    return None if 1 <= t.record.needs <= most else ImpossibleClaimants(most=most)


class DayPassed(Refusal, says="the day on which it was wanted has passed"): ...


def _still_of_use(t: Transition[Wish, object]) -> Refusal | None:
    return DayPassed() if t.record.wanted_by < t.today else None


class FewerThanClaimed(
    Invalid, says="it can need fewer than {needs} claimants, and no fewer than have claimed it"
):
    needs: int
    field: str = "needs"


def _enough_left(t: Transition[Wish, Reduce]) -> Refusal | None:
    needs = t.before.record.needs
    if max(len(_standing(t)), 1) <= t.given.needs < needs:
        return None
    return FewerThanClaimed(needs=needs)


def _own_claims(t: Transition[Wish, object], *states: State) -> list[Subject[NoRecord]]:
    """The claims of whoever acts that are in one of some states."""
    claims = [one for one in t.parts(ClaimFlow) if one.state in states]
    return [one for one in claims if one.person and t.is_among((one.person,))]


class NotAClaimant(
    Refusal, says="only who has claimed it, and not yet fulfilled it, says that it is done"
): ...


def _who_claimed(t: Transition[Wish, object]) -> Refusal | None:
    if _own_claims(t, ClaimFlow.claimed):
        return None
    return NotAClaimant()


def _delivered(t: Transition[Wish, object]) -> Iterable[Effect]:
    yield from (ClaimFlow.deliver(claim.id) for claim in _own_claims(t, ClaimFlow.claimed))


class ClaimFirst(Refusal, says="claim it first: what exactly is wished for is for its claimants"): ...


def _who_needs_to_know(t: Transition[Wish, object]) -> Refusal | None:
    """Claimants read what exactly is wished for, and nobody else who has no post here."""
    if t.acting_as != "person" or _own_claims(t, *STANDING):
        return None
    return ClaimFirst()


def _standing(ctx: Context[Wish]) -> list[Subject[NoRecord]]:
    return [claim for claim in ctx.parts(ClaimFlow) if claim.state in STANDING]


def _enough_claimants(ctx: Context[Wish]) -> bool:
    return len(_standing(ctx)) >= ctx.record.needs


def _all_delivered(ctx: Context[Wish]) -> bool:
    return _enough_claimants(ctx) and all(one.state is ClaimFlow.delivered for one in _standing(ctx))


def _thanked(t: Transition[Wish, object]) -> Iterable[Effect]:
    yield from (ClaimFlow.thank(one.id) for one in t.parts(ClaimFlow) if one.state is ClaimFlow.delivered)


def _approved_in_time(ctx: Context[Wish]) -> Limit:
    return Limit(span=ctx.settings(VolunteerSettings).approve_within, hours=Hours.SERVICE)


def _posted_for(ctx: Context[Wish]) -> Limit:
    """The district's time, or to the end of the last day on which it is of use."""
    span = ctx.settings(VolunteerSettings).posted_for
    if ctx.record.wanted_by == date.max:
        return Limit(span=span)
    end = ctx.facts.calendar.end_of(ctx.record.wanted_by)
    return Limit(span=min(span, max(end - ctx.at, timedelta(0))))


def _thanked_in_time(ctx: Context[Wish]) -> Limit:
    return Limit(span=ctx.settings(VolunteerSettings).thank_within)


class WishFlow(Workflow[Wish], name="wish", label="micro-wish", summary_fields=("title",)):
    """Proposed, approved by another, claimed by as many as it needs, fulfilled, thanked."""

    move = Moves(Wish)
    proposed = State("waiting for approval", visible_to=HELPER | APPROVER)
    posted = State("posted")
    claimed = State("claimed")
    fulfilled = State("fulfilled")
    thanked = State("thanked", ends=True)
    refused = State("not posted", ends=True, visible_to=HELPER | APPROVER)
    withdrawn = State("withdrawn", ends=True)
    expired = State("expired", ends=True)
    propose = move.opening(
        proposed,
        Propose,
        label="make a wish",
        by=OWN | HELPER,
        needs=[_of_somebody, _few_claimants, _still_of_use],
        bars=[ClaimFlow.claim],
    )
    approve = move(
        proposed.to(posted),
        label="approve and post",
        by=APPROVER - OWN,
        needs=[_still_of_use],
        not_by=[propose],
        bars=[ClaimFlow.claim],
    )
    refuse = move(proposed.to(refused), Why, label="refuse the wish", by=APPROVER - OWN, not_by=[propose])
    reduce = move(
        (posted | claimed).stay(), Reduce, label="need fewer claimants", by=OWN | HELPER, needs=[_enough_left]
    )
    fill = move(posted.to(claimed), label="claimed", when=_enough_claimants)
    reopen = move((posted | claimed).to(posted), label="open to others again")
    fulfil = move(
        (posted | claimed).stay(),
        label="say that it is done",
        by=ANYONE,
        needs=[_who_claimed],
        then=[_delivered],
    )
    complete = move(claimed.to(fulfilled), label="fulfilled", when=_all_delivered)
    thank = move(
        fulfilled.to(thanked),
        WhyForOthers,
        label="confirm and thank",
        by=OWN | HELPER,
        needs=[why_for_others],
        then=[_thanked],
        not_by=[approve, fulfil],
    )
    withdraw = move(
        (proposed | posted | claimed | fulfilled).to(withdrawn), Why, by=OWN | HELPER, not_by=[fulfil]
    )
    expire = move(posted.to(expired), label="expired")
    read = move(
        (posted | claimed | fulfilled).stay(),
        Reading,
        label="read what exactly is wished for",
        by=ANYONE | OWN | HELPER,
        needs=[_who_needs_to_know],
    )
    claim = Part(ClaimFlow.claim, calls_off=ClaimFlow.call_off, off_in=withdrawn | expired)
    approval = Clock(proposed, _approved_in_time, ladder=Ladder[Wish](VolunteerSettings))
    waiting = Clock(posted, _posted_for, then=expire, name="posted")
    thanks = Clock(fulfilled, _thanked_in_time, ladder=Ladder[Wish](VolunteerSettings))
