"""Which bank pays for an act: that of the place where it was, as long as it served when the service was done."""

from datetime import date, datetime
from uuid import UUID

from linli import Act, Facts, StoredSubject
from linli.query import acts_of
from linli_bank.banks import Bank, bank_of, in_a_compound
from linli_bank.settings import Rule


def paying(
    rule: Rule, act: Act, subject: StoredSubject | None, joined_at: UUID | None, facts: Facts
) -> UUID | None:
    """The place whose bank pays for an act; None where none does.

    Args:
        joined_at: where whoever earns has their account: its bank pays for what was above compounds.
    """
    bank = bank_of(facts, act.place) if act.place else None
    if bank is None and joined_at and not (act.place and in_a_compound(facts, act.place)):
        bank = bank_of(facts, joined_at)
    return bank.place if bank and _serves(bank, rule, act, subject, facts) else None


def _serves(bank: Bank, rule: Rule, act: Act, subject: StoredSubject | None, facts: Facts) -> bool:
    return bank.state == "open" or bank.serves(_served_on(rule, act, subject, facts))


def _served_on(rule: Rule, act: Act, subject: StoredSubject | None, facts: Facts) -> date:
    """The day of the service, which may be confirmed, or counted again, long after it."""
    if subject is None:
        return facts.calendar.day_of(act.at)
    given = act.value(rule.served_at) if rule.served_at else None
    found = given or getattr(subject.record, rule.served_at, None) or _moved_at(rule, act, subject, facts)
    moment = found if isinstance(found, datetime) else subject.opened_at
    return facts.calendar.day_of(moment)


def _moved_at(rule: Rule, act: Act, subject: StoredSubject, facts: Facts) -> datetime | None:
    """When whoever is paid made their move; None where it is this very act, or nobody's."""
    if rule.pays in ("actor", "person"):
        return None
    made = acts_of(act.root, f"{act.kind}.{rule.pays}", subject=subject.id)
    return facts.get(made.last_at())
