"""Removals (搬家): somebody moves to a place kept by others. Proposed at the new place, released at the old one."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import attrs

from linli.access import ANYONE, Seat
from linli.acts import Act
from linli.config import setting
from linli.deadlines import Late, Step
from linli.effects import Change, Effect
from linli.facts import Facts
from linli.i18n import Text, say
from linli.register.keeping import KEEPERS, keeps, not_ones_own
from linli.register.living import living
from linli.register.ties import Tie, place_of, put_tie, ties_from
from linli.subjects import Subject
from linli.workflow import REASON, Ask, Clock, Limit, Move, State, Workflow

ARRIVING = "arriving"
"""The tie of somebody to their new place until the old one has released them: they are served there."""


@attrs.frozen(kw_only=True)
class RegisterSettings:
    """The [register] table."""

    release_within: timedelta = setting(
        default=timedelta(days=5),
        minimum=timedelta(hours=1),
        help="within which the old place releases who moves away; then it climbs to the place above both",
        unit="duration",
    )


@attrs.frozen(kw_only=True)
class Removal:
    """What is kept with a removal.

    Attributes:
        who: who moves.
        to: the new home.
    """

    who: UUID
    to: UUID
    on: date | None = None


def _may_propose(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    record = subject.record
    living(facts, record.who)
    place_of(facts, record.to)
    if act.actor is None or act.actor == record.who or keeps(facts, act.actor, [record.to]):
        return None
    return say("a removal is put forward at the new place, or by whoever moves")


def _arrives(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    tie = Tie(person=subject.record.who, kind=ARRIVING, at=subject.record.to, since=facts.today)
    yield Change(write=put_tie(facts.district, tie))


def _stays(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    record = subject.record
    for tie in ties_from(facts, record.who):
        if tie.kind == ARRIVING and tie.at == record.to and tie.until is None:
            yield Change(write=put_tie(facts.district, attrs.evolve(tie, until=facts.today)))


def _moves(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    record, day = subject.record, facts.today
    for tie in ties_from(facts, record.who):
        if tie.kind == "resident" and tie.until is None and tie.at != record.to:
            yield Change(write=put_tie(facts.district, attrs.evolve(tie, until=day)))
    yield from _stays(act, subject, facts)
    home = Tie(person=record.who, kind="resident", at=record.to, since=day)
    yield Change(write=put_tie(facts.district, home))


def _decided_by_others(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return not_ones_own(facts, subject.record.who)


def _limit(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=facts.settings(RegisterSettings).release_within)


def next_rung(late: Late, facts: Facts) -> Step | None:
    """Who hears of a removal that was not released in time: the place that lies above both homes."""
    if late.step > 0:
        return None
    old, new = facts.place(late.subject.place).path, facts.place(late.subject.record.to).path
    shared = [one for one, other in zip(old, new, strict=False) if one == other]
    above = next((one for one in shared[::-1] if one not in (old[-1], new[-1])), shared[0])
    return Step(seat=Seat(role="clerk", at=above), rung="above both")


REMOVAL = Workflow(
    name="removal",
    label="removal",
    record=Removal,
    read_by=KEEPERS,
    states=(
        State("proposed", "waiting for its release"),
        State("released", "released by the old place", ends=("let_go",)),
        State("refused", "refused", ends=("refused",)),
        State("taken_back", "withdrawn", ends=("taken_back",)),
    ),
    moves=(
        Move(
            name="propose",
            label="propose",
            sources=(),
            to="proposed",
            by=ANYONE,
            asks=(
                Ask(name="who", help="who moves", type=UUID),
                Ask(name="to", help="the new home", type=UUID, of="seat"),
            ),
            checks=(_may_propose,),
            effects=(_arrives,),
        ),
        Move(
            name="release",
            label="release",
            sources=("proposed",),
            to="released",
            by=KEEPERS,
            checks=(_decided_by_others,),
            effects=(_moves,),
        ),
        Move(
            name="refuse",
            label="refuse",
            sources=("proposed",),
            to="refused",
            by=KEEPERS,
            asks=(REASON,),
            checks=(_decided_by_others,),
            effects=(_stays,),
        ),
        Move(
            name="take_back",
            label="withdraw",
            sources=("proposed",),
            to="taken_back",
            by=ANYONE,
            checks=(_may_propose,),
            effects=(_stays,),
        ),
    ),
    clocks=(Clock(name="release", runs_in=("proposed",), limit=_limit),),
)
