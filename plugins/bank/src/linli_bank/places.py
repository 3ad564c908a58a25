"""What the bank says to changes of places and to points given by hand: nobody is left without a bank unasked."""

from collections.abc import Iterable
from uuid import UUID

from linli import AnyAct, Refusal
from linli.hooks import PLACE_END, PLACE_MERGE, PLACE_SPLIT
from linli.query import place
from linli_bank.banks import Bank, bank_of, in_a_compound, not_served
from linli_bank.members import accounts_at

ENDING_PLACES = (PLACE_MERGE, PLACE_SPLIT, PLACE_END)


class AccountsToCarry(
    Refusal,
    says="{count} accounts have their bank at {place}; first carry them to the bank that takes its place (linli bank carry), or let that bank be shut (linli bank close)",
):
    count: int
    place: str


def undecided(t: AnyAct) -> Iterable[Refusal]:
    """Why places are not merged, split or ended before it is decided what becomes of the accounts there."""
    count = t.get(accounts_at(t.place).count())
    bank = bank_of(t.facts, t.place) if count else None
    if bank is None or bank.state == "carried" or _goes_on(t, bank):
        return
    yield AccountsToCarry(count=count, place=t.get(place(bank.place)).name)


def _goes_on(t: AnyAct, bank: Bank) -> bool:
    """Whether the accounts have the same bank afterwards, or none now and none then."""
    into = t.act.body.get("into")
    if into is None:
        return bank.place != t.place or bank.state == "closed"
    after = bank_of(t.facts, UUID(str(into)))
    if after is None or after.state == "carried":
        return bank.state == "closed"
    return after.place == bank.place


def no_bank_for(t: AnyAct) -> Iterable[Refusal]:
    """Points are given by hand where a bank is open; what an earlier act is paid is a correction."""
    if t.act.value("cause") is not None:
        return
    if in_a_compound(t.facts, t.place):
        reason = not_served(t.facts, t.place)
        if reason:
            yield reason
