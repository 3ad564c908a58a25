"""Who does what, and how minors and volunteers are told from others."""

from typing import Annotated
from uuid import UUID

import attrs

from linli import Context, ForAnotherWhy, Input, Private, Refusal, Transition, WhomNotSaid, has_post
from linli.hooks import living
from linli.query import Query, Tied, ties
from linli_volunteers.settings import VolunteerSettings

LEADER = has_post("volunteer_leader", "branch_secretary", "clerk")
"""Who plans and leads sessions."""
APPROVER = has_post("branch_secretary", "clerk", "officer")
"""Who approves what is shown to everybody, and takes back what was wrongly certified."""
HELPER = has_post("volunteer_leader", "branch_secretary", "clerk", "steward")
"""Who enters a wish for somebody, or says its thanks for them."""


class NotAVolunteer(
    Refusal,
    says="only members of a volunteer organisation may; enter them first: linli person tie PERSON volunteer ORGANISATION",
): ...


def is_volunteer(t: Transition[object, object]) -> Refusal | None:
    """Why somebody may not sign up or claim; None where they may."""
    person = t.subject.person
    if person is None:
        return WhomNotSaid()
    living(t.facts, person)
    if not t.settings(VolunteerSettings).volunteers_only:
        return None
    tied = t.get(memberships(person, t))
    return None if any(tie.body == "volunteer_organisation" for tie in tied) else NotAVolunteer()


def memberships(person: UUID, ctx: Context[object]) -> Query[tuple[Tied, ...]]:
    """What somebody volunteers with on the day of the act."""
    return ties("volunteer", person=person, on=ctx.today)


@attrs.frozen(kw_only=True)
class WhyForOthers:
    """Why, of whoever acts on what is somebody else's."""

    reason: Annotated[Private | None, Input("why; needed where it is somebody else's")] = None


def why_for_others(t: Transition[object, WhyForOthers]) -> Refusal | None:
    """Whoever acts on what is somebody else's says why, whatever posts they have besides."""
    if t.given.reason is not None or t.by_engine or (t.subject.person and t.is_among((t.subject.person,))):
        return None
    return ForAnotherWhy()
