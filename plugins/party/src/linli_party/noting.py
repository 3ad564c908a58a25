"""Noting how a party member who lives in a compound stands, in a survey or outside of one."""

from typing import Annotated

import attrs

from linli import ActContext, ActResult, DirectAct, Input, NotFoundHere, PersonId, Refused, Write, has_post
from linli_party.committees import COMMITTEE
from linli_party.compounds import homes_of_members
from linli_party.tables import NOTE


class NotAMemberHere(
    NotFoundHere, says="the register does not know them as a party member who lives here"
): ...


@attrs.frozen(kw_only=True)
class Noted:
    """The journal does not say who it was, nor how they stand: the plugin's own table does."""

    member: Annotated[PersonId, Input("which member", kept=False)]
    reported: Annotated[bool, Input("whether they have reported", kept=False)]
    active: Annotated[bool, Input("whether they take part", kept=False)] = True


def _noted(ctx: ActContext[Noted]) -> ActResult:
    given, compound = ctx.given, ctx.place
    if given.member not in {one for _, one in ctx.get(homes_of_members(compound).people())}:
        raise Refused(NotAMemberHere())
    row = {"district": ctx.facts.district, "compound": compound, "person": given.member}
    row |= {"reported": given.reported, "active": given.active, "noted_on": ctx.today}
    return ActResult(writes=(Write(NOTE, row, f"{compound.hex}{given.member.hex}"),))


NOTE_MEMBER = DirectAct(
    "party.note",
    Noted,
    label="standing of a party member noted",
    by=has_post(*COMMITTEE, "residents_committee_member", "clerk"),
    does=_noted,
)
