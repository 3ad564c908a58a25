"""For tests: sessions without the volunteers' plugin, by its names, and a year of them on a clock that is moved."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import attrs

from linli import ANYONE, Act, Actor, District, Moves, NoRecord, Plugin, State, Workflow, has_post
from linli_bank.redemptions import HandOver, RedemptionFlow
from linli_bank.testing import BankCompound, bank_compound, who


@attrs.frozen(kw_only=True)
class Session:
    """What the volunteers' plugin keeps with a session, as far as the bank reads it."""

    kind: str = ""
    run_by_bank: bool = False


@attrs.frozen(kw_only=True)
class Attended:
    """How long somebody was there."""

    minutes: int


_LEADER = has_post("clerk", "bank_keeper", "volunteer_leader")


class SeatFlow(Workflow[NoRecord], name="seat"):
    """A seat of somebody in a session."""

    move = Moves(NoRecord)
    signed_up = State()
    attended = State(ends=True)
    annulled = State(ends=True)
    sign_up = move.opening(signed_up, by=ANYONE | _LEADER)
    attend = move(signed_up.to(attended), Attended, by=_LEADER)
    annul = move(attended.to(annulled), by=_LEADER)
    count_again = move(annulled.to(attended), Attended, by=_LEADER)


class SessionFlow(Workflow[Session], name="session"):
    """A session that volunteers take part in."""

    move = Moves(Session)
    planned = State()
    held = State(ends=True)
    plan = move.opening(planned, Session, by=_LEADER)
    hold = move(planned.to(held), by=_LEADER)


class Sessions:
    """A plugin whose acts have the names of the volunteers' plugin."""

    PLUGIN = Plugin(name="sessions", workflows=(SeatFlow, SessionFlow))


@attrs.frozen(kw_only=True)
class Year:
    """A compound with a bank, in which days pass.

    Attributes:
        unit: what balances are asked in.
    """

    compound: BankCompound
    unit: str = "points"

    @property
    def district(self) -> District:
        """The district."""
        return self.compound.district

    def on(self, day: str, hour: int = 9) -> None:
        """Let it be a day, at an hour in Shanghai."""
        moment = datetime.combine(date.fromisoformat(day), time(hour), self.district.rules.zone)
        assert moment >= self.compound.clock.now, "time goes one way"
        self.compound.clock.now = moment

    def attends(self, minutes: int, person: Actor | None = None, by: Actor | None = None) -> Act:
        """Let somebody attend a session, the member by default; the act that may earn."""
        payee = person or self.compound.member
        seat = self.district.start("seat", "sign_up", self.compound.place, person=who(payee)).subject
        return self.district.make(seat, "attend", {"minutes": minutes}, actor=by)

    def free(self, person: Actor | None = None, unit: str | None = None) -> int:
        """What somebody has free, the member by default."""
        payee = who(person or self.compound.member)
        return self.district.award.account(payee, unit or self.unit).free

    def plays(self, days: Iterable[tuple[str, int, int]]) -> None:
        """Let the member attend on days; each is a day, minutes, and the balance worked out by hand."""
        for day, minutes, balance in days:
            self.on(day)
            self.attends(minutes)
            assert self.free() == balance, day

    def redeems(self, gift: UUID, person: Actor | None = None) -> UUID:
        """Order a gift and fetch it."""
        actor = person or self.compound.member
        order = self.compound.order(gift, by=actor)
        code = self.compound.bank.code(order, actor=actor)
        self.compound.district.perform(
            RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=code)),
            actor=self.compound.keeper,
        )
        return order


def year(new_district: Callable[..., District], settings: str, unit: str = "points") -> Year:
    """A year that begins on 2 March 2026, by settings."""

    def new(**options: Any) -> District:
        return new_district(
            **{**options, "enabled": (*options["enabled"], "sessions")}, plugins={"sessions": Sessions}
        )

    return Year(compound=bank_compound(new, settings), unit=unit)
