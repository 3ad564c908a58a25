"""What a district decides about its bank."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal

import attrs

from linli import setting

Period = Literal["day", "week", "month", "quarter", "year", "ever"]


@attrs.frozen(kw_only=True)
class Rule:
    """What an act earns. An act is paid once by a rule and person."""

    name: str = setting(help="its name in the record and on statements; never change it")
    act: str = setting(help='the act that earns: "task.confirm", "session.hold"')
    points: Decimal = setting(help="how many", unit="points", minimum=Decimal("0.01"))
    per: Literal["act", "hour", "minute", "one"] = setting(
        default="act", help="for each act, or for each hour, minute or piece of a value of it"
    )
    value: str = setting(default="", help='the value that is counted: "minutes"')
    value_in: Literal["minutes", "hours"] = setting(
        default="minutes", help="what that value is in, where hours or minutes are paid"
    )
    most_per_act: int | None = setting(
        default=None, help="the most that one act earns", unit="points", minimum=1
    )
    pays: str = setting(
        default="actor",
        help='who earns: "actor", "person" (whom it is about), or a move\'s name: whoever made that move',
    )
    where: Mapping[str, str] = setting(
        default=attrs.Factory(dict), help="values that the act must have to earn anything"
    )
    roles: Mapping[str, Decimal] = setting(
        default=attrs.Factory(dict),
        help="what whoever has a role earns times as much; the highest counts",
        minimum=Decimal("0.01"),
    )
    cap: int | None = setting(
        default=None, help="the most that a person earns by it in a period", unit="points", minimum=1
    )
    cap_period: Period | None = setting(default=None, help="the period of that cap")
    since: date | None = setting(default=None, help="the first day on which it holds")
    until: date | None = setting(default=None, help="the last day on which it holds")
    unit: str = setting(default="points", help="what it pays in")


@attrs.frozen(kw_only=True)
class BankSettings:
    """The [bank] table of a district's file."""

    rules: tuple[Rule, ...] = setting(default=(), help="what earns points")
    members_only: bool = setting(
        default=True, help="whether only those earn who opened an account; attending is not joining"
    )
    rounding: Literal["down", "nearest"] = setting(default="down", help="what becomes of parts of a point")
    fetch_within: timedelta = setting(
        default=timedelta(days=14),
        help="how long an ordered gift waits for its owner; then it goes back",
        unit="duration",
        minimum=timedelta(minutes=1),
    )
    code: bool = setting(
        default=True, help="whether a gift is handed over only for the code that its owner was given"
    )
    most_pieces: int = setting(default=5, help="the most pieces of one order", unit="pieces", minimum=1)

    @cached_property
    def by_act(self) -> Mapping[str, Iterable[Rule]]:
        """The rules by the act that earns."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.act, []).append(rule)
        return found
