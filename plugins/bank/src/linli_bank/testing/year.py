"""For tests: sessions without the volunteers' plugin, by its names, and a year of them on a clock that is moved."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import attrs

from linli import ANYONE, Act, Actor, Ask, District, Manifest, Move, State, Workflow, has_post, hookimpl
from linli_bank.testing import BankCompound, bank_compound, who


@attrs.frozen(kw_only=True)
class Session:
    """What the volunteers' plugin keeps with a session, as far as the bank reads it."""

    kind: str = ""
    run_by_bank: bool = False


_LEADER = has_post("clerk", "bank_keeper", "volunteer_leader")
SEAT = Workflow(
    name="seat",
    label="seat",
    states=(
        State("signed_up"),
        State("attended", ends=("attended",)),
        State("annulled", ends=("annulled",)),
    ),
    moves=(
        Move(name="sign_up", sources=(), to="signed_up", by=ANYONE | _LEADER),
        Move(
            name="attend",
            sources=("signed_up",),
            to="attended",
            by=_LEADER,
            asks=(Ask(name="minutes", type=int),),
        ),
        Move(name="annul", sources=("attended",), to="annulled", by=_LEADER),
        Move(
            name="count_again",
            sources=("annulled",),
            to="attended",
            by=_LEADER,
            asks=(Ask(name="minutes", type=int),),
        ),
    ),
)
SESSION = Workflow(
    name="session",
    label="session",
    record=Session,
    states=(State("planned"), State("held", ends=("held",))),
    moves=(
        Move(
            name="plan",
            sources=(),
            to="planned",
            by=_LEADER,
            asks=(Ask(name="kind"), Ask(name="run_by_bank", type=bool)),
        ),
        Move(name="hold", sources=("planned",), to="held", by=_LEADER),
    ),
)


class Sessions:
    """A plugin whose acts have the names of the volunteers' plugin."""

    @staticmethod
    @hookimpl
    def describe() -> Manifest:
        return Manifest(name="sessions", workflows=(SEAT, SESSION))


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
        self.compound.bank.hand_over(order, code, actor=self.compound.keeper)
        return order


def year(new_district: Callable[..., District], settings: str, unit: str = "points") -> Year:
    """A year that begins on 2 March 2026, by settings."""

    def new(**options: Any) -> District:
        return new_district(
            **{**options, "enabled": (*options["enabled"], "sessions")}, plugins={"sessions": Sessions}
        )

    return Year(compound=bank_compound(new, settings), unit=unit)
