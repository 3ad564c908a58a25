"""Contested parts: each is settled, with a reason, before the vote opens and the roll is frozen."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, or_, select

from linli import ANYONE, OWN, Act, Ask, Facts, Move, State, Subject, Workflow, say
from linli.i18n import Text
from linli.lookups import path_ids
from linli.store import Read
from linli.store import tables as t
from linli.store.fields import field
from linli.workflow import REASON
from linli_owners_vote import reading, roll
from linli_owners_vote.posts import OF_THE_BODY, ORGANISER, TELLER, by_somebody
from linli_owners_vote.records import Contest

WORDS = FINDINGS = ("register_right", "register_corrected")
_s, _t = t.subject.c, t.tie.c
_d: BindParameter[str] = bindparam("district")
_unsettled = select(_s.id).where(
    _s.district == _d,
    _s.parent == bindparam("vote"),
    _s.kind == "vote_contest",
    _s.state == "raised",
)
UNSETTLED = Read(_unsettled)
# Withdrawn or settled, a part can be contested again.
_OPEN = Read(_unsettled.where(field(_s.record, "part") == bindparam("part")))
_OWNED = Read(
    select(t.place.c.path)
    .join(t.place, (t.place.c.district == _t.district) & (t.place.c.id == _t.at))
    .where(
        _t.district == _d,
        _t.person == bindparam("person"),
        _t.kind == "owner",
        or_(_t.until.is_(None), _t.until > bindparam("day")),
    )
)
_OF_THE_BODY = frozenset({*OF_THE_BODY, "officer"})


def _as_it_is(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """What the register says of the part now."""
    entry = next(
        (
            one
            for one in roll.drawn(facts, reading.plain(facts, subject.root))
            if str(one.part) == str(values.get("part"))
        ),
        None,
    )
    return {"was": entry.mark if entry else ""}


def _while_it_can_be_mended(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    vote = reading.plain(facts, subject.root)
    if not reading.is_where(vote, subject.place, facts):
        return say("contest it where the vote is")
    if vote.state in ("prepared", "announced"):
        return None
    return say("the roll is frozen: parts are contested before the vote opens")


def _part_of_the_compound(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    known = {str(one.part): one.mark for one in roll.drawn(facts, reading.plain(facts, subject.root))}
    mark = known.get(str(subject.record.part))
    if mark is None:
        return say("this is no part of the compound that could be on the roll")
    return (
        None if subject.record.was == mark else say("{name} is worked out by linli; leave it out", name="was")
    )


def _not_contested_already(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    rows = facts.rows(_OPEN, vote=subject.root, part=str(subject.record.part))
    return say("this part is contested already: {id}", id=rows[0][0]) if rows else None


def _by_an_owner_here(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if (
        act.acting_as == "engine"
        or (act.acting_as or "").startswith("console")
        or (act.seat and act.seat.role in _OF_THE_BODY)
    ):
        return None
    day = facts.calendar.day_of(act.at)
    circle = reading.circle(facts, reading.plain(facts, subject.root))
    owned = facts.rows(_OWNED, person=act.actor, day=day) if act.actor else []
    if any(circle.has(path_ids(path)) for (path,) in owned):
        return None
    return say("only an owner of a part of this compound does this")


def _as_found(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    vote = reading.plain(facts, subject.root)
    now = next((one for one in roll.drawn(facts, vote) if one.part == subject.record.part), None)
    same = subject.record.was in now.marks(facts) if now else not subject.record.was
    if subject.record.finding == "register_corrected" and same:
        return say("the register says of this part what it said before; correct it first")
    return None


def _by_who_raised(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if facts.is_among(act.actor, before.hands.moves.get("raise", ())):
        return None
    return say("only whoever contested it does this")


CONTEST = Workflow(
    name="vote_contest",
    label="contested part",
    read_by=OWN | ORGANISER | TELLER,
    record=Contest,
    holds_person=True,
    states=(
        State("raised", "contested"),
        State("settled", "settled", ends=("settled",)),
        State("withdrawn", "withdrawn", ends=("withdrawn",)),
    ),
    moves=(
        Move(
            name="raise",
            label="contest a part",
            sources=(),
            to="raised",
            by=ORGANISER | ANYONE,
            fills=(_as_it_is,),
            asks=(
                Ask(name="part", help="which part", type=UUID),
                Ask(name="reason", help="what is wrong with it", private=True),
                Ask(name="was", required=False, computed=True),
            ),
            checks=(
                _while_it_can_be_mended,
                _part_of_the_compound,
                _not_contested_already,
                _by_an_owner_here,
            ),
        ),
        Move(
            name="settle",
            label="settle a contested part",
            sources=("raised",),
            to="settled",
            by=ORGANISER,
            asks=(
                Ask(name="finding", help="what was found", choices=FINDINGS),
                REASON,
            ),
            checks=(by_somebody, _while_it_can_be_mended, _as_found),
            apart_from=("raise",),
        ),
        Move(
            name="withdraw",
            label="contest it no longer",
            sources=("raised",),
            to="withdrawn",
            by=ANYONE,
            asks=(REASON,),
            checks=(_while_it_can_be_mended, _by_who_raised),
        ),
    ),
)
