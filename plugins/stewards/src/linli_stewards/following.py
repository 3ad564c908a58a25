"""What the register and stewardships must agree on."""

from collections.abc import Iterable
from uuid import UUID

from linli import Act, Effect, Facts, Refusal, Subject, query
from linli.hooks import (
    PERSON_CONSENT,
    PERSON_END,
    PERSON_ERASE,
    PERSON_WITHDRAW_CONSENT,
    PLACE_END,
    PLACE_MERGE,
    PLACE_SPLIT,
    POST_BEGIN,
    POST_END,
)
from linli.query import one, subjects
from linli_stewards.contacts import PURPOSE, ContactFlow
from linli_stewards.settings import StewardSettings
from linli_stewards.stewardship import GRIDS, STEWARD, Gone, Lapse, Stewardship, StewardshipFlow
from linli_stewards.tables import seated


class NotAppointedSo(Refusal, says="a steward is appointed with: linli steward appoint"): ...


class NotEndedSo(
    Refusal, says="a stewardship is ended with: linli steward end, or: linli steward resign"
): ...


class NotConsentedSo(Refusal, says="a steward gives this consent themselves: linli steward consent"): ...


def objections(act: Act, facts: Facts) -> Iterable[Refusal]:
    """Why the register may not do this by itself."""
    if act.verb == POST_BEGIN.verb and act.body.get("role") == STEWARD and _is_grid(act.place, facts):
        yield NotAppointedSo()
    if act.verb == POST_END.verb and act.body.get("role") == STEWARD and _is_recorded(act, facts):
        yield NotEndedSo()
    if act.verb == PERSON_CONSENT.verb and str(act.body.get("purpose")).startswith(f"{PURPOSE}/"):
        yield NotConsentedSo()


def _is_recorded(act: Act, facts: Facts) -> bool:
    stewardship = facts.get(seated(act.place)) if act.place else None
    steward = facts.get(one(StewardshipFlow, StewardshipFlow.ref(stewardship))) if stewardship else None
    return steward is not None and steward.person == act.person


def _is_grid(place: UUID | None, facts: Facts) -> bool:
    return (
        place is not None
        and facts.get(query.place(place)).kind in GRIDS[facts.settings(StewardSettings).level]
    )


def consequences(act: Act, facts: Facts) -> Iterable[Effect]:
    """What follows for stewardships from what the register does."""
    if act.verb in (PERSON_END.verb, PERSON_ERASE.verb):
        yield from _lapsed(facts.get(subjects(StewardshipFlow, person=act.subject, ended=False)), Gone.PERSON)
    elif act.verb == PLACE_END.verb:
        yield from _lapsed(
            facts.get(subjects(StewardshipFlow, now_within=act.subject, ended=False)), Gone.PLACE
        )
    elif act.verb in (PLACE_MERGE.verb, PLACE_SPLIT.verb):
        yield from _lapsed(facts.get(subjects(StewardshipFlow, place=act.subject, ended=False)), Gone.PLACE)
    elif act.verb == PERSON_WITHDRAW_CONSENT.verb:
        yield from _taken_back(act, facts)


def _lapsed(stewardships: Iterable[Subject[Stewardship]], reason: Gone) -> Iterable[Effect]:
    for stewardship in stewardships:
        yield StewardshipFlow.lapse(stewardship.id, Lapse(reason=reason))


def _taken_back(act: Act, facts: Facts) -> Iterable[Effect]:
    """Whoever cannot do it themselves tells the desk, which records it."""
    head, _, number = str(act.body["purpose"]).partition("/")
    if head == PURPOSE and number:
        for consent in facts.get(subjects(ContactFlow, parent=UUID(number), person=act.subject, ended=False)):
            yield ContactFlow.withdraw(consent.id)
