"""Tools to borrow (共享工具): a mechanism with one of everything, for the tests of the contract."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    ANYONE,
    HOLDER,
    OWN,
    ActContext,
    ActResult,
    Amount,
    AnyAct,
    Assign,
    Choice,
    Clock,
    Context,
    DirectAct,
    DirectOrder,
    Input,
    Limit,
    Moves,
    NoInputs,
    Part,
    PartKey,
    PersonId,
    PlaceId,
    Private,
    Quota,
    Ref,
    Seat,
    State,
    Transition,
    Why,
    Workflow,
    all_parts,
    evolve,
    has_post,
)
from linli._base.refusals import LimitReached, Missing, Refusal
from linli._model.effects import Effect, MoveOrder, OpenOrder, Transfer
from linli._model.figures import Count

KEEPER = has_post("steward", "clerk")


class Condition(Choice):
    GOOD = "good", "as it was"
    BROKEN = "broken"


@attrs.frozen(kw_only=True)
class Tool:
    name: Annotated[str, Input("what it is", longest=40)]
    pieces: int = 1


@attrs.frozen(kw_only=True)
class Loan:
    """`name` is worked out when it is borrowed; `days` when it is brought back; `lent_to` is cleared then."""

    tool: Ref[Tool]
    days: int = 7
    name: str = ""
    late: bool | None = None


@attrs.frozen(kw_only=True)
class Borrow:
    tool: Ref[Tool]
    purpose: Annotated[Private, Input("what for", longest=200)]
    days: int = 7


@attrs.frozen(kw_only=True)
class Found:
    condition: Annotated[Condition, Input("how it came back")]
    outcome: Annotated[Condition, Input("what it comes to")] = Condition.GOOD


@attrs.frozen(kw_only=True)
class Sight:
    condition: Condition = Condition.GOOD


def stocked(t: Transition[Tool, Tool]) -> Iterable[Effect]:
    tool = t.subject.id
    yield Transfer(
        unit="pieces", amount=t.given.pieces, source=(tool, "issued"), target=(tool, "free"), rule="tools:new"
    )


class NoneLeft(Refusal, says="there is none left to write off"): ...


def has_pieces(t: Transition[Tool, object]) -> Refusal | None:
    return None if t.record.pieces else NoneLeft()


class ToolFlow(Workflow[Tool], name="tool", summary_fields=("name",)):
    move = Moves(Tool)
    there = State("to be borrowed")
    gone = State("written off", ends=True)
    register = move.opening(there, Tool, by=KEEPER, then=[stocked])
    write_off = move(there.to(gone), Why, by=KEEPER, needs=[has_pieces])


class Inspection(Workflow[Sight], name="inspection"):
    move = Moves(Sight)
    asked = State("to be inspected")
    done = State("inspected", ends=Condition)
    ask = move.opening(asked)
    inspect = move(asked.to(done), Found, by=HOLDER - OWN)


def borrowed(t: Transition[None, Borrow]) -> Loan:
    return Loan(tool=t.given.tool, days=t.given.days, name=f"for {t.given.days} days")


class TooManyDays(LimitReached, says="{days} days are too many"):
    days: int


def not_for_long(t: Transition[Loan, Borrow]) -> Refusal | None:
    return TooManyDays(days=t.given.days) if t.record.days > 30 else None


class PurposeNotSaid(Missing, says="it must say what for"):
    field: str = "purpose"


def says_what_for(t: Transition[Loan, Borrow]) -> Refusal | None:
    return None if t.given.purpose else PurposeNotSaid()


def brought_back(t: Transition[Loan, NoInputs]) -> Loan:
    return evolve(t.record, late=t.at > t.subject.opened_at + timedelta(days=t.record.days), name="")


def one_inspection(ctx: Context[Loan]) -> Iterable[PartKey[NoInputs]]:
    yield PartKey(key="back", given=NoInputs(), holder=Seat(role="steward", at=ctx.place))


def until_back(ctx: Context[Loan]) -> Limit:
    return Limit(span=timedelta(days=ctx.record.days))


def to_the_keeper(t: Transition[Loan, object]) -> Iterable[Effect]:
    if t.before.state is LoanFlow.out and not t.by_engine:
        yield Assign(holder=Seat(role="steward", at=t.place))


def one_piece(ctx: Context[Loan]) -> Amount:
    return Amount(owner=ctx.record.tool, unit="pieces", n=1)


class SomebodyHasIt(Refusal, says="somebody has it"): ...


class LoanFlow(Workflow[Loan], name="loan", summary_fields=("name",), readable_by=KEEPER):
    move = Moves(Loan)
    out = State("borrowed")
    lost = State("lost")
    back = State("brought back")
    over = State("over", ends=True)
    replaced = State("replaced", ends=True)
    piece = Quota(one_piece, empty=SomebodyHasIt)
    borrow = move.opening(
        out, Borrow, by=ANYONE, record=borrowed, needs=[not_for_long, says_what_for], holds=[piece]
    )
    bring_back = move(
        out.to(back), by=OWN | KEEPER, bars=[Inspection.inspect], record=brought_back, then=[to_the_keeper]
    )
    lose = move(out.to(lost), Why, by=OWN)
    find = move(lost.back(out), by=OWN | KEEPER)
    end = move(back.to(over), when=all_parts(Inspection.done), releases=[piece])
    replace = move(lost.to(replaced), by=KEEPER, not_by=[lose], releases=[piece])
    inspection = Part(Inspection.ask, in_=back, one_per=one_inspection)
    due = Clock(out, until_back, pauses_in=lost)


# --- what programs and hooks write ------------------------------------------------------------------


def lend(tool: Ref[Tool], place: PlaceId, person: PersonId) -> OpenOrder:
    return LoanFlow.borrow.at(place, Borrow(tool=tool, purpose=Private("to paint")), person=person)


def take_back(loan: Ref[Loan]) -> MoveOrder:
    return LoanFlow.bring_back(loan)


def write_off(tool: Ref[Tool]) -> MoveOrder:
    return ToolFlow.write_off(tool, Why(reason=Private("broken")))


def days_lent(t: Transition[Loan, object]) -> Iterable[Count]:
    yield Count(total=(t.at - t.subject.opened_at).days)


LENT = LoanFlow.end.count(days_lent)


def who_is_thanked(t: AnyAct) -> UUID | None:
    if (back := t.of(LoanFlow.bring_back)) and not back.record.late:
        return back.actor
    if (found := t.of(Inspection.inspect)) and found.given.condition is Condition.GOOD:
        return found.actor
    return None


def how_long_late(t: AnyAct) -> int:
    return late.record.days if (late := t.late(LoanFlow)) else 0


# --- a direct act -----------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Clean:
    shed: Annotated[str, Input("which", longest=20)]
    hours: Annotated[int, Input("how long", least=1)] = 1


def cleaned(ctx: ActContext[Clean]) -> ActResult:
    return ActResult(body={"shed": ctx.given.shed, "rounds": ctx.given.hours * 2})


def next_door(ctx: ActContext[Clean]) -> Iterable[UUID]:
    return [ctx.place] if ctx.given.hours > 3 else []


CLEAN = DirectAct("tools.clean", Clean, label="shed cleaned", by=KEEPER, does=cleaned, also_at=next_door)


def clean(place: PlaceId) -> DirectOrder:
    return CLEAN(Clean(shed="north", hours=2), place=place)


def who_cleaned(ctx: ActContext[object]) -> PersonId | None:
    done = ctx.of(CLEAN)
    return ctx.actor if done and done.given.shed == "north" else None
