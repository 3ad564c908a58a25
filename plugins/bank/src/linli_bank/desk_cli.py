"""`linli credit`, `linli breach` and `linli window`: what a second person decides."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from linli import District, Missing, Refused
from linli.cli import add_lists, add_moves, add_openings, noun
from linli_bank.api import Bank
from linli_bank.breaches import BreachFlow
from linli_bank.credits import CreditFlow
from linli_bank.waivers import WaiverFlow
from linli_bank.windows import WindowFlow

credit = noun(
    "credit",
    "points that wait for a second person's confirmation",
    """
linli credit list --open
linli credit confirm NUMBER --as 13800000000
linli credit reject NUMBER --reason 没来 --as 13800000000
""",
)


breach = noun(
    "breach",
    "breaches that lower what somebody earns: report, confirm, lift",
    """
linli breach report --for 13800000000 --kind 一般违规 --reason "..." --as 13900000000
linli breach list --open
linli breach confirm NUMBER --as 13700000000
linli breach lift NUMBER --reason 已改正 --as 13700000000
""",
)


window = noun(
    "window",
    "redemption windows: propose, open, close",
    """
linli window propose --place 锦绣花园 --scored 2026-H1 --first 2026-07-10 --last 2026-07-20
linli window list --open
linli window approve NUMBER --as 13700000000
linli window close NUMBER --reason 缺货 --as 13700000000
""",
)


waiver = noun(
    "waiver",
    "letting go of what somebody owes: confirm, refuse",
    """
linli waiver propose --for 13800000000 --reason 困难家庭 --as 13700000000
linli waiver list --open
linli waiver confirm NUMBER --as 13900000000
""",
)


class WhomNotSaid(Missing, says="say who it is about: --for 13800000000"):
    field: str = "for"


def _where_they_joined(district: District, person: UUID | None, given: Mapping[str, Any]) -> UUID:
    if person is None:
        raise Refused(WhomNotSaid())
    return Bank(district).account(person).place


add_lists(credit, CreditFlow, person=True)
add_moves(credit, CreditFlow)
add_lists(breach, BreachFlow, person=True)
add_openings(breach, BreachFlow, where=_where_they_joined)
add_moves(breach, BreachFlow)
add_lists(waiver, WaiverFlow, person=True)
add_openings(waiver, WaiverFlow, where=_where_they_joined)
add_moves(waiver, WaiverFlow)
add_lists(window, WindowFlow)
add_openings(window, WindowFlow)
add_moves(window, WindowFlow)
