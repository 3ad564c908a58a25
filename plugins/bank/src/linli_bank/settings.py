"""What a district decides about its bank."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal

import attrs

from linli import POINTS, Invalid, Text, listed, say, setting
from linli_bank.periods import SHORTEST, Period, Recurring

# What gifts are counted in: no points.
PIECES = "pieces"
# What the ledger counts beside points: stock, and the volunteers' places and minutes of service.
NO_POINTS = (PIECES, "seats", "minutes")
# "bank:" goes before a rule's name where it is posted.
_LONGEST_NAME = 100


class NoPeriod(Invalid, says="'{text}' is no period; write 2026-H1, 2026-Q3, 2026-06 or 2026"):
    text: str
    field: str = "period"


def _in_unit(unit: str) -> Iterable[tuple[str, Text]]:
    if unit in NO_POINTS:
        what = say(
            "{unit} are counted in the ledger already, and are no points; pay in something else", unit=unit
        )
        yield "unit", what


@attrs.frozen(kw_only=True)
class Rule:
    """What an act earns. An act is paid once by a rule and person.

    Points are points × quantity × the highest multiplier of a role × the factors of standing
    breaches, in fractions, and rounded once at the end.
    """

    name: str = setting(
        help="its name in the record and on statements; never change it", longest=_LONGEST_NAME
    )
    act: str = setting(help='the act that earns: "task.confirm", "seat.attend"')
    points: Decimal = setting(help="how many", unit="points", least=Decimal("0.01"))
    per: Literal["act", "hour", "minute", "one"] = setting(
        "act", "for each act, or for each hour, minute or piece of a value of it"
    )
    value: str = setting("", 'the value that is counted: "minutes"')
    value_in: Literal["minutes", "hours"] = setting(
        "minutes", "what that value is in, where hours or minutes are paid"
    )
    most_counted: Decimal | None = setting(
        None, "the most hours, minutes or pieces that are counted of one act", least=Decimal("0.01")
    )
    most_per_act: int | None = setting(None, "the most that one act earns", unit="points", least=1)
    pays: str = setting(
        "actor", 'who earns: "actor", "person" (whom it is about), or a move\'s name: whoever made that move'
    )
    where: Mapping[str, str] = setting(attrs.Factory(dict), "values that the act must have to earn anything")
    roles: Mapping[str, Decimal] = setting(
        attrs.Factory(dict),
        "what whoever has a role earns times as much; the highest counts",
        least=Decimal("0.01"),
    )
    breaches: bool = setting(True, "whether the factor of a standing breach lowers what it pays")
    cap: int | None = setting(None, "the most that a person earns by it in a period", unit="points", least=1)
    cap_period: Period | None = setting(None, "the period of that cap")
    confirm: bool = setting(
        False, "whether points wait until a keeper confirms them, other than who earned and who made the act"
    )
    taken_back_by: tuple[str, ...] = setting(
        (), 'acts on the same matter that take back what it paid: "seat.annul"'
    )
    earned_again_by: tuple[str, ...] = setting(
        (), 'acts that earn what was taken back anew, by their own values: "seat.count_again"'
    )
    served_at: str = setting(
        "checked_out_at",
        "the value that says when the service was done: a bank that was shut pays what was served before;"
        " without it, when whoever is paid made their move, or when the matter began",
    )
    since: date | None = setting(None, "the first day on which it holds")
    until: date | None = setting(None, "the last day on which it holds")
    unit: str = setting(POINTS, "what it pays in", longest=40)

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return (self.since or date.min) <= day <= (self.until or date.max)

    def problems(self) -> Iterable[tuple[str, Text]]:
        """What contradicts itself."""
        kind, _, move = self.act.partition(".")
        if not kind or not move:
            yield "act", say('names no act; write a kind and a move: "task.confirm"')
        if {self.act, *self.earned_again_by} & {*self.taken_back_by}:
            yield "taken_back_by", say("names the act that earns; nothing would ever be paid")
        yield from _in_unit(self.unit)
        yield from self._in_amounts()
        if (self.cap is None) != (self.cap_period is None):
            yield "cap", say("cap and cap_period go together")
        if self.cap is not None and self.per == "act" and self.cap < self.points:
            yield "cap", say("is less than what one act earns")
        if self.since and self.until and self.since > self.until:
            yield "since", say("is after until: the rule would never hold")

    def _in_amounts(self) -> Iterable[tuple[str, Text]]:
        if self.per == "act":
            for name in ("value", "most_counted"):
                if getattr(self, name):
                    yield name, say("is counted only where per is hour, minute or one")
            if self.points != int(self.points) and not self.roles:
                yield "points", say("must be whole where each act earns the same")
            if self.most_per_act is not None and self.most_per_act < self.points:
                yield "most_per_act", say("is less than what every act earns")
        elif not self.value:
            yield "value", say("is missing: which value of the act has the {per}s?", per=self.per)

    def overlaps(self, other: "Rule") -> bool:
        """Whether both hold on some day: one that changes keeps its name from the day on which its successor begins."""
        first = max(self.since or date.min, other.since or date.min)
        return first <= min(self.until or date.max, other.until or date.max)


@attrs.frozen(kw_only=True)
class Ledger:
    """How what is earned in one unit is redeemed, and which lists are published of it."""

    unit: str = setting(POINTS, "what its rules pay in and its gifts cost", longest=40)
    redemptions: int | None = setting(None, "the most orders of a person in a period", unit="orders", least=1)
    redemptions_per: Recurring | None = setting(None, "the period of that limit")
    window: Recurring | None = setting(
        None, "gifts are ordered only in a window that comes again in each of these periods"
    )
    window_from: int = setting(
        1, "the day of the period on which the window begins: from 1, or from its end: -15", unit="days"
    )
    window_days: int | None = setting(None, "how long it lasts", unit="days", least=1)
    opening: bool = setting(False, "whether gifts are ordered only in a redemption window that was approved")
    threshold: int | None = setting(None, "whoever has fewer may not redeem", unit="points", least=1)
    threshold_of: Literal["free", "earned"] = setting(
        "free",
        "what is compared with it: what is free at that moment, or what was earned in the period before",
    )
    threshold_period: Recurring | None = setting(None, "the period in which so much must have been earned")
    zeroed: bool = setting(False, "whether what is left expires when a gift is handed over")
    lists: tuple[Literal["points", "ineligible"], ...] = setting(
        (), "lists that are published of it", each_once=True
    )
    lists_every: Recurring = setting("quarter", "the period of which those lists are")

    def problems(self) -> Iterable[tuple[str, Text]]:
        """What contradicts itself."""
        yield from _in_unit(self.unit)
        if (self.redemptions is None) != (self.redemptions_per is None):
            yield "redemptions", say("redemptions and redemptions_per go together")
        yield from self._in_window()
        if (self.threshold_of == "earned") != (self.threshold_period is not None):
            yield "threshold_period", say("goes together with threshold_of = earned")
        if self.threshold is None and (self.threshold_of != "free" or self.threshold_period):
            yield "threshold", say("is missing: how many points does whoever redeems need?")
        yield from self._in_lists()

    def _in_window(self) -> Iterable[tuple[str, Text]]:
        if (self.window is None) != (self.window_days is None):
            yield "window", say("window and window_days go together")
        elif self.window is None and self.window_from != 1:
            yield "window_from", say("there is no window whose first day this could be")
        elif self.window:
            yield from self._in_days(self.window_days or 0, SHORTEST[self.window])
        if self.window and self.opening:
            yield (
                "opening",
                say("say either window or opening: redemption opens by itself, or by an approval"),
            )

    def _in_days(self, days: int, shortest: int) -> Iterable[tuple[str, Text]]:
        begins = self.window_from
        if not 1 <= abs(begins) <= shortest:
            what = say("is no day of every such period; write 1 to {most}, or -1 to -{most}", most=shortest)
            yield "window_from", what
        elif days > (shortest - begins + 1 if begins > 0 else -begins):
            yield "window_days", say("the window would end after its period")

    def _in_lists(self) -> Iterable[tuple[str, Text]]:
        if "ineligible" not in self.lists:
            return
        if self.threshold is None:
            what = say("without a threshold nobody is ineligible; set threshold, or leave the list out")
            yield "lists", what
        elif self.threshold_period and self.threshold_period != self.lists_every:
            what = say("must be the period of the threshold: {period}", period=self.threshold_period)
            yield "lists_every", what


@attrs.frozen(kw_only=True)
class Breach:
    """A kind of breach, and what follows from it while it stands."""

    name: str = setting(help="its name in the record; never change it", longest=_LONGEST_NAME)
    factor: Decimal = setting(
        help="what is earned is multiplied by it; 0: nothing is earned", least=Decimal(0), most=Decimal(1)
    )
    days: int = setting(90, "how long it stands once it is confirmed", unit="days", least=1)


@attrs.frozen(kw_only=True)
class BankSettings:
    """The [bank] table of a district's file."""

    rules: tuple[Rule, ...] = setting((), "what earns points")
    ledgers: tuple[Ledger, ...] = setting(
        (), "ledgers side by side; without any, points are redeemed at any time", each_once="unit"
    )
    breaches: tuple[Breach, ...] = setting(
        (), "kinds of breaches that lower what is earned", each_once="name"
    )
    members_only: bool = setting(
        True, "whether only those earn who opened an account; attending is not joining"
    )
    rounding: Literal["down", "nearest"] = setting("down", "what becomes of parts of a point")
    confirm_within: timedelta = setting(
        timedelta(days=7),
        "how long points, breaches and windows wait for somebody's decision before the ladder hears",
        least=timedelta(minutes=1),
    )
    windows_by: Literal["officer", "meeting"] = setting(
        "officer", "who approves a redemption window: an officer, or the joint meeting that it is put to"
    )
    meeting_tier: Literal["street", "district"] = setting("street", "whose joint meeting that is")
    fetch_within: timedelta = setting(
        timedelta(days=14),
        "how long an ordered gift waits for its owner; then it goes back",
        least=timedelta(minutes=1),
    )
    code: bool = setting(True, "whether a gift is handed over only for the code that its owner was given")
    most_pieces: int = setting(5, "the most pieces of one order", unit="pieces", least=1)
    closing_days: int = setting(
        30,
        "how long, at least, points can be spent once a bank's closing was announced",
        unit="days",
        least=1,
        most=366,
    )
    session_kinds: tuple[str, ...] = setting(
        ("wish", "civility"), "the bank's own kinds of sessions, which its figure counts"
    )

    def problems(self) -> Iterable[tuple[str, Text]]:
        """What contradicts itself."""
        for index, rule in enumerate(self.rules):
            earlier = self.rules[:index]
            if any(other.name == rule.name and other.overlaps(rule) for other in earlier):
                yield f"rules[{index}].name", say("{name} is another rule's name", name=rule.name)
            if self.ledgers and rule.unit not in self.units:
                what = say(
                    "{unit} has no ledger; there are: {known}", unit=rule.unit, known=listed(self.units)
                )
                yield f"rules[{index}].unit", what
        if self.windows_by == "meeting" and not any(one.opening for one in self.ledgers):
            yield "windows_by", say("no ledger waits for an approval; set opening in one of bank.ledgers")

    @cached_property
    def by_act(self) -> Mapping[str, Sequence[Rule]]:
        """The rules by the acts that earn."""
        return self._rules_by(lambda rule: (rule.act, *rule.earned_again_by))

    @cached_property
    def undone_by(self) -> Mapping[str, Sequence[Rule]]:
        """The rules by the acts that take back what they paid."""
        return self._rules_by(lambda rule: rule.taken_back_by)

    @cached_property
    def concerned(self) -> frozenset[str]:
        """The acts that a rule, of paying or of taking back, is about."""
        return frozenset((*self.by_act, *self.undone_by))

    def _rules_by(self, verbs: Callable[[Rule], Iterable[str]]) -> Mapping[str, Sequence[Rule]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for verb in verbs(rule):
                found.setdefault(verb, []).append(rule)
        return found

    @cached_property
    def units(self) -> tuple[str, ...]:
        """What is kept in ledgers here, the first one the usual one."""
        return tuple(one.unit for one in self.ledgers) or (POINTS,)

    def ledger(self, unit: str) -> Ledger:
        """The ledger of a unit; a plain one where none is declared."""
        return next((one for one in self.ledgers if one.unit == unit), Ledger(unit=unit))

    def breach(self, name: str) -> Breach | None:
        """A kind of breach by its name."""
        return next((one for one in self.breaches if one.name == name), None)
