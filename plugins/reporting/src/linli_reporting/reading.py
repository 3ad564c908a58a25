"""What checks, effects and imports read: a member's reports and homes, and which branch a report is put to."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, and_, bindparam, or_, select

from linli import Facts, Seat
from linli.lookups import ever
from linli.store import Read, Row
from linli.store import tables as t
from linli_reporting.records import IN_FORCE, KIND

SECRETARY, DEPUTY, BODY = "branch_secretary", "branch_deputy", "branch"

_s, _t, _p = t.subject.c, t.tie.c, t.place.c
_d: BindParameter[str] = bindparam("district")
_person: BindParameter[UUID] = bindparam("person", type_=_s.person.type)
KNOWN_COLUMNS = (_s.id, _s.state, _s.compound, _s.opened_at, _s.accepted_at, _s.ended_at)
_REPORTS_OF = Read(select(*KNOWN_COLUMNS).where(_s.district == _d, ever(_s.person), _s.kind == KIND))
_IS_MEMBER = Read(
    select(_t.at).where(
        _t.district == _d, _t.person == _person, _t.kind == "party_member", _t.until.is_(None)
    )
)
_HOMES = Read(
    select(_p.figures_at)
    .join(t.tie, and_(_t.district == _p.district, _t.at == _p.id))
    .where(
        _t.district == _d,
        _t.person == _person,
        or_(_t.kind == "resident", _t.kind == "owner"),
        _t.until.is_(None),
    )
    .order_by(_t.kind.desc(), _p.figures_at)  # where they live before what they own
)


@attrs.frozen
class Known:
    """A report as it was before the act."""

    id: UUID
    state: str
    compound: UUID
    opened_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None

    @property
    def in_force(self) -> bool:
        """Whether it has not ended."""
        return self.state in IN_FORCE


def known_from(row: Row) -> Known:
    """A report from a row of KNOWN_COLUMNS."""
    return Known(*row)


def reports_of(facts: Facts, person: UUID) -> list[Known]:
    """A member's reports, the oldest first, under each number that they ever had."""
    found = [known_from(row) for row in facts.rows(_REPORTS_OF, person=person)]
    return sorted(found, key=lambda one: (one.opened_at, one.id))


def in_force(reports: Iterable[Known]) -> Known | None:
    """The one that has not ended; there is at most one."""
    return next((one for one in reports if one.in_force), None)


def is_member(facts: Facts, person: UUID) -> bool:
    """Whether the register knows somebody as a party member."""
    return bool(facts.rows(_IS_MEMBER, person=person))


def homes_of(facts: Facts, person: UUID) -> list[UUID]:
    """The compounds where somebody is at home, the one where they live first."""
    return list(dict.fromkeys(compound for (compound,) in facts.rows(_HOMES, person=person)))


@attrs.frozen(kw_only=True)
class PutTo:
    """The branch that a report is put to."""

    branch: UUID | None = None
    stood_in: bool = False

    @property
    def seat(self) -> Seat | None:
        """Who decides on it."""
        return Seat(role=SECRETARY, at=self.branch) if self.branch else None


def branch_for(facts: Facts, compound: UUID, person: UUID | None = None) -> PutTo:
    """The compound's branch; that of a place above, where it has none or the member is its secretary."""
    found = facts.body(BODY, compound)
    if found is None:
        return PutTo()
    if person and found.place == compound and person in facts.who_has(Seat(role=SECRETARY, at=found.id)):
        above = facts.place(compound).path[:-1]
        other = facts.body(BODY, above[-1]) if above else None
        return PutTo(branch=other.id, stood_in=True) if other else PutTo(branch=found.id)
    return PutTo(branch=found.id, stood_in=found.place != compound)
