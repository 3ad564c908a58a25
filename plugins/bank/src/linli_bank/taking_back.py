"""What an act earned goes back where a later act on the same matter undoes it: hours that are annulled.

It goes back whole: what is free, and what was spent is owed. So what is earned anew pays for the service
once in all, less what never came back of it: a debt that was waived or ended, points that had expired.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from linli import AnyAct, Change, Effect, Facts, Refused
from linli._verbs.award.reversing import Reversal, reversal
from linli.query import survivor
from linli_bank.measuring import GONE, PAID
from linli_bank.settings import BankSettings, Rule

# What lessens a debt without coming back, and what had expired: see `linli._ledger.owing`.
_LOST = ("waive", "end", "lapse")


def taken_back(t: AnyAct) -> Iterable[Effect]:
    """What the rules take back that this act undoes."""
    for back in _reversals(t):
        yield from back.transfers
        yield from (Change(write=write) for write in back.writes(t.facts.district))


def _reversals(t: AnyAct) -> Iterator[Reversal]:
    """One after another: what one takes of what is free is not there for the next."""
    facts, subject = t.facts, t.after
    if subject is None:
        return
    taken: dict[tuple[UUID, str, str], int] = {}
    for rule in t.settings(BankSettings).undone_by.get(t.verb, ()):
        name = f"bank:{rule.name}"
        for cause, payee in facts.rows(PAID, root=subject.root, subject=subject.id, rule=name):
            try:
                back = reversal(facts, cause, name, payee, taken)
            except Refused:  # it was taken back by hand or by an earlier act
                continue
            for part, amount in (("free", back.back), ("expired", back.lapsed)):
                account = (back.holder, back.posting.unit, part)
                taken[account] = taken.get(account, 0) + amount
            yield back


def never_came_back(rule: Rule, payee: UUID, t: AnyAct) -> int:
    """Of what a service paid somebody before by a rule and was taken back: what they keep all the same."""
    facts, subject = t.facts, t.after
    if subject is None or t.verb not in rule.earned_again_by:
        return 0
    name, payee = f"bank:{rule.name}", facts.get(survivor(payee))
    rows = facts.rows(GONE, root=subject.root, subject=subject.id)
    return sum(amount for posted, amount in rows if _is_lost(posted, name, payee, facts))


def _is_lost(posted: str, rule: str, payee: UUID, facts: Facts) -> bool:
    verb, _, what = posted.partition(" ")
    if verb not in _LOST or not what.startswith(f"{rule} of "):
        return False
    return facts.get(survivor(UUID(what.removeprefix(f"{rule} of ").split(" ")[0]))) == payee
