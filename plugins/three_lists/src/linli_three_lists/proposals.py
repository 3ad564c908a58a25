"""A whistle that the ladder proposes (建议吹哨): a street officer takes it up or not; nothing blows by itself."""

from collections.abc import Iterable
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import (
    ENGINE,
    HOLDER,
    Act,
    Ask,
    Facts,
    Make,
    Move,
    Seat,
    Start,
    State,
    Subject,
    Workflow,
    has_post,
    parent_in,
    say,
)
from linli.dispatch.impartial import impartial
from linli.i18n import Text
from linli.store import Read
from linli.store import tables as t
from linli_three_lists.settings import ThreeListsSettings

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
_OPEN = Read(
    select(_s.id).where(
        _s.district == _d,
        _s.parent == bindparam("request"),
        _s.kind == "whistle_proposal",
        _s.ended_at.is_(None),
    )
)
_WHISTLE = Read(select(_s.id).where(_s.district == _d, _s.id == bindparam("id"), _s.kind == "whistle"))


@attrs.frozen(kw_only=True)
class Proposal:
    """What is kept with a proposed whistle.

    Attributes:
        clock: the deadline that passed.
        about: as in the request: it is kept from them.
        whistle: the whistle that was blown.
    """

    clock: str
    about: UUID | None = None
    whistle: UUID | None = None


def _blown(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    whistle = subject.record.whistle
    if act.acting_as == "engine":
        return None  # it is being blown by the very act that this follows from
    return None if facts.rows(_WHISTLE, id=whistle) else say("there is no whistle {id}", id=whistle)


_OFFICER = HOLDER | has_post("officer")
PROPOSAL = Workflow(
    name="whistle_proposal",
    label="proposed whistle",
    record=Proposal,
    states=(
        State("proposed", "to be considered"),
        State("taken_up", "taken up", ends=("taken_up",)),
        State("dismissed", "dismissed", ends=("dismissed",)),
        State("lapsed", "lapsed", ends=("lapsed",)),
    ),
    moves=impartial(
        (
            Move(
                name="propose",
                label="propose",
                sources=(),
                to="proposed",
                by=ENGINE,
                asks=(Ask(name="clock"), Ask(name="about", type=UUID, required=False)),
            ),
            Move(
                name="take_up",
                label="take up",
                sources=("proposed",),
                to="taken_up",
                by=_OFFICER | ENGINE,
                asks=(Ask(name="whistle", help="the number of the whistle that was blown", type=UUID),),
                checks=(_blown,),
            ),
            Move(
                name="dismiss",
                label="dismiss",
                sources=("proposed",),
                to="dismissed",
                by=_OFFICER,
                asks=(Ask(name="reason", help="why", private=True),),
            ),
            Move(
                name="lapse",
                sources=("proposed",),
                to="lapsed",
                when=parent_in("resolved", "closed", "withdrawn", "refused"),
            ),
        )
    ),
)


def proposed(act: Act, request: Subject, facts: Facts) -> Iterable[Start]:
    """What follows when a late request has climbed to the rung that considers the whistle."""
    whistles = {rung.name for rung in facts.settings(ThreeListsSettings).ladder if rung.whistle}
    if act.body.get("rung") not in whistles or facts.rows(_OPEN, request=request.id):
        return
    role, _, at = str(act.body["seat"]).partition("@")
    yield Start(
        workflow="whistle_proposal",
        move="propose",
        place=request.place,
        parent=request.id,
        key=str(act.version),
        holder=Seat(role=None if role == "*" else role, at=UUID(at)),
        values={"clock": act.body["clock"], "about": request.record.about},
    )


def taken_up(whistle: Subject, facts: Facts) -> Iterable[Make]:
    """What follows when a whistle is blown for a request: what the ladder proposed is taken up."""
    request = getattr(whistle.record, "request", None)
    for (proposal,) in facts.rows(_OPEN, request=request) if request else ():
        yield Make(subject=proposal, move="take_up", values={"whistle": whistle.id})
