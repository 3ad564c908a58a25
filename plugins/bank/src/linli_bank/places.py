"""What the bank says to changes of places and to points given by hand: nobody is left without a bank unasked."""

from collections.abc import Iterable
from uuid import UUID

from linli import Act, Facts, Refusal
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


def undecided(act: Act, facts: Facts) -> Iterable[Refusal]:
    """Why places are not merged, split or ended before it is decided what becomes of the accounts there."""
    if act.place is None:
        return
    count = facts.get(accounts_at(act.place).count())
    bank = bank_of(facts, act.place) if count else None
    if bank is None or bank.state == "carried" or _goes_on(act, bank, facts):
        return
    yield AccountsToCarry(count=count, place=facts.get(place(bank.place)).name)


def _goes_on(act: Act, bank: Bank, facts: Facts) -> bool:
    """Whether the accounts have the same bank afterwards, or none now and none then."""
    into = act.body.get("into")
    if into is None:
        return bank.place != act.place or bank.state == "closed"
    after = bank_of(facts, UUID(str(into)))
    if after is None or after.state == "carried":
        return bank.state == "closed"
    return after.place == bank.place


def no_bank_for(act: Act, facts: Facts) -> Iterable[Refusal]:
    """Points are given by hand where a bank is open; what an earlier act is paid is a correction."""
    if act.place is None or act.value("cause") is not None:
        return
    if in_a_compound(facts, act.place):
        reason = not_served(facts, act.place)
        if reason:
            yield reason
