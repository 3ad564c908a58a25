"""What the register and stewardships must agree on."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from linli import Act, Facts
from linli.effects import Effect
from linli.lookups import ever
from linli.refusals import Refusal
from linli.store import Read
from linli.store import tables as t
from linli_stewards.contacts import CONSENT, PURPOSE, ContactFlow
from linli_stewards.settings import StewardSettings
from linli_stewards.stewardship import GRIDS, STEWARD, Gone, Lapse, StewardshipFlow
from linli_stewards.tables import SEATED

_s, _p = t.subject.c, t.place.c
_d: BindParameter[str] = bindparam("district")
_open = (_s.district == _d, _s.kind == StewardshipFlow.name, _s.ended_at.is_(None))
_OF_PERSON = Read(select(_s.id).where(*_open, ever(_s.person)).order_by(_s.id))
_AT = Read(select(_s.id).where(*_open, _s.place == bindparam("place")).order_by(_s.id))
_BELOW = Read(
    select(_s.id)
    .join(t.place, (_p.district == _s.district) & (_p.id == _s.place))
    .where(*_open, _p.path.like(bindparam("path")))
    .order_by(_s.id)
)
_CONSENT_OF = Read(
    select(_s.id).where(
        _s.district == _d,
        _s.kind == CONSENT,
        _s.parent == bindparam("stewardship"),
        ever(_s.person),
        _s.ended_at.is_(None),
    )
)


class NotAppointedSo(Refusal, says="a steward is appointed with: linli steward appoint"): ...


class NotEndedSo(
    Refusal, says="a stewardship is ended with: linli steward end, or: linli steward resign"
): ...


class NotConsentedSo(Refusal, says="a steward gives this consent themselves: linli steward consent"): ...


def objections(act: Act, facts: Facts) -> Iterable[Refusal]:
    """Why the register may not do this by itself."""
    if act.verb == "post.begin" and act.body.get("role") == STEWARD and _is_grid(act.place, facts):
        yield NotAppointedSo()
    if act.verb == "post.end" and act.body.get("role") == STEWARD and _is_recorded(act, facts):
        yield NotEndedSo()
    if act.verb == "person.consent" and str(act.body.get("purpose")).startswith(f"{PURPOSE}/"):
        yield NotConsentedSo()


def _is_recorded(act: Act, facts: Facts) -> bool:
    return any(person == act.person for _, person in facts.rows(SEATED, place=act.place))


def _is_grid(place: UUID | None, facts: Facts) -> bool:
    return place is not None and facts.place(place).kind in GRIDS[facts.settings(StewardSettings).level]


def consequences(act: Act, facts: Facts) -> Iterable[Effect]:
    """What follows for stewardships from what the register does."""
    if act.verb in ("person.end", "person.erase"):
        yield from _lapsed(facts.rows(_OF_PERSON, person=act.subject), Gone.PERSON)
    elif act.verb == "place.end":
        path = "".join(f"{one.hex}/" for one in facts.place(act.subject).path)
        yield from _lapsed(facts.rows(_BELOW, path=f"{path}%"), Gone.PLACE)
    elif act.verb in ("place.merge", "place.split"):
        yield from _lapsed(facts.rows(_AT, place=act.subject), Gone.PLACE)
    elif act.verb == "person.withdraw_consent":
        yield from _taken_back(act, facts)


def _lapsed(rows: Iterable[tuple[UUID]], reason: Gone) -> Iterable[Effect]:
    for (stewardship,) in rows:
        yield StewardshipFlow.lapse(StewardshipFlow.ref(stewardship), Lapse(reason=reason))


def _taken_back(act: Act, facts: Facts) -> Iterable[Effect]:
    """Whoever cannot do it themselves tells the desk, which records it."""
    head, _, number = str(act.body["purpose"]).partition("/")
    if head == PURPOSE and number:
        for (consent,) in facts.rows(_CONSENT_OF, stewardship=UUID(number), person=act.subject):
            yield ContactFlow.withdraw(ContactFlow.ref(consent))
