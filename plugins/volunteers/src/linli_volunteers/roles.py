"""Who does what, and how minors and volunteers are told from others."""

from typing import Annotated
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, or_, select

from linli import Facts, has_post
from linli.contract import Input, Private, Transition
from linli.refusals import Missing, Refusal
from linli.register.living import living
from linli.store import Read
from linli.store import tables as t
from linli_volunteers.settings import VolunteerSettings

LEADER = has_post("volunteer_leader", "branch_secretary", "clerk")
"""Who plans and leads sessions."""
APPROVER = has_post("branch_secretary", "clerk", "officer")
"""Who approves what is shown to everybody, and takes back what was wrongly certified."""
HELPER = has_post("volunteer_leader", "branch_secretary", "clerk", "steward")
"""Who enters a wish for somebody, or says its thanks for them."""

_d: BindParameter[str] = bindparam("district")
_t, _o = t.tie.c, t.organisation.c
_VOLUNTEERS = Read(
    select(_t.at)
    .join(t.organisation, (_o.district == _t.district) & (_o.id == _t.at))
    .where(
        _t.district == _d,
        _t.person == bindparam("person"),
        _t.kind == "volunteer",
        _o.kind == "volunteer_organisation",
        or_(_t.until.is_(None), _t.until > bindparam("day")),
    )
)


class WhomNotSaid(Missing, says="say who it is for"):
    field: str = "person"


class NotAVolunteer(
    Refusal,
    says="only members of a volunteer organisation may; enter them first: linli person tie PERSON volunteer ORGANISATION",
): ...


def is_volunteer(person: UUID | None, facts: Facts) -> Refusal | None:
    """Why somebody may not sign up or claim; None where they may."""
    if person is None:
        return WhomNotSaid()
    living(facts, person)
    if not facts.settings(VolunteerSettings).volunteers_only:
        return None
    if facts.rows(_VOLUNTEERS, person=person, day=facts.today):
        return None
    return NotAVolunteer()


@attrs.frozen(kw_only=True)
class WhyForOthers:
    """Why, of whoever acts on what is somebody else's."""

    reason: Annotated[Private | None, Input("why; needed where it is somebody else's")] = None


class ReasonNotSaid(Missing, says="say why: it is somebody else's"):
    field: str = "reason"


def why_for_others(t: Transition[object, WhyForOthers]) -> Refusal | None:
    """Whoever acts on what is somebody else's says why, whatever posts they have besides."""
    if t.given.reason is not None or t.by_engine or (t.subject.person and t.is_among((t.subject.person,))):
        return None
    return ReasonNotSaid()
