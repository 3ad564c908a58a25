"""The direct acts of the ledger: units moved, given, held, taken back and expired by hand."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import attrs
from sqlalchemy import bindparam, select

from linli._base.errors import Refused
from linli._model.access import has_post
from linli._model.awards import POINTS, Award, Cap
from linli._model.direct import ActContext, ActResult, DirectAct
from linli._model.effects import Transfer
from linli._model.inputs import Input, PersonId, PlaceId, Reason
from linli._model.lookups import root_id
from linli._store import Read
from linli._store import tables as t
from linli._verbs.award import expiring, giving, holding, reversing

_DESK = has_post("clerk", "bank_keeper")
_PLACE_OF_ACT = Read(
    select(t.act.c.place).where(t.act.c.district == bindparam("district"), t.act.c.id == bindparam("id"))
)


@attrs.frozen(kw_only=True)
class MoveUnits:
    """Units that one owner has go to another; an owner is a person, a place, a gift."""

    unit: str
    amount: int
    source: UUID
    source_part: str = "free"
    target: UUID
    target_part: str = "free"
    rule: Annotated[str, Input("why, in the words of the rule")]
    cause: Annotated[UUID | None, Input("the act that it is for")] = None


@attrs.frozen(kw_only=True)
class GivePoints:
    """What a person is given by hand."""

    points: int
    rule: Annotated[str, Input("why, in the words of the rule")]
    reason: Reason
    unit: str = POINTS
    cause: Annotated[UUID | None, Input("the act that it is for")] = None
    issuer: Annotated[PlaceId | None, Input("who gives; else the compound of the place")] = None
    most: Annotated[int | None, Input("what is beyond it is not paid")] = None
    period: Annotated[str | None, Input("the period that `most` is of")] = None


@attrs.frozen(kw_only=True)
class HoldUnits:
    """What an owner has free is set aside."""

    owner: UUID
    unit: str = POINTS
    amount: int
    rule: Annotated[str, Input("why, in the words of the rule")]


@attrs.frozen(kw_only=True)
class TakeFromHold:
    """What a hold has set aside, or a part of it."""

    hold: Annotated[UUID, Input("the act that holds it")]
    amount: Annotated[int | None, Input("how many; else all")] = None


@attrs.frozen(kw_only=True)
class TakeBack:
    """What an act was paid is taken back."""

    cause: Annotated[UUID, Input("the act that was paid")]
    rule: Annotated[str, Input("by which rule")]
    payee: PersonId
    reason: Reason


@attrs.frozen(kw_only=True)
class Expire:
    """What was earned in a unit before a moment expires."""

    unit: str
    before: datetime
    rule: str


# --- where the right is needed besides --------------------------------------------------------------------


def _of_owners(ctx: ActContext[Any], owners: Iterable[UUID | None]) -> list[UUID]:
    """Where the owners are whose units it moves; of one that is nowhere, the district."""
    if not ctx.actor:
        return []
    found = [ctx.facts.place_of_owner(owner) for owner in owners if owner]
    return [place or root_id(ctx.facts.district) for place in found]


def _of_source(ctx: ActContext[MoveUnits]) -> list[UUID]:
    return _of_owners(ctx, [ctx.given.source])


def _of_giver(ctx: ActContext[GivePoints]) -> list[UUID]:
    return _of_owners(ctx, [ctx.given.issuer or ctx.place])


def _of_holder(ctx: ActContext[HoldUnits]) -> list[UUID]:
    return _of_owners(ctx, [ctx.given.owner])


def _of_hold(ctx: ActContext[TakeFromHold]) -> list[UUID]:
    return _of_owners(ctx, [ctx.given.hold])


def _of_payment(ctx: ActContext[TakeBack]) -> list[UUID]:
    rows = ctx.facts.rows(_PLACE_OF_ACT, id=ctx.given.cause) if ctx.actor else []
    return [place or root_id(ctx.facts.district) for (place,) in rows]


# --- what they come to --------------------------------------------------------------------------------------


def _moved(ctx: ActContext[MoveUnits]) -> ActResult:
    given = ctx.given
    if ctx.actor and ctx.facts.survivor(given.target) == ctx.actor:
        raise Refused(giving.OwnPoints())
    moved = Transfer(
        unit=given.unit,
        amount=given.amount,
        source=(given.source, given.source_part),
        target=(given.target, given.target_part),
        rule=given.rule,
        cause=given.cause,
    )
    body = {"unit": given.unit, "amount": given.amount, "rule": given.rule}
    body |= {"from": str(given.source), "to": str(given.target)}
    return ActResult(body={"values": body}, effects=(moved,))


def _given(ctx: ActContext[GivePoints]) -> ActResult:
    given = ctx.given
    award = Award(
        person=ctx.whom,
        points=given.points,
        rule=given.rule,
        unit=given.unit,
        issuer=given.issuer,
        cap=Cap(most=given.most, period=given.period or "") if given.most is not None else None,
        cause=given.cause,
    )
    return giving.by_hand(ctx.facts, award=award, by=ctx.actor)


def _held(ctx: ActContext[HoldUnits]) -> ActResult:
    given = ctx.given
    moved = Transfer(
        unit=given.unit,
        amount=given.amount,
        source=(given.owner, "free"),
        target=(ctx.id, "held"),
        rule=given.rule,
    )
    body = {"unit": given.unit, "amount": given.amount, "rule": given.rule}
    return ActResult(body={"values": body}, effects=(moved,))


def _released(ctx: ActContext[TakeFromHold]) -> ActResult:
    return holding.out_of(
        ctx.facts, hold=ctx.given.hold, amount=ctx.given.amount, rule="release", part="free"
    )


def _spent(ctx: ActContext[TakeFromHold]) -> ActResult:
    return holding.out_of(ctx.facts, hold=ctx.given.hold, amount=ctx.given.amount, rule="spend", part="spent")


def _taken_back(ctx: ActContext[TakeBack]) -> ActResult:
    return reversing.by_hand(ctx.facts, ctx.given.cause, ctx.given.rule, ctx.given.payee)


def _expired(ctx: ActContext[Expire]) -> ActResult:
    given = ctx.given
    return expiring.expiry(ctx.facts, act=ctx.id, unit=given.unit, before=given.before, rule=given.rule)


POINTS_AWARD = DirectAct(
    "points.award", GivePoints, label="points given by hand", by=_DESK, does=_given, also_at=_of_giver
)
# Units that come from nowhere are awarded, whoever calls it what.
POINTS_ISSUE = DirectAct(
    "points.award", MoveUnits, label="points given by hand", by=_DESK, does=_moved, also_at=_of_source
)
POINTS_TRANSFER = DirectAct(
    "points.transfer", MoveUnits, label="points moved", by=_DESK, does=_moved, also_at=_of_source
)
POINTS_HOLD = DirectAct(
    "points.hold", HoldUnits, label="points held", by=_DESK, does=_held, also_at=_of_holder
)
POINTS_RELEASE = DirectAct(
    "points.release",
    TakeFromHold,
    label="held points given back",
    by=_DESK,
    does=_released,
    also_at=_of_hold,
)
POINTS_SPEND = DirectAct(
    "points.spend", TakeFromHold, label="held points spent", by=_DESK, does=_spent, also_at=_of_hold
)
POINTS_REVERSE = DirectAct(
    "points.reverse",
    TakeBack,
    label="points taken back",
    by=has_post("officer", "administrator"),
    does=_taken_back,
    also_at=_of_payment,
)
POINTS_EXPIRE = DirectAct(
    "points.expire", Expire, label="points expired", by=has_post("administrator"), does=_expired
)
POINTS_ACTS = (
    POINTS_AWARD, POINTS_ISSUE, POINTS_TRANSFER, POINTS_HOLD, POINTS_RELEASE, POINTS_SPEND, POINTS_REVERSE, POINTS_EXPIRE,
)  # fmt: skip
