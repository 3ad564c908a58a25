"""What the register and stewardships must agree on."""

from collections.abc import Iterable
from uuid import UUID

from linli import ActContext, AnyAct, Effect, Refusal, Subject, query
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


def objections(t: AnyAct) -> Iterable[Refusal]:
    """Why the register may not do this by itself."""
    body = t.act.body
    if t.of(POST_BEGIN) and body.get("role") == STEWARD and _is_grid(t):
        yield NotAppointedSo()
    if t.of(POST_END) and body.get("role") == STEWARD and _is_recorded(t):
        yield NotEndedSo()
    if t.of(PERSON_CONSENT) and str(body.get("purpose")).startswith(f"{PURPOSE}/"):
        yield NotConsentedSo()


def _is_recorded(t: AnyAct) -> bool:
    stewardship = t.get(seated(t.place))
    steward = t.get(one(StewardshipFlow, StewardshipFlow.ref(stewardship))) if stewardship else None
    return steward is not None and steward.person == t.person


def _is_grid(t: AnyAct) -> bool:
    return t.get(query.place(t.place)).kind in GRIDS[t.settings(StewardSettings).level]


def consequences(t: AnyAct) -> Iterable[Effect]:
    """What follows for stewardships from what the register does."""
    if gone := t.of(PERSON_END, PERSON_ERASE):
        yield from _lapsed(t.get(subjects(StewardshipFlow, person=gone.subject, ended=False)), Gone.PERSON)
    elif ended := t.of(PLACE_END):
        yield from _lapsed(
            t.get(subjects(StewardshipFlow, now_within=ended.subject, ended=False)), Gone.PLACE
        )
    elif changed := t.of(PLACE_MERGE, PLACE_SPLIT):
        yield from _lapsed(t.get(subjects(StewardshipFlow, place=changed.subject, ended=False)), Gone.PLACE)
    elif withdrawn := t.of(PERSON_WITHDRAW_CONSENT):
        yield from _taken_back(withdrawn)


def _lapsed(stewardships: Iterable[Subject[Stewardship]], reason: Gone) -> Iterable[Effect]:
    for stewardship in stewardships:
        yield StewardshipFlow.lapse(stewardship.id, Lapse(reason=reason))


def _taken_back(ctx: ActContext[object]) -> Iterable[Effect]:
    """Whoever cannot do it themselves tells the desk, which records it."""
    head, _, number = str(ctx.act.body["purpose"]).partition("/")
    if head == PURPOSE and number:
        for consent in ctx.get(subjects(ContactFlow, parent=UUID(number), person=ctx.subject, ended=False)):
            yield ContactFlow.withdraw(consent.id)
