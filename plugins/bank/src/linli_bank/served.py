"""Which bank pays for an act: that of the place where it was, as long as it served when the service was done."""

from datetime import date, datetime
from uuid import UUID

from linli import AnyAct, Subject
from linli.query import acts_of
from linli_bank.banks import Bank, bank_of, in_a_compound
from linli_bank.settings import Rule


def paying(rule: Rule, t: AnyAct, joined_at: UUID | None) -> UUID | None:
    """The place whose bank pays for an act; None where none does.

    Args:
        joined_at: where whoever earns has their account: its bank pays for what was above compounds.
    """
    facts, where = t.facts, t.act.place
    bank = bank_of(facts, where) if where else None
    if bank is None and joined_at and not (where and in_a_compound(facts, where)):
        bank = bank_of(facts, joined_at)
    return bank.place if bank and _serves(bank, rule, t) else None


def _serves(bank: Bank, rule: Rule, t: AnyAct) -> bool:
    return bank.state == "open" or bank.serves(_served_on(rule, t))


def _served_on(rule: Rule, t: AnyAct) -> date:
    """The day of the service, which may be confirmed, or counted again, long after it."""
    subject = t.after
    if subject is None:
        return t.today
    given = t.act.value(rule.served_at) if rule.served_at else None
    found = given or getattr(subject.record, rule.served_at, None) or _moved_at(rule, t, subject)
    moment = found if isinstance(found, datetime) else subject.opened_at
    return t.facts.calendar.day_of(moment)


def _moved_at(rule: Rule, t: AnyAct, subject: Subject[object]) -> datetime | None:
    """When whoever is paid made their move; None where it is this very act, or nobody's."""
    if rule.pays in ("actor", "person"):
        return None
    made = acts_of(subject.root, f"{subject.flow.name}.{rule.pays}", subject=subject.id)
    return t.get(made.last_at())
