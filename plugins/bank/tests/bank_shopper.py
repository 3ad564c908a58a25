"""A process of its own for test_bank_faults.py: it races for gifts, or lives until it is killed."""

import sys
from uuid import UUID, uuid5

import linli
from linli import Cap, Private
from linli.testing import say_how, wait
from linli_bank.api import Bank
from linli_bank.redemptions import Cancel, HandOver, RedemptionFlow


def race(folder: str, gift: str, person: str, tries: str) -> None:
    """Order a piece at a time; a line for each try: "ordered", or why not."""
    with linli.open(folder) as district:
        wait()
        for _ in range(int(tries)):
            say_how("ordered", lambda: Bank(district).order(UUID(gift), UUID(person)))


def live(folder: str, gift: str, person: str, place: str, days: str) -> None:
    """Earn, order, and fetch or cancel, under the same keys each time; a line after each act."""
    payee = UUID(person)
    with linli.open(folder) as district:
        bank = Bank(district)
        for day in range(int(days)):
            key = uuid5(payee, f"award {day}")
            cap = Cap(most=10**6, period="ever")
            district.award.award(payee, 10, "work", reason="x", place=UUID(place), cap=cap, key=key)
            print("award", flush=True)
            order = bank.order(UUID(gift), payee, key=uuid5(payee, f"order {day}")).subject
            print("order", flush=True)
            end = uuid5(payee, f"end {day}")
            if day % 3:
                district.perform(
                    RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=bank.code(order))),
                    key=end,
                )
            else:
                district.perform(
                    RedemptionFlow.cancel(RedemptionFlow.ref(order), Cancel(reason=Private("x"))), key=end
                )
            print("end", flush=True)


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    race(*arguments) if what == "race" else live(*arguments)
